"""Command lines: what is equal, and how a difference is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_code_sdk.cassettes.argv import Arguments, argv_differences
from claude_code_sdk.cassettes.difference import MISSING
from claude_code_sdk.protocol.command import FILE_TOKEN


def differing(recorded: list[str], live: list[str], **of_live: Any) -> list[Any]:
    return argv_differences(Arguments(["claude", *recorded]), Arguments(["/bin/other", *live], **of_live))


@pytest.mark.parametrize(
    ("recorded", "live"),
    [
        (["--verbose", "--model", "opus"], ["--model", "opus", "--verbose"]),
        (["--resume", "abc"], ["--resume=abc"]),
        (["--setting-sources="], ["--setting-sources", ""]),
        (["-p", "--", "hi"], ["--print", "--", "hi"]),
        (["--allowedTools", "Read,Bash"], ["--allowed-tools", "Read,Bash"]),
        (["--add-dir", "/a", "--add-dir", "/b"], ["--add-dir", "/b", "--add-dir", "/a"]),
        (["--settings", '{"a": 1, "b": [2]}'], ["--settings", '{"b":[2],"a":1}']),
        (["--json-schema", '{"a":null}'], ["--json-schema", "{}"]),
        (["--system-prompt", "- be terse"], ["--system-prompt", "- be terse"]),
        (["--system-prompt", "{not json"], ["--system-prompt", "{not json"]),
        (["--debug-to-stderr", "prompt"], ["prompt", "--debug-to-stderr"]),
        (["--new-flag", "value"], ["--new-flag=value"]),
    ],
)
def test_the_same_meaning_is_no_difference(recorded: list[str], live: list[str]) -> None:
    assert differing(recorded, live) == []
    assert differing(live, recorded) == []


@pytest.mark.parametrize(
    ("recorded", "live", "found"),
    [
        (["--model", "a"], ["--model", "b"], [("--model", "a", "b")]),
        (["--verbose"], [], [("--verbose", True, MISSING)]),
        ([], ["--max-turns", "3"], [("--max-turns", MISSING, "3")]),
        (["--add-dir", "/a"], ["--add-dir", "/a", "--add-dir", "/b"], [("--add-dir", MISSING, "/b")]),
        (["--add-dir", "/a", "--add-dir", "/b"], ["--add-dir", "/b"], [("--add-dir", "/a", MISSING)]),
        ([], ["--plugin-dir", "/a", "--plugin-dir", "/b"], [("--plugin-dir", MISSING, ["/a", "/b"])]),
        (["--settings", '{"a":{"b":1}}'], ["--settings", '{"a":{"b":2}}'], [("--settings.a.b", 1, 2)]),
        (["--print", "--", "hi"], ["--print", "--", "ho"], [("arguments", "hi", "ho")]),
        (["--continue"], ["--continue", "--fork-session"], [("--fork-session", MISSING, True)]),
        (["--system-prompt", ""], ["--system-prompt", "x"], [("--system-prompt", "", "x")]),
    ],
)
def test_a_difference_is_named_by_its_flag(recorded: list[str], live: list[str], found: list[Any]) -> None:
    assert differing(recorded, live) == found


def test_a_value_in_a_file_of_the_command_is_compared_by_content() -> None:
    files = {"mcp": b'{"mcpServers": {}}', "prompt": b"Be terse."}
    live = ["--mcp-config", FILE_TOKEN + "mcp", "--system-prompt-file", FILE_TOKEN + "prompt"]
    recorded = ["--mcp-config", '{"mcpServers":{}}', "--system-prompt", "Be terse."]
    assert differing(recorded, live, files=files) == []
    assert differing([*recorded[:3], "Be wordy."], live, files=files) == [("--system-prompt", "Be wordy.", "Be terse.")]


def test_a_value_in_a_file_on_disk_is_compared_by_content(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"a": 1}')
    recorded = ["--settings", '{"a":1}']
    assert differing(recorded, ["--settings", str(tmp_path / "settings.json")]) == []
    assert differing(recorded, ["--settings", "settings.json"], cwd=str(tmp_path)) == []


def test_a_recorded_path_is_compared_with_a_path_by_name(tmp_path: Path) -> None:
    (tmp_path / "prompt.txt").write_text("Be terse.")
    flag = "--system-prompt-file"
    assert differing([flag, "prompt.txt"], [flag, "prompt.txt"], cwd=str(tmp_path)) == []
    assert differing([flag, "other.txt"], [flag, "prompt.txt"]) == [("--system-prompt", "other.txt", "prompt.txt")]


def test_a_file_that_cannot_be_read_differs_from_what_was_recorded() -> None:
    found = differing(["--settings", '{"a":1}'], ["--settings", "/nowhere/settings.json"])
    assert found == [("--settings", '{"a":1}', "/nowhere/settings.json")]


def test_texts_may_be_declared_the_same() -> None:
    recorded, live = Arguments(["claude", "--resume=one"]), Arguments(["claude", "--resume=two"])
    assert argv_differences(recorded, live, lambda one, other: {one, other} == {"one", "two"}) == []


words = st.text(st.characters(exclude_characters="=\0", codec="utf-8"), max_size=6)
flags = st.one_of(
    st.just(["--verbose"]),
    st.just(["--continue"]),
    st.builds(lambda value: ["--model", value], words),
    st.builds(lambda value: ["--add-dir", value], words),
    st.builds(lambda value: [f"--resume={value}"], words),
)


@given(st.lists(flags, max_size=6).flatmap(lambda chosen: st.tuples(st.just(chosen), st.permutations(chosen))))
def test_the_order_of_flags_never_matters(pair: tuple[list[list[str]], list[list[str]]]) -> None:
    one, other = ([item for flag in flags_of for item in flag] for flags_of in pair)
    assert differing(one, other) == []


@given(st.lists(st.text(st.characters(exclude_characters="\0"), max_size=8), max_size=8))
def test_any_command_line_equals_itself(argv: list[str]) -> None:
    assert differing(argv, argv) == []
