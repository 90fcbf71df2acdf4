"""Command lines: what is refused and how, and the ways to use the CLI that are no conversation in frames."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from claude_code_sdk.protocol.command import Command
from claude_code_sdk.protocol.engine import Exit, NeedData, Write, WriteErr
from claude_code_sdk.testing import Script
from claude_code_sdk.testing.fake_cli import FakeCLI

from .by_hand import ByHand, one, write


def run(folder: Path, *argv: str, stdin: bytes | None = b"", turns: tuple[Any, ...] = ()) -> tuple[str, list[str], int]:
    """One process with text on stdin, None for a host that writes nothing and does not close it: what it wrote."""
    engine = FakeCLI(Script.from_json({"script": 1, "turns": list(turns)}).begin())
    engine.open(Command(("claude", *argv), env={"HOME": str(folder)}, cwd=str(folder)))
    if stdin:
        engine.receive_data(stdin)
    if stdin is not None:
        engine.receive_data(b"")
    out, err, now = b"", [], 0.0
    while True:
        action = engine.next_action(now)
        if isinstance(action, Write):
            out += action.data
        elif isinstance(action, WriteErr):
            err.append(action.line)
        elif isinstance(action, Exit):
            return out.decode(), err, action.code
        else:
            assert isinstance(action, NeedData)
            assert action.until is not None, "it waits for the host"
            now = action.until


ANSWER = ([{"type": "text", "text": "Answer."}],)


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--no-such-flag=1",), ["error: unknown option '--no-such-flag=1'"]),
        (("-x",), ["error: unknown option '-x'"]),
        (("--model",), ["error: option '--model <model>' argument missing"]),
        (("--allowedTools",), ["error: option '--allowedTools, --allowed-tools <tools...>' argument missing"]),
        (("--max-turns", "abc"), ["error: option '--max-turns <turns>' argument 'abc' is invalid. must be a number"]),
        (
            ("--max-budget-usd", "0"),
            [
                (
                    "error: option '--max-budget-usd <amount>' argument '0' is invalid. "
                    "--max-budget-usd must be a number greater than 0"
                )
            ],
        ),
        (
            ("--permission-mode", "nope"),
            [
                (
                    "error: option '--permission-mode <mode>' argument 'nope' is invalid. "
                    "Allowed choices are acceptEdits, auto, bypassPermissions, manual, dontAsk, plan."
                )
            ],
        ),
        (
            ("--mcp-config", "/nope.json"),
            ["Error: Invalid MCP configuration:", "MCP config file not found: /nope.json"],
        ),
        (
            ("--mcp-config", '{"x": 1}'),
            [
                "Error: Invalid MCP configuration:",
                "mcpServers: Invalid input: expected record, received undefined",
            ],
        ),
        (("--settings", "/nope.json"), ["Error: Settings file not found: /nope.json"]),
        (("--system-prompt-file", "/nope"), ["Error: System prompt file not found: /nope"]),
        (
            ("--setting-sources", "nope"),
            [
                (
                    "Error processing --setting-sources: Invalid setting source: nope. "
                    "Valid options are: user, project, local"
                )
            ],
        ),
    ],
)
def test_a_command_line_is_refused_in_the_clis_words(tmp_path: Path, flags: tuple[str, ...], said: list[str]) -> None:
    cli = ByHand(Script(), tmp_path, *flags)
    cli.read()
    assert (cli.stderr, cli.exit_code, cli.frames) == (said, 1, [])


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (
            ("--print", "--output-format", "stream-json", "hi"),
            "Error: When using --print, --output-format=stream-json requires --verbose",
        ),
        (
            ("--input-format", "stream-json", "--output-format", "json"),
            "Error: --input-format=stream-json requires output-format=stream-json.",
        ),
        (
            ("--print", "--include-partial-messages", "hi"),
            "Error: --include-partial-messages requires --print and --output-format=stream-json.",
        ),
        (
            ("--print", "--replay-user-messages", "hi"),
            "Error: --replay-user-messages requires both --input-format=stream-json and --output-format=stream-json.",
        ),
        (
            ("--print",),
            "Error: Input must be provided either through stdin or as a prompt argument when using --print",
        ),
    ],
)
def test_flags_that_do_not_go_together_are_refused(tmp_path: Path, argv: tuple[str, ...], said: str) -> None:
    assert run(tmp_path, *argv) == ("", [said], 1)


def test_an_effort_that_is_none_is_warned_of_and_the_run_goes_on(tmp_path: Path) -> None:
    cli = ByHand(Script().says("Hi."), tmp_path, "--effort", "nope")
    assert one(cli.prompt("hello"), "result")["result"] == "Hi."
    assert cli.stderr[0].startswith("Warning: Unknown --effort value 'nope'")


@pytest.mark.parametrize("flag", ["--version", "-v"])
def test_the_version_is_told(tmp_path: Path, flag: str) -> None:
    assert run(tmp_path, flag) == ("2.1.330 (Claude Code)\n", [], 0)


def test_a_line_that_is_no_json_ends_the_run(tmp_path: Path) -> None:
    argv = ("--output-format", "stream-json", "--verbose", "--input-format", "stream-json")
    _, err, code = run(tmp_path, *argv, stdin=b"this is not json\n")
    assert (err, code) == (["Error parsing streaming input line (type=unknown, 16 chars): SyntaxError"], 1)


@pytest.mark.parametrize(("frame", "role"), [({"message": {"role": "assistant"}}, "assistant"), ({}, "undefined")])
def test_a_user_frame_of_another_role_ends_the_run(tmp_path: Path, frame: dict[str, Any], role: str) -> None:
    cli = ByHand(Script(), tmp_path)
    cli.send({"type": "user", **frame})
    assert (cli.stderr, cli.exit_code) == ([f"Error: Expected message role 'user', got '{role}'"], 1)


def test_a_printed_answer_is_the_results_text(tmp_path: Path) -> None:
    assert run(tmp_path, "--print", "hi", turns=ANSWER) == ("Answer.\n", [], 0)


def test_text_on_stdin_belongs_to_the_prompt(tmp_path: Path) -> None:
    turns = ({"content": ANSWER[0], "match": "sum up:\\nthe log"},)
    assert run(tmp_path, "-p", "sum up:", stdin=b"the log\n", turns=turns) == ("Answer.\n", [], 0)


def test_a_host_that_leaves_stdin_open_is_warned_after_three_seconds(tmp_path: Path) -> None:
    out, err, code = run(tmp_path, "-p", "hi", stdin=None, turns=ANSWER)
    assert (out, code) == ("Answer.\n", 0)
    assert err[0].startswith("Warning: no stdin data received in 3s, proceeding without it.")


def test_json_output_is_the_result_frame(tmp_path: Path) -> None:
    out, _, _ = run(tmp_path, "-p", "hi", "--output-format", "json", turns=ANSWER)
    assert json.loads(out)["result"] == "Answer."


def test_verbose_json_output_is_a_list_of_all_frames(tmp_path: Path) -> None:
    out, _, _ = run(tmp_path, "-p", "hi", "--output-format", "json", "--verbose", turns=ANSWER)
    assert [frame["type"] for frame in json.loads(out)] == ["system", "assistant", "result"]


def test_a_prompt_on_the_command_line_can_be_answered_in_frames(tmp_path: Path) -> None:
    argv = ("--output-format", "stream-json", "--verbose", "--print", "--", "-hello")
    out, _, code = run(tmp_path, *argv, turns=({"content": ANSWER[0], "match": "-hello"},))
    assert [json.loads(line)["type"] for line in out.splitlines()] == ["system", "assistant", "result"]
    assert code == 0


def test_a_printed_turn_that_fails_exits_with_1(tmp_path: Path) -> None:
    error = {"error": {"status": 403, "type": "permission_error", "message": "no"}}
    assert run(tmp_path, "-p", "hi", turns=(error,)) == ("Failed to authenticate. API Error: 403 no\n", [], 1)


def test_the_system_prompt_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "prompt.txt").write_text("You are a baker.")
    turns = ({"content": ANSWER[0], "match": "You are a baker."},)
    flags = ("--system-prompt-file", "prompt.txt")
    assert run(tmp_path, "-p", "hi", *flags, turns=turns) == ("Answer.\n", [], 0)


@pytest.mark.parametrize(
    ("given", "model"),
    [
        ("sonnet", "claude-sonnet-5-5"),
        ("opusplan", "claude-sonnet-5-5"),
        ("best", "claude-opus-5-5"),
        ("sonnet[1m]", "claude-sonnet-5-5"),
        ("claude-3-5-haiku-20241022", "claude-3-5-haiku-20241022"),
    ],
)
def test_short_names_stand_for_models(tmp_path: Path, given: str, model: str) -> None:
    cli = ByHand(Script().says("Hi."), tmp_path, "--model", given)
    assert one(cli.prompt("hello"), "init")["model"] == model


def test_a_model_that_is_not_known_is_warned_of_and_taken(tmp_path: Path) -> None:
    cli = ByHand(Script().says("Hi."), tmp_path, "--model", "my-model")
    assert one(cli.prompt("hello"), "assistant")["message"]["model"] == "my-model"
    assert cli.stderr == ['[claude-code:unrecognized_model] {"model":"my-model","query_source":"sdk"}']


def test_the_session_names_the_betas_that_were_asked_for(tmp_path: Path) -> None:
    cli = ByHand(Script().says("Hi."), tmp_path, "--betas", "context-1m-2025-08-07")
    assert one(cli.prompt("hello"), "init")["betas"] == ["context-1m-2025-08-07"]


def test_the_price_of_a_known_model_is_on_the_list(tmp_path: Path) -> None:
    cli = ByHand(Script().says("Hi."), tmp_path, "--model", "claude-opus-4-5")
    usage = one(cli.prompt("hello"), "result")["modelUsage"]["claude-opus-4-5"]
    assert (usage["costBasis"], usage["contextWindow"], cli.stderr) == ("list", 200_000, [])


@pytest.mark.parametrize(
    ("flags", "model", "style"),
    [
        ((), "claude-haiku-4-5", "Learning"),
        (("--setting-sources=user",), "claude-sonnet-5-5", "Learning"),
        (("--settings", '{"model": "opus", "outputStyle": "Explanatory"}'), "claude-opus-5-5", "Explanatory"),
        (("--model", "claude-opus-4-5"), "claude-opus-4-5", "Learning"),
        (("--setting-sources=",), "claude-opus-5-5", "default"),
    ],
)
def test_settings_name_the_model_and_the_output_style(
    tmp_path: Path, flags: tuple[str, ...], model: str, style: str
) -> None:
    write(tmp_path / "home/.claude/settings.json", {"model": "sonnet", "outputStyle": "Learning"})
    write(tmp_path / "project/.claude/settings.json", {"model": "claude-haiku-4-5"})
    cli = ByHand(Script.from_json({"script": 1, "turns": list(ANSWER)}), tmp_path, *flags)
    answer = one(cli.start(), "control_response")["response"]["response"]
    init = one(cli.prompt("go"), "init")
    assert (answer["output_style"], init["output_style"], init["model"]) == (style, style, model)
