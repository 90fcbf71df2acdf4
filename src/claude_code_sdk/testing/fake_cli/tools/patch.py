"""Patch: what changed in a file, in the form of the CLI's `structuredPatch`."""

from __future__ import annotations

from difflib import SequenceMatcher

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ....protocol.events import Frame

AROUND = 3
"""Unchanged lines that are shown before and after a change."""

NO_NEWLINE = "\\ No newline at end of file"


def changed_lines(before: str, after: str) -> list[Frame]:
    """The hunks that lead from one text to the other."""
    old, new = _lines(before), _lines(after)
    hunks = []
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND):
        lines = []
        for kind, start, end, new_start, new_end in group:
            if kind == "equal":
                lines += [f" {line}" for line in old[start:end]]
                continue
            lines += [f"-{line}" for line in old[start:end]]
            if end == len(old) > start and before and not before.endswith("\n"):
                lines.append(NO_NEWLINE)
            lines += [f"+{line}" for line in new[new_start:new_end]]
            if new_end == len(new) > new_start and after and not after.endswith("\n"):
                lines.append(NO_NEWLINE)
        first, last = group[0], group[-1]
        hunk = {"oldStart": first[1] + 1, "oldLines": last[2] - first[1]}
        hunks.append(hunk | {"newStart": first[3] + 1, "newLines": last[4] - first[3], "lines": lines})
    return hunks


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines
