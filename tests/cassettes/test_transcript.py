"""The transcript of an episode: what happened, in order, each thing once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from claude_code_sdk.cassettes import transcript_events as t
from claude_code_sdk.cassettes.cassette import Entry, Episode
from claude_code_sdk.cassettes.jsonl import load
from claude_code_sdk.cassettes.transcript import Transcript
from claude_code_sdk.cassettes.transcript_text import row, text_of, told
from claude_code_sdk.errors import CassetteError

from .playing import (
    answer,
    asks_for,
    cancel,
    cli,
    eof,
    exits,
    handshake,
    host,
    noise,
    prompt,
    refusal,
    request,
    result,
    says,
    signal,
    spawn,
    stderr,
)

CASSETTES = Path(__file__).parents[2] / "cassettes"


def transcript(*entries: Entry) -> Transcript:
    return Transcript(Episode([spawn(), *entries]))


def words(*entries: Entry) -> list[str]:
    """What is said after the start, as `label: text`."""
    events = transcript(*entries).events[1:]
    return [f"{said.label}: {said.text}" for said in map(row, events)]


def calls(name: str, **given: Any) -> dict[str, Any]:
    block = {"type": "tool_use", "id": "toolu_1", "name": name, "input": given}
    return {"type": "assistant", "message": {"content": [block]}}


def gives(content: Any, **further: Any) -> dict[str, Any]:
    block = {"type": "tool_result", "tool_use_id": "toolu_1", "content": content, **further}
    return {"type": "user", "message": {"content": [block]}}


def delta(text: str, kind: str = "text", index: int = 0) -> Entry:
    event = {"type": "content_block_delta", "index": index, "delta": {"type": f"{kind}_delta", kind: text}}
    return cli({"type": "stream_event", "event": event})


def block_starts(index: int = 0) -> Entry:
    return cli({"type": "stream_event", "event": {"type": "content_block_start", "index": index}})


def test_a_real_session_reads_as_what_happened() -> None:
    episode = load(CASSETTES / "perm_deny.jsonl").episodes[0]
    events = Transcript(episode).events
    assert text_of(told(events)).splitlines()[1:] == [
        "initialize",
        "prompt      touch",
        "session     claude-opus-5-5, permissions default, 25 tools",
        'call        Bash(command="touch made.txt", description="touch")',
        "permission  Bash → deny (Not in this house.)",
        "error       Bash: Not in this house.",
        "model       I was told not to.",
        "turn end    success, 2 turns, 0.64 s, $0.0016, 203 tokens in, 40 out, 1 denied",
        "input ends",
        "exit        0",
    ]
    assert [event.line for event in events][:4] == [2, 3, 5, 7]


@pytest.mark.parametrize("path", sorted(CASSETTES.glob("*.jsonl")), ids=lambda path: path.stem)
def test_every_cassette_of_the_project_is_told_without_an_unknown_thing(path: Path) -> None:
    for episode in load(path).episodes:
        events = Transcript(episode).events
        assert not [event for event in events if isinstance(event, t.Unknown | t.UnknownRequest)]
        assert isinstance(events[0], t.Start)
        assert isinstance(events[-1], t.Exit)


def test_the_parts_of_a_session_can_be_asked_for() -> None:
    entries = [
        *handshake(),
        host(prompt("hi")),
        cli(says("Hello.")),
        cli(calls("Bash", command="ls")),
        cli(asks_for("r1", command="ls")),
        host(answer("r1", {"behavior": "allow", "updatedInput": {"command": "ls"}})),
        cli(gives("a\nb")),
        cli(result()),
        exits(3),
    ]
    seen = transcript(*entries)
    assert [event.text for event in seen.prompts] == ["hi"]
    assert [event.text for event in seen.texts] == ["Hello."]
    (call,) = seen.tool_calls
    assert (call.name, call.input) == ("Bash", {"command": "ls"})
    assert call.result is not None
    assert call.result.text == "a\nb"
    assert [(event.tool, event.behavior, event.changed_input) for event in seen.permissions] == [
        ("Bash", "allow", None)
    ]
    assert [event.subtype for event in seen.results] == ["success"]
    assert seen.exit_code == 3


# Text and its deltas


def test_deltas_are_folded_into_the_text_that_they_build() -> None:
    entries = [block_starts(), delta("Hel"), delta("lo."), cli(says("Hello."))]
    assert words(*entries, exits()) == ["model: Hello.", "exit: 0"]


def test_a_text_that_was_never_finished_is_told_from_its_deltas() -> None:
    assert words(block_starts(), delta("slow "), delta("wor"), exits()) == ["model: slow wor …(unfinished)", "exit: 0"]


def test_each_block_is_folded_into_its_own_text() -> None:
    thinking = {"type": "assistant", "message": {"content": [{"type": "thinking", "thinking": "Hm."}]}}
    entries = [
        block_starts(),
        delta("Hm.", "thinking"),
        cli(thinking),
        block_starts(1),
        delta("First.", index=1),
        cli(says("First.")),
        block_starts(0),
        delta("Sec"),
    ]
    assert words(*entries, exits()) == ["thinking: Hm.", "model: First.", "model: Sec …(unfinished)", "exit: 0"]


def test_a_delta_without_a_beginning_belongs_to_the_next_text_of_a_new_message() -> None:
    assert words(delta("One."), cli(says("One.")), delta("Tw"), exits())[:2] == [
        "model: One.",
        "model: Tw …(unfinished)",
    ]


# Exchanges


@pytest.mark.parametrize(
    ("output", "told"),
    [
        ({}, "no opinion"),
        ({"hookSpecificOutput": {"permissionDecision": "deny", "permissionDecisionReason": "no"}}, "deny (no)"),
        ({"hookSpecificOutput": {"permissionDecision": "allow"}}, "allow"),
        ({"hookSpecificOutput": {"decision": {"behavior": "deny", "message": "no"}}}, "deny (no)"),
        ({"decision": "block", "reason": "again"}, "block (again)"),
        ({"continue": False, "stopReason": "enough"}, "stop (enough)"),
        ({"hookSpecificOutput": {"additionalContext": "it rains"}}, 'additionalContext="it rains"'),
    ],
)
def test_a_hook_is_told_with_its_decision(output: dict[str, Any], told: str) -> None:
    asked = request("r1", "hook_callback", input={"hook_event_name": "PreToolUse", "tool_name": "Bash"})
    assert words(cli(asked), host(answer("r1", output)), exits())[0] == f"hook: PreToolUse Bash → {told}"


@pytest.mark.parametrize(
    ("decision", "told"),
    [
        ({"behavior": "allow", "updatedInput": {"command": "ls"}}, "allow"),
        ({"behavior": "allow", "updatedInput": {"command": "pwd"}}, 'allow, with {"command": "pwd"}'),
        ({"behavior": "deny", "message": "no", "interrupt": True}, "deny (no), and interrupt"),
    ],
)
def test_a_permission_is_told_with_what_it_changed(decision: dict[str, Any], told: str) -> None:
    asked = asks_for("r1", command="ls")
    assert words(cli(asked), host(answer("r1", decision)), exits())[0] == f"permission: Bash → {told}"


@pytest.mark.parametrize(
    ("end", "told"),
    [
        ([], "no answer"),
        ([cli(cancel("r1"))], "withdrawn"),
        ([cli(cancel("r1")), host(answer("r1", {"behavior": "allow"}))], "allow, withdrawn before"),
        ([host(refusal("r1", "it broke"))], "error: it broke"),
    ],
)
def test_a_request_without_a_good_answer_says_why(end: list[Entry], told: str) -> None:
    assert words(cli(asks_for("r1")), *end, exits())[0] == f"permission: Bash → {told}"


def test_a_tool_of_the_program_is_told_with_its_result() -> None:
    message = {"method": "tools/call", "params": {"name": "greet", "arguments": {"name": "Ada"}}}
    given = {"mcp_response": {"result": {"content": [{"type": "text", "text": "Hi"}, {"type": "image"}]}}}
    failed = {"mcp_response": {"result": {"content": [{"type": "text", "text": "no"}], "isError": True}}}
    refused = {"mcp_response": {"error": {"code": -32601, "message": "no such method"}}}
    asked = cli(request("r1", "mcp_message", server_name="kit", message=message))
    for answered, said in ((given, "Hi\n[image]"), (failed, "error: no"), (refused, "error: no such method")):
        assert words(asked, host(answer("r1", answered)), exits())[0] == f'mcp: kit: greet(name="Ada") → {said}'


def test_what_the_host_asks_is_told() -> None:
    agents = {"reader": {"description": "reads"}}
    hooks = {"Stop": [{"hookCallbackIds": ["hook_0"]}]}
    entries = [
        host(request("a", "initialize", hooks=hooks, agents=agents, skills=None)),
        cli(answer("a")),
        host(request("b", "interrupt")),
        cli(answer("b")),
        host(request("c", "set_model", model="m")),
        cli(refusal("c", "no such model")),
    ]
    assert words(*entries, exits())[:3] == [
        "initialize: hooks Stop; agents reader",
        "interrupt: ",
        'control: set_model(model="m") → error: no such model',
    ]


def test_equal_ids_of_the_two_sides_are_two_exchanges() -> None:
    entries = [host(request("1", "interrupt")), cli(asks_for("1")), host(answer("1", {"behavior": "allow"}))]
    assert words(*entries, exits())[:2] == ["interrupt:  → no answer", "permission: Bash → allow"]


# The rest


def test_pipes_signals_and_ends_are_told() -> None:
    entries = [stderr("careful"), noise("hello"), signal("SIGTERM"), eof(), exits(143)]
    assert words(*entries) == [
        "stderr: careful",
        "noise: from the cli, no JSON: hello",
        "signal: SIGTERM",
        "input ends: ",
        "exit: 143",
    ]


def test_a_recording_that_was_cut_off_says_so() -> None:
    seen = transcript(host(prompt("hi")))
    assert row(seen.events[-1]).text == "the recording ends before the run did"
    assert seen.exit_code is None


def test_what_is_not_known_is_told_and_not_dropped() -> None:
    entries = [
        cli({"type": "hologram", "x": 1}),
        cli({"type": "assistant", "message": {"content": [{"type": "smell", "y": 2}]}}),
        cli(request("r1", "sing", song="la")),
        host({"type": "wave"}),
        cli({"type": []}),
    ]
    assert words(*entries, exits())[:5] == [
        'unknown: frame of type \'hologram\': {"type": "hologram", "x": 1}',
        'unknown: block of type \'smell\': {"type": "smell", "y": 2}',
        'unknown: request sing(song="la") → no answer',
        'unknown: frame of type \'wave\': {"type": "wave"}',
        "unknown: frame of type '': {\"type\": []}",
    ]


@pytest.mark.parametrize("content", [None, 3, "text", [None], [{}], [{"type": 5}], {"type": "text"}])
@pytest.mark.parametrize("kind", ["assistant", "user", "result", "system", "stream_event", "control_request"])
def test_no_shape_of_a_frame_is_too_odd(kind: str, content: Any) -> None:
    odd = {"type": kind, "message": {"content": content}, "event": content, "request": content, "subtype": content}
    odd |= {"errors": content, "usage": content, "tools": content, "mcp_servers": content}
    events = transcript(cli(odd), exits()).events
    assert all(isinstance(row(event).text, str) for event in events)
    assert all(event.to_json()["kind"] for event in events)


def test_a_damaged_frame_is_an_error_with_its_place() -> None:
    broken = Entry("cli", "frame", data=b'{"type":', number=7, path="c.jsonl")
    with pytest.raises(CassetteError, match=r"^c\.jsonl:7:"):
        transcript(broken)


def test_settings_are_told_again_only_when_they_changed() -> None:
    inits: list[dict[str, Any]] = [
        {"type": "system", "subtype": "init", "model": model, "tools": []} for model in ("a", "a", "b")
    ]
    events = transcript(*map(cli, inits), exits()).events
    assert [event.model for event in told(events) if isinstance(event, t.Session)] == ["a", "b"]


def test_what_a_subagent_does_names_its_call() -> None:
    (text,) = transcript(cli(says("hi", parent_tool_use_id="toolu_9")), exits()).texts
    assert text.agent == "toolu_9"
