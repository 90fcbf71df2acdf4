"""`claude-cassette check`: are these cassettes whole, and does the installed SDK understand them?"""

from __future__ import annotations

import json

import click
from rich.text import Text

from .inspection import UNKNOWN, Inspection, inspect
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
@json_option
def command(paths: tuple[str, ...], allow_unknown: bool, as_json: bool) -> None:
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

    --json prints {"cassettes", "episodes", "entries", "others": [...], "findings": [{"path", "line", "column", "kind",
    "text"}]}.

    Exit codes: 0 nothing found; 1 something found, or no cassette in PATH; 2 wrong usage.
    """
    selection = select(paths)
    total = Inspection()
    with progress("checking", selection.cassettes) as cassettes:
        for path in cassettes:
            total += inspect(path)
    found = total.findings
    if as_json:
        click.echo(json.dumps(_json(selection, total)))
    else:
        _print(selection, total)
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
