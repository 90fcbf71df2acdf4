"""How the command looks: its console, its colours, its columns, its progress.

Above: every subcommand.  Below: rich.  On a terminal: colours (not with NO_COLOR), lines wrapped to its width.  Into a
pipe or file: neither, so that `grep` and `cut` find lines whole.  What a recording says may hold anything; characters
that a terminal would obey are shown instead (`visible`).
"""

from __future__ import annotations

import os
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any

from rich.console import Console
from rich.text import Text

STYLES = {
    "plain": "bold",
    "model": "cyan",
    "tool": "blue",
    "decision": "green",
    "refusal": "red",
    "quiet": "bright_black",
}
"""Tones of a transcript's rows -> rich styles; the sixteen colours of the user's own theme."""

QUIET = STYLES["quiet"]

UNCHANGED = "; the behaviour is what it was, and the file is unchanged"
"""What is said of a cassette that a recording did not change."""

_PIPED_WIDTH = 1_000_000  # rich wraps to some width at any rate
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Left to the command, which ends the same way whoever wrote."""
        raise BrokenPipeError


def console(*, stderr: bool = False) -> Console:
    """A console on stdout or stderr as it is now (a test may have replaced it)."""
    file: IO[str] = sys.stderr if stderr else sys.stdout
    if file.isatty():
        return _Console(file=file, highlight=False, markup=False, emoji=False)
    return _Console(
        file=file, highlight=False, markup=False, emoji=False, width=_PIPED_WIDTH, color_system=None, soft_wrap=True
    )


def visible(text: str) -> str:
    """`text` with the characters shown that move a cursor, colour a terminal or turn its direction.

    Tabs and newlines stay.
    """
    return _CONTROL.sub(lambda found: _shown(found[0]), text)


def _shown(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)  # ␛ for ESC
    return "␡" if code == 0x7F else f"\\u{code:04x}"


def columns(rows: Sequence[Sequence[Text]], *, right: Sequence[int] = (), width: int) -> Iterator[Text]:
    """Rows as aligned lines of `width` at most: names in the first column lose their beginnings for it.

    The columns in `right` are flush right; no line ends in spaces.
    """
    widths = [max(cell.cell_len for cell in column) for column in zip(*rows, strict=True)]
    widths[0] = min(widths[0], max(_SHORTEST_NAME, width - sum(widths[1:]) - 2 * (len(widths) - 1)))
    for row in rows:
        line = Text()
        for index, (cell, room) in enumerate(zip(row, widths, strict=True)):
            if cell.cell_len > room:
                cell = Text("…", cell.style) + cell[len(cell) - room + 1 :]
            space = " " * (room - cell.cell_len)
            line.append_text(Text(space) + cell if index in right else cell + Text(space))
            line.append("  ")
        line.rstrip()
        yield line


_SHORTEST_NAME = 16


def count(number: int, noun: str, nouns: str = "") -> str:
    """`1 episode`, `12,000 episodes`; `nouns` is the plural where it has no plain s."""
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"


def wrapped(text: str, out: Console, *, indent: int) -> list[str]:
    """The lines of `text`: on a terminal they fit its width behind `indent` columns, else they are left whole."""
    if not out.is_terminal:
        return [line.rstrip() for line in text.split("\n")]
    width = max(20, out.width - indent)
    lines: list[str] = []
    for line in text.split("\n"):
        lines += textwrap.wrap(line, width, replace_whitespace=False, break_on_hyphens=False) or [""]
    return lines


def listed(names: Sequence[str], *, shown: int = 3) -> str:
    """`a, b, c, and 4 more`."""
    more = len(names) - shown
    return ", ".join([*names[:shown], *([f"and {more:,} more"] if more > 0 else [])])


def size(number: int) -> str:
    """Bytes as `512 B`, `3.4 kB`, `1,234.5 MB`."""
    if number < 1000:
        return f"{number} B"
    if number < 1_000_000:
        return f"{number / 1000:.1f} kB"
    return f"{number / 1_000_000:,.1f} MB"


@contextmanager
def progress(what: str, items: Sequence[Any]) -> Iterator[Iterable[Any]]:
    """Go through `items`; a bar on stderr tells how far, on a terminal and after half a second only."""
    if not sys.stderr.isatty() or len(items) < 2 or os.environ.get("TERM") == "dumb":
        yield items
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    bar = Progress(
        TextColumn(what),
        BarColumn(bar_width=24, complete_style="cyan", finished_style="cyan"),
        MofNCompleteColumn(),
        console=console(stderr=True),
        transient=True,
    )
    with _Late(bar) as late:
        task = bar.add_task(what, total=len(items))

        def each() -> Iterator[Any]:
            for item in items:
                late.tick()
                yield item
                bar.advance(task)

        yield each()


class _Late:
    """A bar that appears only when the work takes long."""

    PATIENCE = 0.5

    def __init__(self, bar: Any) -> None:
        from time import monotonic

        self._bar, self._clock, self._shown = bar, monotonic, False
        self._since = monotonic()

    def __enter__(self) -> _Late:
        return self

    def __exit__(self, *exc: object) -> None:
        if self._shown:
            self._bar.stop()

    def tick(self) -> None:
        if not self._shown and self._clock() - self._since > self.PATIENCE:
            self._shown = True
            self._bar.start()
