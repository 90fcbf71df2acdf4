"""In which order things happen that the real CLI does at once, as recordings of it show."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from claude_code_sdk.testing import Script

from .by_hand import ByHand, Frame, only, write

ENDS = ("content_block_stop", "message_delta", "message_stop")
ASKED = ("--permission-prompt-tool", "stdio")


def use(number: int, name: str, **given: Any) -> Frame:
    return {"type": "tool_use", "id": f"toolu_{number}", "name": name, "input": given}


def replies(*turns: list[Frame] | Frame) -> Script:
    return Script.from_json({"script": 1, "turns": list(turns)})


def text(said: str) -> Frame:
    return {"type": "text", "text": said}


def order(frames: list[Frame]) -> list[str]:
    """What each frame is, in a word: of streams only where they end, of questions whom they are about."""
    return [word for word in order_with_blocks(frames) if word != "content_block_stop"]


def order_with_blocks(frames: list[Frame]) -> list[str]:
    """The same, and where each block ends."""
    words = []
    for frame in frames:
        kind = frame["type"]
        if kind == "assistant":
            words += [block.get("id", "text") for block in frame["message"]["content"]]
        elif kind == "user":
            words += [f"result {block.get('tool_use_id', '')}".strip() for block in frame["message"]["content"]]
        elif kind == "control_request":
            request = frame["request"]
            words.append(request.get("input", {}).get("hook_event_name") or f"asks {request.get('tool_use_id')}")
        elif kind == "stream_event" and frame["event"]["type"] in ENDS:
            words.append(frame["event"]["type"])
        elif frame.get("subtype") in ("task_started", "permission_denied"):
            words.append(frame["subtype"])
    return words


def test_a_tool_that_changes_a_file_is_asked_about_when_its_whole_message_has_been_shown(tmp_path: Path) -> None:
    calls = [use(1, "Write", file_path="/a", content="a"), use(2, "Write", file_path="/b", content="b")]
    cli = ByHand(replies(calls, [text("Done.")]), tmp_path, *ASKED, "--include-partial-messages")
    cli.start()
    cli.prompt("go")
    assert order(cli.frames) == ["toolu_1", "toolu_2", "message_delta", "message_stop", "asks toolu_1"]


def test_a_structured_answer_is_taken_before_its_stream_is_closed(tmp_path: Path) -> None:
    schema = ("--json-schema", '{"type": "object"}')
    script = replies([use(1, "StructuredOutput", n=1)])
    cli = ByHand(script, tmp_path, *schema, "--include-partial-messages")
    cli.start()
    cli.prompt("go")
    assert order(cli.frames) == ["toolu_1", "message_delta", "result toolu_1", "message_stop"]


AGENT = {"description": "work", "prompt": "Go.", "subagent_type": "general-purpose"}


def test_an_agent_starts_a_moment_later_where_hooks_have_to_be_looked_through(tmp_path: Path) -> None:
    started = []
    for hooks in ({}, {"PreToolUse": [{"matcher": "Bash", "hookCallbackIds": ["h"]}]}):
        script = replies([use(1, "Agent", **AGENT, run_in_background=False)], [text("Report.")], [text("Done.")])
        cli = ByHand(script, tmp_path, "--include-partial-messages")
        cli.start(hooks=hooks)
        cli.prompt("go")
        words = order(cli.frames)
        started.append(words.index("task_started") < words.index("message_delta"))
    assert started == [True, False]


def test_the_start_of_an_agent_in_the_background_is_told_before_its_call_returns(tmp_path: Path) -> None:
    script = replies([use(1, "Agent", **AGENT, run_in_background=True)], *[[text("Said.")]] * 4)
    cli = ByHand(script, tmp_path)
    cli.start(hooks={"SubagentStart": [{"hookCallbackIds": ["h"]}]})
    cli.prompt("go")
    words = order(cli.frames)
    assert words[:4] == ["toolu_1", "task_started", "SubagentStart", "result toolu_1"]


def test_a_denied_command_is_told_of_before_another_of_its_message_is_asked_about(tmp_path: Path) -> None:
    settings = {"permissions": {"ask": ["Bash(echo careful:*)"], "deny": ["Bash(cat secret)"]}}
    write(tmp_path / "home" / ".claude" / "settings.json", settings)
    calls = [use(1, "Bash", command="echo careful now"), use(2, "Bash", command="cat secret")]
    first = [use(0, "Bash", command="touch a")]
    cli = ByHand(replies([*first, *calls], [text("Done.")]), tmp_path, *ASKED, "--allowedTools", "Bash(touch a)")
    cli.start()
    cli.prompt("go")
    words = order(cli.frames)
    assert words.index("permission_denied") < words.index("asks toolu_1")
    assert len(only(cli.frames, "can_use_tool")) == 1


def test_a_call_of_a_tool_that_there_is_not_keeps_no_other_waiting(tmp_path: Path) -> None:
    page = {"url": "https://example.org/", "prompt": "Read."}
    calls = [use(0, "Bash", command="touch a"), use(1, "Nothing"), use(2, "WebFetch", **page)]
    cli = ByHand(replies(calls, [text("Done.")]), tmp_path, *ASKED, "--allowedTools", "Bash(touch a)")
    cli.start()
    cli.prompt("go", patient=False)
    assert order(cli.frames)[3:] == ["result toolu_0", "asks toolu_2", "result toolu_1"]


def test_a_call_of_a_tool_that_there_is_not_is_refused_before_its_block_ends(tmp_path: Path) -> None:
    cli = ByHand(replies([use(1, "Nothing")], [text("Done.")]), tmp_path, "--include-partial-messages")
    cli.prompt("go")
    words = ["toolu_1", "result toolu_1", "content_block_stop", "message_delta", "message_stop"]
    assert order_with_blocks(cli.frames)[:5] == words


def test_a_server_is_called_when_the_block_has_ended_if_no_hook_is_asked(tmp_path: Path) -> None:
    servers = json.dumps({"mcpServers": {"shop": {"type": "sdk", "name": "shop"}}})
    manifest = {
        "initializeResult": {"serverInfo": {"name": "shop", "version": "1"}},
        "toolsListResult": {"tools": [{"name": "order", "inputSchema": {"type": "object"}}]},
    }
    script = replies([use(1, "mcp__shop__order", item="tea")], [text("Done.")])
    cli = ByHand(script, tmp_path, *ASKED, "--include-partial-messages", "--mcp-config", servers)
    cli.start(sdkMcpServerManifests={"shop": manifest})
    cli.prompt("go", patient=False)
    words = ["toolu_1", "content_block_stop", "asks toolu_1", "message_delta", "message_stop"]
    assert order_with_blocks(cli.frames)[-5:] == words


@pytest.mark.parametrize(("query", "is_whole"), [("select:WebFetch", False), ("fetch", True)])
def test_tools_are_found_by_name_before_their_stream_is_closed(tmp_path: Path, query: str, is_whole: bool) -> None:
    script = replies([use(1, "ToolSearch", query=query)], [text("Done.")])
    cli = ByHand(script, tmp_path, "--include-partial-messages")
    cli.prompt("go")
    words = order(cli.frames)
    assert words.index("message_delta") < words.index("result toolu_1")
    assert (words.index("message_stop") < words.index("result toolu_1")) is is_whole
