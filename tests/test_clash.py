"""Installed over, or under, the old distribution that has the same import name."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import claude_code_sdk
from claude_code_sdk.cassettes.cli import main

CURE = "What to do: pip uninstall claude-code-sdk, then pip install --force-reinstall --no-deps claude-code-sdk-harness"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder of installed packages with ours in it."""
    source = Path(claude_code_sdk.__path__[0])
    (tmp_path / "claude_code_sdk").mkdir()
    for name in ("__init__.py", "_clash.py", "types.py"):
        shutil.copy(source / name, tmp_path / "claude_code_sdk")
    (tmp_path / "claude_code_sdk_harness-0.1.0.dist-info").mkdir()
    return tmp_path


def install_old(site: Path, *, last: bool) -> None:
    """Put the old distribution's files there; `last`: over ours."""
    package = site / "claude_code_sdk"
    (package / "_internal").mkdir()
    (package / "_internal" / "__init__.py").touch()
    (package / "client.py").touch()
    (site / "claude_code_sdk-0.0.25.dist-info").mkdir()
    if last:
        (package / "__init__.py").write_text('__version__ = "0.0.25"\n')


def run(site: Path, program: str) -> subprocess.CompletedProcess[str]:
    script = site / "program.py"
    script.write_text(program)
    # -I and -S: this interpreter must not find the package that is being tested elsewhere.
    program = f"import sys, runpy; sys.path.insert(0, {str(site)!r}); runpy.run_path({str(script)!r})"
    return subprocess.run([sys.executable, "-IS", "-c", program], capture_output=True, text=True, check=False)


def test_alone_it_says_nothing(site: Path) -> None:
    done = run(site, "import claude_code_sdk\nprint(claude_code_sdk.__path__[0])")

    assert done.stdout == f"{site}/claude_code_sdk\n"
    assert done.stderr == ""


def test_installed_over_the_old_one_it_warns_where_it_is_imported(site: Path) -> None:
    install_old(site, last=False)

    done = run(site, "import claude_code_sdk\nprint('works')")

    assert done.stdout == "works\n"
    assert done.stderr.startswith(
        f"{site}/program.py:1: RuntimeWarning: claude-code-sdk 0.0.25 is installed in {site} beside "
        "claude-code-sdk-harness, and both provide the package claude_code_sdk. This one was installed last and works, "
        f"but uninstalling or updating the other breaks it. {CURE}\n"
    )


def test_stray_files_of_the_old_one_are_no_reason_to_warn(site: Path) -> None:
    install_old(site, last=False)
    (site / "claude_code_sdk-0.0.25.dist-info").rmdir()

    assert run(site, "import claude_code_sdk").stderr == ""


def test_our_entry_points_refuse_to_run_on_the_old_one(site: Path) -> None:
    install_old(site, last=True)

    done = run(site, "from claude_code_sdk._clash import require_ours\nrequire_ours()")

    assert done.stderr.endswith(
        f"ImportError: the package claude_code_sdk in {site}/claude_code_sdk is the old distribution claude-code-sdk "
        f"0.0.25, installed over claude-code-sdk-harness. {CURE}\n"
    )


def test_our_entry_points_refuse_to_run_after_the_old_one_was_uninstalled(site: Path) -> None:
    (site / "claude_code_sdk" / "__init__.py").unlink()

    done = run(site, "from claude_code_sdk._clash import require_ours\nrequire_ours()")

    assert done.stderr.endswith(
        f"ImportError: the package claude_code_sdk in {site}/claude_code_sdk has no __init__.py: the old distribution "
        f"claude-code-sdk was uninstalled and took it along. {CURE}\n"
    )


def test_the_command_says_so_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(claude_code_sdk, "_HOME")

    done = CliRunner().invoke(main, ["import", "wire.jsonl", "--out", "cassette.jsonl"])

    assert done.exit_code == 1
    assert "is the old distribution claude-code-sdk" in done.output
    assert done.output.endswith(f"{CURE}\n")


def test_our_entry_points_run_on_ours(site: Path) -> None:
    done = run(site, "from claude_code_sdk._clash import require_ours\nrequire_ours()\nprint('works')")

    assert (done.stdout, done.stderr) == ("works\n", "")
