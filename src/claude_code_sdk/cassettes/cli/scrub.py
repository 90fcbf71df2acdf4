"""`claude-cassette scrub`: take the secrets out of cassettes that have some."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable

import click
from rich.text import Text

from ...errors import CassetteError
from ..entry_line import decode_line, encode_apart, encode_entry
from ..inventory import KEY, store
from ..jsonl import Replacement
from ..secrets.pseudonyms import highest_number
from ..secrets.residue import refuse_residues
from ..secrets.rules import Rule
from ..secrets.scrubber import Scrubber
from ..sidecars import remove, sidecars_of, unused_below
from ..startup.spool import is_being_written
from . import http_recordings
from .look import QUIET, console, listed, progress
from .options import json_option, paths_argument, subcommand
from .scan import in_sidecar, looked_at, read, rules_of, secret_options, with_partials


@subcommand(
    "scrub",
    "Take secrets out of cassettes.",
    examples=(
        "claude-cassette scrub cassettes/old.jsonl",
        "claude-cassette scrub cassettes/ --check",
    ),
)
@paths_argument
@click.option("--check", is_flag=True, help="Change nothing; fail if something would change.")
@secret_options
@json_option
def command(paths: tuple[str, ...], check: bool, rules: str | None, environment: bool, as_json: bool) -> None:
    """Replace the secrets in cassettes by pseudonyms, in place, as a recording does.

    A pseudonym keeps the public beginning of a key, so that hooks decide as they did; the same secret gets the same
    pseudonym throughout its file.  A line without a secret keeps its bytes.  A file is replaced as a whole or, on any
    failure, left as it was.  The HTTP of tools, in .http.yaml files, is treated alike.

    --json prints {"cassettes", "http", "others": [...], "changed": [{"path", "redacted": {rule: count}}]}.

    Exit codes: 0 done, or with --check nothing to do; 1 with --check something to do, or no cassette in PATH, or one
    cannot be read or written; 2 wrong usage.
    """
    own = rules_of(rules)
    cassettes, others, http = with_partials(paths)
    values = dict(os.environ) if environment else {}
    changed: list[tuple[str, dict[str, int]]] = []
    recordings = [http_recordings.read(path) for path in http]  # first: nothing is changed where one is damaged
    with progress("scrubbing", cassettes) as files:
        for path in files:
            data = read(path)
            whole = Whole(data, path)
            new, redacted = scrubbed(whole.data, own, values)
            if new != whole.data:
                refuse_residues(new, path, rules=own, environment=values)
                changed.append((path, redacted))
                if not check:
                    _replace(path, whole.apart(new))
                    _remove_leaking(sidecars_of(path, data), own, values)
    for recording in recordings:
        new, redacted = recording.scrubbed(rules=own, environment=values)
        if redacted:
            changed.append((recording.path, redacted))
            if not check:
                with Replacement(recording.path) as file:
                    file.write(new)
    if as_json:
        files_changed = [{"path": path, "redacted": redacted} for path, redacted in changed]
        click.echo(
            json.dumps({"cassettes": len(cassettes), "http": len(http), "others": others, "changed": files_changed})
        )
    else:
        _print(looked_at(cassettes, http), others, changed, check=check)
    if check and changed:
        click.get_current_context().exit(1)


def scrubbed(data: bytes, rules: list[Rule], environment: dict[str, str]) -> tuple[bytes, dict[str, int]]:
    """The content of a cassette without its secrets, and how many of which kind were in it."""
    scrubber = Scrubber(rules, environment=environment, numbers_after=highest_number(data))
    torn = b"" if data.endswith(b"\n") or not data else b"\n"
    new = scrubber.lines(data + torn) + scrubber.flush()
    return new[: len(new) - len(torn)], scrubber.redacted


class Whole:
    """A cassette with its inventories in it, so that they are scrubbed with it: its `data`."""

    def __init__(self, data: bytes, path: str) -> None:
        """Raises:
        CassetteError: An inventory is missing or damaged.
        """
        self._path = path
        self._stored = data.split(b"\n")
        self._lines = list(self._stored)
        self._entries: dict[int, str] = {}  # index of a line that was made whole -> the name of its sidecar
        for index, line in enumerate(self._stored):
            if b'"inventory":' in line and (name := _sidecar_of(line, index + 1, path)):
                self._entries[index] = name
                self._lines[index] = encode_entry(decode_line(line, 0, len(line), index + 1, path))
        self.data = b"\n".join(self._lines)

    def apart(self, data: bytes) -> bytes:
        """`data`, which is this with other texts in it, as it is stored; its sidecars are then there."""
        lines = data.split(b"\n")
        for index, name in self._entries.items():
            if lines[index] == self._lines[index]:
                lines[index] = self._stored[index]
                continue
            entry = decode_line(lines[index], 0, len(lines[index]), index + 1, self._path)
            entry.extra = {**(entry.extra or {}), KEY: name}
            lines[index], inventory = encode_apart(entry)
            if inventory is not None:
                store(os.path.realpath(self._path), inventory)
        return b"\n".join(lines)


def _sidecar_of(line: bytes, number: int, path: str) -> str | None:
    """The sidecar that a line names; None for a line that has none, a damaged one too."""
    try:
        entry = decode_line(line, 0, len(line), number, path, apart=True)
    except CassetteError:
        return None
    name = entry.extra.get(KEY) if entry.kind == "frame" and entry.extra else None
    return name if isinstance(name, str) else None


def _remove_leaking(sidecars: Iterable[str], rules: list[Rule], environment: dict[str, str]) -> None:
    """Remove those that hold a secret, once no cassette names them any more."""
    for path in sidecars:
        if in_sidecar(read(path), rules, environment) and path in unused_below(os.path.dirname(path)):
            remove([path])


def _replace(path: str, data: bytes) -> None:
    if is_being_written(path):
        raise CassetteError(f"{path}: it is still being recorded; scrub it when that process has ended")
    with Replacement(path) as file:
        file.write(data)


def _print(looked: str, others: list[str], changed: list[tuple[str, dict[str, int]]], *, check: bool) -> None:
    out = console()
    for path, redacted in changed:
        kinds = ", ".join(f"{number} {rule}" for rule, number in sorted(redacted.items()))
        out.print(Text(f"{path}: ", "bold") + Text(kinds))
    word = "would change" if check else "changed"
    verdict = Text(f"{len(changed)} {word}", "bold yellow") if changed else Text("nothing to take out", "bold green")
    out.print(Text(f"{looked}: ") + verdict)
    if others:
        out.print(Text(f"of another format, and left alone: {listed(others)}", QUIET))
