"""The canonical order: two recordings of one behaviour agree, and nothing moves that may matter.

Episodes are written as one text: words in the order of the recording, `>` for the host and `<` for the CLI.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_code_sdk.cassettes.canonical import canonical
from claude_code_sdk.cassettes.cassette import Entry, Episode
from claude_code_sdk.cassettes.importer import import_wires

from .wires import skeleton

TWICE = Path(__file__).parent / "data" / "twice"
ARGV = ("claude", "--input-format", "stream-json")


def episode(words: str, argv: tuple[str, ...] = ARGV) -> Episode:
    spawn = Entry("host", "spawn", {"argv": list(argv), "cwd": "/p", "env": {}})
    return Episode([spawn, *(entry(word) for word in words.split())])


def ordered(words: str, argv: tuple[str, ...] = ARGV) -> str:
    """The words in canonical order."""
    recorded = episode(words, argv)
    names = {id(e): word for e, word in zip(recorded.entries[1:], words.split(), strict=True)}
    return " ".join(names[id(e)] for e in canonical(recorded).entries[1:])


def entry(word: str) -> Entry:
    """An entry by its word: its direction, what `frame` knows by that name, and `:` before further parts.

    `ok:NAME` answers the request of that name, `deny:NAME` does so and ends the turn.
    """
    source: Any = "host" if word[0] == ">" else "cli"
    name, *parts = word[1:].split(":")
    if name in ("eof", "exit", "signal", "stderr", "noise"):
        values: dict[str, Any] = {"eof": True, "exit": 0, "signal": "SIGINT", "stderr": "x", "noise": "x"}
        return Entry(source, name, values[name])  # type: ignore[arg-type]
    if name in ("ok", "deny"):
        payload = {"behavior": "deny", "interrupt": True} if name == "deny" else {}
        response = {"subtype": "success", "request_id": ":".join(parts), "response": payload}
        return Entry(source, "frame", {"type": "control_response", "response": response})
    return Entry(source, "frame", frame(name, parts))


def frame(name: str, parts: list[str]) -> dict[str, Any]:
    first, second = (*parts, "", "")[:2]
    match name:
        case "mcp":
            return request(f"{first}:{second}", "mcp_message", server_name=first, message={"method": second})
        case "call":
            call = {"method": "tools/call", "params": {"_meta": {"claudecode/toolUseId": first}}}
            return request(f"call:{first}", "mcp_message", server_name="a", message=call)
        case "hook":
            event = {"Pre": "PreToolUse", "Post": "PostToolUse"}.get(first, first)
            hook = {"hook_event_name": event} | ({"tool_use_id": second} if second else {})
            return request(":".join(["hook", *parts]), "hook_callback", input=hook)
        case "ask":
            return request(f"ask:{first}", "can_use_tool", tool_use_id=first)
        case "cancel":
            return {"type": "control_cancel_request", "request_id": ":".join(parts)}
        case "use":
            return message_of("assistant", second, {"type": "tool_use", "id": first})
        case "text":
            return message_of("assistant", first, {"type": "text", "text": "x"})
        case "result":
            return message_of("user", "", {"type": "tool_result", "tool_use_id": first})
        case "subprompt":
            return message_of("user", "", {"type": "text"}) | {"parent_tool_use_id": first}
        case "subuse":
            return message_of("assistant", "s", {"type": "tool_use", "id": first}) | {"parent_tool_use_id": second}
        case "delta":
            return {"type": "stream_event", "api_message_id": first, "event": {}}
        case "prompt":
            return {"type": "user", "message": {"role": "user", "content": "x"}}
        case "ssc":
            return {"type": "system", "subtype": "session_state_changed", "state": first}
        case "done":
            return {"type": "result", "subtype": "success"}
        case "lifecycle":
            return {"type": "command_lifecycle", "state": first}
        case "keep_alive":
            return {"type": "keep_alive"}
        case "init" | "task_started" | "informational":
            return {"type": "system", "subtype": name}
    return request(name, name)


def request(request_id: str, subtype: str, **body: Any) -> dict[str, Any]:
    return {"type": "control_request", "request_id": request_id, "request": {"subtype": subtype, **body}}


def message_of(kind: str, message: str, block: dict[str, Any]) -> dict[str, Any]:
    return {"type": kind, "parent_tool_use_id": None, "message": {"id": message, "content": [block]}}


# ---------------------------------------------------------------- recorded twice


@pytest.mark.parametrize("name", ["client_two_turns", "mcp_greet", "mcp_two_servers"])
def test_two_recordings_of_the_real_cli_are_equal_in_canonical_order(name: str) -> None:
    first, second = (import_wires([str(TWICE / f"{name}.{which}.jsonl")]).episodes[0] for which in ("first", "second"))
    assert skeleton(first) == skeleton(second)


@pytest.mark.parametrize("name", ["client_two_turns", "mcp_greet", "mcp_two_servers"])
def test_those_recordings_differ_as_received(name: str) -> None:
    def received(which: str) -> list[str]:
        (found,) = import_wires([str(TWICE / f"{name}.{which}.jsonl")]).episodes
        return skeleton(Episode(sorted(found.entries, key=lambda e: e.number)))

    assert received("first") != received("second")


# ---------------------------------------------------------------- one rule a test


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        pytest.param("<done >prompt <ssc:idle <ssc:running", "<done <ssc:idle >prompt <ssc:running", id="prompt"),
        pytest.param(
            "<done >prompt <lifecycle:completed <ssc:idle <ssc:running",
            "<done <lifecycle:completed <ssc:idle >prompt <ssc:running",
            id="prompt before the last words of the turn",
        ),
        pytest.param(
            "<hook:Pre:T <hook:Pre:T2 >ok:hook:Pre:T2 >ok:hook:Pre:T <result:T",
            "<hook:Pre:T <hook:Pre:T2 >ok:hook:Pre:T >ok:hook:Pre:T2 <result:T",
            id="concurrent answers stand in the order of their requests",
        ),
        pytest.param(
            "<ask:T >ok:ask:T <hook:PermissionRequest:T >ok:hook:PermissionRequest:T <result:T",
            "<ask:T <hook:PermissionRequest:T >ok:ask:T >ok:hook:PermissionRequest:T <result:T",
            id="permission and its hook are asked at once",
        ),
        pytest.param(
            "<use:T:m <hook:Pre:T >ok:hook:Pre:T <use:U:m <delta:m <result:T",
            "<use:T:m <hook:Pre:T <use:U:m <delta:m >ok:hook:Pre:T <result:T",
            id="an answer passes the rest of its message",
        ),
        pytest.param(
            "<use:T:m <use:U:m <call:T <call:U >ok:call:U >ok:call:T <result:T <result:U",
            "<use:T:m <use:U:m <call:T <call:U >ok:call:T <result:T >ok:call:U <result:U",
            id="calls side by side",
        ),
        pytest.param(
            "<use:T:m <call:T >ok:call:T <subuse:U:A <result:T",
            "<use:T:m <call:T <subuse:U:A >ok:call:T <result:T",
            id="an answer passes what another agent does",
        ),
        pytest.param(
            "<hook:SubagentStart >ok:hook:SubagentStart <subprompt:T <task_started",
            "<hook:SubagentStart <subprompt:T >ok:hook:SubagentStart <task_started",
            id="a subagent is prompted without waiting for the hook",
        ),
        pytest.param(
            "<mcp:a:tools/list >ok:a:tools/list <hook:UserPromptSubmit <init",
            "<mcp:a:tools/list <hook:UserPromptSubmit >ok:a:tools/list <init",
            id="a list of tools is awaited by init",
        ),
        pytest.param(
            ">interrupt <delta:m <ok:interrupt <done", "<delta:m >interrupt <ok:interrupt <done", id="interrupt"
        ),
        pytest.param(
            ">set_permission_mode <delta:m <ok:set_permission_mode",
            "<delta:m >set_permission_mode <ok:set_permission_mode",
            id="request that is answered at once",
        ),
        pytest.param(
            ">prompt >eof <ssc:running <init <text:m <done <ssc:idle <exit",
            ">prompt <ssc:running <init <text:m <done <ssc:idle >eof <exit",
            id="end of input",
        ),
    ],
)
def test_a_host_entry_stands_directly_before_what_depends_on_it(recorded: str, expected: str) -> None:
    assert ordered(recorded) == expected


@pytest.mark.parametrize(
    "recorded",
    [
        pytest.param("<text:m >prompt <text:m <done", id="a prompt in the middle of a turn"),
        pytest.param("<done >prompt <task_started <ssc:idle", id="a prompt among background tasks"),
        pytest.param(">initialize <mcp:a:initialize <ok:initialize", id="what MCP servers are asked"),
        pytest.param("<hook:Stop >ok:hook:Stop <done", id="an answer to a hook"),
        pytest.param("<hook:Pre:T >ok:hook:Pre:T <ssc:requires_action <ask:T", id="a hook's answer and the question"),
        pytest.param("<ask:T >ok:ask:T <ssc:running <result:T", id="an answer and the state that follows"),
        pytest.param("<use:T:m <hook:Pre:T >ok:hook:Pre:T <text:n", id="an answer and the next message"),
        pytest.param("<ask:T >ok:ask:T <text:m", id="an answer about a call that was not announced"),
        pytest.param("<use:T:m <ask:T >ok:ask:T <subprompt:T", id="an answer and the agent that it lets start"),
        pytest.param("<use:T:m <ask:T >ok:ask:T <subprompt:U", id="an answer and another agent's start"),
        pytest.param("<use:T:m <ask:T >deny:ask:T <use:U:m <result:T", id="an answer that stops the whole turn"),
        pytest.param("<hook:Pre:T >ok:hook:Pre:T <informational <result:T", id="an answer and a notice"),
        pytest.param("<hook:Pre:T >ok:hook:Pre:T <stderr <result:T", id="an answer and a diagnostic"),
        pytest.param("<ask:T >interrupt <cancel:ask:T <ok:interrupt", id="an interrupt and what it withdraws"),
        pytest.param(">interrupt <delta:m <exit", id="an interrupt without an answer"),
        pytest.param(">unheard_of <delta:m <ok:unheard_of", id="a request that no rule knows"),
        pytest.param(">keep_alive <ssc:idle", id="a frame that no rule knows"),
        pytest.param("<ask:T >eof <result:T <done <exit", id="the end of input that leaves a question open"),
        pytest.param(">prompt >eof <ask:T <result:T <exit", id="the end of input before a question"),
        pytest.param(">eof <task_started <exit", id="the end of input and background tasks"),
        pytest.param("<delta:m >signal <delta:m <exit", id="a signal"),
        pytest.param("<done >prompt >signal <ssc:idle <exit", id="what was sent before a signal"),
        pytest.param("<noise >noise <noise <exit", id="noise"),
        pytest.param("<hook:Stop >ok:hook:Stop >deny:hook:Stop <done", id="two answers to one request"),
    ],
)
def test_where_no_rule_speaks_the_recorded_order_stays(recorded: str) -> None:
    assert ordered(recorded) == recorded


def test_a_question_that_was_withdrawn_does_not_hold_the_end_of_input() -> None:
    assert ordered("<ask:T <cancel:ask:T >eof <text:m <exit") == "<ask:T <cancel:ask:T <text:m >eof <exit"


@pytest.mark.parametrize("argv", [("claude", "--print", "hello"), ("claude", "--input-format", "text")])
def test_the_end_of_input_stays_where_it_is_the_prompt_that_ends(argv: tuple[str, ...]) -> None:
    words = ">eof <init <text:m <exit"
    assert ordered(words, argv) == words


def test_prompts_keep_their_order_and_stand_before_a_later_request() -> None:
    assert ordered("<done >prompt >interrupt <ssc:idle <ok:interrupt <exit") == (
        "<done <ssc:idle >prompt >interrupt <ok:interrupt <exit"
    )


# ---------------------------------------------------------------- MCP handshakes

HANDSHAKES = (
    "<mcp:a:notifications/initialized >ok:a:notifications/initialized <mcp:a:tools/list",
    "<mcp:b:notifications/initialized >ok:b:notifications/initialized <mcp:b:tools/list",
)
CANONICAL_START = (
    ">initialize <mcp:a:initialize <mcp:b:initialize <ok:initialize "
    f">ok:a:initialize {HANDSHAKES[0]} >ok:b:initialize {HANDSHAKES[1]} "
    ">prompt <ssc:running >ok:a:tools/list >ok:b:tools/list <init"
)


# Word -> the words that must have crossed before it.  Everything else about this start is a race.
CAUSES = {
    ">initialize": "",
    "<ok:initialize": "<mcp:a:initialize <mcp:b:initialize",
    ">prompt": "<ok:initialize",
    "<ssc:running": ">prompt",
    "<init": "<ssc:running >ok:a:tools/list >ok:b:tools/list",
    **{
        word.replace("S", server): cause.replace("S", server)
        for server in "ab"
        for word, cause in {
            "<mcp:S:initialize": ">initialize",
            ">ok:S:initialize": "<mcp:S:initialize",
            "<mcp:S:notifications/initialized": ">ok:S:initialize <ok:initialize",
            ">ok:S:notifications/initialized": "<mcp:S:notifications/initialized",
            "<mcp:S:tools/list": ">ok:S:notifications/initialized",
            ">ok:S:tools/list": "<mcp:S:tools/list",
        }.items()
    },
}


@given(st.data())
def test_however_the_start_raced_its_canonical_order_is_the_same(data: st.DataObject) -> None:
    recorded: list[str] = []
    while len(recorded) < len(CAUSES):
        ready = [word for word in CAUSES if word not in recorded and set(CAUSES[word].split()) <= set(recorded)]
        recorded.append(data.draw(st.sampled_from(ready)))
    assert ordered(" ".join(recorded)) == CANONICAL_START


def test_the_handshake_of_a_server_that_had_to_be_asked_again_stays_where_it_came() -> None:
    words = ">initialize <mcp:a:initialize <ok:initialize >prompt <mcp:a:initialize >ok:a:initialize <init"
    assert ordered(words) == words


def test_a_server_that_is_switched_on_later_keeps_its_handshake_there() -> None:
    words = (
        ">initialize <ok:initialize >mcp_toggle <mcp:a:initialize >ok:a:initialize <mcp:a:notifications/initialized "
        ">ok:a:notifications/initialized <mcp:a:tools/list >ok:a:tools/list <ok:mcp_toggle"
    )
    assert ordered(words) == words


# ---------------------------------------------------------------- any episode

REQUESTS = ("hook:Pre:T", "hook:Pre:U", "hook:Stop", "ask:T", "call:U", "a:tools/list", "b:initialize", "initialize")
HOST_WORDS = (">prompt", ">interrupt", ">set_model", ">signal", ">eof", ">keep_alive", ">initialize", ">noise")
CLI_WORDS = (
    *("<ssc:idle", "<ssc:running", "<init", "<done", "<use:T:m", "<use:U:m", "<text:n", "<delta:m", "<result:T"),
    *("<result:U", "<hook:Pre:T", "<hook:Pre:U", "<hook:Stop", "<ask:T", "<call:U", "<mcp:a:initialize"),
    *("<mcp:b:initialize", "<mcp:a:tools/list", "<mcp:b:tools/list", "<ok:interrupt", "<ok:initialize", "<stderr"),
)
words = st.lists(
    st.sampled_from(HOST_WORDS) | st.sampled_from(CLI_WORDS) | st.sampled_from([f">ok:{name}" for name in REQUESTS]),
    max_size=25,
).map(" ".join)


def is_handshake(entry: Entry) -> bool:
    return entry.kind == "frame" and entry.value.get("request", {}).get("subtype") == "mcp_message"


@given(words)
def test_canonical_order_is_final(recorded: str) -> None:
    once = canonical(episode(recorded))
    assert [id(e) for e in canonical(once).entries] == [id(e) for e in once.entries]


@given(words)
def test_every_entry_is_there_once(recorded: str) -> None:
    before = episode(recorded)
    assert sorted(map(id, canonical(before).entries)) == sorted(map(id, before.entries))


@given(words)
def test_cli_entries_stay_as_received_except_handshakes(recorded: str) -> None:
    before = episode(recorded)
    received = [id(e) for e in before.entries if e.source == "cli" and not is_handshake(e)]
    assert [id(e) for e in canonical(before).entries if e.source == "cli" and not is_handshake(e)] == received


@given(words)
def test_a_host_entry_never_moves_ahead_of_anything_but_a_handshake(recorded: str) -> None:
    before = episode(recorded)
    came = {id(e): place for place, e in enumerate(before.entries)}
    seen_cli: list[Entry] = []
    for after in reversed(canonical(before).entries):
        if after.source == "host":
            assert all(came[id(after)] < came[id(e)] for e in seen_cli)
        elif not is_handshake(after):
            seen_cli.append(after)


@given(words)
def test_what_the_host_began_keeps_its_order(recorded: str) -> None:
    before = episode(recorded)

    def began(found: Episode) -> list[int]:
        return [id(e) for e in found.entries if e.source == "host" and name_of_answer(e) is None]

    def name_of_answer(entry: Entry) -> str | None:
        frame = entry.value if entry.kind == "frame" else {}
        found: str | None = frame.get("response", {}).get("request_id")
        return found

    assert began(canonical(before)) == began(before)


@given(words)
def test_an_answer_stands_behind_its_request(recorded: str) -> None:
    before = episode(recorded)

    def answered(found: Episode) -> set[tuple[int, int]]:
        requests: dict[str, int] = {}
        pairs = set()
        for e in found.entries:
            frame = e.value if e.kind == "frame" else {}
            if e.source == "cli" and frame.get("type") == "control_request":
                requests.setdefault(frame["request_id"], id(e))
            elif e.source == "host" and frame.get("type") == "control_response":
                request_id = frame["response"]["request_id"]
                if request_id in requests:
                    pairs.add((requests[request_id], id(e)))
        return pairs

    assert answered(before) <= answered(canonical(before))
