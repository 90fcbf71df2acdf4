"""What the terminal says of cassettes: a line at the head of a run, a section at its end.

Above: `plugin.py`.  Below: `config.py`, `ledger.py`.
"""

from __future__ import annotations

import os
from pathlib import Path

from .config import ENGINE, RECORD, chosen, is_explicit
from .ledger import MISSING, PRUNED, RECORDED, REPLAYED, UNPLAYED, UNUSED_FILE, Ledger

TYPE_CHECKING = False
if TYPE_CHECKING:
    import pytest

WIDTH = 11
"""Columns of a word and the gap behind it."""


def header(config: pytest.Config, *, live_allowed: bool) -> str:
    """The line at the head.  Raises `ValueError` for a setting that cannot be followed."""
    engine, record = chosen(config, ENGINE), chosen(config, RECORD)
    live = "allowed" if live_allowed else "refused"
    if not live_allowed and record.value != "none" and is_explicit(record, RECORD):
        live = "only where they are recorded"
    return f"claude: engine {engine.value}, record mode {record.value}, live runs {live}"


def told(ledger: Ledger, *, folder: Path, verbose: bool) -> list[str]:
    """The lines of the section; none when no cassette was in use and none is unused.

    - `folder`: the one that paths are shown from.
    """
    counts = dict.fromkeys((REPLAYED, RECORDED, UNPLAYED, MISSING), 0)
    for (outcome, _), tests in ledger.outcomes.items():
        counts[outcome] += len(tests)
    pruned = [path for path in ledger.unused if ledger.unused_mode == "prune" and path not in ledger.not_pruned]
    counts[PRUNED] = len(pruned)
    counts[UNUSED_FILE] = len(ledger.unused) - len(pruned)
    if not any(counts.values()):
        return []
    lines = [", ".join(f"{count} {word}" for word, count in counts.items() if count or word == REPLAYED)]
    shown = (RECORDED, UNPLAYED, MISSING) if not verbose else (REPLAYED, RECORDED, UNPLAYED, MISSING)
    for outcome in shown:
        for (word, path), tests in sorted(ledger.outcomes.items()):
            if word == outcome:
                whose = "" if word == RECORDED else f"  ({', '.join(tests)})"
                lines.append(f"{word:<{WIDTH}}{_shown(path, folder)}{whose}")
    for path in ledger.unused:
        word = PRUNED if path in pruned else UNUSED_FILE
        http = ", and its .http.yaml" if path in pruned and path in ledger.pruned_http else ""
        lines.append(f"{word:<{WIDTH}}{_shown(path, folder)}{http}")
    if ledger.unused and ledger.unused_mode == "fail":
        lines.append(f"unused cassettes fail this run:  {ledger.unused_by}=fail")
    if ledger.unused and ledger.unused_mode != "prune":
        lines.append("remove the unused ones:  pytest --claude-unused-cassettes=prune")
    return lines


def _shown(path: str, folder: Path) -> str:
    return os.path.relpath(path, folder) if Path(path).is_relative_to(folder) else path
