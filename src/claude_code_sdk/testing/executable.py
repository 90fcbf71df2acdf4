"""write_executable: a fake `claude` on disk, usable as `cli_path`; check_executable: how its processes fared.

Above: tests that need a process of their own.  Below: `fake_claude.py`.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
from pathlib import Path

from ..cassettes.claims import ClaimDirectory
from ..cassettes.jsonl import load
from ..cassettes.mismatch import CassetteMismatch, UnplayedEpisode
from ..cassettes.verdicts import not_begun
from ..errors import CassetteError, CassetteNotFound
from .fake_claude import VERDICT_FILE

_SOURCE = Path(__file__).resolve().parents[2]
_VERDICTS: dict[str, type[Exception]] = {
    kind.__name__: kind for kind in (CassetteMismatch, UnplayedEpisode, CassetteNotFound, CassetteError)
}


def write_executable(
    directory: str | os.PathLike[str],
    *,
    cassette: str | os.PathLike[str],
    answers: str = "ignore",
    patience: float | None = None,
    name: str = "claude",
) -> str:
    """Write an executable that plays `cassette` into `directory`; returns its path.

    Its processes share what is used up through `directory/NAME.state`, so write one for each test, and end the test
    with `check_executable`.  `answers` and
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


def check_executable(path: str, *, cassette: str | os.PathLike[str], accept: str = "") -> None:
    """Judge what the processes of a written executable played, when they have all ended.

    A mismatch in a process of its own shows as an exit code and a text on stderr, and a program may swallow both.
    Nothing happens when no process was started.

    Raises:
        CassetteMismatch, CassetteError: The first one that a process met.
        UnplayedEpisode: One of them stopped early, or an episode was not used; `accept` is the command to record again.
    """
    state = Path(f"{path}.state")
    if not state.is_dir():
        return
    left = sorted(state.glob(f"{VERDICT_FILE}*"), key=lambda file: file.stat().st_mtime_ns)
    verdicts = [json.loads(file.read_text(encoding="utf-8")) for file in left]
    for told in sorted(verdicts, key=lambda told: told["kind"] == UnplayedEpisode.__name__):
        raise _VERDICTS[told["kind"]](told["text"])
    verdict = not_begun(load(cassette).episodes, ClaimDirectory(str(state)).claimed(), accept)
    if verdict is not None:
        raise verdict
