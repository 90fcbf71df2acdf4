"""`claude-cassette check`: are these cassettes whole, and does the installed SDK understand them?"""

from __future__ import annotations

import json
import os

import click
from rich.text import Text

from ..sidecars import remove, unused_below
from .inspection import DAMAGED, UNKNOWN, Inspection, inspect
from .look import QUIET, console, count, listed, progress, visible
from .options import json_option, paths_argument, subcommand
from .selection import Selection, select


@subcommand(
    "check",
    "Find damaged, cut off and not understood ones.",
    examples=(
        "claude-cassette check cassettes/",
        "claude-cassette check tests/ --allow-unknown",
        "claude-cassette check cassettes/ --json | jq '.findings[].text'",
    ),
)
@paths_argument
@click.option("--allow-unknown", is_flag=True, help="List what is not understood, but do not fail because of it.")
@click.option("--prune", is_flag=True, help="Remove inventories that no cassette names any more.")
@json_option
def command(paths: tuple[str, ...], allow_unknown: bool, prune: bool, as_json: bool) -> None:
    """Check that cassettes are whole, and that the installed SDK understands them.

    PATH is a cassette, or a folder: every .jsonl below it is one, except those whose first line belongs to another
    format; they are named.  Found, each as file:line:column and a text:

    \b
    damaged   a torn line, bad JSON, an entry out of place, a missing
              sidecar, another format version, an empty file
    cut off   an episode without its exit, a file without episodes
    problem   a frame or block that lacks what its type needs
    unknown   types of frames, blocks and requests that this release
              does not know; programs get them as Unknown...

    Where none is damaged, inventories below a folder that no cassette names any more are listed too; --prune removes
    them.

    --json prints {"cassettes", "episodes", "entries", "others": [...], "unused": [...], "pruned", "findings": [{"path",
    "line", "column", "kind", "text"}]}.

    Exit codes: 0 nothing found; 1 something found, or no cassette in PATH; 2 wrong usage.
    """
    selection = select(paths)
    total = Inspection()
    with progress("checking", selection.cassettes) as cassettes:
        for path in cassettes:
            total += inspect(path)
    found = total.findings
    whole = not any(finding.kind == DAMAGED for finding in found)  # a damaged one might name any of them
    folders = filter(os.path.isdir, paths if whole else ())
    unused = sorted({path for folder in folders for path in unused_below(folder)})
    if prune:
        remove(unused)
    if as_json:
        click.echo(json.dumps({**_json(selection, total), "unused": unused, "pruned": prune and whole}))
    else:
        _print(selection, total)
        _print_unused(unused, pruned=prune)
        if prune and not whole:
            console().print(Text("no inventory was removed: a damaged cassette might name it", QUIET))
    if any(not (allow_unknown and finding.kind == UNKNOWN) for finding in found):
        click.get_current_context().exit(1)


def _json(selection: Selection, total: Inspection) -> dict[str, object]:
    return {
        "cassettes": len(selection.cassettes),
        "episodes": total.episodes,
        "entries": total.entries,
        "others": selection.others,
        "findings": [finding._asdict() for finding in total.findings],
    }


def _print(selection: Selection, total: Inspection) -> None:
    out = console()
    for finding in total.findings:
        place = Text(f"{finding.path}:{finding.line}:{finding.column}: ", "bold")
        kind = Text(f"{finding.kind}: ", "yellow" if finding.kind == UNKNOWN else "red")
        out.print(place + kind + Text(visible(finding.text)))
    looked = f"{count(len(selection.cassettes), 'cassette')}, {count(total.episodes, 'episode')}"
    looked += f", {count(total.entries, 'entry', 'entries')}: "
    found = total.findings
    verdict = Text(count(len(found), "finding"), "bold red") if found else Text("nothing found", "bold green")
    out.print(Text(looked) + verdict)
    if selection.others:
        out.print(Text(f"of another format, and not checked: {listed(selection.others)}", QUIET))


def _print_unused(unused: list[str], *, pruned: bool) -> None:
    if unused:
        what = f"{count(len(unused), 'inventory', 'inventories')} that no cassette names any more"
        told = f"removed {what}: {listed(unused)}" if pruned else f"{what}: {listed(unused)} (--prune removes them)"
        console().print(Text(told, QUIET))
