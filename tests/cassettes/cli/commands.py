"""What the tests of the command share: how it is called, in process and on a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner, Result

from claude_code_sdk.cassettes.cli import main

ROOT = Path(__file__).parents[3]
CASSETTES = ROOT / "cassettes"
PROGRAM = "import sys; sys.argv[0] = 'claude-cassette'; from claude_code_sdk.cassettes.cli import main; main()"


def run(*arguments: str | Path) -> Result:
    """As it is typed into a pipe; an exception that is no exit is raised."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments], prog_name="claude-cassette")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def command(*arguments: str | Path) -> list[str]:
    """The command line of a process of its own."""
    return [sys.executable, "-c", PROGRAM, *map(str, arguments)]


def on_terminal(*arguments: str | Path, **env: str) -> str:
    """What it prints to a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", **env}
    environment = {name: value for name, value in environment.items() if value}
    process = subprocess.Popen(command(*arguments), stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    said = b""
    while True:
        try:
            data = os.read(ours, 65536)
        except OSError:  # the end of a terminal on Linux
            break
        if not data:
            break
        said += data
    os.close(ours)
    process.wait(20)
    return said.decode().replace("\r\n", "\n")
