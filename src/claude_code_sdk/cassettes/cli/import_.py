"""`claude-cassette import`: wire recordings become a cassette."""

from __future__ import annotations

import json
import os
from typing import Any

import click

from ...errors import CassetteError
from ..importer import Imported
from .look import UNCHANGED, count
from .options import json_option, subcommand


@subcommand(
    "import",
    "Turn wire recordings into a cassette.",
    examples=("claude-cassette import wire.jsonl wire.2.jsonl --out cassettes/two_runs.jsonl",),
)
@click.argument("wires", nargs=-1, required=True, metavar="WIRE.jsonl...", type=click.Path())
@click.option("--out", required=True, metavar="CASSETTE.jsonl", type=click.Path(), help="The file to write.")
@click.option("--home", metavar="DIR", help="Home folder on the recorded machine.  [default: read off the recording]")
@click.option("--temp", metavar="DIR", default="/tmp", show_default=True, help="Its folder for temporary files.")
@json_option
def command(wires: tuple[str, ...], out: str, home: str | None, temp: str, as_json: bool) -> None:
    """Turn wire recordings into a cassette, one episode for each WIRE file, in the order in which they began.

    A wire file is what a tee between an SDK and the CLI wrote down: one record a line, {"t": seconds, "dir":
    "to_cli"|"from_cli"|"stderr"|"meta", "line": ...}, beginning with the spawn event.  The processes of one program
    (wire.jsonl, wire.2.jsonl, ...) belong into one cassette; the "t" of their first records tells their order, and
    where it is the same the order given does.

    The working directory, home and temp folder become placeholders; of the environment only what changes the wire is
    kept; frames are put in canonical order; flags stay as recorded.  Secrets are replaced by pseudonyms.  All as in
    recording, and as there a cassette that is there changes only where the behaviour did.

    --json prints {"cassette", "changed", "cli", "sdk", "episodes": [{"number", "wire", "entries", "host_frames",
    "cli_frames", "exit"}]}.

    Exit codes: 0 written, or nothing to change; 1 a wire file is damaged, a secret would be left, or the cassette
    cannot be written, which leaves an existing one as it was; 2 wrong usage.
    """
    imported = Imported(wires, home=home, temp=temp)
    _make_folder(out)
    changed = imported.save(out)
    summary = _summary(imported, out, changed=changed)
    if as_json:
        click.echo(json.dumps(summary))
        return
    unchanged = "" if changed else UNCHANGED
    episodes = count(len(imported.runs), "episode")
    click.echo(f"{out}: {episodes} (CLI {summary['cli'] or 'of unknown version'}){unchanged}")
    for episode in summary["episodes"]:
        ending = "no exit recorded" if episode["exit"] is None else f"exit {episode['exit']}"
        frames = f"{count(episode['host_frames'], 'frame')} from the host, {episode['cli_frames']} from the CLI"
        click.echo(f"  {episode['number']}  {episode['wire']}: {frames}, {ending}")


def _make_folder(out: str) -> None:
    """The folder of the new cassette: `cassettes/<module>/` is there only after the first recording of a module."""
    try:
        os.makedirs(os.path.dirname(os.path.abspath(out)), exist_ok=True)
    except OSError as error:
        raise CassetteError(f"{out}: the cassette cannot be written: {error.strerror}") from error


def _summary(imported: Imported, out: str, *, changed: bool) -> dict[str, Any]:
    episodes = []
    for number, entries in enumerate(imported.runs, 1):
        frames = [entry.source for entry in entries if entry.kind == "frame"]
        last = entries[-1]
        episodes.append(
            {
                "number": number,
                "wire": entries[0].path,
                "entries": len(entries),
                "host_frames": frames.count("host"),
                "cli_frames": frames.count("cli"),
                "exit": last.value if last.kind == "exit" else None,
            }
        )
    header = imported.header
    return {"cassette": out, "changed": changed, "cli": header["cli"], "sdk": header["sdk"], "episodes": episodes}
