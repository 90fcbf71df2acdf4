"""The kernel that steps the fake's coroutines: order, time, errors, and how tasks are stopped."""

from __future__ import annotations

import pytest

from claude_code_sdk.testing.fake_cli.kernel import Future, Kernel, Stopped, Told, done, first


def test_what_takes_a_moment_comes_after_all_that_takes_none() -> None:
    kernel, order = Kernel(), list[str]()

    async def slow(rank: int) -> None:
        await kernel.idle(rank)
        order.append(f"idle {rank}")

    async def quick() -> None:
        for step in range(3):
            await kernel.spawn(nothing())
            order.append(f"step {step}")

    async def nothing() -> None: ...

    kernel.spawn(slow(1))
    kernel.spawn(slow(0))
    kernel.spawn(quick())
    assert kernel.run(0) is None
    assert order == ["step 0", "step 1", "step 2", "idle 0", "idle 1"]


def test_a_moment_is_over_at_once_where_nothing_else_can_go_on() -> None:
    kernel, steps = Kernel(), list[int]()

    async def alone() -> None:
        for rank in (0, 1):
            await kernel.idle(rank)
            steps.append(len(kernel.ready))

    with pytest.raises(StopIteration):
        alone().send(None)  # it does not wait, so that nobody need step it again
    assert steps == [0, 0]


@pytest.mark.parametrize("rank", [0, 1])
def test_whose_moment_has_come_goes_on_before_whoever_takes_a_moment(rank: int) -> None:
    kernel, order = Kernel(), list[str]()

    async def sleeper(due: Future) -> None:
        await due
        order.append("sleeper")

    async def busy() -> None:
        await kernel.at(0.0)
        kernel.spawn(sleeper(kernel.at(0.0)))
        await kernel.idle(rank)
        order.append("busy")

    kernel.spawn(busy())
    kernel.run(0)
    assert order == ["sleeper", "busy"]


def test_the_driver_need_not_come_back_for_what_was_known_in_time() -> None:
    kernel, answer = Kernel(), Future()
    waits = kernel.spawn(kernel.within(60.0, answer))
    assert kernel.run(0) == 60.0
    answer.set("yes")
    assert kernel.run(1) is None
    assert waits.result() is True


def test_sleepers_wake_in_the_order_of_their_moments_when_the_driver_says_so() -> None:
    kernel, woken = Kernel(), list[float]()

    async def sleeper(seconds: float) -> None:
        await kernel.sleep(seconds)
        woken.append(seconds)

    for seconds in (2.0, 1.0, 3.0):
        kernel.spawn(sleeper(seconds))
    assert kernel.run(0) == 1.0
    assert woken == []
    assert kernel.run(2.5) == 3.0
    assert woken == [1.0, 2.0]


def test_a_stopped_task_may_say_its_last_words_and_has_the_reason() -> None:
    kernel, said = Kernel(), list[str]()

    async def works() -> None:
        try:
            await Future()
        except Stopped as stopped:
            said.append(stopped.reason)
            raise

    task = kernel.spawn(works())
    kernel.run(0)
    task.stop("interrupt")
    kernel.run(0)
    assert (said, task.done, kernel.tasks) == (["interrupt"], True, set())


def test_stopping_whoever_joins_tasks_stops_each_and_waits_until_they_have_ended() -> None:
    kernel, ended = Kernel(), list[str]()

    async def child(name: str) -> None:
        try:
            await Future()
        finally:
            ended.append(name)

    async def parent() -> None:
        try:
            await kernel.all([child("one"), child("two")])
        finally:
            ended.append("parent")

    task = kernel.spawn(parent())
    kernel.run(0)
    task.stop()
    kernel.run(0)
    assert ended == ["one", "two", "parent"]


def test_a_task_that_was_stopped_is_not_woken_by_what_it_waited_for() -> None:
    kernel, future, seen = Kernel(), Future(), list[str]()

    async def waits() -> None:
        try:
            await future
            seen.append("woken")
        except Stopped:
            await kernel.sleep(5)
            seen.append("cleaned up")

    task = kernel.spawn(waits())
    kernel.run(0)
    task.stop()
    future.set()
    kernel.run(0)
    kernel.run(5)
    assert seen == ["cleaned up"]


def test_an_error_that_is_told_waits_for_whoever_asks_and_any_other_ends_the_run() -> None:
    async def fails(error: Exception) -> None:
        raise error

    kernel = Kernel()
    told = kernel.spawn(fails(Told("refused")))
    kernel.run(0)
    with pytest.raises(Told, match="refused"):
        told.result()
    kernel.spawn(fails(ValueError("a bug")))
    with pytest.raises(ValueError, match="a bug"):
        kernel.run(0)


def test_waiting_is_bounded_by_the_time_given() -> None:
    kernel, known = Kernel(), list[bool]()

    async def waits(future: Future) -> None:
        known.append(await kernel.within(2, future))

    late, soon = Future(), Future()
    kernel.spawn(waits(late))
    kernel.spawn(waits(soon))
    kernel.run(0)
    soon.set()
    kernel.run(1)
    kernel.run(2)
    assert known == [True, False]


def test_what_is_known_first_stays() -> None:
    future = Future()
    future.set(1)
    future.set(2)
    future.fail(ValueError("late"))
    assert future.result() == 1


def test_done_and_first_wait_without_raising() -> None:
    failed = Future()
    all_of_it, either = done(failed), first([Future(), failed])
    failed.fail(ValueError("no"))
    assert (all_of_it.result(), either.result()) == (None, None)


def test_a_closed_kernel_leaves_no_coroutine_behind() -> None:
    kernel, closed = Kernel(), list[bool]()

    async def waits() -> None:
        try:
            await Future()
        finally:
            closed.append(True)

    kernel.spawn(waits())
    kernel.run(0)
    kernel.close()
    assert (closed, kernel.tasks) == ([True], set())
