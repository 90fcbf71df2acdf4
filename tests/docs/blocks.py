"""The blocks of code in the README and the documentation."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent.parent
EXAMPLES = ROOT / "docs" / "examples"
PAGES = sorted(
    [ROOT / "README.md", *(path for path in (ROOT / "docs").rglob("*.md") if not path.is_relative_to(EXAMPLES))]
)
"""Examples are projects of their own, whose files are named from there."""

_FENCE = re.compile(r"^```(\w*)(?: title=\"(.+?)\")?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """One block: its page from the root of the repository, its first line there, its language, title and text."""

    page: str
    line: int
    language: str
    title: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def blocks_of(text: str, page: str) -> list[Block]:
    """The blocks of one page."""
    return [
        Block(page, text.count("\n", 0, found.start()) + 2, found[1], found[2] or "", found[3])
        for found in _FENCE.finditer(text)
    ]


BLOCKS = [block for path in PAGES for block in blocks_of(path.read_text("utf-8"), str(path.relative_to(ROOT)))]
