"""Everything that can go wrong, on an engine that does nothing else; then on a recorded session with our client."""

from __future__ import annotations

import json
import signal
from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from claude_code_sdk import ClaudeCodeOptions, ClaudeSDKClient, CLIConnectionError, ProcessError, ResultMessage
from claude_code_sdk.cassettes.jsonl import load
from claude_code_sdk.cassettes.player import Player
from claude_code_sdk.protocol.command import Command
from claude_code_sdk.protocol.engine import Call, Exit, NeedData, Write, WriteErr
from claude_code_sdk.testing import Script
from claude_code_sdk.testing.checks import TRANSPORT_CHECKS, TransportCheck
from claude_code_sdk.testing.far_end import FarEnd, Step
from claude_code_sdk.testing.faults import Faulty
from claude_code_sdk.transports.base import Transport
from claude_code_sdk.transports.in_process import InProcessTransport

if TYPE_CHECKING:
    from claude_code_sdk.protocol.engine import Action

COMMAND = Command(("claude",))


class Engine:
    """Writes its frames one after the other, then waits for the end of its input; a number is a pause until then."""

    def __init__(self, *frames: dict[str, Any] | float | Action) -> None:
        self.steps = deque(frames)
        self.heard: list[Any] = []
        self.closed = False

    def open(self, command: Command) -> None:
        self.heard.append(command)

    def receive_data(self, data: bytes) -> None:
        self.heard.append(json.loads(data) if data else data)

    def receive_signal(self, number: int) -> None:
        self.heard.append(signal.Signals(number).name)

    def receive_result(self, call_id: int, value: Any, error: BaseException | None) -> None:
        self.heard.append((call_id, value, error))

    def close(self) -> None:
        self.closed = True

    def next_action(self, now: float) -> Action:
        if "SIGTERM" in self.heard:
            return Exit(143)
        if not self.steps:
            return Exit(0) if b"" in self.heard else NeedData()
        step = self.steps[0]
        if isinstance(step, int | float):
            if now < step:
                return NeedData(float(step))
            self.steps.popleft()
            return self.next_action(now)
        self.steps.popleft()
        return Write(line(step)) if isinstance(step, dict) else step


def line(frame: Any) -> bytes:
    return json.dumps(frame, separators=(",", ":")).encode() + b"\n"


class Drive:
    """A driver with a clock of its own: `run` goes on until the engine waits for somebody, and skips pauses."""

    def __init__(self, engine: Engine, *faults: dict[str, Any], process: int = 1) -> None:
        script = Script()
        for fault in faults:
            script.fault(**fault)
        self.engine = engine
        self.faulty = Faulty(engine, script.faults, process=process)
        self.now = 0.0
        self.output: list[tuple[float, bytes]] = []
        self.stderr: list[str] = []
        self.code: int | None = None
        self.waits: float | None = None
        self.faulty.open(COMMAND)

    def run(self, until: float = 1000.0) -> Drive:
        while self.code is None:
            action = self.faulty.next_action(self.now)
            if isinstance(action, Write):
                self.output.append((self.now, action.data))
            elif isinstance(action, WriteErr):
                self.stderr.append(action.line)
            elif isinstance(action, Exit):
                self.code = action.code
            else:
                assert isinstance(action, NeedData)
                self.waits = action.until
                if action.until is None or action.until > until:
                    break
                self.now = action.until
        return self

    def eof(self) -> Drive:
        self.faulty.receive_data(b"")
        return self.run()

    @property
    def data(self) -> bytes:
        return b"".join(data for _, data in self.output)


A, B, C = ({"type": "assistant", "n": number} for number in range(3))
RESULT = {"type": "result"}


def test_without_faults_nothing_is_changed() -> None:
    drive = Drive(Engine(A, WriteErr("x"), Write(line(B) + line(C)[:5]), Write(line(C)[5:]))).run()
    assert (drive.data, drive.stderr, drive.code) == (line(A) + line(B) + line(C), ["x"], None)
    assert drive.eof().code == 0


def test_a_last_line_without_an_end_of_the_engines_own_is_kept() -> None:
    assert Drive(Engine(A, Write(b"torn"))).eof().data == line(A) + b"torn"


# Where


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ({"after": 0}, [0, A, B, RESULT, B]),
        ({"after": 2}, [A, B, 0, RESULT, B]),
        ({"after": {"type": "result"}}, [A, B, RESULT, 0, B]),
        ({"before": {"type": "result"}}, [A, B, 0, RESULT, B]),
        ({"instead": {"type": "result"}}, [A, B, 0, B]),
        ({"instead": 1}, [0, B, RESULT, B]),
        ({"instead": 4}, [A, B, RESULT, 0]),
        ({"before": {"n": 1}, "nth": 2}, [A, B, RESULT, 0, B]),
        ({"after": {"n": 1}, "every": True}, [A, B, 0, RESULT, B, 0]),
        ({"after": {"n": 7}}, [A, B, RESULT, B]),
        ({"after": 1, "process": 2}, [A, B, RESULT, B]),
    ],
)
def test_a_fault_is_where_it_says(place: dict[str, Any], expected: list[Any]) -> None:
    drive = Drive(Engine(A, B, RESULT, B), {**place, "frame": {"type": "extra"}}).eof()
    assert drive.data == b"".join(line(item or {"type": "extra"}) for item in expected)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [({"instead": 2, "lost": True}, [A, RESULT]), ({"after": 2, "repeated": 2}, [A, B, B, B, RESULT])],
)
def test_a_frame_is_spoiled_by_its_number(fault: dict[str, Any], expected: list[Any]) -> None:
    assert Drive(Engine(A, B, RESULT), fault).eof().data == b"".join(map(line, expected))


def test_a_fault_of_another_process_waits_for_it() -> None:
    assert Drive(Engine(A), {"after": 1, "process": 2, "exit": 3}, process=2).run().code == 3


def test_frames_that_are_not_reached_one_by_one_are_counted_one_by_one() -> None:
    drive = Drive(Engine(Write(line(A) + line(B) + line(C))), {"after": 2, "exit": 9}).run()
    assert (drive.data, drive.code) == (line(A) + line(B), 9)


# What


def test_stderr_lines_come_at_their_place() -> None:
    drive = Drive(Engine(A, 5.0, B), {"before": {"n": 1}, "stderr": ["one", "two"]})
    assert drive.run(until=1).stderr == []
    assert drive.run().stderr == ["one", "two"]


@pytest.mark.parametrize("code", [0, 3, -9])
def test_a_crash_ends_the_run_with_its_code_and_last_words(code: int) -> None:
    drive = Drive(Engine(A, B, C), {"after": 2, "exit": code, "stderr": "fatal"}).run()
    assert (drive.data, drive.stderr, drive.code) == (line(A) + line(B), ["fatal"], code)


def test_a_crash_may_come_before_anything_else() -> None:
    drive = Drive(Engine(A), {"after": 0, "exit": 1, "stderr": "no start"}).run()
    assert (drive.data, drive.stderr, drive.code) == (b"", ["no start"], 1)


def test_a_torn_line_is_the_last() -> None:
    drive = Drive(Engine(A, RESULT, B), {"instead": RESULT, "torn": 6}).run()
    assert (drive.data, drive.code) == (line(A) + line(RESULT)[:6], 1)


def test_a_torn_line_never_has_its_end() -> None:
    assert Drive(Engine(A), {"instead": {}, "torn": 1000}).run().data == line(A)[:-1]


def test_an_oversize_line_is_the_frame_with_padding() -> None:
    drive = Drive(Engine(A, RESULT, B), {"instead": RESULT, "oversize": 5000}).run()
    first, large, last = drive.data.splitlines(keepends=True)
    assert (first, last) == (line(A), line(B))
    assert len(large) >= 5000
    assert json.loads(large)["type"] == "result"


def test_invalid_utf8_is_in_the_frame() -> None:
    drive = Drive(Engine(A, RESULT), {"instead": RESULT, "invalid_utf8": True}).run()
    damaged = drive.data.removeprefix(line(A))
    with pytest.raises(UnicodeDecodeError):
        damaged.decode()
    assert json.loads(damaged.decode("utf-8", "replace")) == {**RESULT, "invalid": "\ufffd\ufffd"}


def test_a_line_that_is_no_json_stands_where_it_is_put() -> None:
    assert Drive(Engine(A, B), {"after": 1, "line": "Segfault"}).run().data == line(A) + b"Segfault\n" + line(B)


def test_a_lost_frame_never_comes() -> None:
    drive = Drive(Engine(A, RESULT, B), {"instead": RESULT, "lost": True}).eof()
    assert (drive.data, drive.code) == (line(A) + line(B), 0)


def test_a_late_frame_is_passed_by_others() -> None:
    drive = Drive(Engine(A, RESULT, B, 1.0, C, 9.0, A), {"instead": RESULT, "late": 3}).run()
    assert drive.output == [(0, line(A)), (0, line(B)), (1, line(C)), (3, line(RESULT)), (9, line(A))]


def test_the_end_waits_for_a_late_frame() -> None:
    drive = Drive(Engine(RESULT), {"instead": RESULT, "late": 3})
    drive.faulty.receive_data(b"")
    assert drive.run(until=2).code is None
    assert drive.waits == 3
    assert (drive.run().output, drive.code) == ([(3, line(RESULT))], 0)


def test_a_repeated_frame_comes_again() -> None:
    assert Drive(Engine(A, RESULT, B), {"after": RESULT, "repeated": 2}).run().data == line(A) + line(
        RESULT
    ) * 3 + line(B)


REQUEST = {"type": "control_request", "request_id": "r1", "request": {"subtype": "can_use_tool"}}


def answer(request_id: str) -> dict[str, Any]:
    return {"type": "control_response", "response": {"subtype": "success", "request_id": request_id, "response": {}}}


def test_a_withdrawn_request_is_an_error_for_the_engine_and_its_late_answer_is_dropped() -> None:
    drive = Drive(Engine(REQUEST), {"after": {"type": "control_request"}, "withdraw": True}).run()
    assert drive.data == line(REQUEST) + line({"type": "control_cancel_request", "request_id": "r1"})
    told = {"subtype": "error", "request_id": "r1", "error": "the request was withdrawn"}
    late = line(answer("r1")) + line(answer("r2"))
    drive.faulty.receive_data(late[:9])
    drive.faulty.receive_data(late[9:])
    assert drive.engine.heard[1:] == [{"type": "control_response", "response": told}, answer("r2")]


def test_a_slow_exit_takes_its_time() -> None:
    drive = Drive(Engine(A), {"slow_exit": 4})
    drive.faulty.receive_data(b"")
    assert (drive.run(until=3).code, drive.waits) == (None, 4)
    assert (drive.run().code, drive.now) == (0, 4)


def test_a_signal_ends_a_slow_exit() -> None:
    drive = Drive(Engine(A), {"slow_exit": 100})
    drive.faulty.receive_data(b"")
    drive.run(until=3)
    drive.faulty.receive_signal(signal.SIGINT)
    assert drive.run(until=3).code is None
    drive.faulty.receive_signal(signal.SIGTERM)
    assert drive.run(until=3).code == 143


def test_signals_that_are_ignored_do_not_arrive() -> None:
    drive = Drive(Engine(A), {"ignore_signals": ["SIGTERM"]}, {"slow_exit": 100})
    drive.faulty.receive_signal(signal.SIGTERM)
    drive.faulty.receive_signal(signal.SIGINT)
    assert drive.run().code is None
    assert drive.engine.heard[1:] == ["SIGINT"]
    drive.faulty.receive_data(b"")
    drive.run(until=3)
    drive.faulty.receive_signal(signal.SIGTERM)
    assert drive.run(until=3).code is None


def test_a_call_of_the_engine_passes() -> None:
    call = Call(7, len, ("x",))
    drive = Drive(Engine(call), {"after": 1, "exit": 3})
    assert drive.faulty.next_action(0) is call
    drive.faulty.receive_result(7, 1, None)
    assert drive.engine.heard[1:] == [(7, 1, None)]


def test_closing_reaches_the_engine() -> None:
    drive = Drive(Engine(A), {"after": 1, "exit": 3}).run()
    drive.faulty.close()
    assert drive.engine.closed


# As a transport


def spoiled(steps: Sequence[Step]) -> tuple[Transport, Command]:
    faults = Script().fault(after={"type": "never"}, exit=1).faults
    return InProcessTransport(lambda _: Faulty(FarEnd(steps), faults), close_timeout=0.1), COMMAND


@pytest.mark.parametrize("check", TRANSPORT_CHECKS, ids=lambda check: check.__name__)
async def test_a_transport_of_a_spoiled_engine_keeps_the_contract(check: TransportCheck) -> None:
    with anyio.fail_after(20):
        await check(spoiled)


# On a recorded session, with our client


def played(**fault: Any) -> InProcessTransport:
    faults = Script().fault(**fault).faults
    cassette = load("cassettes/client_two_turns.jsonl")
    return InProcessTransport(
        lambda _: Faulty(Player(cassette.episodes, match_on=("prompt",)), faults), close_timeout=0.5
    )


async def two_turns(transport: InProcessTransport) -> list[ResultMessage]:
    results = []
    with anyio.fail_after(20):
        async with ClaudeSDKClient(ClaudeCodeOptions(), transport=transport) as client:
            for prompt in PROMPTS:
                await client.query(prompt)
                async for message in client.receive_response():
                    if isinstance(message, ResultMessage):
                        results.append(message)
    return results


PROMPTS: list[str] = [
    entry.value["message"]["content"]
    for entry in load("cassettes/client_two_turns.jsonl").episodes[0].entries
    if entry.source == "host" and entry.kind == "frame" and entry.value.get("type") == "user"
]


async def test_a_recorded_session_that_nothing_happens_to_is_played() -> None:
    assert len(await two_turns(played(after={"type": "never"}, exit=1))) == 2


async def test_a_crash_in_a_recorded_session_is_a_process_error_with_its_last_words() -> None:
    with pytest.raises(ProcessError) as caught:
        await two_turns(played(before={"type": "result"}, exit=9, stderr="out of memory"))
    assert caught.value.exit_code == 9
    assert "out of memory" in str(caught.value.stderr)


async def test_a_clean_end_in_the_middle_of_a_recorded_session_is_reported_too() -> None:
    with pytest.raises(ProcessError):
        await two_turns(played(before={"type": "result"}, exit=0))


async def test_a_recorded_session_that_ends_before_the_handshake_cannot_be_connected() -> None:
    with pytest.raises((CLIConnectionError, ProcessError)):
        await two_turns(played(after=0, exit=1, stderr="error: unknown option"))


async def test_frames_that_come_twice_in_a_recorded_session_do_no_harm_to_control_requests() -> None:
    assert len(await two_turns(played(after={"type": "control_response"}, repeated=2))) == 2
