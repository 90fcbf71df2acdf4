"""write_executable: a fake `claude` on disk, usable as `cli_path`; check_executable: how its processes fared.

Above: tests that need a process of their own.  Below: `fake_claude.py`.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..cassettes.answers import checked_answers
from ..cassettes.jsonl import load
from ..cassettes.matchers import DEFAULT_MATCH_ON, names_of, own_matchers
from ..cassettes.mismatch import CassetteMismatch, UnplayedEpisode
from ..cassettes.number_claims import ClaimDirectory
from ..cassettes.unplayed import FAIL, checked_unplayed
from ..cassettes.verdicts import not_begun
from ..errors import CassetteError, CassetteNotFound
from .fake_claude import VERDICT_FILE

if TYPE_CHECKING:
    from ..cassettes.matchers import Matcher
else:  # so that `typing.get_type_hints` works: on the fake path there is no `typing`
    Matcher = Any

_SOURCE = Path(__file__).resolve().parents[2]
_VERDICTS: dict[str, type[Exception]] = {
    kind.__name__: kind for kind in (CassetteMismatch, UnplayedEpisode, CassetteNotFound, CassetteError)
}


def write_executable(
    directory: str | os.PathLike[str],
    *,
    cassette: str | os.PathLike[str],
    match_on: Sequence[Matcher] = DEFAULT_MATCH_ON,
    answers: str | None = None,
    patience: float | None = None,
    unplayed: str = FAIL,
    accept: str = "",
    name: str = "claude",
) -> str:
    """Write an executable that plays `cassette` into `directory`; returns its path.

    Its processes share what is used up through `directory/NAME.state`, so write one for each test, and end the test
    with `check_executable`.  The parameters are those of `CassetteTransport`.  A matcher of your own must be a function
    at the top of a module, which each process imports.

    The interpreter is this one, started without site-packages: playing needs none, and processing them is a third of
    the start-up.  With matchers of your own it has them, and the `sys.path` of this process.

    Raises `ValueError` for a matcher or a word that does not exist.
    """
    folder = Path(directory).resolve()
    settings = {
        "FAKE_CLAUDE_CASSETTE": str(Path(cassette).resolve()),
        "FAKE_CLAUDE_STATE": str(folder / f"{name}.state"),
        "FAKE_CLAUDE_MATCH_ON": names_of(match_on),
        "FAKE_CLAUDE_UNPLAYED": checked_unplayed(unplayed),
    }
    if answers is not None:
        settings["FAKE_CLAUDE_ANSWERS"] = checked_answers(answers)
    if accept:
        settings["FAKE_CLAUDE_ACCEPT"] = accept
    if patience is not None:
        settings["FAKE_CLAUDE_PATIENCE"] = repr(patience)
    exports = [f"export {key}={shlex.quote(value)}" for key, value in settings.items()]
    own = bool(own_matchers(match_on))
    path_of_modules = [str(_SOURCE), *(os.path.abspath(folder) for folder in sys.path)] if own else [str(_SOURCE)]
    program = (
        f"import sys; sys.path[:0] = {path_of_modules!r}; sys.argv[0] = {name!r}; "
        "from claude_code_sdk.testing.fake_claude import main; main()"
    )
    start = f'exec {shlex.quote(sys.executable)}{"" if own else " -S"} -E -c {shlex.quote(program)} "$@"'
    path = folder / name
    path.write_text("\n".join(["#!/bin/sh", *exports, start, ""]))
    path.chmod(0o755)
    return str(path)


def check_executable(path: str, *, cassette: str | os.PathLike[str], unplayed: str = FAIL, accept: str = "") -> None:
    """Judge what the processes of a written executable played, when they have all ended.

    A mismatch in a process of its own shows as an exit code and a text on stderr, and a program may swallow both.
    Nothing happens when no process was started.

    Raises:
        CassetteMismatch, CassetteError: The first one that a process met.
        RuntimeError: A matcher went wrong in a process; its traceback is in the text.
        UnplayedEpisode: One of them stopped early, or an episode was not used; `accept` is the command to record again.
            Not with `unplayed="ignore"`.
    """
    checked_unplayed(unplayed)
    state = Path(f"{path}.state")
    if not state.is_dir():
        return
    left = sorted(state.glob(f"{VERDICT_FILE}*"), key=lambda file: file.stat().st_mtime_ns)
    verdicts = [json.loads(file.read_text(encoding="utf-8")) for file in left]
    for told in sorted(verdicts, key=lambda told: told["kind"] == UnplayedEpisode.__name__):
        if told["kind"] not in _VERDICTS:
            raise RuntimeError(f"a matcher went wrong in {path}:\n{told['text']}")
        if told["kind"] != UnplayedEpisode.__name__ or unplayed == FAIL:
            raise _VERDICTS[told["kind"]](told["text"])
    if unplayed != FAIL:
        return
    verdict = not_begun(load(cassette).episodes, ClaimDirectory(str(state)).claimed(), accept)
    if verdict is not None:
        raise verdict
