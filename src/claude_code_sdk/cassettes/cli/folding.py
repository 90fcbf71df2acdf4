"""Long texts cut for people, with a note on what was cut.

Above: `show.py`, `http_recordings.py`.  Below: look.py.
"""

from __future__ import annotations

from .look import count

FOLD_LINES = 12
"""Lines of one event that are shown; of a longer one the first and a note how to see the rest."""

FOLD_CHARACTERS = 800
"""Characters of one event that are shown."""


def fold(lines: list[str]) -> str | None:
    """Cut `lines` where they get long; returns a note on what was cut."""
    kept, size = 0, 0
    for line in lines:
        if kept == FOLD_LINES or size > FOLD_CHARACTERS:
            break
        kept, size = kept + 1, size + len(line)
    left = len(lines) - kept
    characters = sum(map(len, lines[kept:]))
    del lines[kept:]
    if len(lines[-1]) > FOLD_CHARACTERS:
        characters += len(lines[-1]) - FOLD_CHARACTERS
        lines[-1] = lines[-1][:FOLD_CHARACTERS]
    if not characters and not left:
        return None
    what = f"{count(left, 'more line')}, " if left else ""
    return f"… {what}{count(characters, 'character')} (--full shows them)"
