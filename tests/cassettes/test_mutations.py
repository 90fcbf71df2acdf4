"""One field changed at a time in what a program sends: each change is a verdict that names the field, unless
`FREE_FIELDS` says that the field is free.  Over every cassette of this project, and one that has everything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from claude_code_sdk.cassettes import free_fields as free
from claude_code_sdk.cassettes.cassette import Cassette
from claude_code_sdk.cassettes.jsonl import load
from claude_code_sdk.cassettes.plan import Plan
from claude_code_sdk.protocol.command import Command

from .mutations import MINTED, is_free, mutations_of
from .playing import (
    answer,
    asks_for,
    cancel,
    cassette,
    cli,
    eof,
    exits,
    host,
    prompt,
    refusal,
    request,
    result,
    says,
    spawn,
)
from .recorded_host import ENVIRONMENT, alone, command_of, deeds_of, verdict_on

ROOT = Path(__file__).parents[2]
FOLDERS = ("cassettes", "docs/examples", "tests")
FILES = sorted(
    file
    for folder in FOLDERS
    for file in (ROOT / folder).rglob("*.jsonl")
    if "data" not in file.parts and "cassettes" in file.parts
)
"""The cassettes of this project; `tests/cassettes/data` has other recordings."""

CHOSEN = "11111111-1111-4111-8111-111111111111"


def mcp(request_id: str, method: str, number: int | None = 1) -> dict[str, object]:
    message = {"jsonrpc": "2.0", "method": method, **({} if number is None else {"id": number})}
    return request(request_id, "mcp_message", server_name="kit", message=message)


def mcp_answer(request_id: str, **answered: object) -> dict[str, object]:
    return answer(request_id, {"mcp_response": {"jsonrpc": "2.0", "id": 1, **answered}})


def everything() -> Cassette:
    """A session with all kinds of frames that a host can send."""
    hooks = {"PreToolUse": [{"matcher": "Bash", "hookCallbackIds": ["hook_0"], "timeout": 30}]}
    tools = [{"name": "b", "description": "…"}, {"name": "a", "inputSchema": {"type": "object"}}]
    called = {"content": [{"type": "text", "text": "1"}], "isError": False, "structuredContent": {"n": 1}}
    decision = {"behavior": "allow", "updatedInput": {"command": "ls"}, "updatedPermissions": [{"type": "setMode"}]}
    output = {"hookSpecificOutput": {"permissionDecision": "deny"}, "continue": True, "systemMessage": f"of {MINTED}"}
    content = [{"type": "text", "text": f"{{{{cwd}}}}/a {MINTED}"}, {"type": "image", "n": 1.5}]
    flags = ["--mcp-config", '{"mcpServers":{"kit":{"type":"sdk","name":"kit"}}}', "--max-turns", "3", "--continue"]
    return cassette(
        [
            spawn(*flags, f"--session-id={CHOSEN}", "--setting-sources="),
            host(request("req_1", "initialize", hooks=hooks, agents={"a": {"tools": ["Read"], "n": 1, "none": None}})),
            cli(mcp("m1", "initialize")),
            host(mcp_answer("m1", result={"protocolVersion": "1", "capabilities": {"tools": {}}})),
            cli(answer("req_1", {"commands": []})),
            cli(mcp("m2", "notifications/initialized", None)),
            host(answer("m2", {"mcp_response": {"jsonrpc": "2.0", "result": {}}})),
            cli(mcp("m3", "tools/list")),
            host(mcp_answer("m3", result={"tools": tools})),
            host(prompt("one\ntwo", session_id="default", uuid=CHOSEN)),
            cli(says("x", session_id=MINTED, user_message_uuid=CHOSEN)),
            cli(request("h1", "hook_callback", callback_id="hook_0", input={"hook_event_name": "PreToolUse"})),
            cli(asks_for("p1")),
            host(answer("p1", decision)),
            host(answer("h1", output)),
            cli(asks_for("p2")),
            host(refusal("p2", "the callback raised")),
            cli(asks_for("p3")),
            cli(cancel("p3")),
            host(refusal("p3", "withdrawn")),
            cli(mcp("m4", "tools/call")),
            host(mcp_answer("m4", result=called)),
            cli(mcp("m5", "tools/call")),
            host(mcp_answer("m5", error={"code": -1, "message": "no"})),
            cli(mcp("m6", "resources/read")),
            host(mcp_answer("m6", result={"contents": [{"uri": "a"}]})),
            host(request("req_2", "set_permission_mode", mode="plan")),
            cli(answer("req_2", {})),
            host(request("req_3", "set_permission_mode", mode="default")),
            cli(answer("req_3", {})),
            host(cancel("req_9")),
            host({"type": "keep_alive"}),
            host({"type": "user", "message": {"role": "user", "content": content}, "parent_tool_use_id": None}),
            cli(result()),
            eof(),
            exits(),
        ]
    )


def recordings() -> Iterator[tuple[str, Cassette]]:
    for file in FILES:
        for recorded in alone(load(file)):
            yield f"{file.relative_to(ROOT)}:{recorded.episodes[0].first_line}", recorded
    yield "everything", everything()


RECORDINGS = dict(recordings())


def test_there_are_cassettes() -> None:
    assert len(FILES) >= 27


@pytest.mark.parametrize("name", RECORDINGS)
def test_a_host_that_does_the_same_again_is_told_nothing(name: str) -> None:
    episode = RECORDINGS[name].episodes[0]
    assert verdict_on(RECORDINGS[name], command_of(episode), deeds_of(episode), answers="verify") is None


@pytest.mark.parametrize("name", RECORDINGS)
def test_each_change_is_told_and_named_unless_its_field_is_free(name: str) -> None:
    recorded = RECORDINGS[name]
    wrong = []
    plans: dict[int, Plan] = {}
    for mutation in mutations_of(recorded.episodes[0]):
        command = command_of(recorded.episodes[0], mutation.argv)
        verdict = verdict_on(recorded, command, mutation.deeds, answers="verify", plans=plans)
        if is_free(mutation):
            if verdict is not None:
                wrong.append(f"{mutation}: is free, and told all the same: {verdict}")
        elif verdict is None:
            wrong.append(f"{mutation}: is not told")
        elif mutation.names and not any(name in str(verdict) for name in mutation.names):
            wrong.append(f"{mutation}: is not named: {verdict}")
    assert not wrong, f"{len(wrong)}: " + "\n".join(wrong[:8])


def test_the_cassette_with_everything_has_a_field_of_each_row_of_the_table() -> None:
    """So that no row is free by mistake: each is met by a change that is free because of it."""
    met = {
        place
        for mutation in mutations_of(everything().episodes[0])
        for place, path, _, _ in free.FREE_FIELDS
        if is_free(mutation) and (place == mutation.kind or place == free.MCP)
    }
    others = {free.ANY}  # has a test of its own
    assert {place for place, _, _, _ in free.FREE_FIELDS} - others == met


def test_the_working_directory_and_the_environment_are_free() -> None:
    recorded = everything()
    episode = recorded.episodes[0]
    assert episode.spawn["cwd"] == "{{cwd}}"
    elsewhere = command_of(episode, cwd="/elsewhere")
    moved = Command(elsewhere.argv, env={**ENVIRONMENT, "CLAUDE_AGENT_SDK_VERSION": "9"}, cwd="/elsewhere")
    deeds = [
        (kind, json.loads(json.dumps(value).replace("/project", "/elsewhere"))) for kind, value in deeds_of(episode)
    ]
    assert verdict_on(recorded, moved, deeds, answers="verify") is None


@pytest.mark.parametrize("match_on", [("argv", "prompt", "control"), ("argv", "raw")])
def test_with_raw_only_the_ids_of_requests_are_free_in_prompts_and_requests(match_on: tuple[str, ...]) -> None:
    recorded = everything()
    command = command_of(recorded.episodes[0])
    untold = {
        f"{mutation.kind}: {mutation.dotted}"
        for mutation in mutations_of(recorded.episodes[0])
        if mutation.kind in (free.USER, free.REQUEST) and mutation.path
        if verdict_on(recorded, command, mutation.deeds, match_on=match_on) is None
    }
    assert untold == {"control_request: request_id", *(() if "raw" in match_on else ("user: session_id",))}


def test_the_page_for_readers_prints_the_table() -> None:
    assert free.as_markdown() in (ROOT / "docs/howto/match-and-verify.md").read_text(encoding="utf-8")
