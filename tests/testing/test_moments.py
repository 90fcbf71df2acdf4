"""The moment of sessions in other processes, told through files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from claude_code_sdk.testing import Script
from claude_code_sdk.testing.moments import SCRIPTS_BEGIN, MomentFile, Moments, beginning, new_files

from .test_fake_claude import FAKE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")

DIES = """
import os, sys
from claude_code_sdk.testing.moments import MomentFile
MomentFile(sys.argv[1]).tell(9000, over=False)
os.kill(os.getpid(), 9)
"""


def followed(folder: Path, moments: Moments, known: set[str]) -> int | None:
    for session in new_files(str(folder), known):
        moments.follow(0, session)
    return moments.now()


def test_the_latest_moment_of_those_that_are_open_counts(tmp_path: Path) -> None:
    moments, known = Moments(), set[str]()
    assert followed(tmp_path / "none", moments, known) is None
    one, two = MomentFile(str(tmp_path)), MomentFile(str(tmp_path))
    one.tell(1000, over=False)
    two.tell(5000, over=False)
    assert followed(tmp_path, moments, known) == 5000
    two.tell(5500, over=True)
    assert followed(tmp_path, moments, known) == 1000
    one.tell(2000, over=True)
    assert followed(tmp_path, moments, known) == 5500
    three = MomentFile(str(tmp_path))
    three.tell(100, over=False)
    assert followed(tmp_path, moments, known) == 100


def test_a_process_that_was_killed_is_over(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", DIES, str(tmp_path)], check=False)
    assert done.returncode == -9
    (session,) = new_files(str(tmp_path), set())
    assert (session.over, session.at) == (True, 9000)


def test_a_directory_that_cannot_be_made_is_a_wrong_setting(tmp_path: Path) -> None:
    (tmp_path / "moments").touch()
    script = tmp_path / "script.json"
    script.write_text(json.dumps(Script().says("Hello").to_json()))
    env = {"FAKE_CLAUDE_SCRIPT": str(script), "FAKE_CLAUDE_CLOCK": str(tmp_path / "moments")}
    done = subprocess.run([*FAKE, "-p", "hi"], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 64
    assert done.stderr == f"fake-claude: FAKE_CLAUDE_CLOCK={str(tmp_path / 'moments')!r}: File exists\n"


@pytest.mark.parametrize(
    ("recorded", "moment"),
    [
        ("2026-01-01T00:00:01.500Z", SCRIPTS_BEGIN + 1500),
        ("2026-01-01T01:00:00+01:00", SCRIPTS_BEGIN),
        ("2026-01-01T00:00:02", SCRIPTS_BEGIN + 2000),
        ("yesterday", SCRIPTS_BEGIN),
        (None, SCRIPTS_BEGIN),
        (7, SCRIPTS_BEGIN),
    ],
)
def test_a_recording_begins_at_the_date_of_its_header_or_where_scripts_do(recorded: object, moment: int) -> None:
    assert beginning({"recorded": recorded}) == moment


def test_a_header_without_a_date_is_one_too() -> None:
    assert beginning({}) == SCRIPTS_BEGIN
