"""The scrubber entry by entry: what it holds back, what it gives out, and in what order."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claude_code_sdk.cassettes.cassette import CLI, HOST, Entry
from claude_code_sdk.cassettes.entry_line import decode_line
from claude_code_sdk.cassettes.secrets import Rule, Scrubber, residues

from .placements import PLACEMENTS, SESSION, decodings, delta, lines, prompt, scrub, stop, stream_event
from .vectors import VECTORS, Vector

KEY = next(vector for vector in VECTORS if vector.rule == "anthropic-key")
SECRET = KEY.kept + KEY.secret
PRIVATE_KEY = next(vector for vector in VECTORS if vector.rule == "private-key")


def texts_of(entries: Sequence[Entry]) -> str:
    return "".join(entry.value["event"]["delta"]["text"] for entry in entries if "delta" in entry.value["event"])


def test_a_frame_without_a_secret_is_given_out_at_once_and_is_the_same_object() -> None:
    entry = Entry(CLI, "frame", data=b'{"type": "assistant",  "n": 1.10, "t": "caf\\u00e9"}')
    assert Scrubber().entry(entry) == [entry]


def test_a_frame_with_a_secret_changes_nowhere_else() -> None:
    data = b'{"type": "user",  "n": 1.10e2, "t": "caf\\u00e9 \\/ %s \\ud83d\\ude00", "d": "\xc3\xa9"}' % SECRET.encode()
    (written,) = Scrubber().entry(Entry(CLI, "frame", data=data))
    before, after = data.split(SECRET.encode())
    assert written.frame_bytes.startswith(before)
    assert written.frame_bytes.endswith(after)
    assert SECRET.encode() not in written.frame_bytes


def test_deltas_are_held_until_their_block_ends_and_what_comes_between_with_them() -> None:
    scrubber = Scrubber()
    between = Entry(CLI, "frame", {"type": "system", "subtype": "status"})
    assert scrubber.entry(delta("one ")) == []
    assert scrubber.entry(between) == []
    assert scrubber.entry(delta("two")) == []
    assert scrubber.held > 0
    written = scrubber.entry(stop())
    assert [entry.value["type"] for entry in written] == ["stream_event", "system", "stream_event", "stream_event"]
    assert scrubber.held == 0


def test_a_key_over_many_deltas_is_replaced_over_as_many() -> None:
    pieces = [SECRET[i : i + 5] for i in range(0, len(SECRET), 5)]
    written = scrub([*map(delta, ["see ", *pieces, " there"]), stop()])
    assert len(written) == len(pieces) + 3
    text = texts_of(written)
    assert text.startswith(f"see {KEY.kept}REDACTED1x")
    assert text.endswith("x there")
    assert len(text) == len(f"see {SECRET} there")


@pytest.mark.parametrize(
    "end",
    [
        stream_event({"type": "message_stop"}),
        Entry(CLI, "frame", {"type": "result", "subtype": "error_during_execution"}),
    ],
    ids=["message", "turn"],
)
def test_a_block_that_was_interrupted_ends_with_its(end: Entry) -> None:
    scrubber = Scrubber()
    scrubber.entry(delta("to be "))
    assert len(scrubber.entry(end)) == 2


def test_blocks_of_several_agents_are_told_apart() -> None:
    def of(agent: str, text: str) -> Entry:
        entry = delta(text)
        return Entry(CLI, "frame", {**entry.value, "parent_tool_use_id": agent})

    half = len(SECRET) // 2
    one, other = SECRET[:half], SECRET[half:]
    written = scrub([of("a", one), of("b", "some words "), of("a", other), of("b", "and more"), stop()])
    assert texts_of(written[:4:2]).startswith(f"{KEY.kept}REDACTED1")
    assert texts_of(written[1:4:2]) == "some words and more"


def test_deltas_that_somebody_wrote_by_hand_are_put_together_too() -> None:
    def by_hand(text: str) -> Entry:
        frame = json.dumps(
            {
                "session_id": SESSION,
                "event": {"delta": {"text": text, "type": "text_delta"}, "index": 0, "type": "content_block_delta"},
                "type": "stream_event",
            }
        )
        return Entry(CLI, "frame", data=frame.encode())

    half = len(SECRET) // 2
    written = scrub([by_hand(SECRET[:half]), by_hand(SECRET[half:])])
    assert texts_of(written).startswith(f"{KEY.kept}REDACTED1x")


def test_no_more_than_64_kib_are_held_and_a_key_on_the_edge_is_seen_whole() -> None:
    scrubber = Scrubber()
    words = [f"word{n} " for n in range(2000)]
    for place in range(100, 2000, 150):
        words[place] = SECRET[:60]
        words[place + 1] = SECRET[60:] + " "
    written: list[Entry] = []
    for word in words:
        written += scrubber.entry(delta(word))
        assert scrubber.held <= 2 * 64 * 1024
    assert written
    written += scrubber.finish()
    assert len(written) == len(words)
    assert KEY.secret[:40] not in texts_of(written)
    assert KEY.secret[-30:] not in texts_of(written)
    assert texts_of(written).count("REDACTED1x") == 13


def test_a_private_key_on_stderr_is_held_until_its_last_line() -> None:
    scrubber = Scrubber()
    said = PRIVATE_KEY.text.rstrip("\n").split("\n")
    for line in said[:-1]:
        assert scrubber.entry(Entry(CLI, "stderr", line)) == []
    written = scrubber.entry(Entry(CLI, "stderr", said[-1]))
    assert [entry.value for entry in written] == [said[0], "REDACTED1", *[""] * (len(said) - 3), said[-1]]


def test_an_unfinished_stream_is_given_out_at_the_end() -> None:
    scrubber = Scrubber()
    scrubber.entry(delta("half a "))
    assert [texts_of([entry]) for entry in scrubber.finish()] == ["half a "]
    assert scrubber.finish() == []


def test_it_counts_the_different_secrets_by_rule() -> None:
    scrubber = Scrubber()
    scrub([*prompt(f"{SECRET} and {SECRET}"), *prompt("from anna.blume@kunsthalle-basel.ch")], scrubber)
    assert scrubber.redacted == {"anthropic-key": 1, "email": 1}


def test_a_rule_of_the_users_own_goes_before_ours() -> None:
    rule = Rule("ticket", r"TICKET-(?P<secret>[0-9]{6})", literals=["ticket-"])
    (entry,) = scrub(prompt("see TICKET-123456"), Scrubber([rule]))
    assert "TICKET-REDACTED1" in entry.value["message"]["content"]


def test_a_rule_without_literals_is_tried_on_everything() -> None:
    rule = Rule("number", r"\b[0-9]{9}\b")
    (entry,) = scrub(prompt("call 123456789"), Scrubber([rule]))
    assert "123456789" not in entry.value["message"]["content"]


def test_the_name_of_the_user_goes_from_paths_and_stays_in_prose() -> None:
    scrubber = Scrubber(environment={"HOME": "/srv/people/grace", "USER": "grace"})
    assert scrubber.text("/srv/people/grace/x ~grace/y, with grace") == (
        "/srv/people/redacted1/x ~redacted1/y, with grace"
    )


def test_lines_give_the_same_as_entries_one_by_one() -> None:
    entries = [entry for place in PLACEMENTS.values() for entry in place(KEY.text)]
    whole = Scrubber()
    assert whole.lines(lines(entries)) + whole.flush() == lines(scrub(entries))


secrets = st.sampled_from([v for v in VECTORS if "\n" not in v.text])
prose = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30).map(lambda text: f"{text} ")


@settings(max_examples=150, deadline=None)
@given(vector=secrets, before=prose, after=prose, data=st.data())
def test_however_deltas_and_reads_are_cut_no_secret_is_left(
    vector: Vector, before: str, after: str, data: st.DataObject
) -> None:
    text = f"{before}\n{vector.text}\n{after}"
    cuts = sorted(data.draw(st.sets(st.integers(1, len(text) - 1), max_size=40)))
    parts = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    entries = [*map(delta, parts), stop()]
    whole = lines(entries).splitlines(keepends=True)
    scrubber = Scrubber()
    written = b""
    while whole:
        size = data.draw(st.integers(1, len(whole)))
        written += scrubber.lines(b"".join(whole[:size]))
        del whole[:size]
    written += scrubber.flush()
    assert vector.secret not in decodings(written)
    assert len(written.splitlines()) == len(entries)
    assert residues(written) == []
    again = Scrubber()
    assert again.lines(written) + again.flush() == written


@settings(max_examples=150, deadline=None)
@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text() | secrets.map(lambda vector: vector.text),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
        max_leaves=12,
    ),
    ascii_only=st.booleans(),
)
def test_whatever_a_frame_holds_it_stays_json_and_a_second_time_changes_nothing(
    value: object, ascii_only: bool
) -> None:
    text = json.dumps({"type": "user", "value": value}, ensure_ascii=ascii_only)
    data = text.encode("utf-8", "backslashreplace")
    written = lines(scrub([Entry(HOST, "frame", data=data)]))
    frame = json.loads(written)["frame"]
    assert frame.keys() == {"type", "value"}
    assert residues(written) == []
    line = written[:-1]
    assert lines(scrub([decode_line(line, 0, len(line), 1, "again")])) == written
