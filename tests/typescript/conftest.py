"""What programs in TypeScript need: node, the SDK in a folder of its own, and no network.

`make test-typescript` installs the SDK; elsewhere these tests are skipped.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from claude_code_sdk.testing import write_executable

PROGRAMS = Path(__file__).parent / "programs"
INSTALLED = Path(os.environ.get("TYPESCRIPT_SDK") or Path(__file__).parents[2] / ".venv-typescript") / "node_modules"
LIMIT = 60.0


class Node:
    """Runs the programs, in a folder from which they find the SDK as an installed one."""

    def __init__(self, executable: str, folder: Path) -> None:
        self._folder = folder / "program"
        self._folder.mkdir()
        (self._folder / "node_modules").symlink_to(INSTALLED)
        for program in PROGRAMS.glob("*.mjs"):
            shutil.copy(program, self._folder)
        home = folder / "home"
        home.mkdir()
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "ANTHROPIC_API_KEY": "made-up",
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        }
        self._line = [executable, "--no-warnings", "--import", str(self._folder / "no_network.mjs")]

    def line(self, program: str, *arguments: str) -> list[str]:
        """The command line of a program."""
        return [*self._line, str(self._folder / program), *arguments]

    def use(self, name: str, cli: str) -> dict[str, Any]:
        """What a use of `uses.mjs` sees with `cli` as its CLI."""
        done = subprocess.run(
            self.line("uses.mjs", name, cli),
            cwd=self._folder,
            env=self.env,
            capture_output=True,
            encoding="utf-8",
            timeout=LIMIT,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        seen: dict[str, Any] = json.loads(done.stdout)
        return seen

    def play(self, name: str, folder: Path, played: Any, **settings: Any) -> tuple[dict[str, Any], str]:
        """What a use sees on a script or a cassette, and the executable that played it."""
        path = write_executable(folder, played, **settings)
        return self.use(name, path), path


@pytest.fixture
def node(tmp_path: Path) -> Node:
    """Node with the SDK; skips the test where one of them is missing."""
    executable = shutil.which("node")
    if executable is None:
        pytest.skip("there is no node on PATH")
    if not (INSTALLED / "@anthropic-ai" / "claude-agent-sdk").is_dir():
        pytest.skip(f"the TypeScript SDK is not in {INSTALLED}: make test-typescript installs it")
    return Node(executable, tmp_path)
