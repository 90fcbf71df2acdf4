"""Damaged cassettes, made at random: told with their line, or another story; never a hang, never a shorter session.

The holes that were found this way have tests of their own in test_damage_holes.py.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from claude_code_sdk.cassettes.jsonl import loads
from claude_code_sdk.cassettes.mismatch import CassetteMismatch, UnplayedEpisode
from claude_code_sdk.cassettes.transport import CassetteTransport
from claude_code_sdk.errors import CassetteError, ClaudeSDKError

from .damage import (
    ONE_SHOT_FLAGS,
    ONE_SHOT_SAID,
    PATH,
    WHOLE,
    WHOLE_ONE_SHOT,
    damaged,
    damaged_lines,
    run,
    told,
    truncated,
    without_last_lines,
)

BACKENDS = pytest.mark.parametrize("backend", ["asyncio", "trio"])


def line_of(told: str, path: str = PATH) -> int:
    """The line that the text of an error names."""
    place = re.match(rf"{re.escape(path)}:(\d+):(\d+): ", told)
    assert place is not None, f"no file, line and column: {told}"
    assert int(place[2]) >= 1
    return int(place[1])


@settings(max_examples=1000, deadline=None)
@given(damaged())
def test_a_damaged_file_is_told_at_a_damaged_line_and_any_other_is_read(data: bytes) -> None:
    expected = damaged_lines(data)
    error: CassetteError | None = None
    try:
        loads(data, path=PATH).validate()
    except CassetteError as caught:
        error = caught
    assert (error is not None) == bool(expected)
    assert error is None or line_of(str(error)) in expected


@BACKENDS
@settings(max_examples=300, deadline=None)
@given(damaged(), st.sampled_from(["verify", "stub", "ignore"]))
def test_a_program_replays_what_is_written_or_is_told(backend: str, data: bytes, answers: str) -> None:
    expected = damaged_lines(data)
    seen, error = replayed(backend, data, answers)
    if isinstance(error, CassetteError):
        assert line_of(str(error)) in expected
    elif error is None:
        assert not expected
        assert is_written(seen, data)
    else:
        assert isinstance(error, (CassetteMismatch, UnplayedEpisode, ClaudeSDKError)), repr(error)


@BACKENDS
@settings(max_examples=100, deadline=None)
@given(st.one_of(truncated(WHOLE), without_last_lines(WHOLE)))
def test_a_cassette_that_was_cut_is_never_green(backend: str, data: bytes) -> None:
    assume(data.rstrip() != WHOLE.rstrip())
    _, error = replayed(backend, data)
    assert isinstance(error, (CassetteError, CassetteMismatch, UnplayedEpisode, ClaudeSDKError)), repr(error)


def replayed(backend: str, data: bytes, answers: str = "verify") -> tuple[list[Any], Exception | None]:
    """What a program is told by the cassette, and the error that it, or else the test around it, ends in."""
    seen: list[Any] = []
    try:
        transport = CassetteTransport(loads(data, path=PATH), answers=answers, patience=0.02)
        try:
            run(backend, transport, seen)
        finally:
            transport.check()
    except Exception as error:
        return seen, error
    return seen, None


def is_written(seen: list[Any], data: bytes) -> bool:
    """Whether a program that played every episode was told what the file says; the client stops after two results."""
    episodes: list[list[bytes]] = []
    for line in data.splitlines()[1:]:
        if "spawn" in json.loads(line):
            episodes.append([])
        episodes[-1].append(line)
    session, one_shot = sorted(episodes, key=lambda lines: b"--permission-prompt-tool" not in lines[0])
    rest = told(one_shot)
    heard = seen[: len(seen) - len(rest)]
    return heard == told(session)[: len(heard)] and seen[len(heard) :] == rest


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")
@settings(max_examples=25, deadline=None)
@given(damaged(WHOLE_ONE_SHOT))
def test_a_fake_plays_what_is_written_or_tells_the_damage(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("damaged") / "it.jsonl"
    path.write_bytes(data)
    expected = damaged_lines(data)
    done = fake(path)
    said = done.stderr.decode("utf-8", "replace")
    kind, _, text = said.removeprefix("fake-claude: ").partition(": ")
    if done.returncode == 70 and said.startswith("fake-claude: "):
        assert kind in ("CassetteError", "CassetteMismatch", "UnplayedEpisode"), said
        assert kind != "CassetteError" or line_of(text, str(path)) in expected
    else:
        assert not expected, said
        assert "Traceback" not in said
        assert "exit" in json.loads(data.splitlines()[-1]), "a shorter session that ended well"


def fake(path: Path) -> subprocess.CompletedProcess[bytes]:
    """A run of the one-shot episode by a host that is done at once."""
    command = [sys.executable, "-m", "claude_code_sdk.testing.fake_claude", *ONE_SHOT_FLAGS]
    env = {**os.environ, "FAKE_CLAUDE_CASSETTE": str(path), "FAKE_CLAUDE_PATIENCE": "0.1"}
    return subprocess.run(command, input=ONE_SHOT_SAID, capture_output=True, timeout=30, env=env, check=False)
