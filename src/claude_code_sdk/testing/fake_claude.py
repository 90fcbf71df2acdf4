"""`fake-claude`: an executable that stands in for `claude`, driven by any SDK in any language.

Above: whoever starts it, with the command line of the CLI.  Below: `serve_stdio` and an engine.  Its own settings come
by environment, because the command line belongs to the SDK:

    FAKE_CLAUDE_CASSETTE   path of the cassette to play
    FAKE_CLAUDE_SCRIPT     path of the script to play, in its JSON form (docs/reference/script.schema.json)
    FAKE_CLAUDE_STATE      directory in which several processes of one test share what is used up; made when missing.
                           Use a new one for each test.  Without it each process begins with the first episode or turn.
                           Verdicts are left there too, as `verdict-PID` files, for whoever judges the test.
    FAKE_CLAUDE_WIRE       directory in which each process writes down what both sides say, as it happens, in a file
                           `wire-NUMBER.jsonl`; made when missing.  `Run.from_directory` reads it.
    FAKE_CLAUDE_CLOCK      directory in which each process tells what time it is in what it plays, in a file
                           `moment-NUMBER`; made when missing.  `RecordedClock` reads it.
    FAKE_CLAUDE_ANSWERS    verify, stub or ignore: what becomes of callbacks' answers; verify by default, but ignore
                           for an imported cassette
    FAKE_CLAUDE_MATCH_ON   what must be equal, with commas between: argv, prompt, control, raw, and functions of your
                           own as MODULE:NAME, which must be importable; argv,prompt,control by default
    FAKE_CLAUDE_RULES      a TOML file with the rules for secrets of your own that the cassette was recorded with, as
                           `claude-cassette record --rules` takes it
    FAKE_CLAUDE_PATIENCE   seconds to wait for what the program did when it was recorded; 30 by default
    FAKE_CLAUDE_UNPLAYED   fail (the default) or ignore: whether a program that stops earlier than the recording is told
                           so
    FAKE_CLAUDE_ACCEPT     the command that records again, for the texts of mismatches

The settings from ANSWERS on are those of cassettes.  What is left of a script at the end of a process is no fault of
that process, for a later one may use it; `check_executable` judges it when all have ended.

Exit codes: those of the recording, or of the real CLI; 143 and 0 for a SIGTERM and SIGINT that a recording does not
have; 64 for missing or wrong settings, and for a script that is missing or wrong; 70 for a mismatch, for a recording
that was not played to its end, for a cassette that is missing or damaged, when a matcher of your own goes wrong, and
for a `ScriptError`; 74 when a file that a setting asks for cannot be written; 141 when stdout is closed.  The reason
is on stderr.

Start-up is this module's product: it imports nothing that playing does not need.  On the fake path.
"""

from __future__ import annotations

import gc
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from ..cassettes.cassette import Cassette
    from ..cassettes.player import Player
    from ..cassettes.secrets.rules import Rule
    from ..protocol.engine import Engine
    from .fake_cli import FakeCLI
    from .moments import Timed
    from .run.observed_engine import ObservedEngine

USAGE_EXIT = 64
"""Exit code for missing or wrong settings (EX_USAGE)."""

UNWRITTEN_EXIT = 74
"""Exit code when a file that a setting asks for cannot be written (EX_IOERR)."""

VERDICT_FILE = "verdict-"
"""How the names of verdicts in the state directory begin."""

COLLECT_AFTER = 20_000
"""Objects between two looks for cycles: with CPython's 700 they are a twentieth of the start-up, and find nothing."""

HOST_MOMENT = 0.003
"""Seconds that a host in another process gets to write what it writes at once."""

NO_SETTINGS = """fake-claude: nothing to play
  set FAKE_CLAUDE_CASSETTE to the path of a cassette, or FAKE_CLAUDE_SCRIPT to that of a script"""


class SettingsError(Exception):
    """A setting is missing or has no meaning; the text says which."""


def main() -> None:
    """Entry point of the console script: serves this process's stdio and ends it."""
    gc.set_threshold(COLLECT_AFTER)
    from .stdio import end_process
    from .unwritten import Unwritten

    try:
        code = serve(sys.argv, os.environ)
    except SettingsError as error:
        os.write(2, f"{error}\n".encode("utf-8", "surrogateescape"))
        code = USAGE_EXIT
    except Unwritten as error:
        text = f"fake-claude: {error}\n  make room there, or have the setting name another directory\n"
        os.write(2, text.encode("utf-8", "surrogateescape"))
        code = UNWRITTEN_EXIT
    end_process(code)


def serve(argv: list[str], env: Mapping[str, str]) -> int:
    """Act as the settings in `env` say; returns the exit code.  Raises `SettingsError`."""
    for name, act in _KINDS.items():
        if env.get(name):
            return act(argv, env)
    raise SettingsError(NO_SETTINGS)


def _play(argv: list[str], env: Mapping[str, str]) -> int:
    """Play a cassette."""
    from ..cassettes.jsonl import load
    from ..errors import CassetteError
    from .stdio import serve_stdio

    try:
        cassette = load(env["FAKE_CLAUDE_CASSETTE"])
    except CassetteError as error:
        return _end_with(error, env)
    if argv[1:] in _ASKS_VERSION:
        os.write(1, f"{cassette.header.get('cli') or '0.0.0'} (Claude Code)\n".encode("utf-8", "backslashreplace"))
        return 0
    player, unplayed = _player(cassette, env)
    engine = _telling_time(player, player, env, cassette.header)
    observed = _observed(engine, env)
    try:
        code = serve_stdio(observed or engine)
    except Exception as error:
        if error is not player.verdict:
            raise
        # Of a matcher: a program of the user's, whose traceback says where.
        return _end_with_error(error, env, observed)
    if player.verdict is not None:
        return _leave(player.verdict, env, observed)
    if player.unplayed and unplayed == "fail":
        from ..cassettes.verdicts import not_finished

        try:
            verdict: Exception = not_finished(player, env.get("FAKE_CLAUDE_ACCEPT", ""))
        except CassetteError as damage:  # in what was not played, which is named
            verdict = damage
        return _end_with(verdict, env, observed)
    return _ended(observed, code)


def _play_script(argv: list[str], env: Mapping[str, str]) -> int:
    """Play a script, as one of its processes."""
    from .script import Script, ScriptFormatError, State
    from .scripted_cli import FOLLOWERS, fake_cli_for
    from .stdio import serve_stdio

    path = env["FAKE_CLAUDE_SCRIPT"]
    try:
        script = Script.load(path)
    except OSError as error:
        raise SettingsError(f"fake-claude: FAKE_CLAUDE_SCRIPT={path!r}: {error.strerror}") from None
    except ScriptFormatError as error:
        raise SettingsError(f"fake-claude: FAKE_CLAUDE_SCRIPT={path!r}: {error}") from None
    if argv[1:] in _ASKS_VERSION:
        from .fake_cli.inventory import VERSION

        os.write(1, f"{VERSION} (Claude Code)\n".encode())
        return 0
    run = script.begin(_setting("STATE", env, lambda: State(env.get("FAKE_CLAUDE_STATE") or None)))
    fakes: list[FakeCLI] = []
    FOLLOWERS.append(fakes.append)
    engine = fake_cli_for(run, moment=HOST_MOMENT)
    engine = _telling_time(engine, fakes[0], env)
    observed = _observed(engine, env)
    code = serve_stdio(observed or engine)
    return _ended(observed, code) if run.verdict is None else _leave(run.verdict, env, observed)


def _observed(engine: Engine, env: Mapping[str, str]) -> ObservedEngine | None:
    """`engine`, observed as the settings say; None when they do not."""
    directory = env.get("FAKE_CLAUDE_WIRE")
    if not directory:
        return None
    from .run.observed_engine import ObservedEngine
    from .run.wire_directory import WireDirectory

    log = WireDirectory(directory)
    _setting("WIRE", env, log.make)
    return ObservedEngine(engine, log, ends=False)


def _telling_time(
    engine: Engine, played: Timed, env: Mapping[str, str], header: Mapping[str, Any] | None = None
) -> Engine:
    """`engine`, which tells what time it is in what it plays where the settings say so."""
    directory = env.get("FAKE_CLAUDE_CLOCK")
    if not directory:
        return engine
    from .moments import SCRIPTS_BEGIN, MomentEngine, MomentFile, beginning

    began = SCRIPTS_BEGIN if header is None else beginning(header)
    return MomentEngine(engine, played, began, _setting("CLOCK", env, lambda: MomentFile(directory)))


def _ended(observed: ObservedEngine | None, code: int, *stderr: str) -> int:
    """Note how this process ends, and what it has said itself; returns the exit code."""
    if observed is not None:
        observed.stopped(code, *stderr)
    return code


def _player(cassette: Cassette, env: Mapping[str, str]) -> tuple[Player, str]:
    """The player, and what becomes of a recording that is not played to its end."""
    from ..cassettes.answers import answers_for
    from ..cassettes.matchers import DEFAULT_MATCH_ON, checked_matchers, matchers_named
    from ..cassettes.player import PATIENCE, Player
    from ..cassettes.shared_claims import SharedClaims
    from ..cassettes.unplayed import FAIL, checked_unplayed

    def patience() -> float:
        try:
            return float(env.get("FAKE_CLAUDE_PATIENCE") or PATIENCE)
        except ValueError:
            raise ValueError(f"{env['FAKE_CLAUDE_PATIENCE']!r} is no number of seconds") from None

    matchers = env.get("FAKE_CLAUDE_MATCH_ON")
    state = env.get("FAKE_CLAUDE_STATE")
    player = Player(
        cassette.episodes,
        match_on=_setting(
            "MATCH_ON", env, lambda: checked_matchers(matchers_named(matchers)) if matchers else DEFAULT_MATCH_ON
        ),
        answers=_setting("ANSWERS", env, lambda: answers_for(cassette.header, env.get("FAKE_CLAUDE_ANSWERS") or None)),
        patience=_setting("PATIENCE", env, patience),
        claims=_setting("STATE", env, lambda: SharedClaims(state) if state else None),
        accept=env.get("FAKE_CLAUDE_ACCEPT", ""),
        rules=_setting("RULES", env, lambda: _rules(env.get("FAKE_CLAUDE_RULES"))),
    )
    return player, _setting("UNPLAYED", env, lambda: checked_unplayed(env.get("FAKE_CLAUDE_UNPLAYED") or FAIL))


def _rules(path: str | None) -> Sequence[Rule]:
    """The user's own rules for secrets.  Raises `ValueError` where the file is not one of rules."""
    if not path:
        return ()
    from ..cassettes.secrets.rules_file import load_rules
    from ..errors import CassetteError

    try:
        return load_rules(path)
    except CassetteError as error:
        raise ValueError(str(error)) from None


def _setting(name: str, env: Mapping[str, str], made: Callable[[], Any]) -> Any:
    """What `made` makes of a setting.  Raises `SettingsError` where it has no meaning."""
    variable = f"FAKE_CLAUDE_{name}"
    try:
        return made()
    except OSError as error:
        raise SettingsError(f"fake-claude: {variable}={env.get(variable)!r}: {error.strerror}") from None
    except ValueError as error:
        raise SettingsError(f"fake-claude: {variable}: {error}") from None


def _end_with_error(error: Exception, env: Mapping[str, str], observed: ObservedEngine | None) -> int:
    """Tell with its traceback what went wrong in a matcher."""
    from traceback import format_exception

    text = "".join(format_exception(error))
    os.write(2, text.encode("utf-8", "backslashreplace"))
    return _leave(error, env, observed, text)


def _end_with(verdict: Exception, env: Mapping[str, str], observed: ObservedEngine | None = None) -> int:
    """Tell a verdict that `serve_stdio` did not."""
    os.write(2, f"{_shown(verdict)}\n".encode("utf-8", "backslashreplace"))
    return _leave(verdict, env, observed)


def _leave(verdict: Exception, env: Mapping[str, str], observed: ObservedEngine | None, text: str | None = None) -> int:
    """Leave a verdict in the state directory, with another text than its own if one is given; returns the exit code."""
    from .stdio import VERDICT_EXIT

    if env.get("FAKE_CLAUDE_STATE"):
        from json import dumps

        from .unwritten import Writing

        path = os.path.join(env["FAKE_CLAUDE_STATE"], f"{VERDICT_FILE}{os.getpid()}")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with Writing("FAKE_CLAUDE_STATE", path), open(path, "x", encoding="utf-8") as file:
            file.write(dumps({"kind": type(verdict).__name__, "text": str(verdict) if text is None else text}))
    return _ended(observed, VERDICT_EXIT, *(_shown(verdict) if text is None else text).splitlines())


def _shown(verdict: Exception) -> str:
    """A verdict as it stands on stderr."""
    return f"fake-claude: {type(verdict).__name__}: {verdict}"


_ASKS_VERSION = (["--version"], ["-v"])
"""Command lines that the CLI answers with its version."""

_KINDS: dict[str, Callable[[list[str], Mapping[str, str]], int]] = {
    "FAKE_CLAUDE_CASSETTE": _play,
    "FAKE_CLAUDE_SCRIPT": _play_script,
}
"""What each setting makes of this process; the first that is set counts."""


if __name__ == "__main__":
    main()
