"""The official TypeScript SDK on scripts and recordings: `write_executable()` is its `pathToClaudeCodeExecutable`."""

from __future__ import annotations

from pathlib import Path

import pytest

from claude_code_sdk.cassettes.mismatch import CassetteMismatch
from claude_code_sdk.testing import Script, ScriptError, check_executable, write_executable
from tests.cassettes.cli.programs import record

from .conftest import Node

CASSETTE = Path(__file__).parents[2] / "cassettes" / "oneshot_query.jsonl"


def test_a_prompt_has_its_reply(node: Node, tmp_path: Path) -> None:
    script = Script().says("Hello").expects_prompt("Say hello")
    seen, path = node.play("ask", tmp_path, script)
    assert (seen["texts"], seen["error"]) == (["Hello"], None)
    assert seen["results"] == [{"subtype": "success", "isError": False, "result": "Hello"}]
    check_executable(path, script=script)


def test_a_reply_is_streamed_in_pieces(node: Node, tmp_path: Path) -> None:
    seen, _ = node.play("streamed", tmp_path, Script().says("Hello you", chunk=4))
    assert seen["pieces"] == ["Hell", "o yo", "u"]
    assert seen["texts"] == ["Hello you"]


def test_a_hook_that_denies_keeps_the_tool_from_running(node: Node, tmp_path: Path) -> None:
    script = Script().calls("Bash", command="rm -rf /").calls("Bash", command="ls").returns("a.txt").says("Done")
    seen, path = node.play("hook", tmp_path, script)
    assert [call["input"]["command"] for call in seen["calls"]] == ["rm -rf /", "ls"]
    denied, allowed = seen["toolResults"]
    assert denied["is_error"]
    assert "that would hurt" in denied["content"]
    assert allowed["content"] == "a.txt"
    assert seen["results"][0]["result"] == "Done"
    check_executable(path, script=script)


def test_a_permission_callback_denies_and_changes_inputs(node: Node, tmp_path: Path) -> None:
    script = Script()
    script.calls("Write", file_path="/etc/passwd", content="x").calls("Write", file_path="/tmp/x", content="x")
    script.says("Done").expects_answer("can_use_tool", {"behavior": "deny", "message": "not in /etc"})
    script.expects_answer("can_use_tool", {"behavior": "allow", "updatedInput": {"content": "changed"}})
    seen, path = node.play("permission", tmp_path, script)
    assert [call["name"] for call in seen["calls"]] == ["Write", "Write"]
    denied, allowed = seen["toolResults"]
    assert (denied["is_error"], denied["content"]) == (True, "not in /etc")
    assert not allowed.get("is_error")
    assert seen["results"][0]["result"] == "Done"
    check_executable(path, script=script)


def test_a_tool_of_the_program_runs_when_the_model_calls_it(node: Node, tmp_path: Path) -> None:
    script = Script().calls("mcp__tools__greet", name="Alice").calls("mcp__tools__greet", name="Nobody").says("Done")
    seen, path = node.play("tool", tmp_path, script)
    assert seen["calls"] == [{"name": "Alice"}, {"name": "Nobody"}]
    greeted, failed = seen["toolResults"]
    assert greeted["content"] == [{"type": "text", "text": "Hello, Alice!"}]
    assert failed["is_error"]
    assert "nobody is there" in failed["content"]
    check_executable(path, script=script)


def test_an_interrupt_ends_the_turn_and_the_session_goes_on(node: Node, tmp_path: Path) -> None:
    script = Script().says("one two three four five " * 20, chunk=4, chunk_delay=0.1).says("Hello")
    script.expects_control("interrupt")
    seen, path = node.play("interrupt", tmp_path, script)
    interrupted, following = seen["results"]
    assert interrupted["subtype"] == "error_during_execution"
    assert following == {"subtype": "success", "isError": False, "result": "Hello"}
    check_executable(path, script=script)


def test_a_crash_is_an_error_with_the_exit_code(node: Node, tmp_path: Path) -> None:
    script = Script().says("Hello").fault(before={"type": "result"}, exit=3, stderr="out of memory")
    seen, _ = node.play("ask", tmp_path, script)
    assert "exited with code 3" in seen["error"]
    assert "out of memory" in seen["stderr"]
    assert (seen["texts"], seen["results"]) == (["Hello"], [])


def test_an_error_of_the_api_is_an_error_result(node: Node, tmp_path: Path) -> None:
    seen, _ = node.play("ask", tmp_path, Script().fails(403, message="no entry"))
    (result,) = seen["results"]
    assert result["isError"]
    assert "403 no entry" in result["result"]


def test_a_script_that_is_too_short_is_exit_code_70_and_a_verdict(node: Node, tmp_path: Path) -> None:
    script = Script().calls("Read", file_path="/x")
    seen, path = node.play("ask", tmp_path, script)
    assert "exited with code 70" in seen["error"]
    assert "no reply left for this request of the model" in seen["stderr"]
    with pytest.raises(ScriptError, match="no reply left"):
        check_executable(path, script=script)


def test_a_cassette_is_played(node: Node, tmp_path: Path) -> None:
    cassette = tmp_path / "recorded.jsonl"
    cli = write_executable(tmp_path, Script().says("Hello from a recording"), name="live")
    done = record(cassette, "--cli", cli, "--", *node.line("uses.mjs", "ask"), **node.env)
    assert done.returncode == 0, done.stderr
    seen, path = node.play("ask", tmp_path, None, cassette=cassette)
    assert (seen["texts"], seen["error"]) == (["Hello from a recording"], None)
    check_executable(path, cassette=cassette)


def test_a_cassette_of_another_program_is_exit_code_70_and_a_verdict(node: Node, tmp_path: Path) -> None:
    seen, path = node.play("ask", tmp_path, None, cassette=CASSETTE)
    assert "exited with code 70" in seen["error"]
    with pytest.raises(CassetteMismatch):
        check_executable(path, cassette=CASSETTE)


def test_settings_in_the_environment_do_not_reach_it(node: Node, tmp_path: Path) -> None:
    node.env |= {"FAKE_CLAUDE_CASSETTE": "/no/such.jsonl", "FAKE_CLAUDE_SCRIPT": "/no/such.json"}
    assert node.use("ask", write_executable(tmp_path, Script().says("Hello")))["texts"] == ["Hello"]
