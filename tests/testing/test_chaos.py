"""claude_faults: what it finds in programs with weak spots, that it finds nothing in one without, and what it says."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import pytest

from claude_code_sdk import ClaudeSDKError, query
from claude_code_sdk.testing import ClaudeFaultsFound, FaultReport, Script, ScriptError, claude_faults, use_script
from claude_code_sdk.testing.chaos import FAULTS, KINDS, event_loop, jumping_clock
from claude_code_sdk.testing.chaos.report import SHOWN
from tests.transports.conftest import Leftovers

from . import chaos_programs as programs
from .chaos_programs import asks, careful, one_turn, two_turns

WAIT = 50.0


async def found(program: Any, *faults: str, script: Script | None = None, **settings: Any) -> FaultReport:
    with anyio.fail_after(WAIT):
        return await claude_faults(program, script or one_turn(), faults=faults or FAULTS, **settings)


def kinds(report: FaultReport) -> set[str]:
    return {finding.kind for finding in report.findings}


def named(report: FaultReport) -> list[tuple[str, str]]:
    return [(finding.kind, finding.fault) for finding in report.findings]


@pytest.fixture
def only_asyncio(anyio_backend: str) -> None:
    if anyio_backend != "asyncio":
        pytest.skip("only asyncio lets a task be forgotten, or swallow its cancellation")


# A program without weak spots


async def test_nothing_is_found_in_a_careful_program(nothing_left: Leftovers) -> None:
    nothing_left.start()
    report = await found(careful, script=two_turns())
    assert report.ok
    assert report.findings == []
    assert report.frames == (14,)
    assert report.outcomes == {
        "returned": 106,
        "raised ProcessError": 23,
        "raised TurnIncompleteError": 9,
        "raised CLIConnectionError": 7,
        "raised IdleTimeoutError": 2,
        "raised ControlTimeoutError": 1,
    }
    assert report.attempts == 148
    assert str(report) == (
        "claude_faults: nothing found in 148 attempts, on 14 frames in 1 run of the CLI\n"
        "the program returned (106), raised ProcessError (23), raised TurnIncompleteError (9), "
        "raised CLIConnectionError (7), raised IdleTimeoutError (2), raised ControlTimeoutError (1)"
    )
    report.raise_for_findings()
    nothing_left.check()


async def test_each_fault_is_tried_at_each_frame_in_order() -> None:
    told: list[tuple[int, int, str]] = []
    await found(asks, progress=lambda *progress: told.append(progress))
    assert [number for number, _, _ in told] == list(range(1, 67))
    assert {total for _, total, _ in told} == {66}
    assert [text for _, _, text in told[:16]] == [
        "crash: before the first frame",
        "end: before the first frame",
        "noise: before the first frame",
        "unknown: before the first frame",
        "torn: frame 1 (control_response)",
        "lost: frame 1 (control_response)",
        "late: frame 1 (control_response)",
        "oversize: frame 1 (control_response)",
        "invalid_utf8: frame 1 (control_response)",
        "repeated: frame 1 (control_response)",
        "crash: after frame 1 (control_response)",
        "end: after frame 1 (control_response)",
        "noise: after frame 1 (control_response)",
        "unknown: after frame 1 (control_response)",
        "torn: frame 2 (system session_state_changed)",
        "lost: frame 2 (system session_state_changed)",
    ]
    assert [text for _, _, text in told[-2:]] == ["slow_exit: the end", "stubborn_exit: the end"]


async def test_requests_of_the_cli_are_withdrawn() -> None:
    told: list[str] = []
    report = await found(careful, "withdraw", script=two_turns(), progress=lambda n, of, text: told.append(text))
    assert told == ["withdraw: frame 5 (hook_callback (PreToolUse, Bash))"]
    assert report.ok


async def test_each_run_of_a_program_has_its_own_frames() -> None:
    async def twice() -> None:
        await asks()
        await asks()

    told: list[str] = []
    script = Script().says("One").says("Two")
    report = await found(twice, "lost", script=script, progress=lambda n, of, text: told.append(text))
    assert report.frames == (6, 6)
    assert told[5:7] == [
        "lost: frame 6 of run 1 (system session_state_changed)",
        "lost: frame 1 of run 2 (control_response)",
    ]
    assert report.ok


# What is found


async def test_a_program_that_waits_for_ever_hangs_on_a_lost_frame() -> None:
    report = await found(programs.waits_for_ever, "lost")
    assert named(report) == [("hung", "lost: frame 5 (result success)")]
    (finding,) = report.findings
    line = line_of("await client.drain()  # for ever")
    assert finding.text == (
        "it did not end within 900 s\n"
        f"at tests/testing/chaos_programs.py:{line} in waits_for_ever: await client.drain()  # for ever"
    )
    assert finding.script == {
        "script": 1,
        "turns": [[{"type": "text", "text": "Hello"}]],
        "faults": [{"instead": 5, "process": 1, "lost": True}],
    }


async def test_the_seconds_until_a_program_hangs_can_be_given() -> None:
    report = await found(asks, "lost", hang_after=30.0)
    assert [text.splitlines()[0] for text in (f.text for f in report.findings)] == ["it did not end within 30 s"]
    assert (await found(asks, "lost", hang_after=130.0)).ok


async def test_a_program_that_swallows_its_cancellation_is_told_so(only_asyncio: None) -> None:
    report = await found(programs.ignores_its_cancellation, "crash")
    assert kinds(report) == {"hung"}
    assert report.findings[0].text.endswith("sleep(3600)\nit did not end when it was cancelled either")


async def test_a_program_that_never_waits_hangs_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jumping_clock, "BUSY_LIMIT", 0.05)
    report = await found(programs.spins, "end")
    assert kinds(report) == {"hung"}
    assert "in spins: await anyio.lowlevel.checkpoint()" in report.findings[0].text


async def test_time_that_passes_while_a_program_gets_no_cpu_is_none_that_it_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(jumping_clock, "BUSY_LIMIT", 0.5)
    assert (await found(programs.sleeps_in_its_event_loop, "end")).ok


async def test_a_program_that_sleeps_for_ever_in_its_event_loop_hangs_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jumping_clock, "SLOWEST", 0.05)
    report = await found(programs.sleeps_in_its_event_loop, "end")
    assert kinds(report) == {"hung"}


async def test_a_program_that_blocks_its_event_loop_ends_the_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_loop, "BLOCKED_GRACE", 0.5)
    released = threading.Event()

    async def blocks() -> None:
        try:
            await asks()
        except ClaudeSDKError:
            released.wait(WAIT)

    try:
        report = await found(blocks, "crash")
    finally:
        released.set()
    (finding,) = report.findings
    assert (finding.kind, finding.fault) == ("hung", "crash: before the first frame")
    assert "its event loop stood still\nat tests/testing/test_chaos.py:" in finding.text
    assert finding.text.endswith("in blocks: released.wait(WAIT); no more attempts were made")
    assert report.left_out == 6
    assert "6 faults could not be tried any more" in str(report)


async def test_a_program_that_swallows_errors_is_found_by_what_it_returns() -> None:
    def check(answer: str) -> None:
        assert answer == "Hello", "no answer"

    report = await found(programs.swallows_every_error, "crash", check=check)
    assert kinds(report) == {"wrong"}
    assert report.findings[0].text.startswith("it returned '': no answer")
    assert report.outcomes == {"returned": 8}


async def test_a_verdict_of_the_script_is_a_finding_of_its_own() -> None:
    report = await found(programs.tries_twice, "crash")
    assert kinds(report) == {"verdict"}
    assert report.findings[0].text.startswith("the script has no reply left for this request of the model")
    assert (await found(programs.tries_twice, "crash", script=Script().says("Hello").says("Hello"))).ok


async def test_a_verdict_that_is_swallowed_is_found() -> None:
    report = await found(programs.tries_twice_and_swallows, "crash")
    assert kinds(report) == {"verdict"}
    assert report.findings[0].text.endswith("(the program swallowed this)")


async def test_what_is_raised_and_is_no_error_of_the_sdk_is_found() -> None:
    report = await found(programs.believes_in_results, "end")
    assert kinds(report) == {"raised"}
    place = f"tests/testing/chaos_programs.py:{line_of('return str(results[0].result)')} in believes_in_results"
    assert report.findings[0].text == (
        f"IndexError: list index out of range\nat {place}: return str(results[0].result)"
    )
    assert (await found(programs.believes_in_results, "end", allow=(IndexError,))).ok


async def test_a_group_of_errors_of_the_sdk_may_be_raised() -> None:
    async def in_a_group() -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(asks)

    report = await found(in_a_group, "crash")
    assert report.ok
    assert report.outcomes["raised ExceptionGroup"] > 0


async def test_a_task_that_is_left_is_found() -> None:
    report = await found(programs.leaks_a_task, "crash")
    assert kinds(report) == {"leaked"}
    assert report.findings[0].text.startswith("task ")


async def test_a_descriptor_that_is_left_is_found() -> None:
    report = await found(programs.leaks_a_descriptor, "crash")
    assert kinds(report) == {"leaked"}
    assert report.findings[0].text.endswith(" (/dev/null)")


async def test_a_temporary_file_that_is_left_is_found() -> None:
    report = await found(programs.leaks_a_file, "crash")
    assert kinds(report) == {"leaked"}
    assert report.findings[0].text.startswith("temporary file notes-")


@pytest.fixture
def children() -> Iterator[None]:
    yield
    for child in programs.CHILDREN:
        child.kill()
        child.wait()
    programs.CHILDREN.clear()


@pytest.mark.usefixtures("children")
async def test_a_process_that_is_left_is_found() -> None:
    report = await found(programs.leaks_a_process, "crash")
    assert kinds(report) == {"leaked"}
    assert report.findings[0].text.startswith("process ")
    assert report.findings[0].text.endswith(" (sleep 600)")


async def test_what_is_left_without_a_fault_is_told_once() -> None:
    async def starts_and_forgets() -> None:
        programs.start_in_background(anyio.sleep_forever)
        await asks()

    report = await found(starts_and_forgets, "crash")
    assert [(finding.kind, finding.fault, finding.faults) for finding in report.findings] == [("leaked", "", ())]
    assert str(report.findings[0]).startswith("leaked, without a fault\n")


async def test_an_error_that_nobody_is_told_of_is_found(only_asyncio: None) -> None:
    report = await found(programs.asks_in_a_task_that_nobody_awaits, "crash")
    assert kinds(report) == {"unheard"}
    assert report.findings[0].text.endswith("ended a task, and nobody was told")


# The script of a finding


async def test_the_script_of_a_finding_shows_it_again(tmp_path: Path) -> None:
    report = await found(programs.tries_twice, "crash")
    path = tmp_path / "script.json"
    report.findings[0].save(path)
    with pytest.raises(ScriptError, match="no reply left"), use_script(path):
        await programs.tries_twice()


async def test_it_has_no_more_than_it_takes() -> None:
    async def three_prompts() -> None:
        for _ in range(3):
            await programs.believes_in_results()

    script = Script().calls("Bash", command="ls").returns("a").says("One").says("Two")
    script.calls("Bash", command="id").returns("b").says("Three")
    script.expects_prompt("Hi").expects_prompt("Hi").expects_prompt("Hi")
    report = await found(three_prompts, "end", script=script)
    first = report.findings[0].script
    assert first == {"script": 1, "turns": [], "faults": [{"after": 0, "process": 1, "exit": 0}]}
    last = next(f.script for f in report.findings if f.fault.startswith("end: after frame 4 of run 2"))
    assert last is not None
    assert [len(last[key]) for key in ("turns", "tool_results", "expect")] == [3, 1, 2]


async def test_a_script_with_functions_has_none_and_the_fault_is_told() -> None:
    script = Script().calls("Bash", command="ls").says("Hello").answers("Bash", lambda given: "a.txt")
    report = await found(programs.believes_in_results, "end", script=script)
    finding = report.findings[0]
    assert finding.script is None
    assert str(finding).splitlines()[-2:] == [
        "  the script has functions, which JSON cannot have; add to it:",
        "  .fault(after=0, exit=0, process=1)",
    ]
    with pytest.raises(ValueError, match="add the finding's faults to it"):
        finding.save("nowhere.json")


async def test_the_faults_of_the_script_itself_stay() -> None:
    script = one_turn().fault(after=0, stderr="slow today")
    report = await found(programs.believes_in_results, "end", script=script)
    made = report.findings[0].script
    assert made is not None
    assert made["faults"] == [{"after": 0, "stderr": "slow today"}, {"after": 0, "process": 1, "exit": 0}]


# The report


async def test_the_whole_text_of_a_report() -> None:
    report = await found(programs.believes_in_results, "end")
    place = f"tests/testing/chaos_programs.py:{line_of('return str(results[0].result)')} in believes_in_results"
    error = f"   IndexError: list index out of range\n     at {place}: return str(results[0].result)\n"
    script = '"turns":[[{"type":"text","text":"Hello"}]]'
    places = [
        ("before the first frame", 0, '"turns":[]'),
        ("after frame 1 (control_response)", 1, '"turns":[]'),
        ("after frame 2 (system session_state_changed)", 2, script),
        ("after frame 3 (system init)", 3, script),
        ("after frame 4 (assistant, text)", 4, script),
    ]
    findings = "".join(
        f"\n\n{number}. raised, end: {where}\n  {error}"
        f'     script: {{"script":1,{turns},"faults":[{{"after":{frame},"process":1,"exit":0}}]}}'
        for number, (where, frame, turns) in enumerate(places, 1)
    )
    assert str(report) == (
        "claude_faults: 5 findings in 8 attempts, on 6 frames in 1 run of the CLI\n"
        "the program raised IndexError (5), returned (3)" + findings
    )
    with pytest.raises(ClaudeFaultsFound) as raised:
        report.raise_for_findings()
    assert str(raised.value) == str(report)


async def test_a_long_report_is_cut_in_its_text_only() -> None:
    report = await found(programs.believes_in_results, "end", "crash", "torn", "noise", "lost")
    assert len(report.findings) > SHOWN - 6
    report.findings *= 2
    assert str(report).endswith(f"\n\n… and {len(report.findings) - SHOWN} more")
    assert f"\n{SHOWN}. " in str(report)
    assert f"\n{SHOWN + 1}. " not in str(report)


async def test_the_same_is_found_each_time() -> None:
    first, second = [await found(programs.tries_twice) for _ in range(2)]
    assert first.findings
    assert str(first) == str(second)


def test_every_kind_of_finding_has_a_word() -> None:
    assert KINDS == ("hung", "leaked", "raised", "verdict", "unheard", "wrong")


# Time


async def test_waits_take_no_time_and_timeouts_come_in_their_order() -> None:
    times: list[float] = []

    async def sleeps() -> None:
        begun = anyio.current_time()
        with anyio.move_on_after(1800):
            await anyio.sleep(3600)
        times.append(anyio.current_time() - begun)
        await asks()

    begun = time.monotonic()
    assert (await found(sleeps, "slow_exit", hang_after=7200.0)).ok
    assert times == pytest.approx([1800.0] * 2)
    assert time.monotonic() - begun < WAIT


async def test_time_is_real_while_a_thread_works() -> None:
    async def waits_for_a_thread() -> None:
        with anyio.fail_after(20):
            await anyio.to_thread.run_sync(time.sleep, 0.05)
        await asks()

    assert (await found(waits_for_a_thread, "slow_exit")).ok


async def test_an_event_loop_that_waits_for_a_thread_is_not_blocked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_loop, "BLOCKED_GRACE", 0.2)

    async def waits_for_a_thread() -> None:
        await anyio.to_thread.run_sync(time.sleep, 0.5)
        await asks()

    assert (await found(waits_for_a_thread, "slow_exit")).ok


async def test_time_is_real_while_the_executor_works(only_asyncio: None) -> None:
    import asyncio

    async def waits_for_the_executor() -> None:
        await asyncio.wait_for(asyncio.to_thread(time.sleep, 0.05), 20)
        await asks()

    assert (await found(waits_for_the_executor, "slow_exit")).ok


async def test_time_is_real_while_a_descriptor_is_waited_for() -> None:
    async def waits_for_a_process() -> None:
        with anyio.fail_after(20):
            assert (await anyio.run_process(["echo", "hello"])).stdout == b"hello\n"
        await asks()

    assert (await found(waits_for_a_process, "slow_exit")).ok


# As processes


async def test_runs_may_be_processes(nothing_left: Leftovers) -> None:
    nothing_left.start()
    report = await found(programs.believes_in_results, "end", "slow_exit", engine="subprocess")
    assert named(report)[0] == ("raised", "end: before the first frame")
    assert named(report)[-1] == ("raised", "end: after frame 4 (assistant, text)")
    assert kinds(report) == {"raised"}
    assert report.attempts == 9
    nothing_left.check()


async def test_a_process_that_hangs_is_found_in_real_time(nothing_left: Leftovers) -> None:
    async def patient() -> None:
        await programs.waits_for_ever()

    nothing_left.start()
    script = Script().says("Hello")
    told: list[str] = []
    report = await found(
        patient, "lost", script=script, engine="subprocess", hang_after=3.0, progress=lambda n, of, t: told.append(t)
    )
    assert ("hung", "lost: frame 5 (result success)") in named(report)
    assert len(told) == 6
    nothing_left.check()


async def test_a_verdict_of_a_process_is_found() -> None:
    report = await found(programs.tries_twice, "torn", engine="subprocess")
    assert kinds(report) == {"verdict"}
    assert "the script has no reply left" in report.findings[0].text


# Without a fault


async def test_a_program_that_fails_without_a_fault_fails_as_it_does() -> None:
    async def fails() -> None:
        await asks()
        raise LookupError("nothing to look up")

    with pytest.raises(LookupError, match="nothing to look up") as raised:
        await found(fails)
    (note,) = raised.value.__notes__
    assert note.startswith("claude_faults: the program failed although nothing went wrong, at tests/testing/test_")


async def test_a_script_that_does_not_fit_is_its_verdict() -> None:
    async def twice() -> None:
        await asks()
        await asks()

    with pytest.raises(ScriptError, match="no reply left"):
        await found(twice)


async def test_a_program_that_hangs_without_a_fault_is_a_timeout() -> None:
    async def sleeps() -> None:
        await anyio.sleep_forever()

    with pytest.raises(TimeoutError) as raised:
        await found(sleeps)
    assert str(raised.value).startswith(
        "claude_faults: the program did not end within 900 s although nothing went wrong, at tests/testing/test_"
    )


# Around it


async def test_a_script_may_be_a_path(tmp_path: Path) -> None:
    path = tmp_path / "script.json"
    path.write_text(json.dumps(one_turn().to_json()))
    with anyio.fail_after(WAIT):
        assert (await claude_faults(asks, path, faults=["crash"])).ok


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"faults": ["crsh"]}, r"faults='crsh': it is one of crash, end, noise, unknown, torn, lost, "),
        ({"engine": "real"}, r"engine='real': it is one of in-process, subprocess"),
    ],
)
async def test_words_that_do_not_exist_are_refused(settings: Any, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        await claude_faults(asks, one_turn(), **settings)


async def test_cancelled_it_cancels_the_program(nothing_left: Leftovers) -> None:
    ended = threading.Event()

    async def waits() -> None:
        try:
            await anyio.to_thread.run_sync(time.sleep, 1.0, abandon_on_cancel=True)
            await anyio.sleep_forever()
        finally:
            ended.set()

    nothing_left.start()
    with anyio.fail_after(WAIT), anyio.move_on_after(0.1) as scope:
        await claude_faults(waits, one_turn())
    assert scope.cancelled_caught
    assert ended.is_set()


async def test_a_script_in_force_outside_is_in_force_again() -> None:
    with use_script(Script().says("outside"), unplayed="ignore"):
        assert (await found(asks, "crash")).ok
        results = [getattr(message, "result", None) async for message in query(prompt="Hi")]
    assert results[-1] == "outside"


def line_of(text: str) -> int:
    """The line of the programs on which this stands."""
    lines = Path(programs.__file__).read_text().splitlines()
    (number,) = [number for number, line in enumerate(lines, 1) if text in line]
    return number
