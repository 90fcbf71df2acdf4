"""check_engine over our engines, and over engines that are wrong in one way each."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from claude_code_sdk.cassettes.jsonl import load
from claude_code_sdk.cassettes.player import Player
from claude_code_sdk.protocol.command import Command
from claude_code_sdk.protocol.engine import Exit, NeedData, Write, WriteErr
from claude_code_sdk.testing import Script
from claude_code_sdk.testing.engine_checks import ENGINE_CHECKS, EngineCheck, EngineRun, RunMaker, check_engine
from claude_code_sdk.testing.scripted_cli import fake_cli_for

if TYPE_CHECKING:
    from claude_code_sdk.protocol.engine import Action

FLAGS = ("--output-format", "stream-json", "--verbose", "--input-format", "stream-json")
COMMAND = Command(("claude", *FLAGS, "--permission-prompt-tool", "stdio", "--include-partial-messages"), cwd="/")
HOOKS = {"PreToolUse": [{"matcher": "Bash", "hookCallbackIds": ["hook_0"]}]}


def line(frame: dict[str, Any]) -> bytes:
    return json.dumps(frame).encode() + b"\n"


def initialize(hooks: Any = None) -> bytes:
    request = {"subtype": "initialize", "hooks": hooks}
    return line({"type": "control_request", "request_id": "r", "request": request})


def prompt(text: str) -> bytes:
    return line({"type": "user", "message": {"role": "user", "content": text}, "parent_tool_use_id": None})


def agree(said: bytes) -> bytes:
    """A host with a hook that has no opinion and a callback that allows."""
    frame = json.loads(said)
    if frame["type"] != "control_request":
        return b""
    answers = {
        "hook_callback": {},
        "can_use_tool": {"behavior": "allow", "updatedInput": frame["request"].get("input")},
    }
    payload = {
        "subtype": "success",
        "request_id": frame["request_id"],
        "response": answers[frame["request"]["subtype"]],
    }
    return line({"type": "control_response", "response": payload})


def scripted(script: Callable[[], Script], *prompts: str) -> RunMaker:
    lines = [initialize(HOOKS), *map(prompt, prompts)]
    return lambda: EngineRun(fake_cli_for(script().begin()), COMMAND, lines, answer=agree)


def busy() -> Script:
    script = Script().calls("Bash", command="touch x").returns("").says("Done, mostly", chunk=3, chunk_delay=0.5)
    return script.says("And more", delay=2.0).answers("Read", lambda given: "text")


def function() -> Script:
    return Script().calls("Read", file_path="/x").says("Read").answers("Read", lambda given: "text")


def spoiled() -> Script:
    return Script().says("Hello").fault(after={"type": "assistant"}, stderr="odd", every=True).fault(slow_exit=3)


def played() -> EngineRun:
    cassette = load(Path(__file__).parents[2] / "cassettes" / "oneshot_query.jsonl")
    said = [entry.value for entry in cassette.episodes[0].entries if entry.source == "host" and entry.kind == "frame"]
    return EngineRun(Player(cassette.episodes, match_on=("prompt",)), COMMAND, list(map(line, said)))


RUNS: dict[str, RunMaker] = {
    "nothing is asked": scripted(Script),
    "a tool, a hook, a permission, delays": scripted(busy, "one", "two"),
    "a function of the script": scripted(function, "read it"),
    "faults": scripted(spoiled, "hi"),
    "a recording": played,
}


@pytest.mark.parametrize("check", ENGINE_CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_our_engines_keep_the_contract(run: RunMaker, check: EngineCheck) -> None:
    check(run)


class Echo:
    """A right engine: says each line again."""

    def __init__(self) -> None:
        self.heard = b""
        self.actions: list[Action] = []
        self.ended = False

    def open(self, command: Command) -> None:
        pass

    def receive_data(self, data: bytes) -> None:
        *lines, self.heard = (self.heard + data).split(b"\n")
        self.actions += [Write(line + b"\n") for line in lines]
        self.ended = self.ended or not data

    def receive_signal(self, number: int) -> None:
        self.ended = True

    def receive_result(self, call_id: int, value: Any, error: BaseException | None) -> None:
        pass

    def next_action(self, now: float) -> Action:
        if self.actions:
            return self.actions.pop(0)
        return Exit(0) if self.ended else NeedData()

    def close(self) -> None:
        pass


class NeverEnds(Echo):
    def next_action(self, now: float) -> Action:
        return self.actions.pop(0) if self.actions else NeedData()


class SpinsAtTheEnd(Echo):
    def next_action(self, now: float) -> Action:
        return self.actions.pop(0) if self.actions else NeedData(now if self.ended else None)


class WritesBytesAsTheyCome(Echo):
    def receive_data(self, data: bytes) -> None:
        self.actions += [Write(data)] if data else []
        self.ended = self.ended or not data


class Restless(Echo):
    count = 0.0

    def next_action(self, now: float) -> Action:
        self.count += 1
        action = super().next_action(now)
        return NeedData(now + self.count) if isinstance(action, NeedData) else action


class Remembers(Echo):
    runs = 0

    def open(self, command: Command) -> None:
        type(self).runs += 1
        self.actions.append(Write(b"run %d\n" % self.runs))


class TellsTheTime(Echo):
    told = False

    def next_action(self, now: float) -> Action:
        if not self.told:
            self.told = True
            return Write(b"%d\n" % now)
        return super().next_action(now)


class TwoLinesOfStderr(Echo):
    def open(self, command: Command) -> None:
        self.actions.append(WriteErr("one\ntwo"))


class IgnoresSignals(Echo):
    def receive_signal(self, number: int) -> None:
        pass


class CannotBeClosed(Echo):
    def close(self) -> None:
        if not self.ended:
            raise AssertionError("expected to be closed at the end only")


WRONG = {
    NeverEnds: ("the_end_of_input_ends_the_run", "nobody will say anything any more"),
    SpinsAtTheEnd: ("the_end_of_input_ends_the_run", "a moment to come in NeedData"),
    Restless: ("an_engine_that_waits_goes_on_waiting", "the same moment as before"),
    WritesBytesAsTheyCome: ("bytes_may_come_in_any_pieces", "when the host's bytes come 1 at a time"),
    Remembers: ("bytes_may_come_in_any_pieces", "what it does"),
    TellsTheTime: ("time_is_what_the_driver_says", "whenever the driver's clock begins"),
    TwoLinesOfStderr: ("output_is_in_whole_lines", "a line a WriteErr"),
    IgnoresSignals: ("sigterm_ends_the_run", "nobody will say anything any more"),
    CannotBeClosed: ("it_may_be_closed_at_any_time", "closed at the end only"),
}


def test_a_right_engine_passes() -> None:
    check_engine(lambda: EngineRun(Echo(), COMMAND, [b"one\n", b"two\n"]))


@pytest.mark.parametrize("kind", WRONG, ids=lambda kind: kind.__name__)
def test_a_wrong_engine_fails_with_the_name_of_the_check(kind: type[Echo]) -> None:
    check, text = WRONG[kind]
    with pytest.raises(AssertionError, match=text) as caught:
        check_engine(lambda: EngineRun(kind(), COMMAND, [b"one\n", b"two\n"]))
    assert caught.value.__notes__ == [f"in the engine check {check!r}"]
