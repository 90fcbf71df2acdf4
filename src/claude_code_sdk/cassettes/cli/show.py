"""`claude-cassette show`: cassettes as transcripts."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from ...errors import CassetteError
from .. import transcript_text as words
from ..cassette import Cassette, Episode
from ..jsonl import load
from ..lines import LoadedEntries
from ..transcript import Transcript
from ..transcript_events import Event, Session
from . import http_recordings
from .folding import fold
from .look import QUIET, STYLES, console, count, visible, wrapped
from .options import json_option, paths_argument, subcommand
from .selection import select


@subcommand(
    "show",
    "Print what happened, as a transcript.",
    examples=(
        "claude-cassette show cassettes/test_policy/test_deny.jsonl",
        "claude-cassette show --episode 2 --full session.jsonl | less",
        "claude-cassette show --raw session.jsonl | jq .frame",
    ),
)
@paths_argument
@click.option("--episode", type=click.IntRange(min=1), metavar="N", help="Only the Nth episode of each cassette.")
@click.option("--full", is_flag=True, help="Long texts as a whole; they are folded otherwise.")
@click.option("--times", is_flag=True, help="When each thing happened, in seconds since the CLI was started.")
@click.option("--raw", is_flag=True, help="The entries as they stand in the file, one a line.")
@json_option
def command(paths: tuple[str, ...], episode: int | None, full: bool, times: bool, raw: bool, as_json: bool) -> None:
    """Print what happened in cassettes: prompts, what the model said and thought, tool calls and their results, what
    hooks and permission callbacks decided, calls of your MCP servers, interrupts, stderr, and how each turn and the run
    ended.

    The number before each line is its line in the file; a request stands where it was asked, with its answer.  Deltas
    are folded into the text that they build.  Housekeeping of the protocol is left out; --raw has it all.

    --json prints {"cassettes": [{"cassette", "header", "episodes": [{"number", "line", "exit", "events": [...]}]}]}; an
    event has its "kind", "line", "at" (milliseconds), "agent" and the fields of its kind.

    Of the HTTP of tools, in .http.yaml files, the requests and responses are shown: with --json as {"http": [{"http",
    "requests": [{"line", "method", "uri", "headers", "body", "response"}]}]}.  It has no episodes: --episode and --raw
    leave it out.
    """
    if raw and as_json:
        raise click.UsageError("--raw prints entries, which are JSON already; give one of --raw and --json.")
    selection = select(paths, http=not raw and episode is None)
    chosen = [(cassette, _chosen(cassette, episode)) for cassette in map(load, selection.cassettes)]
    recordings = [http_recordings.read(path) for path in selection.http]
    if raw:
        for _, episodes in chosen:
            _print_raw(episodes)
    elif as_json:
        http = [http_recordings.as_json(file) for file in recordings]
        click.echo(json.dumps({"cassettes": [_json(*each) for each in chosen], "http": http}))
    else:
        out = console()
        for index, (cassette, episodes) in enumerate(chosen):
            if index:
                out.print()
            _print(out, cassette, episodes, full=full, times=times)
        for index, file in enumerate(recordings, len(chosen)):
            if index:
                out.print()
            http_recordings.print_http(out, file, full=full)


def _chosen(cassette: Cassette, number: int | None) -> list[Episode]:
    episodes = list(cassette.episodes)
    if number is None:
        return episodes
    if number > len(episodes):
        raise CassetteError(f"{cassette.path}: there is no episode {number}; it has {count(len(episodes), 'episode')}")
    return [episodes[number - 1]]


def _json(cassette: Cassette, episodes: Iterable[Episode]) -> dict[str, Any]:
    told = [
        {
            "number": episode.number,
            "line": episode.first_line,
            "exit": episode.exit_code,
            "events": [event.to_json() for event in Transcript(episode).events],
        }
        for episode in episodes
    ]
    return {"cassette": cassette.path, "header": dict(cassette.header), "episodes": told}


def _print_raw(episodes: Iterable[Episode]) -> None:
    """The lines of the file that the episodes are, byte for byte."""
    out = sys.stdout.buffer
    for episode in episodes:
        assert isinstance(episode.entries, LoadedEntries)
        out.writelines(episode.entries.line(index) + b"\n" for index in range(len(episode.entries)))


# For people


def _print(out: Console, cassette: Cassette, episodes: list[Episode], *, full: bool, times: bool) -> None:
    out.print(Text(visible(cassette.path), "bold"))
    facts = _facts(cassette)
    if facts:
        out.print(Text(facts, QUIET))
    for episode in episodes:
        out.print()
        if len(cassette.episodes) != 1:
            out.print(Text(f"Episode {episode.number} of {len(cassette.episodes)}", "bold"))
        events = list(words.told(Transcript(episode).events))
        gutter = _Gutter(events, times=times)
        for event in events:
            _print_event(out, event, gutter, full=full)
    if not cassette.episodes:
        out.print(Text("no episodes", QUIET))


def _facts(cassette: Cassette) -> str:
    """What the header says."""
    header = cassette.header
    facts = [f"CLI {header['cli']}"] if header.get("cli") else []
    facts += [str(header["sdk"])] if header.get("sdk") else []
    facts += [str(header["recorded"])[:10]] if header.get("recorded") else []
    facts += ["imported"] if header.get("mode") == "import" else []
    redacted = header.get("redacted")
    if isinstance(redacted, dict) and redacted:
        facts.append(f"taken out: {', '.join(f'{n} {rule}' for rule, n in redacted.items())}")
    return visible(", ".join(facts))


class _Gutter:
    """The columns before an event: its line, when asked for its time, and its label."""

    def __init__(self, events: list[Event], *, times: bool) -> None:
        self._line = max((len(str(event.line)) for event in events), default=1)
        self._time = max((len(_seconds(event)) for event in events), default=0) if times else 0
        self.width = 2 + self._line + (2 + self._time if times else 0) + 2 + words.LABEL_WIDTH

    def of(self, event: Event, label: str, style: str) -> Text:
        time = f"  {_seconds(event):>{self._time}}" if self._time else ""
        return Text.assemble(
            (f"  {event.line or '':>{self._line}}{time}  ", QUIET), (f"{label:<{words.LABEL_WIDTH}}", style)
        )


def _seconds(event: Event) -> str:
    return f"{event.at / 1000:.3f}"


def _print_event(out: Console, event: Event, gutter: _Gutter, *, full: bool) -> None:
    label, tone, text = words.row(event)
    bar = "│ " if event.agent else ""
    lines = wrapped(visible(text).strip("\n").expandtabs(4), out, indent=gutter.width + len(bar))
    rest = None if full else fold(lines)
    # A colour says what a line is about; texts are easiest to read in the terminal's own.
    style = STYLES[tone] if tone in (words.QUIET, words.REFUSAL) and not isinstance(event, Session) else ""
    first = gutter.of(event, label, STYLES[tone]) + Text(bar + lines[0], style)
    first.rstrip()
    out.print(first)
    for line in lines[1:]:
        out.print(Text(" " * gutter.width) + Text(bar + line, style))
    if rest:
        out.print(Text(" " * gutter.width + rest, QUIET))
