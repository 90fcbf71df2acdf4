"""`claude-cassette stats`: what cassettes hold and what they cost, in numbers."""

from __future__ import annotations

import json
import os
from collections import Counter
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from .. import transcript_text as words
from ..cassette import Cassette, Entry
from ..describe import name_of
from ..jsonl import load
from .look import QUIET, columns, console, progress, size, visible, wrapped
from .options import json_option, paths_argument, subcommand
from .selection import select


@subcommand(
    "stats",
    "Count entries, frames, tools, tokens, cost.",
    examples=(
        "claude-cassette stats cassettes/",
        "claude-cassette stats session.jsonl --json | jq .total.cost_usd",
    ),
)
@paths_argument
@json_option
def command(paths: tuple[str, ...], as_json: bool) -> None:
    """Count what cassettes hold: one line for each, and the sums; PATH is a cassette, or a folder with some.

    Time is what the episodes took when they were recorded; tokens (read + written) and dollars are what their results
    say, nothing where there is no result.

    --json prints {"cassettes": [...], "total": {...}}; each has "episodes", "entries", "bytes", "frames" (from the host
    and from the CLI, by type), "tools" (calls by name), "tokens_in", "tokens_out", "cost_usd", "duration_ms" and "cli"
    (versions).
    """
    total = Numbers("total")
    each: list[Numbers] = []
    selected = select(paths).cassettes
    with progress("counting", selected) as cassettes:
        for path in cassettes:
            numbers = Numbers(path)
            numbers.count(load(path))
            total.add(numbers)
            each.append(numbers)
    if as_json:
        counted = [{"cassette": numbers.name, **numbers.to_json()} for numbers in each]
        click.echo(json.dumps({"cassettes": counted, "total": total.to_json()}))
    else:
        _print(console(), each, total)


class Numbers:
    """What is counted, of one cassette or of several."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.episodes = self.entries = self.bytes = 0
        self.host_frames: Counter[str] = Counter()
        self.cli_frames: Counter[str] = Counter()
        self.tools: Counter[str] = Counter()
        self.tokens_in = self.tokens_out = self.duration_ms = 0
        self.cost_usd = 0.0
        self.cli: set[str] = set()

    def count(self, cassette: Cassette) -> None:
        """Raises:
        CassetteError: A frame is damaged.
        """
        if isinstance(version := cassette.header.get("cli"), str):
            self.cli.add(version)
        self.bytes += os.path.getsize(cassette.path) if os.path.isfile(cassette.path) else 0
        for episode in cassette.episodes:
            self.episodes += 1
            self.entries += len(episode.entries)
            cost, last = 0.0, 0
            for entry in episode.entries:
                last = max(last, entry.at)
                if entry.kind == "frame":
                    cost = max(cost, self._frame(entry))
            self.duration_ms += last
            self.cost_usd += cost

    def _frame(self, entry: Entry) -> float:
        """Count a frame; returns what the session has cost so far, if it says so: results count from its beginning."""
        frame: dict[str, Any] = entry.value
        (self.host_frames if entry.source == "host" else self.cli_frames)[name_of(entry)] += 1
        if entry.source == "host":
            return 0.0
        if frame.get("type") == "assistant":
            message = frame.get("message")
            content = message.get("content") if isinstance(message, dict) else None
            for block in content if isinstance(content, list) else ():
                if isinstance(block, dict) and block.get("type") in ("tool_use", "server_tool_use"):
                    self.tools[str(block.get("name"))] += 1
        elif frame.get("type") == "result":
            usage, cost = frame.get("usage"), frame.get("total_cost_usd")
            read, written = words.tokens(usage if isinstance(usage, dict) else {})
            self.tokens_in += read
            self.tokens_out += written
            return cost if isinstance(cost, int | float) else 0.0
        return 0.0

    def add(self, other: Numbers) -> None:
        for name in ("episodes", "entries", "bytes", "tokens_in", "tokens_out", "duration_ms", "cost_usd"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.host_frames += other.host_frames
        self.cli_frames += other.cli_frames
        self.tools += other.tools
        self.cli |= other.cli

    def to_json(self) -> dict[str, Any]:
        return {
            "episodes": self.episodes,
            "entries": self.entries,
            "bytes": self.bytes,
            "frames": {"host": dict(self.host_frames.most_common()), "cli": dict(self.cli_frames.most_common())},
            "tools": dict(self.tools.most_common()),
            "tokens_in": self.tokens_in,
            "tokens_out": self.tokens_out,
            "cost_usd": round(self.cost_usd, 6),
            "duration_ms": self.duration_ms,
            "cli": sorted(self.cli),
        }


def _print(out: Console, each: list[Numbers], total: Numbers) -> None:
    # A terminal has little room for names: their common folder is said once.  A pipe gets them whole.
    folder = os.path.join(os.path.commonpath([numbers.name for numbers in each]), "") if out.is_terminal else ""
    folder = folder if len(each) > 1 and folder != "/" else ""
    head = [visible(folder) or "cassette", "episodes", "entries", "size", "tokens", "cost", "time"]
    rows = [[Text(word, QUIET) for word in head]]
    rows += [_row(numbers, numbers.name.removeprefix(folder)) for numbers in each]
    if len(each) > 1:
        rows.append([Text(cell.plain, "bold") for cell in _row(total, total.name)])
    for line in columns(rows, right=range(1, 7), width=out.width):
        out.print(line)
    out.print()
    counted = [("from host", total.host_frames), ("from CLI", total.cli_frames), ("tool calls", total.tools)]
    shown = [(name, _counts(numbers)) for name, numbers in counted if numbers]
    shown += [("CLI", ", ".join(sorted(total.cli)))] if total.cli else []
    for name, text in shown:
        for index, part in enumerate(wrapped(visible(text), out, indent=_LABEL_WIDTH)):
            out.print(Text.assemble((f"{'' if index else name:<{_LABEL_WIDTH}}", QUIET), part))


_LABEL_WIDTH = 12


def _row(numbers: Numbers, name: str) -> list[Text]:
    cells = [
        visible(name),
        f"{numbers.episodes:,}",
        f"{numbers.entries:,}",
        size(numbers.bytes),
        f"{numbers.tokens_in:,} + {numbers.tokens_out:,}",
        words.dollars(numbers.cost_usd),
        words.seconds(numbers.duration_ms),
    ]
    return [Text(cell) for cell in cells]


def _counts(counted: Counter[str]) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in counted.most_common())
