"""What plays the CLI: the scripted fake, or, as a check of this runner itself, the recording played back.

As an engine in process, or as an executable.  Above: `case.py`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from claude_code_sdk.cassettes.answers import answers_for
from claude_code_sdk.cassettes.claims import MemoryClaims
from claude_code_sdk.cassettes.jsonl import load
from claude_code_sdk.cassettes.player import Player
from claude_code_sdk.protocol.command import Command
from claude_code_sdk.testing.script import Script
from claude_code_sdk.testing.script_transport import fake_cli_in_process

if TYPE_CHECKING:
    from claude_code_sdk.protocol.engine import Engine

SCRIPT = "script"
CASSETTE = "cassette"


def scripted(script: Path) -> Callable[[Command], Engine]:
    """A fake for each run of one script, which they use up together."""
    shared = Script.load(script)
    return lambda command: fake_cli_in_process(shared.begin())


def recorded(cassette: Path) -> Callable[[Command], Engine]:
    """A player for each run of one cassette."""
    loaded = load(cassette)
    claims = MemoryClaims()
    return lambda command: Player(loaded.episodes, answers=answers_for(loaded.header, None), claims=claims)


ENGINES: dict[str, Callable[[Path], Callable[[Command], Engine]]] = {SCRIPT: scripted, CASSETTE: recorded}


def executable(folder: Path, kind: str, played: Path, fake_claude: str) -> Path:
    """A program that runs `fake-claude` on a file, its settings baked in."""
    state = folder / "state"
    path = folder / "cli"
    settings = f"FAKE_CLAUDE_{kind.upper()}={played} FAKE_CLAUDE_STATE={state}"
    path.write_text(f'#!/bin/sh\n{settings} exec {fake_claude} "$@"\n')
    path.chmod(0o755)
    return path


def tee(folder: Path, harness: Path) -> Path:
    """The harness's tee as a `claude` in `folder`; its own name is within `folder`, so that its processes are known."""
    (folder / "teecli").symlink_to(harness / "teecli")
    path = folder / "claude"
    path.write_text(f'#!/bin/sh\nexec {sys.executable} -S -E {folder}/teecli "$@"\n')
    path.chmod(0o755)
    return path
