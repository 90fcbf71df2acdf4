"""Replies that are no proper end: cut off, refused, empty, broken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from claude_code_sdk.testing import Script

from .by_hand import ByHand, only


def text(words: str, **more: Any) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": words}], **more}


def bash(number: int, **more: Any) -> dict[str, Any]:
    use = {"type": "tool_use", "id": f"toolu_{number}", "name": "Bash", "input": {"command": "echo hi"}}
    return {"content": [{"type": "text", "text": "Look."}, use], **more}


def play(folder: Path, *turns: Any, flags: tuple[str, ...] = ()) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """One prompt answered by `turns`: what is said of it, and the result."""
    cli = ByHand(Script.from_json({"script": 1, "turns": list(turns)}), folder, *flags)
    frames = cli.prompt("hi")
    (result,) = only(frames, "result")
    return frames, result


def told(frames: list[dict[str, Any]]) -> list[str]:
    """What the CLI told the model by itself."""
    return [frame["message"]["content"][0]["text"] for frame in frames if frame.get("isSynthetic")]


@pytest.mark.parametrize("reason", ["max_tokens", "model_context_window_exceeded"])
def test_a_reply_that_ran_out_of_tokens_is_to_be_continued(tmp_path: Path, reason: str) -> None:
    frames, result = play(tmp_path, text("Half", stop_reason=reason), text("done."))
    assert told(frames)[0].startswith("Output token limit hit. Resume directly")
    assert (result["result"], result["num_turns"], result["stop_reason"]) == ("done.", 2, "end_turn")


def test_after_three_continuations_the_turn_ends_with_an_error(tmp_path: Path) -> None:
    frames, result = play(tmp_path, *[text("Half", stop_reason="max_tokens")] * 4)
    assert len(told(frames)) == 3
    assert result["result"].startswith("API Error: Claude's response exceeded the 128000 output token maximum.")
    assert (result["is_error"], result["api_error"], result["num_turns"]) == (True, "max_output_tokens", 4)


def test_the_output_limit_is_the_models(tmp_path: Path) -> None:
    turns = [text("Half", stop_reason="max_tokens")] * 4
    _, result = play(tmp_path, *turns, flags=("--model", "claude-3-5-haiku-20241022"))
    assert "exceeded the 8192 output token maximum" in result["result"]


def test_a_tool_call_that_ran_out_of_tokens_runs_all_the_same(tmp_path: Path) -> None:
    frames, result = play(tmp_path, bash(1, stop_reason="max_tokens"), text("Then."))
    assert not told(frames)
    assert result["result"] == "Then."


def test_a_refused_reply_is_taken_up_once(tmp_path: Path) -> None:
    frames, result = play(tmp_path, text("No.", stop_reason="refusal"), text("This, then."))
    (notice,) = only(frames, "informational")
    assert notice["content"].startswith("Opus 5.5's safeguards stopped the response above")
    (synthetic,) = [frame for frame in frames if frame.get("isSynthetic")]
    assert synthetic["refused_message_id"] == only(frames, "assistant")[0]["message"]["id"]
    assert (result["safety_stops"], result["result"]) == (1, "This, then.")


def test_a_second_refusal_ends_the_turn(tmp_path: Path) -> None:
    details = {"type": "refusal", "category": "cyber", "explanation": "not that"}
    frames, result = play(
        tmp_path, text("No.", stop_reason="refusal"), text("No.", stop_reason="refusal", stop_details=details)
    )
    (stopped,) = only(frames, "model_refusal_no_fallback")
    assert (stopped["api_refusal_category"], stopped["api_refusal_explanation"]) == ("cyber", "not that")
    assert (result["is_error"], result["stop_reason"], result["safety_stops"]) == (True, "refusal", 2)


def test_a_tool_that_ran_when_its_reply_was_refused_is_told_so(tmp_path: Path) -> None:
    frames, result = play(tmp_path, bash(1, stop_reason="refusal"), text("Then."))
    (tool_result,) = [frame for frame in only(frames, "user") if not frame.get("isSynthetic")]
    assert tool_result["tool_result_meta"] == [{"id": "toolu_1", "non_execution_kind": "interrupted"}]
    assert told(frames)[0].endswith("it may have partially or fully completed.")
    assert result["num_turns"] == 3


def test_an_empty_reply_is_asked_for_again_once_a_turn(tmp_path: Path) -> None:
    frames, result = play(tmp_path, [], [])
    assert told(frames) == [
        "[Your previous response had no visible output. Please continue and produce a user-visible response.]"
    ]
    assert (result["result"], result["is_error"], "ttft_ms" in result) == ("", False, False)


def test_thoughts_alone_are_no_answer(tmp_path: Path) -> None:
    frames, result = play(tmp_path, [{"type": "thinking", "thinking": "Hm."}], text("So."))
    assert len(told(frames)) == 1
    assert result["result"] == "So."


def test_a_paused_turn_ends(tmp_path: Path) -> None:
    frames, result = play(tmp_path, text("Paused.", stop_reason="pause_turn"))
    assert (result["stop_reason"], result["num_turns"], told(frames)) == ("pause_turn", 1, [])


def test_a_stream_that_breaks_after_a_text_is_to_be_resumed(tmp_path: Path) -> None:
    frames, result = play(tmp_path, text("Half", drop=True), text("whole."))
    assert told(frames)[0].startswith("Your response above was cut off mid-stream.")
    assert (result["result"], result["num_turns"]) == ("whole.", 2)


def test_after_three_broken_streams_the_connection_is_lost(tmp_path: Path) -> None:
    frames, result = play(tmp_path, *[text("Half", drop=True)] * 4)
    assert len(told(frames)) == 3
    assert result["result"] == "API Error: Connection lost mid-response. The response above may be incomplete."
    assert (result["api_error"], result["terminal_reason"]) == ("connection_failed", "api_error")


def test_a_tool_call_before_the_break_runs_and_the_user_is_told(tmp_path: Path) -> None:
    frames, result = play(tmp_path, bash(1, drop=True), text("On."))
    lost = [frame for frame in only(frames, "assistant") if frame.get("api_error") == "connection_failed"]
    assert [frame["message"]["stop_reason"] for frame in lost] == ["tool_use"]
    assert (result["result"], told(frames)) == ("On.", [])


def test_a_connection_that_breaks_at_once_is_asked_again_without_streaming(tmp_path: Path) -> None:
    frames, result = play(tmp_path, {"content": [], "drop": True}, text("Whole."))
    assert only(frames, "assistant")[0]["message"]["stop_reason"] == "end_turn"
    assert (result["num_turns"], "first_content_frame_ms" in result) == (1, False)


def test_an_error_at_the_streams_beginning_is_streamed_again_after_a_wait(tmp_path: Path) -> None:
    broken = {"content": [], "stream_error": {"type": "overloaded_error", "message": "busy"}}
    script = Script.from_json({"script": 1, "turns": [broken, text("Here.")]})
    cli = ByHand(script, tmp_path)
    frames = cli.prompt("hi")
    assert only(frames, "assistant")[0]["message"]["stop_reason"] is None
    assert (cli.now, only(frames, "api_retry")) == (0.5, [])


def test_the_stream_that_broke_is_closed_for_those_who_watch_it(tmp_path: Path) -> None:
    frames, result = play(tmp_path, text("Half", drop=True), text("whole."), flags=("--include-partial-messages",))
    closed = [frame["abandoned_blocks"] for frame in frames if "abandoned_blocks" in frame]
    first = only(frames, "assistant")[0]["message"]["id"]
    assert closed == [{"api_message_id": first, "from_block_index": 1}]
    assert result["begun_message_ids"][0] == first
