"""Scopes: what ends a stretch of code from outside, and nothing else."""

from __future__ import annotations

import asyncio

import anyio
import pytest
from anyio.lowlevel import checkpoint

from claude_code_sdk.transports import _scope_asyncio
from claude_code_sdk.transports._scope import Scope, open_scope

pytestmark = pytest.mark.anyio

on_asyncio = pytest.mark.parametrize("anyio_backend", ["asyncio"])


async def test_cancelling_a_scope_ends_what_runs_in_it_and_nothing_else() -> None:
    scope = open_scope()
    reached = []
    with anyio.fail_after(5):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_cancel_later, scope)
            with scope:
                reached.append("begun")
                await anyio.sleep_forever()
            await checkpoint()
            reached.append("after")
    assert reached == ["begun", "after"]


async def _cancel_later(scope: Scope) -> None:
    scope.cancel()


async def test_a_scope_that_was_cancelled_before_it_is_entered_ends_at_its_first_wait() -> None:
    scope = open_scope()
    scope.cancel()
    with anyio.fail_after(5):
        with scope:
            await anyio.sleep_forever()
        await checkpoint()


async def test_a_scope_ends_when_its_seconds_are_over() -> None:
    with anyio.fail_after(5):
        with open_scope(0.001):
            await anyio.sleep_forever()
        await checkpoint()


async def test_cancelling_a_scope_that_was_left_does_nothing() -> None:
    scope = open_scope(60.0)
    with scope:
        await checkpoint()
    scope.cancel()
    for _ in range(3):
        await checkpoint()


async def test_who_cancels_the_scope_that_it_is_in_and_leaves_is_not_hit_afterwards() -> None:
    scope = open_scope()
    with scope:
        scope.cancel()
    for _ in range(3):
        await checkpoint()


async def test_an_error_of_what_was_cancelled_goes_through() -> None:
    with anyio.fail_after(5), pytest.raises(KeyError, match="on the way out"), open_scope(0.001):
        try:
            await anyio.sleep_forever()
        finally:
            raise KeyError("on the way out")


async def test_the_cancellation_of_an_outer_scope_goes_through() -> None:
    reached = []
    with anyio.fail_after(5):
        with anyio.CancelScope() as outer:
            inner = open_scope()
            with inner:
                outer.cancel()
                await anyio.sleep_forever()
            reached.append("within the outer scope")
        await checkpoint()
    assert reached == []


@on_asyncio
@pytest.mark.parametrize("scope_first", [True, False])
async def test_a_cancellation_of_the_task_goes_through_when_both_come_at_once(scope_first: bool) -> None:
    scope = open_scope()
    entered = asyncio.Event()

    async def work() -> None:
        with scope:
            entered.set()
            await anyio.sleep_forever()

    with anyio.fail_after(5):
        task = asyncio.create_task(work())
        await entered.wait()
        for cancel in (scope.cancel, task.cancel) if scope_first else (task.cancel, scope.cancel):
            cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert task.cancelled()


@on_asyncio
async def test_a_scope_takes_its_cancellation_back() -> None:
    task = asyncio.current_task()
    assert task is not None
    with anyio.fail_after(5), open_scope(0.001):
        await anyio.sleep_forever()
    assert task.cancelling() == 0


@on_asyncio
async def test_what_swallows_its_cancellation_is_cancelled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_scope_asyncio, "AGAIN", 0.001)
    swallowed = 0
    with anyio.fail_after(5), open_scope(0.001):
        for _ in range(2):
            try:
                await anyio.sleep_forever()
            except asyncio.CancelledError:
                swallowed += 1
        await anyio.sleep_forever()
    assert swallowed == 2
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0
