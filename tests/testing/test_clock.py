"""RecordedClock: the time of day is that of what is played, and the clocks of event loops stay real."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import anyio
import freezegun
import pytest
from freezegun import api

from claude_code_sdk import (
    ClaudeCodeOptions,
    ClaudeSDKClient,
    PermissionResultAllow,
    create_sdk_mcp_server,
    query,
    tool,
    use_cassette,
)
from claude_code_sdk.cassettes.cassette import Cassette, Entry, Episode
from claude_code_sdk.cassettes.jsonl import dump
from claude_code_sdk.testing import RecordedClock, Script, use_script, write_executable

from ..cassettes.playing import answer, asks_for, cli, eof, exits, handshake, host, prompt, result, spawn

LIMIT = 20.0
RECORDED = datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC)
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
ALLOWED = {"behavior": "allow", "updatedInput": {}}

Seen = dict[str, list[Any]]


def at(milliseconds: int, entry: Entry) -> Entry:
    entry.at = milliseconds
    return entry


def asks(request_id: str, milliseconds: int) -> list[Entry]:
    """The CLI asks for permission at that moment, and is answered a second later."""
    asked = at(milliseconds, cli(asks_for(request_id)))
    return [asked, at(milliseconds + 1000, host(answer(request_id, ALLOWED)))]


def session(text: str, *moments: int) -> list[Entry]:
    """A session that asks for permission at these moments."""
    asked = [entry for number, moment in enumerate(moments, 1) for entry in asks(f"{text}-{number}", moment)]
    end = moments[-1] + 2000
    return [
        spawn("--permission-prompt-tool", "stdio"),
        *handshake(),
        host(prompt(text)),
        *asked,
        *(at(end, entry) for entry in (cli(result("done")), eof(), exits())),
    ]


def record(folder: Path, *episodes: list[Entry]) -> Path:
    path = folder / "it.jsonl"
    made = [Episode(entries, number=number) for number, entries in enumerate(episodes, 1)]
    dump(Cassette(str(path), {"recorded": RECORDED.isoformat().replace("+00:00", "Z")}, made), path)
    return path


async def run(text: str, callback: Callable[[], Awaitable[None]], **options: Any) -> None:
    """A program that is asked for permission, and calls `callback` then."""

    async def may_use(name: str, given: Any, context: Any) -> PermissionResultAllow:
        await callback()
        return PermissionResultAllow()

    with anyio.fail_after(LIMIT):
        async with ClaudeSDKClient(ClaudeCodeOptions(can_use_tool=may_use, **options)) as client:
            await client.query(text)
            await client.drain()


async def test_in_a_callback_it_is_the_moment_at_which_the_recording_made_the_call(tmp_path: Path) -> None:
    seen: Seen = {"now": [], "time": [], "today": [], "ns": [], "utc": []}

    async def callback() -> None:
        seen["now"].append(datetime.now(UTC))
        seen["utc"].append(datetime.now())  # local time is UTC
        seen["time"].append(time.time())
        seen["ns"].append(time.time_ns())
        seen["today"].append(date.today())

    with RecordedClock(), use_cassette(record(tmp_path, session("one", 500, 90_000))):
        await run("one", callback)

    first, second = RECORDED + timedelta(seconds=0.5), RECORDED + timedelta(seconds=90)
    assert seen["now"] == [first, second]
    assert seen["utc"] == [first.replace(tzinfo=None), second.replace(tzinfo=None)]
    assert seen["time"] == [first.timestamp(), second.timestamp()]
    assert [round(ns / 1e9, 3) for ns in seen["ns"]] == [first.timestamp(), second.timestamp()]
    assert seen["today"] == [date(2026, 3, 1), date(2026, 3, 2)]


async def test_a_timeout_in_a_callback_expires_and_the_loop_goes_on(tmp_path: Path, anyio_backend_name: str) -> None:
    seen: list[Any] = []

    async def callback() -> None:
        with anyio.move_on_after(0.02) as scope:
            await anyio.sleep_forever()
        began = anyio.current_time()
        await anyio.sleep(0.02)
        seen.append((scope.cancelled_caught, anyio.current_time() - began >= 0.02))
        if anyio_backend_name == "asyncio":
            import asyncio

            with pytest.raises(TimeoutError):
                await asyncio.wait_for(asyncio.sleep(60), 0.02)
        else:
            import trio

            with pytest.raises(trio.TooSlowError), trio.fail_after(0.02):
                await trio.sleep(60)

    with RecordedClock(), use_cassette(record(tmp_path, session("one", 500, 900))):
        await run("one", callback)
    assert seen == [(True, True), (True, True)]


async def test_clocks_that_are_no_time_of_day_stay_real(tmp_path: Path) -> None:
    passed: list[bool] = []

    async def callback() -> None:
        began = time.monotonic(), time.perf_counter(), time.monotonic_ns(), time.perf_counter_ns()
        await anyio.sleep(0.01)
        ended = time.monotonic(), time.perf_counter(), time.monotonic_ns(), time.perf_counter_ns()
        passed.append(all(after > before for before, after in zip(began, ended, strict=True)))

    with RecordedClock(), use_cassette(record(tmp_path, session("one", 500))):
        await run("one", callback)
    assert passed == [True]


async def test_a_sync_tool_in_a_thread_has_the_time_of_its_call_too() -> None:
    seen: list[datetime] = []

    def look(given: dict[str, Any]) -> dict[str, Any]:
        seen.append(datetime.now(UTC))
        return {"content": [{"type": "text", "text": "noted"}]}

    server = create_sdk_mcp_server("kit", tools=[tool("look", "Look", {})(look)])
    script = Script().calls("mcp__kit__look").says("Done")
    with RecordedClock(), use_script(script), anyio.fail_after(LIMIT):
        options = ClaudeCodeOptions(mcp_servers={"kit": server}, allowed_tools=["mcp__kit__look"])
        async for _ in query(prompt="Look", options=options):
            pass
    (moment,) = seen
    assert NEW_YEAR <= moment < NEW_YEAR + timedelta(seconds=LIMIT)


async def test_with_two_sessions_open_it_is_the_later_moment(tmp_path: Path) -> None:
    early, late = session("early", 1000, 20_000), session("late", 10_000)
    seen: list[datetime] = []
    late_is_asked, early_was_asked_twice = anyio.Event(), anyio.Event()

    async def in_late() -> None:
        late_is_asked.set()
        await early_was_asked_twice.wait()

    async def in_early() -> None:
        if not seen:
            await late_is_asked.wait()
        seen.append(datetime.now(UTC))
        if len(seen) == 2:
            early_was_asked_twice.set()

    with RecordedClock(), use_cassette(record(tmp_path, early, late)):
        async with anyio.create_task_group() as group:
            group.start_soon(run, "early", in_early)
            group.start_soon(run, "late", in_late)
    assert seen == [RECORDED + timedelta(seconds=10), RECORDED + timedelta(seconds=20)]


async def test_after_its_session_the_time_stands_still_and_the_next_begins_at_the_date_of_its_recording(
    tmp_path: Path,
) -> None:
    seen: list[datetime] = []

    async def callback() -> None:
        seen.append(datetime.now(UTC))

    with RecordedClock() as clock, use_cassette(record(tmp_path, session("one", 5000), session("two", 1000))):
        assert clock.now == datetime.now(UTC) == NEW_YEAR
        await run("one", callback)
        between = datetime.now(UTC)
        await run("two", callback)
        assert clock.now == datetime.now(UTC) == RECORDED + timedelta(seconds=3)
    assert seen == [RECORDED + timedelta(seconds=5), RECORDED + timedelta(seconds=1)]
    assert between == RECORDED + timedelta(seconds=7)


async def test_it_may_be_moved_and_goes_on_from_there(tmp_path: Path) -> None:
    christmas = datetime(2030, 12, 24, tzinfo=UTC)
    seen: list[datetime] = []

    with RecordedClock(RECORDED) as clock, use_cassette(record(tmp_path, session("one", 1000))):

        async def callback() -> None:
            seen.append(datetime.now(UTC))

        clock.move_to(christmas)
        assert datetime.now(UTC) == christmas
        await run("one", callback)
    assert seen == [christmas + timedelta(seconds=1)]


@pytest.mark.parametrize("played", ["script", "cassette"])
async def test_it_follows_processes_of_fake_claude(tmp_path: Path, played: str, nothing_left: None) -> None:
    seen: list[datetime] = []

    async def callback() -> None:
        seen.append(datetime.now(UTC))

    source: Any = {"cassette": record(tmp_path, session("one", 1000, 60_000))}
    if played == "script":
        source = {"script": Script().calls("Bash", command="touch a").calls("Bash", command="touch b").says("Done")}
    executable = write_executable(tmp_path, **source, clock=tmp_path / "moments")
    with RecordedClock() as clock:
        clock.follow_files(tmp_path / "moments")
        with anyio.fail_after(LIMIT):
            await run("one", callback, cli_path=executable)
        ended = clock.now
    if played == "cassette":
        assert seen == [RECORDED + timedelta(seconds=1), RECORDED + timedelta(seconds=60)]
        assert ended == RECORDED + timedelta(seconds=62)
    else:
        assert len(seen) == 2
        assert NEW_YEAR <= seen[0] <= seen[1] <= ended < NEW_YEAR + timedelta(seconds=LIMIT)


def test_after_the_block_the_time_is_real_and_freezegun_as_it_was() -> None:
    before = (time.time, time.monotonic, api.fake_monotonic, api.call_stack_inspection_limit)
    with RecordedClock():
        assert time.time is not before[0]
        assert datetime.now(UTC) == NEW_YEAR
    assert (time.time, time.monotonic, api.fake_monotonic, api.call_stack_inspection_limit) == before
    assert type(datetime.now(UTC)) is datetime
    assert api.freeze_factories == []


def test_a_module_whose_name_begins_as_one_of_freezeguns_own_list_is_frozen_too() -> None:
    module: dict[str, Any] = {"__name__": "github_agent"}
    exec("import time\ndef now(): return time.time()", module)
    with RecordedClock():
        assert module["now"]() == NEW_YEAR.timestamp()


def test_a_time_that_is_frozen_already_is_refused() -> None:
    with freezegun.freeze_time("2020-01-01"), pytest.raises(RuntimeError) as caught, RecordedClock():
        pass
    assert str(caught.value) == (
        "the time is frozen already, by freezegun: two freezes would not know of each other. Leave that one out, and "
        "give the clock a time of your own with move_to()"
    )


def test_a_freeze_that_overlaps_is_undone_and_told() -> None:
    inner = freezegun.freeze_time("2020-01-01")

    def overlap() -> None:
        with RecordedClock():
            inner.start()

    with pytest.raises(RuntimeError, match="freezegun froze the time while the clock of the recording did"):
        overlap()
    assert api.freeze_factories == []
    assert type(datetime.now(UTC)) is datetime


def test_a_freeze_within_the_block_has_its_own_time() -> None:
    with RecordedClock():
        with freezegun.freeze_time("2020-01-01"):
            assert datetime.now(UTC) == datetime(2020, 1, 1, tzinfo=UTC)
        assert datetime.now(UTC) == NEW_YEAR
