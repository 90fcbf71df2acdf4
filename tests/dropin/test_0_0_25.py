"""Programs that were written for claude_code_sdk 0.0.25 run unchanged.

Those in `programs_0_0_25/` were also run on 0.0.25 itself, where they print the same; all but `calculator.py`, since
0.0.25 cannot serve tools with mcp 2.x.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import pytest

import claude_code_sdk
from claude_code_sdk import CLINotFoundError, use_transport
from claude_code_sdk.protocol.command import Command
from claude_code_sdk.protocol.engine import Exit, WriteErr
from tests.client.peers import Frame, Peer, asks, assistant, result
from tests.client.processes import fake_cli

from .running import asking, calls_tool, flags, main_of, run, transport

if TYPE_CHECKING:
    from claude_code_sdk.protocol.engine import Action

PROGRAMS = Path(__file__).parent / "programs_0_0_25"
WAIT = 5.0


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def block(*blocks: Frame) -> Frame:
    frame = assistant("")
    frame["message"]["content"] = list(blocks)
    return frame


# Programs


async def test_questions_are_answered(capsys: pytest.CaptureFixture[str]) -> None:
    plain = Peer(lambda frame: [assistant("4"), result()])
    with_options = Peer(lambda frame: [assistant("A language."), result()])
    with_tools = Peer(lambda frame: [WriteErr("debug: writing"), assistant("Written."), result(total_cost_usd=0.01234)])
    main = main_of(PROGRAMS / "quick_start.py")

    with anyio.fail_after(WAIT), use_transport(transport(plain, with_options, with_tools)):
        await main()

    shown = capsys.readouterr()
    assert shown.out.splitlines() == ["Claude: 4", "Claude: A language.", "Claude: Written.", "Cost: $0.0123"]
    assert shown.err == "debug: writing\n"
    assert "--system-prompt" not in flags(plain)
    assert (flags(with_options)["--system-prompt"], flags(with_options)["--max-turns"]) == (
        "You explain things simply.",
        "1",
    )
    assert flags(with_tools)["--allowedTools"] == "Read,Write"
    assert flags(with_tools)["--append-system-prompt"] == "You are brief."
    assert [frame["message"]["content"] for frame in plain.of_type("user")] == ["What is 2 + 2?"]


def test_a_conversation_shows_every_kind_of_message(capsys: pytest.CaptureFixture[str]) -> None:
    turns: Iterator[list[Frame]] = iter(
        [
            [
                {"type": "system", "subtype": "init", "model": "sonnet", "session_id": "s"},
                {"type": "stream_event", "uuid": "u", "session_id": "s", "event": {"type": "message_start"}},
                block({"type": "thinking", "thinking": "A city", "signature": "x"}),
                block({"type": "tool_use", "id": "t1", "name": "Map", "input": {"of": "France"}}),
                {
                    "type": "user",
                    "message": {
                        "role": "user",
                        "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "Lyon"}],
                    },
                },
                assistant("Lyon."),
                result(result="Lyon."),
            ],
            [
                {"type": "user", "message": {"role": "user", "content": "a command's output"}},
                assistant("The Rhône."),
                result(result="The Rhône."),
            ],
        ]
    )
    by_hand = Peer(lambda frame: [assistant(frame["session_id"]), result()])

    run(PROGRAMS / "chat.py", Peer(lambda frame: next(turns)), Peer(), by_hand)

    assert lines(capsys) == [
        "User: Name a city.",
        "System init: sonnet",
        "Event message_start",
        "(A city)",
        "Uses Map: {'of': 'France'}",
        "Result of t1: Lyon",
        "Claude: Lyon.",
        "End of s: success, Lyon.",
        "User: And its river?",
        "User: a command's output",
        "Claude: The Rhône.",
        "End of s: success, The Rhône.",
        *["Claude: hello", "End of s: success, done"] * 2,
        "0 commands, style default",
        "4 messages in the background",
    ]
    assert [frame["session_id"] for frame in by_hand.of_type("user")] == ["default", "second"]


def test_tools_of_the_program_are_called(capsys: pytest.CaptureFixture[str]) -> None:
    peer = asking(calls_tool("m1", "calc", "add", a=1, b=2.5), calls_tool("m2", "calc", "divide", a=1, b=0))

    run(PROGRAMS / "calculator.py", peer)

    assert lines(capsys) == ["ResultMessage"]
    assert [peer.answer_to(name)["response"]["mcp_response"]["result"] for name in ("m1", "m2")] == [
        {"content": [{"type": "text", "text": "1 + 2.5 = 3.5"}], "isError": False},
        {"content": [{"type": "text", "text": "Division by zero"}], "isError": True},
    ]
    assert json.loads(flags(peer)["--mcp-config"]) == {
        "mcpServers": {
            "calc": {"type": "sdk", "name": "calculator"},
            "files": {"type": "stdio", "command": "files-server"},
        }
    }


async def test_hooks_are_registered_and_called(capsys: pytest.CaptureFixture[str]) -> None:
    bash = {"hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_input": {"command": "./foo.sh --help"}}
    peer = asking(
        asks("h1", "hook_callback", callback_id="hook_0", input=bash, tool_use_id="t1"),
        asks("h2", "hook_callback", callback_id="hook_1", input={"prompt": "hi"}, tool_use_id=None),
        asks("h3", "hook_callback", callback_id="hook_2", input={"tool_name": "Edit"}, tool_use_id="t2"),
        asks("h4", "hook_callback", callback_id="hook_0", input={"tool_name": "Read"}, tool_use_id="t3"),
        result="was not run",
    )
    main = main_of(PROGRAMS / "guard.py")

    with anyio.fail_after(WAIT), use_transport(transport(peer)):
        await main()

    assert lines(capsys) == ["was not run"]
    assert peer.of_type("control_request")[0]["request"]["hooks"] == {
        "PreToolUse": [{"matcher": "Bash", "hookCallbackIds": ["hook_0"]}],
        "UserPromptSubmit": [{"matcher": None, "hookCallbackIds": ["hook_1"]}],
        "PostToolUse": [{"matcher": "Write|Edit", "hookCallbackIds": ["hook_2"]}],
    }
    assert [peer.answer_to(name)["response"] for name in ("h1", "h2", "h3", "h4")] == [
        {
            "hookSpecificOutput": {
                "hookEventName": "PreToolUse",
                "permissionDecision": "deny",
                "permissionDecisionReason": "Command contains foo.sh",
            }
        },
        {"hookSpecificOutput": {"hookEventName": "UserPromptSubmit", "additionalContext": "Their name is Ada."}},
        {"decision": "block", "systemMessage": "Enough."},
        {},
    ]


def test_the_permission_callback_decides(capsys: pytest.CaptureFixture[str]) -> None:
    suggestion = {"type": "addRules", "rules": [{"toolName": "Read"}], "behavior": "allow", "destination": "session"}
    given: list[tuple[str, Frame]] = [
        ("Read", {"file_path": "a"}),
        ("Write", {"file_path": "a"}),
        ("Write", {"file_path": "/etc/passwd"}),
        ("WebFetch", {"url": "u"}),
        ("Bash", {}),
    ]
    peer = asking(
        *(
            asks(f"p{n}", "can_use_tool", tool_name=name, input=call, permission_suggestions=[suggestion])
            for n, (name, call) in enumerate(given)
        )
    )

    run(PROGRAMS / "permissions.py", peer)

    assert lines(capsys) == ["['Read', 'Write', 'Write', 'WebFetch', 'Bash']"]
    assert flags(peer)["--permission-prompt-tool"] == "stdio"
    rule = {"type": "addRules", "rules": [{"toolName": "WebFetch"}], "behavior": "allow", "destination": "session"}
    assert [peer.answer_to(f"p{n}")["response"] for n in range(5)] == [
        {"behavior": "allow", "updatedInput": {"file_path": "a"}},
        {"behavior": "allow", "updatedInput": {"file_path": "./safe/a"}},
        {"behavior": "deny", "message": "Not in a system folder", "interrupt": True},
        {"behavior": "allow", "updatedInput": {"url": "u"}, "updatedPermissions": [rule]},
        {"behavior": "deny", "message": "No Bash here"},
    ]


def test_a_turn_is_interrupted_and_the_next_one_runs(capsys: pytest.CaptureFixture[str]) -> None:
    turns = iter([[assistant("1")], [assistant("Knock, knock."), result()]])

    def interrupt(request: Frame) -> Frame:
        peer.say(result(subtype="error_during_execution", is_error=True))
        return {}

    peer = Peer(lambda frame: next(turns), on_control={"interrupt": interrupt})

    run(PROGRAMS / "interrupting.py", peer)

    assert lines(capsys) == ["['error_during_execution', 'success']"]


class NoCLI:
    """A machine without the CLI."""

    async def open(self, command: Command, *, on_stderr: Callable[[str], None] | None = None) -> Any:
        raise CLINotFoundError("Claude Code not found", "/usr/bin/claude")


OUTCOMES: dict[str, tuple[list[Frame | bytes | Action], str]] = {
    "fine": ([assistant("hi"), result()], "All is well"),
    "crash": ([WriteErr("out of memory"), Exit(9)], "Process failed with exit code 9: out of memory"),
    "no result": ([assistant("hi"), Exit(0)], "Process failed with exit code 0: "),
    "failed turn": ([result(is_error=True), Exit(1)], "Process failed with exit code 1: "),
    "not JSON": ([b'{"type": broken\n', result()], "All is well"),  # ended the session in 0.0.25
    "a new kind of frame": ([{"type": "rate_limit_event"}, result()], "All is well"),  # likewise
}


@pytest.mark.parametrize("outcome", OUTCOMES)
async def test_errors_are_told_apart(outcome: str, capsys: pytest.CaptureFixture[str]) -> None:
    turn, said = OUTCOMES[outcome]
    main = main_of(PROGRAMS / "errors.py")

    with anyio.fail_after(WAIT), use_transport(transport(Peer(lambda frame: turn))):
        await main()

    assert lines(capsys) == [said, "Not connected. Call connect() first."]


async def test_a_missing_cli_is_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    main = main_of(PROGRAMS / "errors.py")

    with use_transport(NoCLI()):
        await main()

    assert lines(capsys)[0] == "Please install Claude Code"


def test_a_transport_of_the_program_runs_the_cli(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["program", fake_cli(tmp_path)])

    run(PROGRAMS / "own_transport.py")

    assert lines(capsys) == [
        "done",
        "['> control_request', '< control_response', '> user', '> end', '< assistant', '< result'] False",
    ]


def test_a_service_has_blocking_callers_and_many_clients(capsys: pytest.CaptureFixture[str]) -> None:
    asked, ann, bob = Peer(), Peer(), Peer()

    run(PROGRAMS / "service.py", asked, ann, bob)

    both = ["AssistantMessage", "ResultMessage"]
    assert lines(capsys) == [
        '{"subtype": "success", "duration_ms": 1,',
        "s: hello",
        f"{both} {both}",
        f"{[both, both]}",
    ]
    assert [len(peer.of_type("user")) for peer in (asked, ann, bob)] == [1, 2, 2]
    assert flags(asked)["--permission-mode"] == "plan"
    assert flags(asked)["--add-dir"] == "/data"
    assert asked.commands[0].env["TZ"] == "UTC"
    servers = json.loads(flags(asked)["--mcp-config"])["mcpServers"]
    assert servers["db"] == {"command": "db-server", "args": ["--read-only"], "env": {"LEVEL": "1"}}
    assert {name: server.get("type") for name, server in servers.items()} == {
        "db": None,
        "search": "http",
        "news": "sse",
    }


# Modules


@pytest.mark.parametrize(
    "program",
    [
        "import claude_code_sdk.query\nfrom claude_code_sdk import query",
        "from claude_code_sdk.query import query\nimport claude_code_sdk",
        "import importlib, claude_code_sdk\nquery = importlib.import_module('claude_code_sdk.query').query",
        "import claude_code_sdk\nquery = claude_code_sdk.query\nimport claude_code_sdk.query",
    ],
)
def test_the_module_query_does_not_hide_the_function(program: str) -> None:
    check = "\nprint(claude_code_sdk.query is query, type(query).__name__)"
    done = subprocess.run([sys.executable, "-c", program + check], capture_output=True, text=True, check=True)

    assert done.stdout == "True function\n"


@pytest.mark.parametrize(
    ("module", "names"),
    [
        ("client", "ClaudeSDKClient"),
        (
            "_errors",
            "ClaudeSDKError CLIConnectionError CLINotFoundError ProcessError CLIJSONDecodeError MessageParseError",
        ),
    ],
)
def test_the_modules_that_old_programs_import_from_are_there(module: str, names: str) -> None:
    found = __import__(f"claude_code_sdk.{module}", fromlist=["*"])

    for name in names.split():
        assert getattr(found, name) is getattr(claude_code_sdk, name)


# Values


def test_a_hook_output_can_be_made_by_calling_its_type() -> None:
    output = claude_code_sdk.HookJSONOutput
    assert output() == {}  # type: ignore[operator]  # a class in 0.0.25, a union for type checkers now
    assert output(decision="block") == {"decision": "block"}  # type: ignore[operator]


def test_a_hook_context_can_be_made_for_a_test_of_a_hook() -> None:
    assert claude_code_sdk.HookContext(signal=None) == {"signal": None}
