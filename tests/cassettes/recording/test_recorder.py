"""Recorder: bytes of both directions become lines of a cassette; no I/O, and no clock but the one given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_code_sdk import _json
from claude_code_sdk.cassettes.cassette import Entry
from claude_code_sdk.cassettes.entry_line import decode_line
from claude_code_sdk.cassettes.placeholders import Places
from claude_code_sdk.cassettes.recorder import QUEUE_LIMIT, Recorder
from claude_code_sdk.cassettes.secrets import Scrubber
from claude_code_sdk.protocol.codec import DEFAULT_MAX_FRAME_SIZE, FrameDecoder
from claude_code_sdk.protocol.command import FILE_TOKEN, Command

PLACES = Places(cwd="/project", home="/home/me", temp="/tmp", real=str)


class Recording:
    """A recorder with a clock that a test sets, and what it has said."""

    def __init__(
        self,
        before_record: Sequence[Callable[[Entry], Entry | None]] = (),
        *,
        spawned: bool = True,
        loads: Callable[[bytes], Any] = orjson.loads,
    ) -> None:
        self.now = 100.0
        self.recorder = Recorder(
            clock=lambda: self.now,
            places=PLACES,
            scrubber=Scrubber(environment={}),
            before_record=before_record,
            loads=loads,
        )
        if spawned:
            self.recorder.spawn(Command(("claude",), cwd="/project"))
            self.recorder.take()

    def send(self, data: bytes, *, arrived: bool = True) -> None:
        self.recorder.sent(self.recorder.sending(data), arrived=arrived)

    def entries(self) -> list[Entry]:
        lines = self.recorder.take()[0].split(b"\n")
        assert lines.pop() == b""
        return [decode_line(line, 0, len(line), 0, "") for line in lines]

    def said(self) -> list[tuple[str, str, Any]]:
        return [(entry.source, entry.kind, entry.value) for entry in self.entries()]


# The CLI's output


def test_the_end_of_the_input_of_a_run_that_ended_by_itself_is_no_entry() -> None:
    it = Recording()
    it.recorder.eof("cli")
    it.recorder.eof("host")
    it.recorder.exited(1)
    assert it.said() == [("cli", "exit", 1)]


def test_frames_of_the_cli_keep_their_bytes() -> None:
    it = Recording()
    it.recorder.received(b'{"type": "a",  "n": 1.0}\n{"type":"b","s":"\\u00e4"}\n')
    assert [entry.frame_bytes for entry in it.entries()] == [b'{"type": "a",  "n": 1.0}', b'{"type":"b","s":"\\u00e4"}']


def test_a_line_counts_when_it_is_whole() -> None:
    it = Recording()
    it.recorder.received(b'{"type":')
    assert it.recorder.take()[0] == b""
    assert it.recorder.held == 8
    it.recorder.received(b'"a"}')
    it.recorder.received(b"\n")
    assert it.said() == [("cli", "frame", {"type": "a"})]
    assert it.recorder.held == 0


@pytest.mark.parametrize(
    "line",
    [
        b"not JSON",
        b"[1]",
        b'"text"',
        b"",
        b'{"a":1',
        b'{"a":NaN}',
        b'{"a":1},{"b":2}',
        b'{"a":"\xff"}',
        b'{"a":1}{"b":2}',
    ],
)
def test_a_line_that_is_no_json_object_is_noise(line: bytes) -> None:
    it = Recording()
    it.recorder.received(b'{"type":"a"}\n' + line + b'\n{"type":"b"}\n')
    assert it.said() == [
        ("cli", "frame", {"type": "a"}),
        ("cli", "noise", line.decode("utf-8", "surrogateescape")),
        ("cli", "frame", {"type": "b"}),
    ]


def test_two_lines_that_are_json_only_together_are_noise_each() -> None:
    it = Recording()
    it.recorder.received(b'{"a":[{}\n{}]}\n')
    assert [entry.kind for entry in it.entries()] == ["noise", "noise"]


def test_white_space_around_a_frame_is_not_kept() -> None:
    it = Recording()
    it.recorder.received(b' {"type":"a"}\t\r\n')
    assert [entry.frame_bytes for entry in it.entries()] == [b'{"type":"a"}']


def test_a_lone_surrogate_and_a_long_integer_stay_as_they_were_written() -> None:
    it = Recording()
    it.recorder.received(b'{"type":"a","s":"\\ud83d","n":123456789012345678901234567890}\n')
    assert [entry.frame_bytes for entry in it.entries()] == [
        b'{"type":"a","s":"\\ud83d","n":123456789012345678901234567890}'
    ]


def test_a_last_line_without_its_end_is_noise_and_marked() -> None:
    it = Recording()
    it.recorder.received(b'{"type":"a"}')
    it.recorder.eof("cli")
    (entry,) = it.entries()
    assert (entry.kind, entry.value, entry.extra) == ("noise", '{"type":"a"}', {"torn": True})


@given(st.data())
def test_how_the_output_is_cut_into_reads_does_not_matter(data: st.DataObject) -> None:
    whole = (
        b'{"type":"a"}\nnoise\n{"type": "b"}\n{"type":"c","path":"/project/x"}\n\n{"a":1}{"b":2}\n{"type":"d"}\ntorn'
    )
    cuts = sorted(data.draw(st.sets(st.integers(0, len(whole)))))
    at_once, in_pieces = Recording(), Recording()
    at_once.recorder.received(whole)
    for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True):
        in_pieces.recorder.received(whole[start:end])
    at_once.recorder.exited(0)
    in_pieces.recorder.exited(0)
    assert in_pieces.recorder.take()[0] == at_once.recorder.take()[0]


FRAME = b'{"type":"user","n":%d}'
ODD_LINES = (
    *(b'{"type":"a","n":NaN}', b'{"n":1}', b'{"type":"b"} ', b'{"type":"c"},{"type":"d"}', b"[1]", b"", b"no JSON"),
    *(b'{"type":"e","s":"\\ud83d"}', b'{"type":"f","s":"\xff"}', b'{"type":"g","n":12345678901234567890123}'),
    b'{"type":"long","s":"%b"}' % (b"x" * 300),
)


@given(st.lists(st.sampled_from(ODD_LINES) | st.integers(0, 9).map(FRAME.__mod__), max_size=30), st.data())
def test_what_the_reader_says_of_its_decoding_changes_nothing(lines: list[bytes], data: st.DataObject) -> None:
    whole = b"".join(line + b"\n" for line in lines)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(whole)), max_size=4)))
    limit = data.draw(st.sampled_from([100, DEFAULT_MAX_FRAME_SIZE]))
    alone, told = Recording(), Recording()
    reader = FrameDecoder(
        loads=_json.loads, quick_loads=_json.quick_loads, is_plain=_json.is_plain, max_frame_size=limit
    )
    for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True):
        reader.feed(whole[start:end])
        alone.recorder.received(whole[start:end])
        told.recorder.received(whole[start:end], decoded=reader.all_quick)
    assert told.recorder.take()[0] == alone.recorder.take()[0]


def test_what_the_reader_has_decoded_is_not_decoded_again() -> None:
    decoded: list[bytes] = []

    def loads(data: bytes) -> Any:
        decoded.append(data)
        return orjson.loads(data)

    it = Recording(loads=loads)
    it.recorder.received(b'{"type":"a"}\n{"type":"b"')
    it.recorder.received(b'}\n{"type":"c"}\n{"type":"d"}\n', decoded=True)
    assert decoded == [b'[{"type":"a"}]', b'[{"type":"b"}]']
    assert [frame["type"] for _, _, frame in it.said()] == ["a", "b", "c", "d"]


# What the host sends


def test_frames_of_the_host_are_written_compactly() -> None:
    it = Recording()
    it.send(b'{"type": "user", "message": {"content": "\\u00e4"}}\n')
    assert [entry.frame_bytes for entry in it.entries()] == ['{"type":"user","message":{"content":"ä"}}'.encode()]


def test_a_reply_cannot_stand_ahead_of_its_request() -> None:
    it = Recording()
    send = it.recorder.sending(b'{"type":"request"}\n')
    it.recorder.received(b'{"type":"reply"}\n')
    it.recorder.sent(send)
    assert [value["type"] for _, _, value in it.said()] == ["request", "reply"]


def test_what_never_reached_the_cli_is_not_recorded() -> None:
    it = Recording()
    it.send(b'{"type":"one"}\n')
    send = it.recorder.sending(b'{"type":"two"}\n')
    it.recorder.received(b'{"type":"last words"}\n')
    it.recorder.sent(send, arrived=False)
    assert [value["type"] for _, _, value in it.said()] == ["one", "last words"]


def test_sends_that_overlap_are_recorded_in_the_order_in_which_they_began() -> None:
    it = Recording()
    first = it.recorder.sending(b'{"type":"first"}\n')
    second = it.recorder.sending(b'{"type":"second"}\n')
    it.recorder.sent(second)
    assert it.said() == []
    it.recorder.sent(first)
    assert [value["type"] for _, _, value in it.said()] == ["first", "second"]


def test_a_send_that_does_not_end_holds_back_no_more_than_the_limit() -> None:
    it = Recording()
    it.recorder.sending(b'{"type":"stuck"}\n')
    line = b'{"type":"a","text":"%s"}\n' % (b"x" * 10_000)
    while it.recorder.held:
        it.recorder.received(line)
        assert it.recorder.held <= QUEUE_LIMIT + len(line)
    assert it.said()[0] == ("host", "frame", {"type": "stuck"})


def test_a_line_of_the_host_that_is_no_frame_is_noise_and_a_torn_one_is_marked() -> None:
    it = Recording()
    it.send(b"hello\nwor")
    it.recorder.eof("host")
    entries = it.entries()
    assert [(entry.kind, entry.value) for entry in entries] == [("noise", "hello"), ("noise", "wor"), ("eof", True)]
    assert entries[1].extra == {"torn": True}


def test_the_end_of_the_input_is_recorded_once() -> None:
    it = Recording()
    it.recorder.eof("host")
    it.recorder.eof("host")
    assert it.said() == [("host", "eof", True)]


@pytest.mark.parametrize(("number", "name"), [(2, "SIGINT"), (15, "SIGTERM"), (9, "SIGKILL"), (250, "signal 250")])
def test_a_signal_is_recorded_by_its_name(number: int, name: str) -> None:
    it = Recording()
    it.recorder.signalled(number)
    assert it.said() == [("host", "signal", name)]


# The run


def test_the_command_is_recorded_without_what_only_this_machine_has() -> None:
    it = Recording(spawned=False)
    env = {"CLAUDE_CODE_ENTRYPOINT": "sdk-py", "MCP_TIMEOUT": "/home/me/x", "PATH": "/bin", "SECRET": "s"}
    it.recorder.spawn(Command(("/opt/bin/claude", "--add-dir", "/project/lib"), env=env, cwd="/project"))
    ((_, _, value),) = it.said()
    assert value == {
        "argv": ["claude", "--add-dir", "{{cwd}}/lib"],
        "cwd": "{{cwd}}",
        "env": {"CLAUDE_CODE_ENTRYPOINT": "sdk-py", "MCP_TIMEOUT": "{{home}}/x"},
    }


def test_values_that_travel_in_files_are_recorded_with_their_content() -> None:
    it = Recording(spawned=False)
    argv = ("claude", "--system-prompt-file", f"{FILE_TOKEN}prompt")
    it.recorder.spawn(Command(argv, files={"prompt": b"Work in /project", "other": b"unused"}, cwd="/project"))
    ((_, _, value),) = it.said()
    assert value["argv"][2] == f"{FILE_TOKEN}prompt"
    assert value["files"] == {"prompt": "Work in {{cwd}}"}


def test_paths_become_placeholders_in_both_directions_and_in_stderr() -> None:
    it = Recording()
    it.send(b'{"type":"user","text":"/project/a"}\n')
    it.recorder.received(b'{"type":"x","text":"/home/me/b"}\n')
    it.recorder.received(b"noise in /tmp/c\n")
    it.recorder.stderr("error in /project")
    assert [value for _, _, value in it.said()] == [
        {"type": "user", "text": "{{cwd}}/a"},
        {"type": "x", "text": "{{home}}/b"},
        "noise in {{temp}}/c",
        "error in {{cwd}}",
    ]


def test_times_count_from_the_spawn_in_milliseconds() -> None:
    it = Recording()
    it.now += 0.5
    it.recorder.received(b'{"type":"a"}\n')
    it.now += 1.2345
    it.recorder.stderr("b")
    assert [entry.at for entry in it.entries()] == [500, 1734]


def test_nothing_is_recorded_after_the_exit() -> None:
    it = Recording()
    it.recorder.exited(3)
    it.recorder.exited(4)
    it.recorder.stderr("late")
    it.recorder.received(b'{"type":"late"}\n')
    it.recorder.eof("host")
    it.recorder.signalled(2)
    it.send(b'{"type":"late"}\n')
    assert it.said() == [("cli", "exit", 3)]


def test_a_run_of_which_nobody_knows_the_end_has_no_exit() -> None:
    it = Recording()
    it.recorder.sending(b'{"type":"user"}\n')
    it.recorder.exited(None)
    assert it.said() == [("host", "frame", {"type": "user"})]


# Functions of the user


def test_before_record_may_change_an_entry_and_leave_it_out() -> None:
    def change(entry: Entry) -> Entry | None:
        if entry.kind == "stderr":
            return None
        if entry.kind == "frame":
            return Entry(entry.source, "frame", {**entry.value, "seen": True}, at=entry.at)
        return entry

    it = Recording([change])
    it.recorder.received(b'{"type":"a"}\n')
    it.recorder.stderr("left out")
    assert it.said() == [("cli", "frame", {"type": "a", "seen": True})]


def test_before_record_functions_follow_one_another_and_end_with_none() -> None:
    seen: list[str] = []

    def first(entry: Entry) -> Entry | None:
        seen.append(f"first {entry.value}")
        return None if entry.value == "drop" else Entry(entry.source, entry.kind, f"{entry.value}!", at=entry.at)

    def second(entry: Entry) -> Entry:
        seen.append(f"second {entry.value}")
        return entry

    it = Recording([first, second], spawned=False)
    it.recorder.stderr("drop")
    it.recorder.stderr("keep")
    assert seen == ["first drop", "first keep", "second keep!"]
    assert it.said() == [("cli", "stderr", "keep!")]


def test_what_before_record_returns_is_scrubbed() -> None:
    secret = "sk-ant-api03-" + "a1B2c3D4" * 11 + "-abcdefAA"

    def add(entry: Entry) -> Entry:
        return Entry(entry.source, entry.kind, f"{entry.value} {secret}", at=entry.at)

    it = Recording([add], spawned=False)
    it.recorder.stderr("the key is")
    ((_, _, text),) = it.said()
    assert text.startswith("the key is sk-ant-api03-")
    assert secret not in text


def test_times_count_from_the_spawn_however_long_it_took_to_prepare() -> None:
    it = Recording(spawned=False)
    it.now += 0.021
    it.recorder.spawn(Command(("claude",), cwd="/project"))
    it.now += 0.5
    it.recorder.received(b"{}\n")
    assert [entry.at for entry in it.entries()] == [0, 500]
