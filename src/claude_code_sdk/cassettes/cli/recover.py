"""`claude-cassette recover`: what a killed or failed recording left becomes a cassette."""

from __future__ import annotations

import json
import os
import shutil

import click

from ...errors import CassetteError, CassetteNotFound
from ..partial import SUFFIX, partial_path
from ..saving import save
from ..startup.spool import PARTS, folder_of, is_being_written, parts_of
from .look import console, visible
from .options import subcommand
from .record import summary


@subcommand(
    "recover",
    "Make a cassette of a killed recording.",
    examples=(
        "claude-cassette recover cassettes/triage.jsonl.partial",
        "claude-cassette recover triage.jsonl.partial --out what-was-left.jsonl",
    ),
)
@click.argument("partial", metavar="CASSETTE.jsonl.partial", type=click.Path())
@click.option("--out", metavar="CASSETTE.jsonl", type=click.Path(), help="Where to.  [default: without .partial]")
@click.option("--keep", is_flag=True, help="Leave the partial file where it is.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as one JSON object.")
def command(partial: str, out: str | None, keep: bool, as_json: bool) -> None:
    """Make a cassette of the partial file that a recording left, since its program failed or was killed.

    What was recorded by `claude-cassette record` lies in a folder beside it, CASSETTE.jsonl.parts, which may be named
    as well.  Said is what is missing: bytes that were still held back when a process was killed, and episodes without
    an exit, which a replay ends with a mismatch.

    --json prints {"cassette", "changed", "episodes", "unfinished", "lost", "cli", "redacted": {rule: number}}.

    Exit codes: 0 written, whatever is missing; 1 there is nothing to recover, it is damaged, or the cassette cannot be
    written; 2 wrong usage.
    """
    cassette = _cassette_of(partial)
    target = out or cassette
    files = _files(partial, cassette)
    saved = save(target, files)
    if not keep:
        _remove(files, cassette)
    if as_json:
        click.echo(json.dumps({"cassette": target, **saved._asdict()}))
    else:
        console().print(visible(summary(target, saved)))


def _cassette_of(path: str) -> str:
    """The cassette that a partial file, a folder of parts, or the path of the cassette itself belongs to."""
    path = path.rstrip("/")
    for suffix in (SUFFIX, PARTS):
        if path.endswith(suffix):
            return path.removesuffix(suffix)
    return path


def _files(given: str, cassette: str) -> list[str]:
    partial, folder = partial_path(cassette), folder_of(cassette)
    files = [partial] if os.path.isfile(partial) else []
    files += parts_of(folder) if os.path.isdir(folder) else []
    if not files:
        raise CassetteNotFound(f"{given}: there is nothing to recover: neither {partial} nor {folder} is there")
    for file in files:
        if is_being_written(file):
            raise CassetteError(f"{file}: it is still being recorded; recover it when that process has ended")
    return files


def _remove(files: list[str], cassette: str) -> None:
    shutil.rmtree(folder_of(cassette), ignore_errors=True)
    for file in files:
        if os.path.isfile(file):
            os.unlink(file)
