"""The eight uses of the SDK that were asked for, on recordings of the real CLI and on the scripted fake.

Each runs in process and against an executable, on asyncio and on trio.  With a recording the answers of hooks and tools
are compared with those that the real CLI accepted; `test_seed_scripts.py` compares the fake's wire with the real one.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import pytest

from claude_code_sdk import ClaudeSDKClient, ProcessError
from claude_code_sdk.cassettes.mismatch import CassetteMismatch
from claude_code_sdk.testing import ScriptError

from . import programs
from .replay import (
    Run,
    play_in_process,
    play_with_fake_claude,
    replay_in_process,
    replay_with_fake_claude,
    script_named,
)

Play = Callable[..., Awaitable[Run]]


@pytest.fixture(params=["recording", "recording, process", "script", "script, process"])
def play(request: pytest.FixtureRequest, tmp_path: Path, project: str, monkeypatch: pytest.MonkeyPatch) -> Play:
    """Runs a program on the cassette or the script of its name, or on the one that is named."""
    what, _, process = request.param.partition(", ")
    if process:
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    def play_it(program: Callable[[], Awaitable[object]], name: str | None = None) -> Awaitable[Run]:
        name = name or _name(program)
        if what == "script":
            script = script_named(name, project)
            return play_with_fake_claude(program, script, tmp_path) if process else play_in_process(program, script)
        return replay_with_fake_claude(program, name, tmp_path) if process else replay_in_process(program, name)

    return play_it


def _name(program: Any) -> str:
    name: str = program.func.__name__ if isinstance(program, partial) else program.__name__
    return name


@pytest.fixture
def project(tmp_path: Path) -> str:
    """A folder for programs that are given one."""
    folder = tmp_path / "project"
    folder.mkdir()
    return str(folder)


def _printed(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


# 1


async def test_two_turns_run_in_one_session_and_the_second_knows_of_the_first(
    play: Play, capsys: pytest.CaptureFixture[str]
) -> None:
    run = await play(programs.two_turns)
    assert _printed(capsys) == [
        "Claude: Hello! I am well, thank you.",
        "(success)",
        "Claude: You asked me how I am.",
        "(success)",
    ]
    assert run.prompts == ["Hello, how are you?", "What did I ask you first?"]
    assert len(run.commands) == 1
    assert len({result["session_id"] for result in run.results}) == 1


# 2


async def test_options_reach_the_cli_and_allowed_tools_are_not_asked_about(
    play: Play, project: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run = await play(partial(programs.with_options, project))
    (command,) = run.commands
    flags = dict(zip(command.argv, command.argv[1:], strict=False))
    assert flags["--allowedTools"] == "Read,Write,Bash"
    assert flags["--permission-mode"] == "acceptEdits"
    assert flags["--system-prompt"] == "You are a helpful coding assistant"
    assert command.cwd == project
    assert run.requests("cli", "can_use_tool") == []
    assert run.tool_results["toolu_write"]["content"].startswith(f"File created successfully at: {project}/hello.py")
    assert run.tool_results["toolu_run"]["content"] == "hello"
    assert _printed(capsys) == ["Claude: hello.py prints hello.", "(success)"]


# 3


async def test_a_tool_of_the_program_runs_when_the_model_calls_it(
    play: Play, capsys: pytest.CaptureFixture[str]
) -> None:
    run = await play(programs.custom_tools)
    greeting = [{"type": "text", "text": "Hello, Alice!"}]
    assert run.answers[-1]["mcp_response"]["result"]["content"] == greeting
    assert run.tool_results["toolu_greet"]["content"] == greeting
    assert _printed(capsys) == ["Claude: I greeted Alice.", "(success)"]


async def test_a_tool_that_answers_differently_is_noticed(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    async def rude(args: dict[str, Any]) -> dict[str, Any]:
        return {"content": [{"type": "text", "text": "Go away!"}]}

    monkeypatch.setattr(programs.greet_user, "handler", rude)
    with pytest.raises((CassetteMismatch, ScriptError, ProcessError), match="Go away!"):
        await play(programs.custom_tools)


# 4


async def test_a_command_that_a_hook_denies_does_not_run_and_the_model_is_told_why(
    play: Play, capsys: pytest.CaptureFixture[str]
) -> None:
    run = await play(programs.hooks)
    asked = [request["input"]["tool_input"]["command"] for request in run.requests("cli", "hook_callback")]
    assert asked == ["./forbidden.sh", "ls"]
    denied, allowed = run.answers
    assert denied["hookSpecificOutput"]["permissionDecision"] == "deny"
    assert allowed == {}
    told = run.tool_results["toolu_denied"]
    assert told["is_error"]
    assert "Command contains the forbidden pattern forbidden.sh" in told["content"]
    # The script would have left a file `it-ran` behind.
    assert run.tool_results["toolu_allowed"]["content"] == "forbidden.sh"
    assert _printed(capsys) == ["Claude: The script was not allowed to run.", "(success)"]


# 5


async def test_an_interrupt_ends_the_turn_with_its_result_and_the_session_goes_on(
    play: Play, capsys: pytest.CaptureFixture[str]
) -> None:
    run = await play(programs.interrupt)
    assert len(run.requests("host", "interrupt")) == 1
    interrupted, next_turn = run.results
    assert interrupted["terminal_reason"] == "aborted_streaming"
    assert next_turn["result"] == "Hello!"
    assert _printed(capsys)[-3:] == ["(error_during_execution)", "Claude: Hello!", "(success)"]


# 6


async def test_the_server_info_is_there_without_a_turn(play: Play, capsys: pytest.CaptureFixture[str]) -> None:
    run = await play(programs.server_info)
    count = len(run.server_info["commands"])
    assert count > 0
    assert _printed(capsys) == [f"Commands available: {count}", "Output style: default"]
    assert run.prompts == []
    assert len(run.requests("host", "initialize")) == 1


# 7


async def test_connect_with_a_prompt_reads_up_to_the_result_and_disconnects(
    play: Play, capsys: pytest.CaptureFixture[str]
) -> None:
    run = await play(programs.explicit_connect)
    assert run.prompts == ["Hello Claude"]
    assert _printed(capsys) == ["Claude: Hello, human.", "(success)"]


async def test_connect_use_and_disconnect_may_happen_in_different_tasks(play: Play) -> None:
    results: list[str | None] = []

    async def program() -> None:
        client = ClaudeSDKClient()

        async def read() -> None:
            result = await client.drain()
            assert result is not None
            results.append(result.result)

        for step in (partial(client.connect, "Hello Claude"), read, client.disconnect):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(step)

    await play(program, "explicit_connect")
    assert results == ["Hello, human."]


# 8


async def test_query_with_a_string(play: Play, capsys: pytest.CaptureFixture[str]) -> None:
    run = await play(programs.ask)
    assert run.prompts == ["What is 2 + 2?"]
    assert _printed(capsys) == ["Claude: 2 + 2 is 4.", "(success)"]


async def test_query_with_a_string_and_options(play: Play, project: str, capsys: pytest.CaptureFixture[str]) -> None:
    run = await play(partial(programs.ask_with_options, project))
    (command,) = run.commands
    assert command.argv[command.argv.index("--max-turns") + 1] == "1"
    assert command.cwd == project
    assert _printed(capsys) == ["Claude: 4", "(success)"]


async def test_query_with_an_iterable_of_messages(play: Play, capsys: pytest.CaptureFixture[str]) -> None:
    run = await play(programs.ask_a_stream)
    assert run.prompts == ["What is 2 + 2?", "And 3 + 3?"]
    assert _printed(capsys) == ["Claude: 2 + 2 is 4.", "(success)", "Claude: 3 + 3 is 6.", "(success)"]


async def test_query_with_an_iterable_of_messages_and_options(
    play: Play, project: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run = await play(partial(programs.ask_a_stream_with_options, project))
    (command,) = run.commands
    assert "You are a terse calculator" in command.argv
    assert _printed(capsys) == ["Claude: 4", "(success)", "Claude: 6", "(success)"]
