"""The queue between the reader and the consumer: never blocks, loses nothing, ends with what it was told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anyio
import pytest
from anyio.lowlevel import checkpoint

from claude_code_sdk._inbox import TURN, Inbox, Item
from claude_code_sdk.errors import ProcessError, UnreadLimitError
from claude_code_sdk.protocol.events import Noise, UnknownFrame


def message(number: int) -> dict[str, Any]:
    return {"type": "assistant", "n": number}


async def take_all(inbox: Inbox) -> list[Item]:
    found = []
    with anyio.fail_after(5):
        while (item := await inbox.take()) is not None:
            found.append(item)
    return found


async def test_items_come_out_in_the_order_they_went_in() -> None:
    inbox = Inbox(100)
    items: list[Item] = [message(1), UnknownFrame({}, "it has no type"), Noise(b"x", 1, "not JSON"), message(2)]
    for item in items:
        inbox.put([item], 1)
    inbox.close()
    assert await take_all(inbox) == items


@pytest.mark.parametrize(
    ("stir", "expected"),
    [
        pytest.param(lambda inbox: inbox.put([message(1)], 1), message(1), id="an item"),
        pytest.param(lambda inbox: inbox.close(), None, id="the end"),
    ],
)
async def test_a_waiting_consumer_is_woken(stir: Callable[[Inbox], None], expected: Item | None) -> None:
    inbox = Inbox(100)
    found: list[Item | None] = []

    async def consume() -> None:
        found.append(await inbox.take())

    with anyio.fail_after(5):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(consume)
            await anyio.wait_all_tasks_blocked()
            stir(inbox)
    assert found == [expected]


async def test_the_end_is_met_again_and_again() -> None:
    inbox = Inbox(100)
    inbox.close()
    with anyio.fail_after(5):
        assert await inbox.take() is None
        assert await inbox.take() is None


async def test_what_lies_here_can_be_taken_before_the_error() -> None:
    inbox = Inbox(100)
    inbox.put([message(1)], 1)
    error = ProcessError("it ended", exit_code=1)
    inbox.close(error)
    with anyio.fail_after(5):
        assert await inbox.take() == message(1)
        for _ in range(2):
            with pytest.raises(ProcessError) as caught:
                await inbox.take()
            assert caught.value is error


async def test_the_first_end_counts() -> None:
    inbox = Inbox(100)
    inbox.close()
    inbox.close(ProcessError("too late"))
    assert await take_all(inbox) == []


async def test_a_consumer_that_is_woken_and_cancelled_at_once_loses_nothing() -> None:
    inbox = Inbox(100)
    found: list[Item | None] = []
    scope = anyio.CancelScope()

    async def consume() -> None:
        with scope:
            found.append(await inbox.take())

    with anyio.fail_after(5):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(consume)
            await anyio.wait_all_tasks_blocked()
            inbox.put([message(1)], 1)
            scope.cancel()
    inbox.close()
    assert found + await take_all(inbox) == [message(1)]


async def test_cancelled_while_it_waits_nothing_is_taken() -> None:
    inbox = Inbox(100)
    with anyio.move_on_after(0):
        await inbox.take()
    inbox.put([message(1)], 1)
    with anyio.fail_after(5):
        assert await inbox.take() == message(1)


async def test_unread_bytes_are_counted_down_as_they_are_read() -> None:
    inbox = Inbox(100)
    inbox.put([message(1)], 40)
    inbox.put([UnknownFrame({}, "it has no type"), Noise(b"12345", 5, "not JSON")], 35)
    assert inbox.unread == 75
    assert len(inbox) == 3
    inbox.close()
    await take_all(inbox)
    assert inbox.unread == 0


def test_the_limit_itself_may_lie_unread() -> None:
    inbox = Inbox(100)
    inbox.put([message(1)], 60)
    inbox.put([message(2)], 40)
    assert inbox.unread == 100


@pytest.mark.requirement("unread-is-bounded")
async def test_going_over_the_limit_is_an_error_that_says_how_much_and_what_to_do() -> None:
    inbox = Inbox(100)
    inbox.put([message(1)], 60)
    with pytest.raises(UnreadLimitError) as caught:
        inbox.put([message(2)], 41)
    assert str(caught.value) == (
        "2 messages (101 bytes) lie unread, more than max_unread_bytes=100: "
        "read the messages while the CLI sends them, or raise the option"
    )
    inbox.close(caught.value)
    with anyio.fail_after(5):
        assert [await inbox.take(), await inbox.take()] == [message(1), message(2)]
        with pytest.raises(UnreadLimitError):
            await inbox.take()


async def test_a_long_backlog_does_not_starve_other_tasks() -> None:
    inbox = Inbox(10 * TURN)
    for number in range(3 * TURN):
        inbox.put([message(number)], 1)
    inbox.close()
    taken_when_others_ran: list[int] = []
    done = anyio.Event()

    async def other() -> None:
        while not done.is_set():
            taken_when_others_ran.append(3 * TURN - len(inbox))
            await checkpoint()

    with anyio.fail_after(5):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(other)
            await take_all(inbox)
            done.set()
    assert any(0 < taken < 3 * TURN for taken in taken_when_others_ran)
