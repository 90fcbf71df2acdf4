"""MCP servers: those that a script plays, and what becomes of the results of those of the program."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from claude_code_sdk.testing import Script

from .by_hand import ByHand, Frame, one, only, payload, result_block, write

STDIO = {"command": "python3", "args": ["server.py"]}
ECHO = {"name": "echo", "inputSchema": {"type": "object"}, "annotations": {"readOnlyHint": True}}


def config(**servers: Frame) -> tuple[str, str]:
    return ("--mcp-config", json.dumps({"mcpServers": servers}))


def rpc(result: Frame) -> Frame:
    return {"mcp_response": {"jsonrpc": "2.0", "result": result}}


def called(folder: Path, **env: str) -> ByHand:
    """A session whose model has called the tool `slow` of the program's server `kit`, which has not answered."""
    script = Script().calls("mcp__kit__slow").says("Done.")
    cli = ByHand(script, folder, *config(kit={"type": "sdk", "name": "kit"}), "--allowedTools", "mcp__kit", **env)
    cli.patience = 1.0
    cli.start()
    info = {"protocolVersion": "2025-11-25", "capabilities": {}, "serverInfo": {"name": "kit", "version": "1"}}
    tools = [{"name": "slow", "inputSchema": {"type": "object"}}]
    for result in (info, {}, {"tools": tools}):
        cli.answer(only(cli.frames, "mcp_message")[-1], rpc(result))
    cli.prompt("go")
    return cli


def status(cli: ByHand, name: str) -> Frame:
    (entry,) = [entry for entry in payload(cli.request("mcp_status"))["mcpServers"] if entry["name"] == name]
    return dict(entry)


def test_a_server_of_the_script_is_connected_and_offers_its_tools(tmp_path: Path) -> None:
    script = Script().says("Hi.").mcp_server("ext", [ECHO, {"name": "add"}], info={"name": "x", "version": "2"})
    cli = ByHand(script, tmp_path, *config(ext=STDIO))
    cli.start()
    cli.prompt("go")
    init = one(cli.frames, "init")
    assert init["mcp_servers"] == [{"name": "ext", "status": "connected", "source": "dynamic"}]
    assert [name for name in init["tools"] if name.startswith("mcp__")] == ["mcp__ext__add", "mcp__ext__echo"]
    assert status(cli, "ext") == {
        "name": "ext",
        "status": "connected",
        "serverInfo": {"name": "x", "version": "2"},
        "config": {"type": "stdio", **STDIO},
        "transport": "stdio",
        "scope": "dynamic",
        "source": "dynamic",
        "tools": [{"name": "echo", "annotations": {"readOnly": True}}, {"name": "add", "annotations": {}}],
    }


def test_its_calls_are_answered_by_the_script(tmp_path: Path) -> None:
    script = Script().calls("mcp__ext__echo", s="ping").returns("pong").says("Done.").mcp_server("ext", [ECHO])
    cli = ByHand(script, tmp_path, *config(ext=STDIO), "--allowedTools", "mcp__ext__echo")
    cli.start()
    cli.prompt("go")
    (frame,) = [frame for frame in only(cli.frames, "user") if "tool_use_result" in frame]
    assert result_block(cli.frames)["content"] == [{"type": "text", "text": "pong"}]
    assert frame["tool_use_result"] == [{"type": "text", "text": "pong"}]


def test_the_first_error_of_a_tool_explains_its_input(tmp_path: Path) -> None:
    script = Script().mcp_server("ext", [ECHO]).answers("mcp__ext__echo", "no such thing", is_error=True)
    script.calls("mcp__ext__echo").calls("mcp__ext__echo").says("Done.")
    cli = ByHand(script, tmp_path, *config(ext=STDIO), "--allowedTools", "mcp__ext")
    cli.start()
    cli.prompt("go")
    first, second = [frame["message"]["content"][0] for frame in only(cli.frames, "user")]
    assert first["content"].startswith(
        "no such thing\n\nThis tool's input schema was not in your prompt when you called it. The input schema is: "
        '{"type":"object"}\n'
    )
    assert second["content"] == "no such thing"


def test_an_error_of_a_tool_that_was_looked_up_does_not_explain_its_input(tmp_path: Path) -> None:
    found = [{"type": "tool_reference", "tool_name": "mcp__ext__echo"}]
    script = Script().mcp_server("ext", [ECHO]).answers("mcp__ext__echo", "no such thing", is_error=True)
    script.calls("ToolSearch", query="select:mcp__ext__echo", max_results=1).returns(found)
    cli = ByHand(
        script.calls("mcp__ext__echo").says("Done."), tmp_path, *config(ext=STDIO), "--allowedTools", "mcp__ext"
    )
    cli.start()
    cli.prompt("go")
    assert only(cli.frames, "user")[-1]["message"]["content"][0]["content"] == "no such thing"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ([], "Unknown error"),
        ([{"type": "text", "text": " "}], "Command failed with no output"),
        ([{"type": "text", "text": ""}, {"type": "text", "text": ""}], "Command failed with no output"),
    ],
)
def test_an_error_without_a_text_gets_one(tmp_path: Path, content: list[Frame], told: str) -> None:
    cli = called(tmp_path)
    cli.answer(only(cli.frames, "mcp_message")[-1], rpc({"content": content, "isError": True}))
    frame = one(cli.frames, "user")
    assert frame["tool_use_result"] == f"Error: {told}"
    assert frame["message"]["content"][0]["content"].startswith(f"{told}\n\nThis tool's input schema")


def test_a_call_that_takes_too_long_is_an_error_and_the_server_is_told_afterwards(tmp_path: Path) -> None:
    cli = called(tmp_path, MCP_TOOL_TIMEOUT="2600")
    asked = only(cli.frames, "mcp_message")[-1]["request"]["message"]
    frames = cli.wait(2.7)
    error = one(frames, "user")
    assert error["message"]["content"][0]["content"] == 'MCP server "kit" tool "slow" timed out after 2s'
    cancelled = one(frames, "mcp_message")
    assert cancelled["request"]["message"] == {
        "method": "notifications/cancelled",
        "params": {"requestId": asked["id"], "reason": "SdkError: Request timed out"},
        "jsonrpc": "2.0",
    }
    assert frames.index(error) < frames.index(cancelled)
    assert one(frames, "result")["result"] == "Done."


def test_the_schema_in_an_error_begins_with_its_type(tmp_path: Path) -> None:
    schema = {"$defs": {}, "required": ["x"], "properties": {"x": {}}, "type": "object"}
    script = Script().mcp_server("ext", [ECHO | {"inputSchema": schema}]).calls("mcp__ext__echo", x=1).says("Done.")
    cli = ByHand(
        script.answers("mcp__ext__echo", "no", is_error=True),
        tmp_path,
        *config(ext=STDIO),
        "--allowedTools",
        "mcp__ext",
    )
    cli.start()
    cli.prompt("go")
    shown = one(cli.frames, "user")["message"]["content"][0]["content"]
    assert '{"type":"object","properties":{"x":{}},"required":["x"],"$defs":{}}' in shown


def test_a_call_that_nothing_is_said_of_gives_nothing(tmp_path: Path) -> None:
    script = Script().calls("mcp__ext__echo").says("Done.").mcp_server("ext", [ECHO])
    cli = ByHand(script, tmp_path, *config(ext=STDIO), "--allowedTools", "mcp__ext__echo")
    cli.start()
    cli.prompt("go")
    assert result_block(cli.frames)["content"] == "(mcp__ext__echo completed with no output)"


def test_a_server_that_the_script_says_nothing_of_has_failed_and_says_what_to_add(tmp_path: Path) -> None:
    cli = ByHand(Script().says("Hi."), tmp_path, *config(ext=STDIO))
    cli.start()
    cli.prompt("go")
    entry = status(cli, "ext")
    assert entry["status"] == "failed"
    assert entry["error"] == (
        "the script says nothing of the MCP server 'ext', which is never started: add .mcp_server('ext', "
        '[{"name": TOOL}]) or "mcp_servers": {"ext": {"tools": [{"name": TOOL}]}}'
    )
    assert "tools" not in entry


@pytest.mark.parametrize(
    ("command", "error"),
    [
        ("/nonexistent/server", "ENOENT: no such file or directory, posix_spawn 'stdio'"),
        ("/bin/false", "Connection closed"),
    ],
)
def test_a_command_that_is_plainly_no_server_fails_as_with_the_real_cli(
    tmp_path: Path, command: str, error: str
) -> None:
    cli = ByHand(Script().says("Hi."), tmp_path, *config(ext={"command": command}))
    cli.start()
    cli.prompt("go")
    assert status(cli, "ext")["error"] == error


def test_a_command_of_the_projects_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    write(tmp_path / "project" / ".mcp.json", {"mcpServers": {"disk": {"command": "/nonexistent/server"}}})
    cli = ByHand(Script().says("Hi."), tmp_path, "--setting-sources", "project")
    cli.start()
    cli.prompt("go")
    assert status(cli, "disk")["error"] == "ENOENT: no such file or directory, posix_spawn '/nonexistent/server'"


def test_the_script_says_why_a_server_fails(tmp_path: Path) -> None:
    http = {"type": "http", "url": "http://127.0.0.1:1/mcp", "headers": {"A": "b"}}
    cli = ByHand(Script().says("Hi.").mcp_server("web", error="ECONNREFUSED"), tmp_path, *config(web=http))
    cli.start()
    cli.prompt("go")
    entry = status(cli, "web")
    assert (entry["status"], entry["error"], entry["transport"]) == ("failed", "ECONNREFUSED", "http")
    assert entry["config"] == http


def test_a_server_takes_its_time_to_connect_and_the_first_turn_waits_for_it(tmp_path: Path) -> None:
    script = Script().says("Hi.").mcp_server("ext", [ECHO], delay=3)
    cli = ByHand(script, tmp_path, *config(ext=STDIO))
    cli.request("initialize", patient=False)
    (entry,) = payload(cli.request("mcp_status", patient=False))["mcpServers"]
    assert (entry["status"], "serverInfo" in entry) == ("pending", False)
    cli.prompt("go")
    assert one(cli.frames, "init")["mcp_servers"][0]["status"] == "connected"
    assert cli.now >= 3


def test_a_server_that_is_switched_off_has_no_tools(tmp_path: Path) -> None:
    script = Script().calls("mcp__ext__echo").says("Off.").calls("mcp__ext__echo").returns("on").says("On.")
    script.mcp_server("ext", [ECHO])
    cli = ByHand(script, tmp_path, *config(ext=STDIO), "--allowedTools", "mcp__ext__echo")
    cli.start()
    (answer,) = only(cli.request("mcp_toggle", serverName="ext", enabled=False), "control_response")
    assert answer["response"]["subtype"] == "success"
    assert status(cli, "ext")["status"] == "disabled"
    block = result_block(cli.prompt("go"))
    assert block["content"] == "<tool_use_error>Error: No such tool available: mcp__ext__echo</tool_use_error>"
    cli.request("mcp_toggle", serverName="ext", enabled=True)
    assert result_block(cli.prompt("again"))["content"] == [{"type": "text", "text": "on"}]


def test_a_server_can_be_connected_again(tmp_path: Path) -> None:
    cli = ByHand(
        Script().mcp_server("ext", [ECHO]).mcp_server("gone", error="no"), tmp_path, *config(ext=STDIO, gone=STDIO)
    )
    cli.start()
    (answer,) = only(cli.request("mcp_reconnect", serverName="ext"), "control_response")
    assert answer["response"]["subtype"] == "success"
    (answer,) = only(cli.request("mcp_reconnect", serverName="gone"), "control_response")
    assert (answer["response"]["subtype"], answer["response"]["error"]) == ("error", "no")


def test_servers_of_the_project_count_unless_the_host_says_otherwise(tmp_path: Path) -> None:
    write(tmp_path / "project" / ".mcp.json", {"mcpServers": {"proj": STDIO}})
    script = Script().says("Hi.").mcp_server("proj", [ECHO])
    cli = ByHand(script, tmp_path)
    cli.start()
    cli.prompt("go")
    entry = status(cli, "proj")
    assert (entry["status"], entry["source"], entry["scope"]) == ("connected", "project", "project")
    for number, flags in enumerate((["--strict-mcp-config"], ["--setting-sources", "user"])):
        write(tmp_path / str(number) / "project" / ".mcp.json", {"mcpServers": {"proj": STDIO}})
        cli = ByHand(Script(), tmp_path / str(number), *flags)
        cli.start()
        assert payload(cli.request("mcp_status"))["mcpServers"] == []


def test_servers_of_a_plugin_are_named_after_it(tmp_path: Path) -> None:
    write(tmp_path / "box" / ".mcp.json", {"srv": {"command": "python3", "args": ["${CLAUDE_PLUGIN_ROOT}/srv.py"]}})
    manifest: dict[str, Any] = {"name": "box", "mcpServers": {"own": {"command": "own"}}}
    write(tmp_path / "box" / ".claude-plugin" / "plugin.json", manifest)
    script = Script().mcp_server("plugin:box:srv", [ECHO]).mcp_server("plugin:box:own", [ECHO])
    script.calls("mcp__plugin_box_srv__echo").returns("pong").says("Done.")
    flags = ("--plugin-dir", str(tmp_path / "box"), "--allowedTools", "mcp__plugin_box_srv__echo")
    cli = ByHand(script, tmp_path, *flags)
    cli.start()
    cli.prompt("go")
    assert [server["name"] for server in one(cli.frames, "init")["mcp_servers"]] == ["plugin:box:srv", "plugin:box:own"]
    assert result_block(cli.frames)["content"] == [{"type": "text", "text": "pong"}]
    entry = status(cli, "plugin:box:srv")
    assert (entry["source"], entry["config"]["args"]) == ("plugin", [f"{tmp_path}/box/srv.py"])


def test_a_server_of_a_plugin_that_is_configured_elsewhere_too_is_there_once(tmp_path: Path) -> None:
    write(tmp_path / "box" / ".mcp.json", {"srv": STDIO})
    cli = ByHand(
        Script().mcp_server("ext", [ECHO]), tmp_path, "--plugin-dir", str(tmp_path / "box"), *config(ext=STDIO)
    )
    cli.start()
    assert [server["name"] for server in payload(cli.request("mcp_status"))["mcpServers"]] == ["ext"]


# Servers of the program


def test_a_server_of_the_program_that_does_not_answer_is_asked_once_more_and_then_given_up(tmp_path: Path) -> None:
    cli = ByHand(Script().says("Hi."), tmp_path, *config(kit={"type": "sdk", "name": "kit"}), MCP_TIMEOUT="4000")
    cli.start()
    cli.prompt("go")
    messages = [frame["request"]["message"] for frame in only(cli.frames, "mcp_message")]
    assert [(message["method"], message["id"]) for message in messages] == [("initialize", 0), ("initialize", 1048576)]
    assert cli.now >= 8
    assert one(cli.frames, "init")["mcp_servers"] == [{"name": "kit", "status": "failed", "source": "sdk"}]
    assert one(cli.frames, "result")["result"] == "Hi."


def test_a_server_of_the_program_that_answers_the_second_time_is_connected(tmp_path: Path) -> None:
    cli = ByHand(Script().says("Hi."), tmp_path, *config(kit={"type": "sdk", "name": "kit"}), MCP_TIMEOUT="4000")
    cli.patience = 1.0
    cli.start()
    cli.wait(4.1)
    again = only(cli.frames, "mcp_message")[-1]
    info = {"protocolVersion": "2025-11-25", "capabilities": {}, "serverInfo": {"name": "kit", "version": "1"}}
    cli.answer(again, {"mcp_response": {"jsonrpc": "2.0", "id": 1048576, "result": info}})
    steps: list[tuple[str, Frame]] = [("notifications/initialized", {}), ("tools/list", {"tools": []})]
    for method, result in steps:
        asked = only(cli.frames, "mcp_message")[-1]
        assert asked["request"]["message"]["method"] == method
        cli.answer(asked, {"mcp_response": {"jsonrpc": "2.0", "result": result}})
    assert status(cli, "kit")["status"] == "connected"


def test_a_server_of_the_program_that_was_off_is_spoken_to_from_the_beginning(tmp_path: Path) -> None:
    cli = ByHand(Script().says("Hi."), tmp_path, *config(kit={"type": "sdk", "name": "kit"}))
    cli.patience = 1.0
    cli.start()
    info = {"protocolVersion": "2025-11-25", "capabilities": {}, "serverInfo": {"name": "kit", "version": "1"}}
    results: tuple[Frame, ...] = (info, {}, {"tools": []})
    for result in results:
        cli.answer(only(cli.frames, "mcp_message")[-1], {"mcp_response": {"jsonrpc": "2.0", "result": result}})
    assert only(cli.frames, "mcp_message")[-1]["request"]["message"]["id"] == 1
    cli.request("mcp_toggle", serverName="kit", enabled=False)
    again = one(cli.request("mcp_toggle", serverName="kit", enabled=True), "mcp_message")["request"]["message"]
    assert (again["method"], again["id"]) == ("initialize", 0)


# Results


def answered(tmp_path: Path, content: list[Frame]) -> Frame:
    """The frame of a call that a scripted server answered."""
    script = Script().calls("mcp__ext__echo").returns(content).says("Done.").mcp_server("ext", [ECHO])
    cli = ByHand(script, tmp_path, *config(ext=STDIO), "--allowedTools", "mcp__ext__echo")
    cli.start()
    cli.prompt("go")
    (frame,) = only(cli.frames, "user")
    return frame


def test_a_large_result_is_given_by_its_beginning_and_a_file(tmp_path: Path) -> None:
    blocks: list[Frame] = [{"type": "text", "text": "x" * 52_000}]
    frame = answered(tmp_path, blocks)
    text = frame["message"]["content"][0]["content"]
    head, _, preview = text.partition("Preview (first 2KB):\n")
    assert head.startswith("<persisted-output>\nOutput too large (50.8KB). Full output saved to: ")
    assert head.strip().endswith(f"/tool-results/{frame['message']['content'][0]['tool_use_id']}.json")
    assert preview == json.dumps(blocks, indent=2)[:2000] + "\n...\n</persisted-output>"
    assert frame["tool_use_result"] == blocks


def test_a_result_that_is_not_quite_large_is_given_whole(tmp_path: Path) -> None:
    blocks: list[Frame] = [{"type": "text", "text": "x" * 49_000}]
    assert answered(tmp_path, blocks)["message"]["content"][0]["content"] == blocks


@pytest.mark.parametrize(
    "texts",
    [["\0" * 8_320], ["\0" * 8_340], ["x" * 49_000], ["x" * 49_990], [""] * 780, [""] * 1_200, ["\n" * 24_900]],
    ids=["escapes", "more escapes", "a text", "a longer text", "blocks", "more blocks", "short escapes"],
)
def test_a_result_is_large_when_its_indented_json_is(tmp_path: Path, texts: list[str]) -> None:
    blocks: list[Frame] = [{"type": "text", "text": text} for text in texts]
    given = answered(tmp_path, blocks)["message"]["content"][0]["content"]
    assert (given == blocks) is (len(json.dumps(blocks, indent=2)) <= 50_000)


def test_an_image_is_followed_by_the_name_of_its_file(tmp_path: Path) -> None:
    frame = answered(tmp_path, [{"type": "image", "mimeType": "image/png", "data": "iVBORw0="}])
    image, note = frame["message"]["content"][0]["content"]
    assert image == {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0="}}
    assert note["text"].startswith("[Image: source: ")
    assert note["text"].endswith(".png]")


@pytest.mark.parametrize(("flags", "says_whose"), [((), True), (("--disallowedTools", "mcp__kit__drop"), False)])
def test_a_call_of_a_tool_that_a_rule_took_away_does_not_say_whose_it_is(
    tmp_path: Path, flags: tuple[str, ...], says_whose: bool
) -> None:
    script = Script().mcp_server("kit", tools=[{"name": "drop"}]).calls("mcp__kit__drop").says("Done.")
    cli = ByHand(script, tmp_path, *config(kit={"command": "kit"}), *flags)
    cli.start()
    cli.prompt("go")
    (meta,) = next(frame["tool_use_meta"] for frame in only(cli.frames, "assistant") if "tool_use_meta" in frame)
    assert (meta["display_name"], "server_display_name" in meta) == ("Drop", says_whose)
