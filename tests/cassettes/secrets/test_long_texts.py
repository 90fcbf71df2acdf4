"""Long texts are searched in a time that grows as they do, whatever they repeat."""

from __future__ import annotations

import json
import time

import pytest

from claude_code_sdk.cassettes.secrets import Scrubber, residues

from .placements import lines, prompt

LIMIT = 5.0  # seconds of CPU; each takes a tenth of one, and what grew with the square took minutes


def seconds(text: str) -> float:
    """What scrubbing a prompt takes."""
    data = lines(prompt(text))
    began = time.thread_time()
    scrubber = Scrubber(environment={})
    scrubbed = scrubber.lines(data) + scrubber.flush()
    took = time.thread_time() - began
    assert b"hunter22x" not in scrubbed
    return took


@pytest.mark.parametrize(
    "unit", ["-", ".", "_", "a", "a_", "a-", "a.", "-a", "--a-", "x-a-", "A1", "_key", " ", "=", "/"]
)
def test_a_text_that_repeats_itself_takes_no_longer_than_others(unit: str) -> None:
    """Whoever prints a line of dashes, or a file without a space in it, beside the name of a secret."""
    text = (unit * 20_000)[:20_000]
    assert seconds(f'https://example.com {text} password="hunter22x" --api-key hunter22x') < LIMIT


def test_a_text_full_of_secrets_takes_no_longer_for_each() -> None:
    people = ", ".join(f"person{number}@company{number}.com" for number in range(20_000))
    assert seconds(f'{people} password="hunter22x"') < LIMIT


def test_nor_does_looking_for_them_again() -> None:
    people = ", ".join(f"person{number}@company{number}.com" for number in range(20_000))
    began = time.thread_time()
    found = residues(lines(prompt(people)))
    assert time.thread_time() - began < LIMIT
    assert [(one.line, one.where, one.rule) for one in found] == [(1, "frame.message.content", "email")]


def test_each_of_several_findings_in_a_line_has_its_place() -> None:
    frame = {
        "a": "é ann@company.com",
        "b": [1, {"c": "bob@company.com", "eve@company.com": "x"}],
        "d": "ü joe@company.com",
    }
    line = json.dumps({"at": 1, "from": "cli", "frame": frame}, ensure_ascii=False, separators=(",", ":")).encode()
    found = residues(b'{"at":0,"from":"cli","noise":"ok"}\n' + line + b"\n")
    assert [(one.line, one.where) for one in found] == [
        (2, "frame.a"),
        (2, "frame.b[1].c"),
        (2, "(a name in frame.b[1])"),
        (2, "frame.d"),
    ]
