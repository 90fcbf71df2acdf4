"""The command: its exit status, and a whole run on a recording."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from . import __main__ as command
from . import figures, page
from .case import Outcome
from .test_figures import outcome


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A shared folder with one scenario, whose outcome each test makes up."""
    for path in ("harness/difftrace.py", "scenarios/one.py", "wire/one/wire.jsonl"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("")
    return tmp_path


def status(monkeypatch: pytest.MonkeyPatch, folder: Path, found: Outcome, *more: str) -> int:
    monkeypatch.setattr(command, "measure", lambda *_: [found])
    monkeypatch.setattr(figures, "SCENARIOS", 1)
    paths = ["--shared", str(folder), "--scenarios", str(folder), "--page", str(folder / "page.md")]
    monkeypatch.setattr(sys, "argv", ["fidelity", *paths, *more])
    return command.main()


def test_figures_on_their_bars_give_exit_status_0(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    assert status(monkeypatch, folder, outcome()) == 0


def test_a_missed_bar_gives_exit_status_1_and_is_told(
    monkeypatch: pytest.MonkeyPatch, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(monkeypatch, folder, outcome(deep=0.5)) == 1
    assert "fidelity: shared, subprocess: deep is 0.5, less than 0.92" in capsys.readouterr().out


def test_a_figure_below_the_page_gives_exit_status_1(
    monkeypatch: pytest.MonkeyPatch, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page.write({"shared": [outcome()]}, None, "2.1.330", folder / "page.md")
    assert status(monkeypatch, folder, outcome(deep=0.95)) == 1
    assert "deep fell from 1.0 to 0.95" in capsys.readouterr().out


def test_a_run_of_some_scenarios_is_not_judged(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    assert status(monkeypatch, folder, outcome(deep=0.5), "--only", "one") == 0


def test_a_name_that_does_not_exist_gives_exit_status_2(
    monkeypatch: pytest.MonkeyPatch, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(monkeypatch, folder, outcome(), "--only", "another") == 2
    assert "no scenario of that name" in capsys.readouterr().err


def test_a_part_of_the_figures_is_not_written(
    monkeypatch: pytest.MonkeyPatch, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        status(monkeypatch, folder, outcome(), "--write")
    assert "--write writes the whole page" in capsys.readouterr().err
    assert not (folder / "page.md").exists()


def run(*arguments: str) -> str:
    command_line = [sys.executable, "-m", "tests.fidelity", *arguments]
    done = subprocess.run(command_line, capture_output=True, text=True, cwd=command.ROOT, timeout=50, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_recording_played_back_agrees_with_itself(shared: Path, tmp_path: Path) -> None:
    legs = ["--leg", "subprocess", "--leg", "in_process"]
    names = ["--only", "oneshot_query,resume_by_id"]
    said = run("--shared", str(shared), "--engine", "cassette", *legs, *names, "--keep", str(tmp_path))
    assert "| subprocess | 2 | 2 | 1.0000 | 1.0000 | 1.0000 | 1.0000 | 2 |" in said
    assert "| in process | 2 | 2 | 1.0000 | 1.0000 | 1.0000 | 1.0000 | 2 |" in said
    kept = sorted(path.name for path in (tmp_path / "shared" / "subprocess" / "resume_by_id").iterdir())
    assert kept == ["observed.json", "wire.2.jsonl", "wire.jsonl"]


def test_a_case_that_cannot_run_is_reported_with_its_reason(shared: Path, tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "broken.py").write_text("raise RuntimeError('out of order')\n")
    (tmp_path / "wire" / "broken").mkdir(parents=True)
    said = run("--shared", str(shared), "--scenarios", str(tmp_path), "--only", "broken", "--leg", "subprocess")
    assert "observed=None RuntimeError: out of order" in said
