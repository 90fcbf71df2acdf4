"""write_executable: a fake `claude` on disk, usable as `cli_path`; check_executable: how its processes fared.

Above: tests that need a process of their own.  Below: `fake_claude.py`.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
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
from .script import Script, ScriptError, State
from .script_transport import not_finished

if TYPE_CHECKING:
    from ..cassettes.matchers import Matcher
    from ..cassettes.secrets.rules import Rule
else:  # so that `typing.get_type_hints` works: on the fake path there is no `typing`
    Matcher = Rule = Any

_SOURCE = Path(__file__).resolve().parents[2]
_VERDICTS: dict[str, type[Exception]] = {
    kind.__name__: kind for kind in (CassetteMismatch, UnplayedEpisode, CassetteNotFound, CassetteError, ScriptError)
}


def write_executable(
    directory: str | os.PathLike[str],
    played: Script | str | os.PathLike[str] | None = None,
    *,
    script: Script | str | os.PathLike[str] | None = None,
    cassette: str | os.PathLike[str] | None = None,
    match_on: Sequence[Matcher] = DEFAULT_MATCH_ON,
    answers: str | None = None,
    patience: float | None = None,
    unplayed: str = FAIL,
    accept: str = "",
    rules: str | os.PathLike[str] | Sequence[Rule] | None = None,
    wire: str | os.PathLike[str] | None = None,
    state: str | os.PathLike[str] | None = None,
    clock: str | os.PathLike[str] | None = None,
    name: str = "claude",
) -> str:
    """Write an executable that plays a script or a cassette into `directory`; returns its path.

    - `played`: either of them: a `Script`, or a path, which is that of a script when it ends in `.json`.
    - `script`: a `Script`, of which a copy is written beside the executable, or the path of one.
    - `cassette`: the path of a cassette.  The parameters after it are those of `CassetteTransport`; `rules` may be the
      TOML file with your rules for secrets too.  Rules are written to one beside the executable.
    - `wire`: a directory in which its processes write down what both sides say, for `Run.from_directory`.
    - `state`: a directory through which its processes share what is used up; `directory/NAME.state` by default, which
      is removed first: an executable that is written again has used up nothing.  Executables of one test may have one
      in common, which is left as it is.
    - `clock`: a directory in which its processes tell what time it is in what they play; see `RecordedClock`.
    - `name`: of the executable.

    Write one for each test, since what is used up stays so, and end the test with `check_executable`.  Settings of the
    environment that it is started in do not reach it.  A matcher of your own, a function that answers for a tool, and
    one of a rule must be at the top of a module, which each process imports.

    The interpreter is this one, started without site-packages: playing needs none, and processing them is a third of
    the start-up.  With functions of your own it has them, and the `sys.path` of this process.

    Raises:
        ValueError: A matcher or a word does not exist, or a rule has a function that no other process can import.
        ScriptFormatError: The script is wrong, or has a function that no other process can import (a ValueError).
        OSError: The script cannot be read.
        TypeError: There is nothing to play, or more than one thing.
    """
    folder = Path(directory).resolve()
    script, cassette = _one_of(played, script, cassette)
    settings = {"FAKE_CLAUDE_STATE": str(folder / f"{name}.state" if state is None else Path(state).resolve())}
    if wire is not None:
        settings["FAKE_CLAUDE_WIRE"] = str(Path(wire).resolve())
    if clock is not None:
        settings["FAKE_CLAUDE_CLOCK"] = str(Path(clock).resolve())
    if script is not None:
        path_of_script, own = _script_on_disk(script, folder / f"{name}.script.json")
        settings["FAKE_CLAUDE_SCRIPT"] = str(path_of_script)
    else:
        own = bool(own_matchers(match_on))
        settings |= {
            "FAKE_CLAUDE_CASSETTE": str(Path(str(cassette)).resolve()),
            "FAKE_CLAUDE_MATCH_ON": names_of(match_on),
            "FAKE_CLAUDE_UNPLAYED": checked_unplayed(unplayed),
        }
        if answers is not None:
            settings["FAKE_CLAUDE_ANSWERS"] = checked_answers(answers)
        if accept:
            settings["FAKE_CLAUDE_ACCEPT"] = accept
        if rules:
            path_of_rules, of_rules = _rules_on_disk(rules, folder / f"{name}.rules.toml")
            settings["FAKE_CLAUDE_RULES"] = str(path_of_rules)
            own = own or of_rules
        if patience is not None:
            settings["FAKE_CLAUDE_PATIENCE"] = repr(patience)
    others = sorted(_SETTINGS - settings.keys())
    exports = [f"export {key}={shlex.quote(value)}" for key, value in settings.items()]
    path_of_modules = [str(_SOURCE), *(os.path.abspath(folder) for folder in sys.path)] if own else [str(_SOURCE)]
    program = (
        f"import sys; sys.path[:0] = {path_of_modules!r}; sys.argv[0] = {name!r}; "
        "from claude_code_sdk.testing.fake_claude import main; main()"
    )
    start = f'exec {shlex.quote(sys.executable)}{"" if own else " -S"} -E -c {shlex.quote(program)} "$@"'
    if state is None:
        shutil.rmtree(f"{folder / name}.state", ignore_errors=True)  # of an earlier one in this place
    path = folder / name
    path.write_text("\n".join(["#!/bin/sh", STAND_IN, f"unset {' '.join(others)}", *exports, start, ""]))
    path.chmod(0o755)
    return str(path)


STAND_IN = "# claude_code_sdk.testing.fake_claude: a stand-in, not the CLI"
"""The second line of every executable, by which the guard of real CLIs knows it; see `transports/live_guard.py`."""

_SETTINGS = {
    f"FAKE_CLAUDE_{name}"
    for name in [
        "CASSETTE",
        "SCRIPT",
        "STATE",
        "WIRE",
        "CLOCK",
        "ANSWERS",
        "MATCH_ON",
        "PATIENCE",
        "UNPLAYED",
        "ACCEPT",
        "RULES",
    ]
}
"""Every setting of `fake-claude`."""


def _one_of(
    played: Script | str | os.PathLike[str] | None,
    script: Script | str | os.PathLike[str] | None,
    cassette: str | os.PathLike[str] | None,
) -> tuple[Script | str | os.PathLike[str] | None, str | os.PathLike[str] | None]:
    """The script or the cassette.  Raises `TypeError` when there is not exactly one thing to play."""
    given = [value for value in (played, script, cassette) if value is not None]
    if len(given) != 1:
        raise TypeError(f"write_executable() plays one script or one cassette, not {len(given)} of them")
    if played is None:
        return script, cassette
    if isinstance(played, Script) or os.fspath(played).endswith(".json"):
        return played, None
    return None, played


def _script_on_disk(script: Script | str | os.PathLike[str], copy: Path) -> tuple[Path, bool]:
    """The path of a script's JSON form, and whether it has functions, which processes have to import."""
    if isinstance(script, Script):
        path = copy
        path.write_text(json.dumps(script.to_json()), encoding="utf-8")
    else:
        path = Path(script).resolve()
        script = Script.load(path)
    return path, script.has_functions


def _rules_on_disk(rules: str | os.PathLike[str] | Sequence[Rule], copy: Path) -> tuple[Path, bool]:
    """The path of the rules' TOML file, and whether they have functions, which processes have to import."""
    from ..cassettes.secrets.rules_file import has_own_functions, load_rules, rules_text

    if isinstance(rules, (str, os.PathLike)):
        path = Path(rules).resolve()
        return path, has_own_functions(load_rules(path))
    copy.write_text(rules_text(rules), encoding="utf-8")
    return copy, has_own_functions(rules)


def check_executable(
    path: str,
    *,
    script: Script | str | os.PathLike[str] | None = None,
    cassette: str | os.PathLike[str] | None = None,
    unplayed: str = FAIL,
    accept: str = "",
    state: str | os.PathLike[str] | None = None,
) -> None:
    """Judge what the processes of a written executable played, when they have all ended.

    A verdict in a process of its own shows as an exit code and a text on stderr, and a program may swallow both.
    `script` or `cassette` is the one that it plays, `state` the directory that it was given.
    With a cassette nothing happens when no process was started.

    Raises:
        CassetteMismatch, CassetteError, ScriptError: The first one that a process met.
        RuntimeError: A matcher went wrong in a process, and its traceback is in the text; or a verdict is not whole.
        UnplayedEpisode: One of them stopped early, or an episode was not used; `accept` is the command to record again.
            Not with `unplayed="ignore"`.
        ScriptError: Replies or expectations of the script are left.  Not with `unplayed="ignore"`.
    """
    checked_unplayed(unplayed)
    shared = Path(f"{path}.state" if state is None else state)
    _raise_verdicts(path, shared, unplayed)
    if unplayed != FAIL:
        return
    if script is not None:
        played = script if isinstance(script, Script) else Script.load(script)
        now = State(str(shared)) if shared.is_dir() else State()
        left = played.left(now)
        if left:
            raise not_finished(left, len(now.processes.claimed()))
    if cassette is not None and shared.is_dir():
        verdict = not_begun(load(cassette).episodes, ClaimDirectory(str(shared)).claimed(), accept)
        if verdict is not None:
            raise verdict


def _verdict(path: str, file: Path) -> dict[str, str]:
    """A verdict as a process left it.  Raises `RuntimeError` when it is not whole."""
    try:
        told: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        raise RuntimeError(
            f"a process of {path} met a verdict, and {file} does not have all of it\n"
            "  what it was stands on the stderr of that process; most often the disk was full"
        ) from None
    return told


def _raise_verdicts(path: str, state: Path, unplayed: str) -> None:
    """Raise the first verdict that a process left."""
    left = sorted(state.glob(f"{VERDICT_FILE}*"), key=lambda file: file.stat().st_mtime_ns)
    verdicts = [_verdict(path, file) for file in left]
    for told in sorted(verdicts, key=lambda told: told["kind"] == UnplayedEpisode.__name__):
        if told["kind"] not in _VERDICTS:
            raise RuntimeError(f"a matcher went wrong in {path}:\n{told['text']}")
        if told["kind"] != UnplayedEpisode.__name__ or unplayed == FAIL:
            raise _VERDICTS[told["kind"]](told["text"])
