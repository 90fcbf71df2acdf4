"""Ids that the CLI minted are stored as aliases; ids of the program are stored as they are."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_code_sdk.cassettes.aliases import Aliases
from claude_code_sdk.cassettes.cassette import Entry, encode_json
from claude_code_sdk.cassettes.entry_line import encode_entry
from claude_code_sdk.cassettes.normalize import normalize

SESSION = "f805a4e3-3c08-444d-aa9c-3bc2077cf7ed"
OWN = "11111111-aaaa-4bbb-8ccc-0123456789ab"
OTHER = "22222222-aaaa-4bbb-8ccc-0123456789ab"
TOOL = "toolu_01A09q90qw90lq917835lq9ab"
MESSAGE = "msg_01XFDUDYJgAACzvnptvVoYEL"
AGENT, RUN, TASK = "af5168a5741cbc15a", "0mwsfbhmc-7f25bdc6", "bzcpvzm9o"


def spawn(*argv: str) -> Entry:
    return Entry("host", "spawn", {"argv": ["claude", *argv], "cwd": "{{cwd}}", "env": {}})


def cli(**frame: Any) -> Entry:
    return Entry("cli", "frame", frame)


def host(**frame: Any) -> Entry:
    return Entry("host", "frame", frame)


def message(uuid: str, text: str = "x", session: str = SESSION) -> Entry:
    """A frame as most are."""
    content = [{"type": "text", "text": text}]
    return cli(type="assistant", message={"id": MESSAGE, "content": content}, session_id=session, uuid=uuid)


def delta(uuid: str, text: str = "x") -> Entry:
    event = {"type": "content_block_delta", "delta": {"type": "text_delta", "text": text}}
    return cli(type="stream_event", event=event, session_id=SESSION, uuid=uuid, api_message_id=MESSAGE)


def stored(*entries: Entry, argv: tuple[str, ...] = ()) -> list[Any]:
    """What a run is stored as: the values of its entries."""
    return [entry.value for entry in normalize([spawn(*argv), *entries])][1:]


def alias(number: int, run: int = 1) -> str:
    return f"ca55e77e-{run:04x}-4000-8000-{number:012d}"


def test_a_uuid_stays_a_uuid_of_version_4() -> None:
    (frame,) = stored(message(OWN))
    assert frame["uuid"] != OWN
    assert UUID(frame["uuid"]).version == 4
    assert str(UUID(frame["uuid"])) == frame["uuid"]


@pytest.mark.parametrize("name", [TOOL, MESSAGE, "srvtoolu_01A09q90qw90lq917835lq9", "req_011CRv1W3XjX8WwzD4TqDfkS"])
def test_an_id_of_the_api_keeps_prefix_and_length(name: str) -> None:
    (frame,) = stored(cli(type="system", subtype="x", tool_use_id=name))
    prefix = name.partition("_")[0]
    assert re.fullmatch(rf"{prefix}_ca55e77e\d+", frame["tool_use_id"])
    assert len(frame["tool_use_id"]) == len(name)


@pytest.mark.parametrize(
    ("key", "name", "expected"),
    [
        ("agent_id", AGENT, r"a[0-9a-f]{16}"),
        ("run_id", RUN, r"[0-9a-z]{9}-[0-9a-f]{8}"),
        ("task_id", TASK, r"b[0-9a-z]{8}"),
    ],
)
def test_ids_of_agents_runs_and_tasks_keep_their_shape(key: str, name: str, expected: str) -> None:
    (frame,) = stored(cli(type="system", subtype="task_started", **{key: name}))
    assert frame[key] != name
    assert re.fullmatch(expected, frame[key])


def test_aliases_count_in_the_order_of_first_appearance() -> None:
    first, second = stored(
        cli(type="system", subtype="a", uuid=OTHER, session_id=SESSION),
        cli(type="system", subtype="b", uuid=OWN, session_id=SESSION),
    )
    assert (first["uuid"], first["session_id"], second["uuid"]) == (alias(1), alias(2), alias(3))
    assert second["session_id"] == alias(2)


def test_an_id_is_replaced_in_paths_and_texts_of_both_directions() -> None:
    started, said, answer, path = stored(
        cli(type="system", subtype="task_started", task_id=TASK, session_id=SESSION, uuid=OWN),
        message(OTHER, f"running in background with ID:\n{TASK}. See /tmp/claude-0/{SESSION}/tasks/{TASK}.output"),
        host(type="user", message={"role": "user", "content": f"stop {TASK}"}),
        Entry("cli", "stderr", f"task {TASK} of {SESSION}"),
    )
    task, session = started["task_id"], started["session_id"]
    text = said["message"]["content"][0]["text"]
    assert text == f"running in background with ID:\n{task}. See /tmp/claude-0/{session}/tasks/{task}.output"
    assert answer["message"]["content"] == f"stop {task}"
    assert path == f"task {task} of {session}"


def test_a_short_id_is_not_replaced_within_a_longer_word() -> None:
    (_, said) = stored(
        cli(type="system", subtype="task_started", task_id=TASK, session_id=SESSION), message(OWN, f"x{TASK} {TASK}y")
    )
    assert said["message"]["content"][0]["text"] == f"x{TASK} {TASK}y"


@pytest.mark.parametrize("argv", [("--session-id", SESSION), (f"--session-id={SESSION}",), (f"--resume={SESSION}",)])
def test_a_session_id_that_the_program_chose_stays(argv: tuple[str, ...]) -> None:
    (frame,) = stored(message(OWN), argv=argv)
    assert frame["session_id"] == SESSION
    assert frame["uuid"] == alias(1)


def test_a_message_uuid_that_the_program_chose_stays_wherever_the_cli_says_it() -> None:
    _, queued, echoed = stored(
        host(type="user", uuid=OTHER, message={"role": "user", "content": "x"}),
        cli(type="command_lifecycle", command_uuid=OTHER, state="queued", uuid=OWN),
        cli(type="user", isReplay=True, uuid=OTHER, session_id=SESSION),
    )
    assert queued["command_uuid"] == OTHER
    assert echoed["uuid"] == OTHER


def test_an_id_of_the_programs_own_data_stays() -> None:
    use = {"type": "tool_use", "id": TOOL, "name": "Order", "input": {"id": OTHER, "order": OTHER}}
    (frame,) = stored(cli(type="assistant", message={"id": MESSAGE, "content": [use]}, session_id=SESSION, uuid=OWN))
    assert frame["message"]["content"][0]["input"] == {"id": OTHER, "order": OTHER}


def test_the_answer_to_a_request_has_its_alias() -> None:
    asked, answer = stored(
        cli(type="control_request", request_id=OWN, request={"subtype": "can_use_tool", "tool_use_id": TOOL}),
        host(type="control_response", response={"subtype": "success", "request_id": OWN, "response": {}}),
    )
    assert asked["request_id"] == answer["response"]["request_id"] == alias(1)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("req_1", "req_1"),
        ("req_7_aa73ca2e", "req_7_00000000"),
        ("k3j2h1g9f8d", "00000000001"),
        ("k3j2h1g9f", "00000000001"),
    ],
)
def test_a_random_id_of_a_host_request_is_numbered(name: str, expected: str) -> None:
    asked, answer = stored(
        host(type="control_request", request_id=name, request={"subtype": "interrupt"}),
        cli(type="control_response", response={"subtype": "success", "request_id": name}),
    )
    assert asked["request_id"] == answer["response"]["request_id"] == expected


def test_ids_are_found_in_a_frame_that_is_written_with_spaces() -> None:
    value = {"type": "control_request", "request_id": "req_1_aa73ca2e", "request": {"subtype": "interrupt"}}
    asked = Entry("host", "frame", data=json.dumps(value).encode())
    said = Entry("cli", "frame", data=json.dumps(message(OWN).value | {"task_id": AGENT}).encode())
    first, second = stored(asked, said)
    assert first["request_id"] == "req_1_00000000"
    assert second["uuid"].startswith("ca55e77e-")
    assert second["message"]["id"].startswith("msg_ca55e77e")
    assert second["task_id"].startswith("aca55e77e")


def test_a_frame_that_is_referred_to_later_keeps_its_alias() -> None:
    said, _, rewound = stored(
        message(OWN),
        message(OTHER),
        host(type="control_request", request_id="req_1", request={"subtype": "rewind_files", "user_message_id": OWN}),
    )
    assert rewound["request"]["user_message_id"] == said["uuid"] != OWN


def test_runs_of_one_recording_have_different_aliases() -> None:
    aliases = Aliases()
    first, second = (list(normalize([spawn(), message(OWN, session=s)], aliases))[1].value for s in (SESSION, OTHER))
    assert first["session_id"] == alias(1)
    assert second["session_id"] == alias(1, run=2)


def test_an_id_that_one_run_minted_has_one_alias_in_the_run_that_is_given_it() -> None:
    aliases = Aliases()
    first = list(normalize([spawn(), message(OWN)], aliases))
    second = list(normalize([spawn(f"--resume={SESSION}"), message(OTHER)], aliases))
    session = first[1].value["session_id"]
    assert second[0].value["argv"][1] == f"--resume={session}"
    assert second[1].value["session_id"] == session
    assert second[1].value["uuid"] == alias(1, run=2)


def test_a_later_run_may_name_a_frame_of_an_earlier_one() -> None:
    aliases = Aliases()
    aliases.expect(encode_json(spawn(f"--resume-session-at={OWN}").value))
    first = list(normalize([spawn(), message(OWN)], aliases))
    second = list(normalize([spawn(f"--resume-session-at={OWN}")], aliases))
    assert second[0].value["argv"][1] == f"--resume-session-at={first[1].value['uuid']}"


uuids = st.sampled_from([OWN, OTHER, SESSION])
texts = st.sampled_from(["x", SESSION, OWN, f"see {TASK}", f"{AGENT}!", TOOL, "a-b-c", "\n", MESSAGE, "é", "b\\u0000"])
frames = st.one_of(
    st.builds(delta, uuids, texts),
    st.builds(message, uuids, texts),
    st.builds(lambda uuid: cli(type="system", subtype="task_started", task_id=TASK, agent_id=AGENT, uuid=uuid), uuids),
    st.builds(lambda text: host(type="user", message={"role": "user", "content": text}, session_id="default"), texts),
    st.builds(lambda name: cli(type="control_request", request_id=name, request={"subtype": "hook_callback"}), uuids),
)


@given(st.lists(frames, max_size=12))
def test_normalizing_what_is_normalized_changes_nothing(recorded: list[Entry]) -> None:
    once = list(normalize([spawn(), *recorded]))
    again = list(normalize(once))
    assert [entry.value for entry in again] == [entry.value for entry in once]


@given(st.lists(st.tuples(st.uuids(version=4), texts), max_size=12))
def test_plain_frames_get_the_aliases_that_any_frame_gets(said: list[tuple[UUID, str]]) -> None:
    """The short way for stream events and the long one, which a key ahead of the type makes them take."""
    events = [delta(str(uuid), text) for uuid, text in said]
    turned = [cli(**{"ahead": 1, **event.value}) for event in events]
    assert [{"ahead": 1, **value} for value in stored(*events)] == stored(*turned)


IDS_OF_MANY = [
    *(f"0000000{n}-1111-4222-8333-444444444444" for n in range(4)),
    *(f"{kind}_01{n:022d}" for kind in ("msg", "toolu", "req") for n in range(3)),
    "mcp__a_tool_with_a_name_of_some_length",
    "ca55e77e-0001-4000-8000-000000000002",
    "msg_ca55e77e0001000000000003",
]

REFERRED_TO = IDS_OF_MANY[2]


@st.composite
def plain_lines(draw: st.DrawFn) -> list[bytes]:
    """Plain lines with ids in all places: of their own, of the session and message, in texts, some of them twice."""
    some = st.sampled_from(IDS_OF_MANY)
    lines = []
    for number in range(draw(st.integers(1, 12))):
        frame: dict[str, Any] = {"type": draw(st.sampled_from(["stream_event", "assistant", "user"]))}
        text = " ".join(draw(st.lists(st.one_of(some, st.just("word"), st.just("{}\n")), max_size=3)))
        frame["event"] = {"text": text, "id": draw(some)} if draw(st.booleans()) else {"text": text}
        frame["session_id"] = draw(st.sampled_from(IDS_OF_MANY[:2]))
        if draw(st.integers(0, 9)):
            own = f"{number:08x}-aaaa-4aaa-8aaa-aaaaaaaaaaaa"
            frame["uuid"] = draw(st.sampled_from([own, own, own, REFERRED_TO]))
        if draw(st.booleans()):
            frame["api_message_id"] = draw(some)
        lines.append(encode_entry(Entry("cli", "frame", frame, at=number)) + b"\n")
    return lines


@given(plain_lines(), st.lists(st.sampled_from(IDS_OF_MANY), max_size=2), st.booleans(), st.data())
def test_plain_lines_get_the_same_aliases_many_at_a_time_as_one_by_one(
    lines: list[bytes], chosen: list[str], short: bool, data: st.DataObject
) -> None:
    def begun() -> Aliases:
        aliases = Aliases()
        aliases.expect(b'{"resume":"%b"}' % REFERRED_TO.encode())
        aliases.begin()
        aliases.of_host(b'{"said":"%b"}' % " ".join(chosen).encode())
        if short:
            aliases.of_cli(b'{"type":"system","task_id":"a0123456789abcdef"}')
        return aliases

    one_by_one, many = begun(), begun()
    expected = b"".join(one_by_one.of_plain(line) for line in lines)
    cut = data.draw(st.integers(0, len(lines)))
    found = b"".join(many.of_plain_lines(b"".join(part), len(part)) for part in (lines[:cut], lines[cut:]))
    assert found == expected
