"""What a recording shows of MCP servers that are not the program's."""

from __future__ import annotations

from typing import Any

from .outside import Outside

CONNECTED = {"name": "disk", "status": "connected", "source": "project"}


def init(*servers: dict[str, Any], tools: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"type": "system", "subtype": "init", "mcp_servers": list(servers), "tools": list(tools)}


def status(*servers: dict[str, Any]) -> dict[str, Any]:
    return {"type": "control_response", "response": {"response": {"mcpServers": list(servers)}}}


def test_a_servers_name_and_annotations_are_those_of_its_status() -> None:
    tools = [{"name": "add", "annotations": {"readOnly": True}}]
    outside = Outside([init(CONNECTED), status({**CONNECTED, "serverInfo": {"name": "local"}, "tools": tools})])
    said = {"info": {"name": "local"}, "tools": [{"name": "add", "annotations": {"readOnlyHint": True}}]}
    assert outside.servers() == {"disk": said}


def test_the_tools_of_init_are_known() -> None:
    outside = Outside([init(CONNECTED, tools=("Bash", "mcp__disk__add"))])
    assert outside.servers() == {"disk": {"tools": [{"name": "add"}]}}
    assert outside.has("mcp__disk__add")
    assert not outside.has("Bash")


def test_servers_of_the_program_and_those_that_failed_are_left_to_the_fake() -> None:
    outside = Outside([init({**CONNECTED, "source": "sdk"}, {**CONNECTED, "name": "gone", "status": "failed"})])
    assert outside.servers() == {}
    assert not outside.has("mcp__disk__add")


def test_a_schema_that_the_model_was_told_is_the_tools() -> None:
    use = {"type": "tool_use", "id": "t1", "name": "mcp__disk__add", "input": {}}
    text = 'no\n\nThe input schema is: {"type":"object","required":["a"]}\nIf your input does not match'
    block = {"type": "tool_result", "tool_use_id": "t1", "content": text, "is_error": True}
    messages = [{"type": "assistant", "message": {"content": [use]}}, {"type": "user", "message": {"content": [block]}}]
    outside = Outside([init(CONNECTED), *messages])
    schema = {"type": "object", "required": ["a"]}
    assert outside.servers()["disk"]["tools"] == [{"name": "add", "inputSchema": schema}]
    assert outside.answer(block, "Error: no") == {"content": "no", "is_error": True}


def test_an_answer_is_what_the_program_was_shown_of_it() -> None:
    block = {"type": "tool_result", "tool_use_id": "t1", "content": "<persisted-output>"}
    shown = [{"type": "text", "text": "all"}]
    assert Outside([]).answer(block, shown) == {"content": shown}
