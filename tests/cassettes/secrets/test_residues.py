"""What is found just before a write: every secret, its line and its place, and no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from claude_code_sdk.cassettes.secrets import ResidueSearch, refuse_residues, residues
from claude_code_sdk.errors import CassetteError

from .placements import deltas, dict_key, lines, prompt, tool_output
from .vectors import VECTORS

KEY = next(vector.kept + vector.secret for vector in VECTORS if vector.rule == "anthropic-key")
ROOT = Path(__file__).parents[3]
CLEAN = sorted(
    path
    for folder in ("cassettes", "docs/examples", "tests/seed/cassettes", "tests/cassettes/data/twice")
    for path in (ROOT / folder).rglob("*.jsonl")
)


@pytest.mark.parametrize("path", CLEAN, ids=lambda path: path.name)
def test_nothing_is_found_in_a_clean_recording(path: Path) -> None:
    assert residues(path.read_bytes()) == []


def test_a_place_is_named_by_its_path() -> None:
    found = residues(lines([*prompt("none"), *tool_output(KEY)]))
    assert [str(finding) for finding in found] == [
        "line 2: frame.message.content[0].content: anthropic-key",
        "line 2: frame.tool_use_result.stdout: anthropic-key",
    ]


def test_a_name_of_a_member_is_no_path_that_could_hold_the_secret() -> None:
    (finding,) = residues(lines(dict_key(KEY)))
    assert finding.where == "(a name in frame.message.content[0].input)"


def test_a_secret_over_deltas_is_found_where_it_begins_also_when_the_lines_come_one_by_one() -> None:
    content = lines(deltas(KEY))
    (first, *_) = residues(content)
    search = ResidueSearch()
    found = [finding for line in content.splitlines(keepends=True) for finding in search.feed(line)] + search.end()
    assert str(first) == str(found[0])
    assert first.where == "frame.event.delta.text"


def test_a_write_with_a_residue_is_refused_and_the_error_does_not_show_it() -> None:
    with pytest.raises(CassetteError) as caught:
        refuse_residues(lines(prompt(KEY)), "a.jsonl")
    assert str(caught.value) == (
        "a.jsonl: not written, for a secret would stand in it:\n"
        "  a.jsonl:1: frame.message.content: anthropic-key\n"
        "  take it out with a rule of your own (rules=, under pytest claude_rules) or a function (before_record=)"
    )
    refuse_residues(lines(prompt("nothing")), "a.jsonl")
