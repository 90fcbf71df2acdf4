"""Everything that a script can let go wrong: what our client reports of it, and that nothing stays behind.

Each test runs in process and against `fake-claude` as a process, on asyncio and on trio; at its end there is no task,
process, descriptor or temporary file that was not there before.
"""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest

from claude_code_sdk import (
    AssistantMessage,
    ClaudeCodeOptions,
    ClaudeSDKClient,
    ControlTimeoutError,
    HookMatcher,
    Message,
    PermissionResultAllow,
    ProcessError,
    ResultMessage,
    SystemMessage,
    TextBlock,
    ToolResultBlock,
    TurnIncompleteError,
    UnknownMessage,
    UserMessage,
)
from claude_code_sdk.testing import Script, ScriptError, check_executable, use_script, write_executable
from tests.client.test_lifecycle import other_tasks
from tests.transports.conftest import Leftovers

pytestmark = [
    pytest.mark.usefixtures("short_graces"),
    pytest.mark.skipif(sys.platform == "win32", reason="POSIX only"),
]

LIMIT = 30.0
PROMPT = "Hi"
RESULT = {"type": "result"}
ANSWER = {"type": "control_response"}
FOR_EVER = 600
"""Seconds that nobody waits for."""

PROCESS = "fake-claude"


class Plays:
    """Runs a client on a script, in process or against `fake-claude`; `stderr` has what its callback was told."""

    def __init__(self, leg: str, folder: Path, leftovers: Leftovers) -> None:
        self.in_process = leg != PROCESS
        self.stderr: list[str] = []
        self._folder = folder
        self._leftovers = leftovers

    @asynccontextmanager
    async def client(self, script: Script, **options: Any) -> AsyncIterator[ClaudeSDKClient]:
        """A client that is connected; when it has gone nothing is left, and the script's verdict is raised.

        A verdict reaches the program as it is in process, and as exit code 70 from a process.
        """
        self._leftovers.start()
        tasks = other_tasks()
        options = {"stderr": self.stderr.append, "close_timeout": 10.0, **options}
        try:
            with anyio.fail_after(LIMIT):
                if self.in_process:
                    with use_script(script):
                        async with ClaudeSDKClient(ClaudeCodeOptions(**options)) as client:
                            yield client
                else:
                    path = write_executable(self._folder, script)
                    async with ClaudeSDKClient(ClaudeCodeOptions(cli_path=path, **options)) as client:
                        yield client
                    check_executable(path, script=script)
        finally:
            assert other_tasks() == tasks
            self._leftovers.check()

    async def turn(self, script: Script, messages: list[Message] | None = None, **options: Any) -> list[Message]:
        """One prompt and everything up to its result; into `messages` if they are wanted when it fails."""
        found: list[Message] = [] if messages is None else messages
        async with self.client(script, **options) as client:
            await client.query(PROMPT)
            async for message in client.receive_response():
                found.append(message)
        return found


@pytest.fixture(params=["in process", PROCESS])
def play(request: pytest.FixtureRequest, tmp_path: Path, nothing_left: Leftovers) -> Plays:
    return Plays(request.param, tmp_path, nothing_left)


def hello() -> Script:
    return Script().says("Hello")


def said(messages: list[Message]) -> list[str]:
    found = [message.content for message in messages if isinstance(message, AssistantMessage)]
    return [block.text for content in found for block in content if isinstance(block, TextBlock)]


def result_of(messages: list[Message]) -> ResultMessage:
    last = messages[-1]
    assert isinstance(last, ResultMessage)
    return last


def unknown(messages: list[Message]) -> list[UnknownMessage]:
    return [message for message in messages if isinstance(message, UnknownMessage)]


# The process


async def test_lines_on_stderr_reach_the_callback_and_end_nothing(play: Plays) -> None:
    messages = await play.turn(hello().fault(before=RESULT, stderr=["disk is slow", "zweite Zeile: ü"]))
    assert play.stderr == ["disk is slow", "zweite Zeile: ü"]
    assert result_of(messages).result == "Hello"


async def test_a_crash_is_its_exit_code_and_its_last_words(play: Plays) -> None:
    messages: list[Message] = []
    with pytest.raises(ProcessError) as caught:
        await play.turn(hello().fault(before=RESULT, exit=9, stderr=["what", "out of memory"]), messages)
    assert said(messages) == ["Hello"]
    assert type(caught.value) is ProcessError
    assert (caught.value.exit_code, caught.value.stderr) == (9, "what\nout of memory")
    assert str(caught.value).startswith("Command failed with exit code 9")
    assert "out of memory" in str(caught.value)
    assert play.stderr == ["what", "out of memory"]


async def test_a_crash_may_be_one_of_the_replies(play: Plays) -> None:
    messages: list[Message] = []
    script = Script().calls("Bash", command="ls").returns("a.txt").crashes("half of a", exit_code=9, stderr="what\nnow")
    with pytest.raises(ProcessError) as caught:
        await play.turn(script, messages)
    assert said(messages) == ["half of a"]
    assert (caught.value.exit_code, caught.value.stderr) == (9, "what\nnow")


async def test_a_crash_by_a_signal_may_be_one_too(play: Plays) -> None:
    with pytest.raises(ProcessError, match="exit code -9"):
        await play.turn(Script().crashes(exit_code=-signal.SIGKILL))


async def test_a_death_by_a_signal_is_its_negative_number(play: Plays) -> None:
    with pytest.raises(ProcessError, match="exit code -9") as caught:
        await play.turn(hello().fault(before=RESULT, exit=-signal.SIGKILL))
    assert caught.value.exit_code == -signal.SIGKILL


async def test_a_cli_that_does_not_start_fails_the_connect_with_its_reason(play: Plays) -> None:
    entered = False
    with pytest.raises(ProcessError) as caught:
        async with play.client(Script().fault(after=0, exit=3, stderr="no licence")):
            entered = True
    assert not entered
    assert (caught.value.exit_code, caught.value.stderr) == (3, "no licence")


async def test_a_flag_that_the_cli_does_not_know_is_its_own_error(play: Plays) -> None:
    with pytest.raises(ProcessError) as caught:
        async with play.client(Script(), extra_args={"no-such-flag": None}):
            pytest.fail("it connected")
    assert caught.value.exit_code == 1
    assert "error: unknown option '--no-such-flag'" in str(caught.value.stderr)


async def test_a_clean_end_in_mid_turn_is_a_turn_without_its_result(play: Plays) -> None:
    messages: list[Message] = []
    with pytest.raises(TurnIncompleteError, match="exited before the turn had a result") as caught:
        await play.turn(hello().fault(before=RESULT, exit=0), messages)
    assert caught.value.exit_code == 0
    assert said(messages) == ["Hello"]


async def test_a_crash_while_nobody_asks_anything_is_the_error_of_the_next_call(play: Plays) -> None:
    with pytest.raises(ProcessError, match="gone") as caught:
        async with play.client(hello().says("never").fault(after=RESULT, exit=4, stderr="gone")) as client:
            await client.query(PROMPT)
            async for _ in client.receive_messages():
                pass
    assert caught.value.exit_code == 4


async def test_a_slow_exit_is_cut_short_by_sigterm(play: Plays) -> None:
    started = anyio.current_time()
    messages = await play.turn(hello().fault(slow_exit=FOR_EVER), close_timeout=0.1)
    assert result_of(messages).result == "Hello"
    assert anyio.current_time() - started < LIMIT


async def test_an_exit_that_is_slow_but_in_time_is_waited_for(play: Plays) -> None:
    script = hello().fault(slow_exit=0.1)
    async with play.client(script) as client:
        await client.query(PROMPT)
        await client.drain()
        started = anyio.current_time()
    assert anyio.current_time() - started >= 0.1


async def test_a_cli_that_ignores_sigterm_is_killed(play: Plays, caplog: pytest.LogCaptureFixture) -> None:
    script = hello().fault(slow_exit=FOR_EVER).fault(ignore_signals=["SIGTERM"])
    with caplog.at_level(logging.WARNING, "claude_code_sdk"):
        messages = await play.turn(script, close_timeout=0.1)
    assert result_of(messages).result == "Hello"
    if not play.in_process:
        assert "SIGKILL" in caplog.text


# Its output


async def test_a_torn_line_is_shown_and_the_crash_is_reported(play: Plays) -> None:
    messages: list[Message] = []
    with pytest.raises(ProcessError) as caught:
        await play.turn(hello().fault(instead=RESULT, torn=20), messages)
    assert caught.value.exit_code == 1
    (torn,) = unknown(messages)
    assert '{"type":"result"' in str(torn.raw)


async def test_an_oversize_line_costs_only_itself(play: Plays) -> None:
    script = hello().fault(instead={"type": "assistant"}, oversize=400_000)
    messages = await play.turn(script, max_frame_size=200_000)
    (large,) = unknown(messages)
    assert large.raw["size"] >= 400_000
    assert "200000" in large.raw["reason"]
    assert result_of(messages).result == "Hello"


async def test_an_oversize_line_within_the_limit_is_a_message(play: Plays) -> None:
    messages = await play.turn(hello().fault(instead={"type": "assistant"}, oversize=400_000))
    assert said(messages) == ["Hello"]


async def test_invalid_utf8_is_read_with_a_warning(play: Plays, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "claude_code_sdk"):
        messages = await play.turn(hello().fault(instead={"type": "assistant"}, invalid_utf8=True))
    assert said(messages) == ["Hello"]
    assert messages[1].raw["invalid"] == "\ufffd\ufffd"
    assert "a line from the CLI is not UTF-8" in caplog.text


async def test_a_line_that_is_no_json_is_shown_and_ends_nothing(play: Plays) -> None:
    messages = await play.turn(hello().fault(before=RESULT, line='{"Segfault'))
    assert ['{"Segfault' in str(message.raw) for message in unknown(messages)] == [True]
    assert result_of(messages).result == "Hello"


async def test_a_frame_that_nobody_knows_is_shown_and_ends_nothing(play: Plays) -> None:
    strange = {"type": "horoscope", "sign": "♌"}
    messages = await play.turn(hello().fault(before=RESULT, frame=strange))
    assert [message.raw for message in unknown(messages)] == [strange]
    assert result_of(messages).result == "Hello"


# Control requests and responses


async def test_an_initialize_that_is_never_answered_is_a_timeout_that_says_so(play: Plays) -> None:
    with pytest.raises(ControlTimeoutError, match=r"initialize: the CLI did not answer within 0\.3 s"):
        async with play.client(Script().fault(instead=ANSWER, lost=True), initialize_timeout=0.3, close_timeout=1.0):
            pytest.fail("it connected")


async def test_an_initialize_that_is_answered_late_is_waited_for(play: Plays) -> None:
    messages = await play.turn(hello().fault(instead=ANSWER, late=0.1))
    assert result_of(messages).result == "Hello"


async def test_a_response_that_comes_after_its_timeout_is_shown_and_ends_nothing(play: Plays) -> None:
    script = hello().fault(instead={**ANSWER, "response": {"request_id": "req_2"}}, late=0.4)
    messages: list[Message] = []
    async with play.client(script, control_timeout=0.1) as client:
        with pytest.raises(ControlTimeoutError, match=r"set_model: the CLI did not answer within 0\.1 s"):
            await client.set_model("claude-haiku-4-5")
        await client.query(PROMPT)
        with anyio.fail_after(LIMIT):
            async for message in client.receive_messages():
                messages.append(message)
                if unknown(messages) and any(isinstance(item, ResultMessage) for item in messages):
                    break
    (late,) = unknown(messages)
    assert late.raw["response"]["request_id"] == "req_2"
    assert said(messages) == ["Hello"]


async def test_a_response_that_is_lost_costs_only_its_call(play: Plays) -> None:
    script = hello().fault(instead={**ANSWER, "response": {"request_id": "req_2"}}, lost=True)
    async with play.client(script, control_timeout=0.1) as client:
        with pytest.raises(ControlTimeoutError):
            await client.set_permission_mode("plan")
        await client.query(PROMPT)
        result = await client.drain()
    assert result is not None
    assert result.result == "Hello"


async def test_responses_that_come_again_are_shown_and_end_nothing(play: Plays) -> None:
    messages = await play.turn(hello().fault(after=ANSWER, every=True, repeated=2))
    assert [message.raw["type"] for message in unknown(messages)] == ["control_response"] * 2
    assert result_of(messages).result == "Hello"


async def test_a_permission_question_that_is_taken_back_ends_its_callback(play: Plays) -> None:
    cancelled: list[str] = []

    async def think(tool: str, given: Any, context: Any) -> PermissionResultAllow:
        try:
            await anyio.sleep(FOR_EVER)
        except anyio.get_cancelled_exc_class():
            cancelled.append(tool)
            raise
        return PermissionResultAllow()

    script = Script().calls("Bash", command="touch x").says("Well")
    script.fault(after={"request": {"subtype": "can_use_tool"}}, withdraw=True)
    messages = await play.turn(script, can_use_tool=think)
    # A question that is taken back before its callback has begun never begins it.
    assert cancelled in ([], ["Bash"])
    blocks = [block for message in messages if isinstance(message, UserMessage) for block in message.content]
    (told,) = [block for block in blocks if isinstance(block, ToolResultBlock)]
    assert told.is_error
    assert result_of(messages).result == "Well"


async def test_a_hook_that_is_taken_back_fails_and_its_tool_goes_on(play: Plays) -> None:
    async def think(given: Any, tool_use_id: Any, context: Any) -> dict[str, Any]:
        await anyio.sleep(FOR_EVER)
        return {}

    script = Script().calls("Bash", command="ls").returns("a.txt").says("Well")
    script.fault(after={"request": {"subtype": "hook_callback"}}, withdraw=True)
    messages = await play.turn(script, hooks={"PreToolUse": [HookMatcher(hooks=[think])]})
    blocks = [block for message in messages if isinstance(message, UserMessage) for block in message.content]
    assert [block.content for block in blocks if isinstance(block, ToolResultBlock)] == ["a.txt"]
    assert "the request was withdrawn" in "\n".join(play.stderr)
    assert result_of(messages).result == "Well"


# The model's API

ONCE = {"CLAUDE_CODE_MAX_RETRIES": "0"}
"""An environment in which the CLI does not try again."""


@pytest.mark.parametrize(
    ("status", "kind", "text"),
    [
        (400, "unknown", "API Error: 400 no good"),
        (401, "authentication_failed", "Failed to authenticate. API Error: 401 no good"),
        (403, "authentication_failed", "Failed to authenticate. API Error: 403 no good"),
        (413, "invalid_request", "Request too large"),
        (429, "rate_limit", "Request rejected (429) · no good"),
        (500, "server_error", "API Error: 500 no good"),
        (529, "server_error", "API Error: 529 no good"),
    ],
)
async def test_an_error_of_the_api_is_a_result_with_its_status(play: Plays, status: int, kind: str, text: str) -> None:
    script = Script().fails(status, message="no good", repeat=True)
    messages = await play.turn(script, env=ONCE)
    (told,) = [message for message in messages if isinstance(message, AssistantMessage)]
    assert told.error == kind
    result = result_of(messages)
    assert (result.subtype, result.is_error, result.api_error_status) == ("success", True, status)
    assert text in str(result.result)


async def test_a_prompt_that_is_too_long_is_a_result_that_says_so(play: Plays) -> None:
    message = "prompt is too long: 250000 tokens > 200000 maximum"
    result = result_of(await play.turn(Script().fails(400, message=message)))
    assert result.is_error
    assert str(result.result).startswith("Prompt is too long")


async def test_an_error_that_goes_away_costs_a_retry_that_is_told(play: Plays) -> None:
    messages = await play.turn(Script().fails(529).says("Hello"))
    retries = [message.raw for message in messages if isinstance(message, SystemMessage)]
    assert [raw["error_status"] for raw in retries if raw["subtype"] == "api_retry"] == [529]
    assert result_of(messages).result == "Hello"


@pytest.mark.parametrize("how", [None, {"type": "overloaded_error", "message": "too many"}], ids=["cut", "error"])
async def test_a_stream_that_breaks_keeps_what_it_said(play: Plays, how: dict[str, Any] | None) -> None:
    messages = await play.turn(Script().breaks("half a", stream_error=how).says("whole"))
    assert said(messages) == ["half a", "whole"]
    assert not result_of(messages).is_error


async def test_a_stream_that_breaks_again_and_again_is_an_error_result(play: Plays) -> None:
    result = result_of(await play.turn(Script().breaks("half a", repeat=True), env=ONCE))
    assert result.is_error
    assert "Connection lost mid-response" in str(result.result)


async def test_after_an_error_of_the_api_the_session_goes_on(play: Plays) -> None:
    async with play.client(Script().fails(403).says("Hello")) as client:
        results = []
        for _ in range(2):
            await client.query(PROMPT)
            results.append(await client.drain())
    assert [result.is_error for result in results if result] == [True, False]


# The script itself


async def verdict_of(play: Plays, script: Script, text: str) -> str:
    """The text that the program gets, in either form of a verdict."""
    if play.in_process:
        with pytest.raises(ScriptError, match=text) as raised:
            await play.turn(script)
        return str(raised.value)
    with pytest.raises(ProcessError, match=text) as caught:
        await play.turn(script)
    assert caught.value.exit_code == 70
    return str(caught.value.stderr)


async def test_a_call_of_the_model_beyond_the_last_reply_is_a_verdict(play: Plays) -> None:
    text = await verdict_of(play, Script().calls("Bash", command="ls"), "no reply left for this request of the model")
    assert "its 1 reply is used up; the last was $.turns[0]" in text
    assert "add a reply, or let one repeat" in text


async def test_a_prompt_that_is_not_expected_is_a_verdict(play: Plays) -> None:
    text = await verdict_of(play, hello().expects_prompt("Bye"), "the prompt is not what the script expects")
    assert '- "Bye"' in text
    assert '+ "Hi"' in text


async def test_replies_and_expectations_that_are_left_are_a_verdict_at_the_end(play: Plays) -> None:
    script = hello().says("again").expects_control("interrupt")
    with pytest.raises(ScriptError) as caught:
        await play.turn(script)
    assert '$.turns[1]: "again"' in str(caught.value)
    assert "$.expect[0]: the control request interrupt" in str(caught.value)
