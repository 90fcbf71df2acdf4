"""Errors of the model's API: what is tried again, what the host is told, how the turn ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anyio
import pytest

from claude_code_sdk import AssistantMessage, ClaudeCodeOptions, Message, ResultError, TextBlock, query
from claude_code_sdk.testing import Script, use_script

from .by_hand import ByHand, only

TYPES = {400: "invalid_request_error", 404: "not_found_error", 413: "request_too_large", 429: "rate_limit_error"}


def failing(status: int, message: str = "odd", **headers: str) -> dict[str, Any]:
    return {"error": {"status": status, "type": TYPES.get(status, "api_error"), "message": message, "headers": headers}}


def play(folder: Path, *turns: Any, flags: tuple[str, ...] = (), retries: int = 10, **env: str) -> list[dict[str, Any]]:
    """One prompt answered by `turns`; what is said of it."""
    script = Script.from_json({"script": 1, "turns": list(turns)})
    cli = ByHand(script, folder, *flags, CLAUDE_CODE_MAX_RETRIES=str(retries), **env)
    return cli.prompt("hi")


def reported(frames: list[dict[str, Any]]) -> tuple[str, str, str]:
    """Text, kind and terminal reason of the error that ended the turn."""
    (assistant,) = only(frames, "assistant")
    (result,) = only(frames, "result")
    assert assistant["is_api_error_message"]
    assert (result["is_error"], result["result"]) == (True, assistant["message"]["content"][0]["text"])
    return result["result"], assistant["error"], result["terminal_reason"]


@pytest.mark.parametrize(
    ("status", "text", "kind", "reason"),
    [
        (401, "Failed to authenticate. API Error: 401 odd", "authentication_failed", "api_error"),
        (403, "Failed to authenticate. API Error: 403 odd", "authentication_failed", "api_error"),
        (413, "Request too large (max 32MB).", "invalid_request", "image_error"),
        (418, "API Error: 418 odd", "unknown", "api_error"),
        (429, "API Error: Request rejected (429) · odd", "rate_limit", "api_error"),
        (500, "API Error: 500 odd. This is a server-side issue", "server_error", "api_error"),
        (529, "API Error: 529 odd. This is a server-side issue", "server_error", "api_error"),
    ],
)
def test_the_last_error_of_a_status_reads_as_the_cli_words_it(
    tmp_path: Path, status: int, text: str, kind: str, reason: str
) -> None:
    got = reported(play(tmp_path, failing(status), retries=0))
    assert (got[0].startswith(text), got[1], got[2]) == (True, kind, reason)


def test_the_gateway_of_a_server_error_is_the_host_of_the_base_url(tmp_path: Path) -> None:
    text, _, _ = reported(play(tmp_path, failing(503), retries=0, ANTHROPIC_BASE_URL="http://gate:81/v1"))
    assert text.endswith("check your inference gateway (gate:81).")


def test_a_server_error_is_tried_again_after_waits_that_double(tmp_path: Path) -> None:
    frames = play(tmp_path, failing(500), failing(529), failing(429), [{"type": "text", "text": "Here."}])
    retries = [(f["attempt"], f["retry_delay_ms"], f["error_status"], f["error"]) for f in only(frames, "api_retry")]
    assert retries == [
        (1, 500, 500, "server_error"),
        (2, 1000, 529, "overloaded"),
        (3, 2000, 429, "rate_limit"),
    ]
    (result,) = only(frames, "result")
    assert (result["result"], result["is_error"]) == ("Here.", False)


def test_retry_after_makes_the_wait_longer(tmp_path: Path) -> None:
    frames = play(tmp_path, failing(429, **{"Retry-After": "7"}), [{"type": "text", "text": "Here."}])
    assert [frame["retry_delay_ms"] for frame in only(frames, "api_retry")] == [7000]


def test_attempts_count_for_each_call_of_the_model(tmp_path: Path) -> None:
    call = [{"type": "tool_use", "id": "toolu_1", "name": "Read", "input": {"file_path": "/none"}}]
    frames = play(tmp_path, failing(500), call, failing(500), [{"type": "text", "text": "Here."}])
    assert [frame["attempt"] for frame in only(frames, "api_retry")] == [1, 1]


def test_after_the_last_retry_the_error_ends_the_turn(tmp_path: Path) -> None:
    frames = play(tmp_path, failing(500), failing(500), retries=1)
    assert len(only(frames, "api_retry")) == 1
    assert reported(frames)[1] == "server_error"


@pytest.mark.parametrize("status", [400, 422])
def test_a_request_that_is_refused_is_sent_six_times_without_a_word(tmp_path: Path, status: int) -> None:
    frames = play(tmp_path, *[failing(status)] * 5, [{"type": "text", "text": "In another shape."}])
    assert not only(frames, "api_retry")
    (result,) = only(frames, "result")
    assert result["result"] == "In another shape."


def test_after_six_refusals_the_turn_ends(tmp_path: Path) -> None:
    text, kind, _ = reported(play(tmp_path, *[failing(400)] * 6))
    assert (text, kind) == ("API Error: 400 odd", "unknown")


def test_a_model_that_is_not_found_is_asked_once_more_without_streaming(tmp_path: Path) -> None:
    flags = ("--include-partial-messages",)
    frames = play(tmp_path, failing(404), [{"type": "text", "text": "Whole."}], flags=flags)
    (assistant,) = only(frames, "assistant")
    assert assistant["message"]["stop_reason"] == "end_turn"
    assert not only(frames, "stream_event")


def test_a_prompt_that_is_too_long_says_what_the_request_had(tmp_path: Path) -> None:
    text, kind, reason = reported(play(tmp_path, failing(400, "prompt is too long: 250000 tokens > 200000 maximum")))
    assert text.startswith("Prompt is too long · the request is ~250000 tokens (limit 200000)")
    assert (kind, reason) == ("invalid_request", "prompt_too_long")


def test_a_prompt_that_is_too_long_is_compacted_when_there_is_something_to_compact(tmp_path: Path) -> None:
    too_long = failing(400, "prompt is too long: 250000 tokens > 200000 maximum")
    turns: list[Any] = [[{"type": "text", "text": text}] for text in ("One.", "Two.")]
    turns += [
        too_long,
        [{"type": "text", "text": "<summary>Counting.</summary>"}],
        [{"type": "text", "text": "Three."}],
    ]
    cli = ByHand(Script.from_json({"script": 1, "turns": turns}), tmp_path)
    cli.prompt("one")
    cli.prompt("two")
    frames = cli.prompt("three")
    assert [frame["compact_metadata"]["trigger"] for frame in only(frames, "compact_boundary")] == ["auto"]
    (result,) = only(frames, "result")
    assert (result["result"], result["num_turns"]) == ("Three.", 2)


@pytest.mark.parametrize(
    ("message", "text", "kind"),
    [
        ("Your credit balance is too low to access the API.", "Credit balance is too low", "billing_error"),
        ("image exceeds 5 MB maximum: 6 MB", "Image was too large. Try resizing", "invalid_request"),
    ],
)
def test_refusals_that_say_why_are_not_sent_again(tmp_path: Path, message: str, text: str, kind: str) -> None:
    got = reported(play(tmp_path, failing(400, message)))
    assert (got[0].startswith(text), got[1]) == (True, kind)


def test_three_overloads_in_a_row_bring_the_fallback_model_for_the_rest_of_the_turn(tmp_path: Path) -> None:
    turns = [*[failing(529)] * 3, [{"type": "text", "text": "Stood in."}], [{"type": "text", "text": "Back."}]]
    script = Script.from_json({"script": 1, "turns": turns})
    cli = ByHand(script, tmp_path, "--fallback-model", "claude-sonnet-4-5")
    frames = cli.prompt("one")
    (fallback,) = only(frames, "model_fallback")
    assert fallback["content"] == (
        "Switched to Sonnet 4.5 due to high demand for Opus 5.5 · context window 1M → 200K tokens"
    )
    assert only(frames, "assistant")[0]["message"]["model"] == "claude-sonnet-4-5"
    assert only(cli.prompt("two"), "assistant")[0]["message"]["model"] == "claude-opus-5-5"


def test_an_error_leaves_the_session_to_go_on(tmp_path: Path) -> None:
    script = Script.from_json({"script": 1, "turns": [failing(403), [{"type": "text", "text": "Fine."}]]})
    cli = ByHand(script, tmp_path)
    cli.prompt("one")
    assert only(cli.prompt("two"), "result")[0]["result"] == "Fine."
    cli.end()
    assert cli.exit_code == 0


def test_a_session_whose_last_turn_failed_exits_with_1(tmp_path: Path) -> None:
    cli = ByHand(Script.from_json({"script": 1, "turns": [failing(403)]}), tmp_path)
    cli.prompt("one")
    cli.end()
    assert cli.exit_code == 1


async def test_our_client_gets_the_error_as_a_message_and_then_as_an_exception() -> None:
    messages: list[Message] = []
    script = Script.from_json({"script": 1, "turns": [failing(403, "not yours")]})
    with use_script(script), anyio.fail_after(20), pytest.raises(ResultError, match="403 not yours"):
        async for message in query(prompt="hi", options=ClaudeCodeOptions()):
            messages.append(message)
    (said,) = [message for message in messages if isinstance(message, AssistantMessage)]
    assert said.content == [TextBlock("Failed to authenticate. API Error: 403 not yours")]


def test_a_sub_agents_retry_is_progress_of_its_call(tmp_path: Path) -> None:
    given = {"description": "d", "prompt": "SUB", "subagent_type": "general-purpose", "run_in_background": False}
    call = [{"type": "tool_use", "id": "toolu_a", "name": "Agent", "input": given}]
    done = [{"type": "text", "text": "Done."}]
    script = Script.from_json({"script": 1, "turns": [call, failing(529), done, done]})
    frames = ByHand(script, tmp_path).prompt("go")
    retry, after = only(frames, "tool_progress")
    assert (retry["subagent_retry"]["attempt"], retry["parent_tool_use_id"]) == (1, "toolu_a")
    assert "subagent_retry" not in after
    assert only(frames, "api_retry") == []


def test_a_host_of_stream_events_is_told_that_a_failed_turn_began_no_message(tmp_path: Path) -> None:
    (result,) = only(play(tmp_path / "a", failing(401), flags=("--include-partial-messages",), retries=0), "result")
    assert result["begun_message_ids"] == []
    (result,) = only(play(tmp_path / "b", failing(401), retries=0), "result")
    assert "begun_message_ids" not in result
