"""The JSON Schema of a cassette's lines agrees with what we write and what we refuse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from claude_code_sdk.cassettes.jsonl import loads
from claude_code_sdk.errors import CassetteError

ROOT = Path(__file__).parents[2]
SCHEMA = Draft202012Validator(json.loads((ROOT / "docs" / "reference" / "cassette.schema.json").read_text()))
CASSETTES = sorted(
    path
    for folder in ("cassettes", "docs/examples", "tests/seed")
    for path in (ROOT / folder).rglob("*.jsonl")
    if "cassettes" in path.parts
)
SPAWN: dict[str, Any] = {"at": 0, "from": "host", "spawn": {"argv": ["claude"], "cwd": None, "env": {}}}


def load_line(line: dict[str, Any]) -> None:
    """Read a cassette in which `line` is an entry, or the header."""
    lines = [line] if "cassette" in line else [{"cassette": 1}, *([] if "spawn" in line else [SPAWN]), line]
    loads("".join(f"{json.dumps(each)}\n" for each in lines).encode())


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA.schema)


@pytest.mark.parametrize("path", CASSETTES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_line_of_our_cassettes_is_valid(path: Path) -> None:
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]
    assert len(lines) > 1
    assert [str(error) for line in lines for error in SCHEMA.iter_errors(line)] == []


def test_there_are_cassettes() -> None:
    assert len(CASSETTES) > 20


VALID: list[dict[str, Any]] = [
    {"cassette": 1},
    {"cassette": 1, "sdk": None, "cli": "2.1.330", "redacted": {"anthropic": 2}, "more": []},
    SPAWN,
    {"at": 0, "from": "host", "spawn": {"argv": ["claude"], "files": {"a.json": "{}"}}},
    {"at": 1, "from": "host", "frame": {}},
    {"at": 1, "from": "cli", "torn": True, "frame": {"type": "x"}},
    {"at": 1, "from": "cli", "noise": "x"},
    {"at": 1, "from": "cli", "stderr": ""},
    {"at": 1, "from": "host", "eof": True},
    {"at": 1, "from": "host", "signal": "SIGINT"},
    {"at": 1, "from": "cli", "exit": -15},
]

DAMAGED: list[dict[str, Any]] = [
    {},
    {"cassette": 2},
    {"cassette": "1"},
    {"at": 1, "from": "cli"},
    {"from": "cli", "frame": {}},
    {"at": -1, "from": "cli", "frame": {}},
    {"at": 1.5, "from": "cli", "frame": {}},
    {"at": "1", "from": "cli", "frame": {}},
    {"at": 1, "from": "sdk", "frame": {}},
    {"at": 1, "frame": {}},
    {"at": 1, "from": "cli", "frame": []},
    {"at": 1, "from": "cli", "frame": {}, "noise": "x"},
    {"at": 1, "from": "cli", "frame": {}, "inventory": 7},
    {"at": 1, "from": "cli", "frame": {}, "inventory": "../x.json"},
    {"at": 1, "from": "host", "stderr": "x"},
    {"at": 1, "from": "cli", "stderr": 7},
    {"at": 1, "from": "host", "eof": False},
    {"at": 1, "from": "cli", "eof": True},
    {"at": 1, "from": "cli", "signal": "SIGINT"},
    {"at": 1, "from": "cli", "exit": "0"},
    {"at": 1, "from": "cli", "exit": -65},
    {"at": 1, "from": "cli", "spawn": {"argv": ["claude"]}},
    {"at": 1, "from": "host", "spawn": {"argv": []}},
    {"at": 1, "from": "host", "spawn": {"argv": [1]}},
    {"at": 1, "from": "host", "spawn": {"argv": ["claude"], "env": {"A": 1}}},
    {"at": 1, "from": "host", "spawn": {"argv": ["claude"], "files": []}},
]


@pytest.mark.parametrize("line", VALID, ids=json.dumps)
def test_what_is_valid_can_be_read(line: dict[str, Any]) -> None:
    SCHEMA.validate(line)
    load_line(line)


@pytest.mark.parametrize("line", DAMAGED, ids=json.dumps)
def test_what_is_not_valid_cannot_be_read(line: dict[str, Any]) -> None:
    assert not SCHEMA.is_valid(line)
    with pytest.raises(CassetteError):
        load_line(line)
