"""`claude-cassette record`: run a program that knows nothing of us, and record its sessions."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import click
from rich.text import Text

from ...errors import CassetteError
from ..jsonl import load
from ..record_mode import ALL, NEW_EPISODES, NONE, ONCE, checked_record_mode
from ..saving import Saved
from ..secrets.rules_file import load_rules
from ..startup.spool import Spool
from ..startup.surroundings import surround
from .look import UNCHANGED, console, count, visible
from .options import subcommand

NOT_FOUND, NOT_EXECUTABLE = 127, 126
"""Exit codes for a program that cannot be started, as a shell's."""


@subcommand(
    "record",
    "Run a program and record its sessions.",
    examples=(
        "claude-cassette record --out cassettes/triage.jsonl -- python triage.py",
        "claude-cassette record --out cassettes/bot.jsonl -- node bot.js",
        "claude-cassette record --out c.jsonl --cli ~/.local/bin/claude -- make run",
    ),
)
@click.option("--out", required=True, metavar="CASSETTE.jsonl", type=click.Path(), help="The cassette to write.")
@click.option(
    "--mode",
    default=ALL,
    show_default=True,
    metavar="MODE",
    help="all: record, and replace the cassette; once: record if there is none, else play it; none: play it.",
)
@click.option(
    "--rules", metavar="FILE", type=click.Path(exists=True, dir_okay=False), help="Rules for secrets of your own."
)
@click.option("--cli", metavar="PATH", help="The real CLI.  [default: the one that the program finds]")
@click.option("--always", is_flag=True, help="Write the cassette even if the program fails.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as one JSON object, on stderr.")
@click.argument("program", nargs=-1, required=True, metavar="PROGRAM [ARGUMENT]...", type=click.UNPROCESSED)
def command(
    out: str,
    mode: str,
    rules: str | None,
    cli: str | None,
    always: bool,
    as_json: bool,
    program: tuple[str, ...],
) -> None:
    """Run PROGRAM and record every session of Claude Code that it starts, in whatever process, into one cassette.

    Nothing in PROGRAM has to change if it is written in Python, with this SDK or the official one, or if it finds
    `claude` on PATH.  A program that names its CLI must name the recorder, which the environment variable
    CCSDK_RECORDER has the path of: cli_path=os.environ["CCSDK_RECORDER"] in Python, pathToClaudeCodeExecutable:
    process.env.CCSDK_RECORDER in TypeScript.

    PROGRAM has the terminal, its pipes and Ctrl-C to itself.  Secrets are taken out before anything is written.  What
    is recorded lies beside the cassette while PROGRAM runs, in CASSETTE.jsonl.parts, and becomes the cassette when it
    has ended well; when it fails, the cassette stays as it was, and `claude-cassette recover` has the rest.

    Exit codes: that of PROGRAM (128 + n if signal n ended it); 1 if PROGRAM succeeded and no session was seen or the
    cassette could not be written; 126 or 127 if PROGRAM cannot be started; 2 wrong usage.
    """
    try:
        mode = checked_record_mode(mode, given_as="--mode")
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if mode == NEW_EPISODES:
        raise click.UsageError(
            "--mode=new_episodes is for use_cassette() and the plugin, which know what a session is going to do; "
            "a command records all of them or none."
        )
    cli = _executable(cli)
    if mode == NONE or (mode == ONCE and os.path.lexists(out)):
        code = _play(out, program)
    else:
        code = _record(out, program, rules=rules, cli=cli, always=always, as_json=as_json)
    click.get_current_context().exit(code)


def _executable(cli: str | None) -> str | None:
    if cli is None:
        return None
    found = shutil.which(cli)
    if found is None:
        raise click.UsageError(f"--cli {cli}: there is no such executable.")
    return os.path.abspath(found)


def _record(
    out: str, program: tuple[str, ...], *, rules: str | None, cli: str | None, always: bool, as_json: bool
) -> int:
    if rules is not None:
        rules = os.path.abspath(rules)
        load_rules(rules)  # what is wrong with them is said before the program runs
    spool = Spool(out)
    env = surround(os.environ, spool=spool.folder, recorder=spool.recorder, cli=cli, rules=rules)
    try:
        code = _run(program, env)
    except _NotStarted:
        spool.remove()
        raise
    still_running = not spool.wait_for_writers()
    if not spool.parts and not spool.failures:
        spool.remove()
        _tell_nothing_seen(out, program, code)
        return code or 1
    if spool.failures or (code and not always):
        spool.leave()
        _tell_left(out, spool, code)
        return code or 1
    try:
        saved = spool.save()
    except CassetteError as error:
        spool.leave()
        _say(f"{error}\n  what was recorded:  {spool.folder}", tone="red")
        return code or 1
    _tell_saved(out, saved, still_running=still_running, as_json=as_json)
    return code


def _run(program: tuple[str, ...], env: dict[str, str]) -> int:
    """Run the program with our stdin, stdout and stderr; returns its exit code as a shell tells it."""
    with _signals_left_to_the_program() as started:
        try:
            popen = subprocess.Popen(program, env=env)
        except OSError as error:
            code = NOT_FOUND if isinstance(error, FileNotFoundError) else NOT_EXECUTABLE
            raise _NotStarted(f"{program[0]}: {error.strerror}", code) from error
        started.append(popen)
        code = popen.wait()
    return code if code >= 0 else 128 - code


class _NotStarted(click.ClickException):
    """The program cannot be started; the exit code is a shell's."""

    def __init__(self, text: str, code: int) -> None:
        super().__init__(text)
        self.exit_code = code  # type: ignore[misc]  # typed as a class variable; click reads it off the instance


@contextmanager
def _signals_left_to_the_program() -> Iterator[list[subprocess.Popen[bytes]]]:
    """A Ctrl-C reaches the program from the terminal, and we wait for what it makes of it; a signal that is sent to us
    is passed on."""
    programs: list[subprocess.Popen[bytes]] = []

    def pass_on(number: int, frame: FrameType | None) -> None:
        for popen in programs:
            popen.send_signal(number)

    # Not ignored: that would be inherited.
    before = {signal.SIGINT: signal.signal(signal.SIGINT, lambda number, frame: None)}
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            number = getattr(signal, name)
            before[number] = signal.signal(number, pass_on)
    try:
        yield programs
    finally:
        for number, action in before.items():
            signal.signal(number, action)


def _play(path: str, program: tuple[str, ...]) -> int:
    """Run the program with an executable that plays the cassette, wherever it starts a session."""
    from ...testing.executable import check_executable, write_executable

    load(path)  # what is missing or damaged is said before the program runs
    again = "claude-cassette " + shlex.join(["record", "--out", path, "--", *program])
    with tempfile.TemporaryDirectory(prefix="claude-cassette-") as folder:
        fake = write_executable(folder, cassette=path, accept=again)
        env = surround(os.environ, recorder=fake, cli=fake)
        code = _run(program, env)
        if not os.path.isdir(f"{fake}.state"):
            _tell_nothing_seen(path, program, code, did="played")
            return code or 1
        try:
            check_executable(fake, cassette=path, accept=again)
        except (AssertionError, CassetteError) as verdict:
            _say(f"{type(verdict).__name__}: {verdict}", tone="red")
            return code or 1
    return code


# What is told, on stderr: stdout is the program's


def _say(text: str, *, tone: str = "") -> None:
    console(stderr=True).print(Text.assemble(("claude-cassette: ", "bold"), (visible(text), tone)))


def _tell_nothing_seen(out: str, program: tuple[str, ...], code: int, did: str = "recorded") -> None:
    failed = f", and the program ended with exit code {code}" if code else ""
    _say(f"{out}: nothing was {did}: no session of Claude Code was seen{failed}", tone="red")
    console(stderr=True).print(
        f"  {visible(shlex.join(program))}\n"
        "  A program that names its CLI must name the recorder; its path is in CCSDK_RECORDER:\n"
        '    Python       cli_path=os.environ["CCSDK_RECORDER"]\n'
        "    TypeScript   pathToClaudeCodeExecutable: process.env.CCSDK_RECORDER\n"
        '    a shell      "$CCSDK_RECORDER" -p "..."  (or claude, which is found on PATH)\n'
        "  A Python that is started with -E, -I or -S, or with an environment of its own, is not\n"
        "  seen, nor is a session that is given a transport= (use RecordingTransport there)."
    )


def _tell_left(out: str, spool: Spool, code: int) -> None:
    state = "is as it was" if os.path.exists(out) else "was not written"
    if spool.failures:
        _say(f"{out}: recording failed: {spool.failures[0]}", tone="red")
    else:
        _say(f"the program ended with exit code {code}; the cassette {out} {state}", tone="red")
    partial = f"{out}.partial"
    console(stderr=True).print(
        f"  what was recorded:  {visible(spool.folder)}\n"
        f"  make a cassette of it:  claude-cassette recover {visible(shlex.quote(partial))}"
    )


def _tell_saved(out: str, saved: Saved, *, still_running: bool, as_json: bool) -> None:
    if as_json:
        told: dict[str, Any] = {"cassette": out, **saved._asdict()}
        click.echo(json.dumps(told), err=True)
        return
    _say(summary(out, saved))
    if still_running:
        _say("a process of the program still runs; its session is recorded up to here", tone="yellow")


def summary(out: str, saved: Saved) -> str:
    """What became of a recording, in a line or more."""
    episodes = count(saved.episodes, "episode")
    text = f"{out}: {episodes}" + (f" (CLI {saved.cli})" if saved.cli else "")
    if not saved.changed:
        text += UNCHANGED
    taken = ", ".join(f"{number} {rule}" for rule, number in saved.redacted.items())
    if taken:
        text += f"\n  taken out: {taken}"
    if saved.unfinished:
        text += f"\n  {count(saved.unfinished, 'episode')} without an exit: cut off while the CLI still ran"
    if saved.lost:
        text += f"\n  {count(saved.lost, 'byte')} were lost with the process that held them"
    return text
