"""`claude-cassette` and `use_cassette` on damaged files: an answer and an exit code, never a traceback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claude_code_sdk import query
from claude_code_sdk.cassettes.mismatch import CassetteMismatch, UnplayedEpisode
from claude_code_sdk.cassettes.use_cassette import use_cassette
from claude_code_sdk.errors import CassetteError, ClaudeSDKError

from .cli.commands import run
from .damage import WHOLE_ONE_SHOT, damaged, damaged_lines


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("damaged") / "it.jsonl"


COMMANDS = [[name, *flags] for name in ("check", "show", "stats", "scan") for flags in ([], ["--json"])] + [
    ["show", "--raw"]
]


@settings(max_examples=300, deadline=None)
@given(damaged(), st.sampled_from(COMMANDS))
def test_a_command_answers_whatever_is_in_the_file(path: Path, data: bytes, words: list[str]) -> None:
    path.write_bytes(data)
    result = run(*words, path)
    assert result.exit_code in (0, 1)
    if damaged_lines(data):
        assert result.exit_code == 1 or words[0] != "check"
        assert result.exit_code == 0 or str(path) in result.output


@settings(max_examples=100, deadline=None)
@given(damaged(WHOLE_ONE_SHOT), st.sampled_from(["none", "once", "new_episodes"]))
def test_a_program_under_use_cassette_is_told_of_damage_in_every_mode(path: Path, data: bytes, mode: Any) -> None:
    """Damage is never taken for a cassette that is not there: nothing is recorded over it."""
    path.write_bytes(data)
    if not damaged_lines(data):
        return
    with pytest.raises((CassetteError, CassetteMismatch, UnplayedEpisode, ClaudeSDKError)):
        anyio.run(ask_once, path, mode)
    assert path.read_bytes() == data


async def ask_once(path: Path, mode: Any) -> None:
    with anyio.fail_after(10), use_cassette(path, record_mode=mode, patience=0.02):
        async for _ in query(prompt="go"):
            pass
