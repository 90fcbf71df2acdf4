"""What a run needs beside this repository: the official SDK in an environment of its own, and the compiled fake.

Both are made on first use in the cache directory (outside the repository) and found there afterwards.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

OFFICIAL = "claude-agent-sdk==0.2.187"
"""The peer.  Its figures are this release's; another one makes another table."""


class Environment:
    """Paths of what is measured: `ours` and `official` are Python interpreters, `fake` the compiled CLI.

    - `ours`: interpreter in whose environment `claude_code_sdk` is installed.
    - `official`: the same for the official SDK; `None`: an environment made here with the interpreter `ours`.
    """

    def __init__(self, ours: str | None = None, official: str | None = None) -> None:
        named = os.environ.get("CLAUDE_BENCH_CACHE")
        owner = os.getuid() if hasattr(os, "getuid") else 0
        self.cache = Path(named) if named else Path(tempfile.gettempdir()) / f"claude-code-sdk-bench-{owner}"
        self.cache.mkdir(parents=True, exist_ok=True)
        self.ours = ours or sys.executable
        self.official = official or str(self._installed_peer())
        self.fake = str(self._compiled_fake())

    def _installed_peer(self) -> Path:
        directory = self.cache / f"{OFFICIAL.replace('==', '-')}-{sys.implementation.cache_tag}"
        python = directory / "bin" / "python"
        complete = directory / "complete"
        if not complete.exists():
            print(f"installing {OFFICIAL} into {directory}", file=sys.stderr)
            subprocess.run([self.ours, "-m", "venv", "--clear", str(directory)], check=True)
            subprocess.run([str(python), "-m", "pip", "install", "--quiet", OFFICIAL], check=True)
            complete.touch()
        return python

    def _compiled_fake(self) -> Path:
        source = Path(__file__).with_name("fake_claude.c")
        binary = self.cache / f"fake-claude-{hashlib.sha256(source.read_bytes()).hexdigest()[:12]}"
        if not binary.exists():
            compiler = os.environ.get("CC") or shutil.which("cc")
            if compiler is None:
                sys.exit("benchmarks: no C compiler found for the fake CLI; install one (`cc`) or name it in CC")
            partial = binary.with_suffix(f".{os.getpid()}")
            subprocess.run([compiler, "-O2", "-o", str(partial), str(source)], check=True)
            partial.replace(binary)
        return binary
