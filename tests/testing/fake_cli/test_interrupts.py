"""Interrupts: what the fake ends a turn with, wherever in it the host interrupts (wire-facts §3)."""

from __future__ import annotations

from pathlib import Path

from claude_code_sdk.testing import Script

from .by_hand import ByHand, Frame, one, only, payload, result_block
from .test_hooks import begun, registered

BY_USER = "[Request interrupted by user]"
FOR_TOOL = "[Request interrupted by user for tool use]"
STDIO = ("--permission-prompt-tool", "stdio")


def touching() -> Script:
    return Script().calls("Bash", command="touch x").says("Never said.")


def interrupted(cli: ByHand) -> list[Frame]:
    """What it says to an interrupt, all in order."""
    return cli.request("interrupt")


def texts(frames: list[Frame]) -> list[str]:
    """The texts that the CLI says in the user's name."""
    return [block["text"] for frame in only(frames, "user") for block in frame["message"]["content"] if "text" in block]


def ends(frames: list[Frame], reason: str) -> None:
    """The turn ended as an interrupted one."""
    result = one(frames, "result")
    assert (result["subtype"], result["is_error"]) == ("error_during_execution", True)
    assert result["terminal_reason"] == reason


def test_an_interrupt_while_the_reply_streams_keeps_what_was_said(tmp_path: Path) -> None:
    script = Script().says("one two three four", chunk=4, chunk_delay=1.0)
    cli = ByHand(script, tmp_path)
    cli.patience = 0.5
    cli.start()
    cli.prompt("go")
    cli.wait(1.1)
    said = interrupted(cli)
    (text,) = [block["text"] for frame in only(said, "assistant") for block in frame["message"]["content"]]
    assert "one two three four".startswith(text)
    assert 0 < len(text) < len("one two three four")
    assert texts(said) == [BY_USER]
    ends(said, "aborted_streaming")


def test_an_interrupt_while_permission_is_asked_withdraws_the_question_and_rejects_the_tool(tmp_path: Path) -> None:
    cli = ByHand(touching(), tmp_path, *STDIO)
    cli.start()
    question = one(cli.prompt("go"), "can_use_tool")
    said = interrupted(cli)
    assert one(said, "control_cancel_request")["request_id"] == question["request_id"]
    assert result_block(said)["is_error"]
    assert texts(said) == [FOR_TOOL]
    ends(said, "aborted_tools")


def test_an_interrupt_while_a_hook_is_asked_withdraws_it(tmp_path: Path) -> None:
    cli = begun(touching(), tmp_path, PreToolUse=registered("one"))
    question = one(cli.frames, "hook_callback")
    said = interrupted(cli)
    assert one(said, "control_cancel_request")["request_id"] == question["request_id"]
    ends(said, "aborted_tools")


def test_an_interrupt_before_the_prompt_is_checked_begins_the_turn_and_ends_it(tmp_path: Path) -> None:
    cli = begun(touching(), tmp_path, UserPromptSubmit=registered("one"))
    said = interrupted(cli)
    assert [frame["type"] for frame in said if frame["type"] in ("system", "user", "result")][-2:] == ["user", "result"]
    assert one(said, "init")
    assert one(said, "result")["num_turns"] == 0


def test_an_answer_to_a_withdrawn_question_changes_nothing(tmp_path: Path) -> None:
    cli = ByHand(touching(), tmp_path, *STDIO)
    cli.start()
    question = one(cli.prompt("go"), "can_use_tool")
    interrupted(cli)
    assert cli.answer(question, {"behavior": "allow"}) == []


def test_an_interrupt_with_nothing_to_interrupt_is_answered_and_ends_nothing(tmp_path: Path) -> None:
    cli = ByHand(Script().says("Hello"), tmp_path)
    cli.start()
    said = interrupted(cli)
    assert payload(said) == {"still_queued": []}
    assert only(said, "result") == []
    assert one(cli.prompt("go"), "result")["result"] == "Hello"


def test_the_turn_after_an_interrupt_is_answered_by_the_next_reply(tmp_path: Path) -> None:
    cli = ByHand(touching(), tmp_path, *STDIO)
    cli.start()
    cli.prompt("go")
    interrupted(cli)
    assert one(cli.prompt("again"), "result")["result"] == "Never said."


def test_an_interrupt_names_the_prompts_that_wait(tmp_path: Path) -> None:
    cli = ByHand(touching(), tmp_path, *STDIO)
    cli.start()
    cli.prompt("go")
    waiting = "00000000-0000-4000-8000-000000000001"
    cli.send({"type": "user", "uuid": waiting, "message": {"role": "user", "content": "later"}})
    assert payload(interrupted(cli)) == {"still_queued": [waiting]}
