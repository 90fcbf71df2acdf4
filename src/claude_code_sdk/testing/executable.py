"""write_executable: a fake `claude` on disk, usable as `cli_path`.

Above: tests that need a process of their own.  Below: `fake_claude.py`.
"""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

_SOURCE = Path(__file__).resolve().parents[2]


def write_executable(
    directory: str | os.PathLike[str],
    *,
    cassette: str | os.PathLike[str],
    answers: str = "ignore",
    patience: float | None = None,
    name: str = "claude",
) -> str:
    """Write an executable that plays `cassette` into `directory`; returns its path.

    Its processes share what is used up through `directory/NAME.state`, so write one for each test.  `answers` and
    `patience` are those of `Player`.  The interpreter is this one, started without site-packages: playing needs none,
    and processing them is a third of the start-up.
    """
    folder = Path(directory).resolve()
    settings = {
        "FAKE_CLAUDE_CASSETTE": str(Path(cassette).resolve()),
        "FAKE_CLAUDE_STATE": str(folder / f"{name}.state"),
        "FAKE_CLAUDE_ANSWERS": answers,
    }
    if patience is not None:
        settings["FAKE_CLAUDE_PATIENCE"] = repr(patience)
    exports = [f"export {key}={shlex.quote(value)}" for key, value in settings.items()]
    program = (
        f"import sys; sys.path.insert(0, {str(_SOURCE)!r}); sys.argv[0] = {name!r}; "
        "from claude_code_sdk.testing.fake_claude import main; main()"
    )
    start = f'exec {shlex.quote(sys.executable)} -S -E -c {shlex.quote(program)} "$@"'
    path = folder / name
    path.write_text("\n".join(["#!/bin/sh", *exports, start, ""]))
    path.chmod(0o755)
    return str(path)
