"""`claude-cassette scan`: is there a secret in these cassettes?"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import click
from rich.text import Text

from ...errors import CassetteError
from ..partial import SUFFIX as PARTIAL
from ..secrets.residue import Finding, residues
from ..secrets.rules import RULES_DATE, Rule
from ..secrets.rules_file import load_rules
from ..sidecars import sidecars_below, sidecars_of
from ..startup.spool import PARTS
from . import http_recordings
from .look import QUIET, console, count, listed, progress, visible
from .options import json_option, paths_argument, subcommand
from .selection import SUFFIX as JSONL
from .selection import Selection, select


def secret_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What `scan` and `scrub` have in common."""
    for option in (
        click.option("--rules", metavar="FILE", type=click.Path(), help="A TOML file with rules of your own."),
        click.option(
            "--environment/--no-environment",
            default=True,
            show_default=True,
            help="Look for the values of this shell's secret-looking variables too.",
        ),
    ):
        command = option(command)
    return command


def rules_of(path: str | None) -> list[Rule]:
    """The rules in the file that the user named."""
    return [] if path is None else load_rules(path)


def with_partials(paths: Iterable[str]) -> Selection:
    """The cassettes that `paths` mean, partial files too, the recorded HTTP, and the files of another format.

    Raises:
        CassetteError: There is none at all.
    """
    partials: list[str] = []
    for path in paths:
        for folder, folders, files in os.walk(path):
            folders[:] = [name for name in folders if not name.startswith(".") and name != "node_modules"]
            partials += (os.path.join(folder, name) for name in files if _is_partial(folder, name))
    try:
        selection = select(paths, http=True)
    except CassetteError:
        if not partials:
            raise
        return Selection(sorted(partials), [], [])
    return selection._replace(cassettes=[*selection.cassettes, *sorted(partials)])


def _is_partial(folder: str, name: str) -> bool:
    """Whether a file is what a recording has left, one of several processes too."""
    return name.endswith(JSONL + PARTIAL) or (name.endswith(PARTIAL) and folder.endswith(JSONL + PARTS))


def read(path: str) -> bytes:
    """The content of a file.  Raises `CassetteError` if it cannot be read."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise CassetteError(f"{path}: cannot be read: {error.strerror}") from error


@subcommand(
    "scan",
    "Find secrets in cassettes.",
    examples=(
        "claude-cassette scan cassettes/",
        "claude-cassette scan tests/ --rules secrets.toml",
        "claude-cassette scan . --json | jq '.findings[].rule'",
    ),
)
@paths_argument
@secret_options
@json_option
def command(paths: tuple[str, ...], rules: str | None, environment: bool, as_json: bool) -> None:
    """Look for secrets in cassettes: keys, tokens, passwords, private keys, home directories, e-mail addresses.

    PATH is a cassette, or a folder: every .jsonl below it, every .http.yaml, which has the HTTP of tools, and every
    .partial, which a recording that was killed has left.  Their inventories are looked into as well, and all that lie
    below a folder.  Found, each as file:line: the place in the line: the rule that found it.  The secret itself is not
    shown.  What a recording put in its place (REDACTED1) is none.

    --json prints {"cassettes", "http", "inventories", "rules", "others": [...], "findings": [{"path", "line", "where",
    "rule"}]}.

    Exit codes: 0 nothing found; 1 something found, or no cassette in PATH, or one cannot be read; 2 wrong usage.
    """
    own = rules_of(rules)
    cassettes, others, http = with_partials(paths)
    values = dict(os.environ) if environment else {}
    found: list[tuple[str, Finding]] = []
    sidecars = {path for folder in filter(os.path.isdir, paths) for path in sidecars_below(folder)}
    with progress("scanning", cassettes) as files:
        for path in files:
            data = read(path)
            found += ((path, finding) for finding in residues(data, rules=own, environment=values))
            sidecars.update(map(os.path.relpath, sidecars_of(path, data)))
    damaged: list[str] = []
    for path in http:
        try:
            there = http_recordings.read(path).findings(rules=own, environment=values)
        except CassetteError as error:  # after what was found elsewhere
            damaged.append(str(error))
        else:
            found += ((path, finding) for finding in there)
    inventories = sorted({os.path.realpath(path): path for path in sorted(sidecars)}.values())
    for path in inventories:
        found += ((path, finding) for finding in in_sidecar(read(path), own, values))
    if as_json:
        click.echo(
            json.dumps(
                {
                    "cassettes": len(cassettes),
                    "http": len(http),
                    "inventories": len(inventories),
                    "rules": RULES_DATE,
                    "others": others,
                    "findings": [
                        {"path": path, "line": one.line, "where": one.where, "rule": one.rule} for path, one in found
                    ],
                }
            )
        )
    elif found or not damaged:
        _print(looked_at(cassettes, http, inventories), others, found)
    if damaged:
        raise CassetteError("\n".join(damaged))
    if found:
        click.get_current_context().exit(1)


def in_sidecar(content: bytes, rules: list[Rule], environment: dict[str, str]) -> list[Finding]:
    """The secrets in a sidecar, which has a member of a frame on each line."""
    lines = content.split(b"\n")
    whole = b'{"at":0,"from":"cli","frame":%b}\n' % b"".join(lines)
    found = []
    for one in residues(whole, rules=rules, environment=environment):
        where = one.where.removeprefix("frame.")
        name = b'"%b":' % where.partition(".")[0].partition("[")[0].encode()
        number = next((number for number, line in enumerate(lines, 1) if line.startswith(name)), 1)
        found.append(Finding(one.rule, number, where))
    return found


def looked_at(cassettes: list[str], http: list[str], inventories: Sequence[str] = ()) -> str:
    """`2 cassettes, 1 recording of HTTP and 1 inventory`; what there is none of is left out."""
    parts = [count(len(cassettes), "cassette")] if cassettes or not http else []
    parts += [http_recordings.counted(len(http))] if http else []
    parts += [count(len(inventories), "inventory", "inventories")] if inventories else []
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))


def _print(looked: str, others: list[str], found: list[tuple[str, Finding]]) -> None:
    out = console()
    for path, one in found:
        out.print(Text(f"{path}:{one.line}: ", "bold") + Text(f"{visible(one.where)}: ") + Text(one.rule, "red"))
    verdict = Text(count(len(found), "secret"), "bold red") if found else Text("no secret found", "bold green")
    out.print(Text(f"{looked}: ") + verdict)
    if found:
        out.print(
            Text("a key that was committed is known: revoke it; claude-cassette scrub takes it out of the file", QUIET)
        )
    if others:
        out.print(Text(f"of another format, and not scanned: {listed(others)}", QUIET))
