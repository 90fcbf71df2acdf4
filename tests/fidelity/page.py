"""docs/reference/fidelity.md: written from the figures, and read for those of the last time.

Above: `__main__.py`.  Below: `figures.py`, `again.py`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import figures
from .legs import LEGS

if TYPE_CHECKING:
    from .again import Again
    from .case import Outcome

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "fidelity.md"

STORED = re.compile(r"^<!-- fidelity: (\{.*\}) -->$", re.MULTILINE)
"""The line that a later run compares itself with."""

TEXT = """# Fidelity of the scripted fake

<!-- fidelity: {stored} -->

The scripted fake CLI compared with the real one, Claude Code {version}. This page is written by

```console
$ python -m tests.fidelity --shared ../shared --official .venv-official/bin/python --write
```

## What is measured, and how

Small programs on the SDK's public API were recorded on the real CLI, whose model was a stand-in with scripted replies.
Each program runs again on the fake. The fake gets the model's replies and what built-in tools answered on the real CLI
where they really ran: the world's part. Everything else it has to derive: the greeting, hooks, permissions, MCP calls,
partial messages, sub-agents, counts, results, exit codes. It never learns which program it serves.

- *Skeleton*: 2·M / (frames of both sides), M being the frames of the CLI that agree in kind and order.
- *Deep*: the same, of frames that are equal in every field. Ids are replaced by the order in which they appear; times,
  durations, costs, token counts and inventories are not compared.
- *Observed*: the same, of what the program itself saw: messages, calls of its hooks, permission callbacks and tools,
  exceptions. It was recorded with the official SDK.

Each figure of a scenario is over all CLI processes that it starts. The legs: *subprocess*, this SDK with `fake-claude`
as a process of its own; *in process*, this SDK with the fake in the same process; *official*, the same two with the
official SDK.

{itself}
`make fidelity SHARED=DIR` measures again, and fails where a mean of the skeleton is below {skeleton_mean:g}, one
scenario is below {skeleton_min:g}, a mean of deep is below {deep_mean:g}, or a figure is lower than here. `DIR` has the
recordings and the code that compares.
"""

ITSELF = """For comparison, the real CLI against itself: {programs} of the programs were recorded twice, and agree to
{skeleton:.4f} (skeleton), {deep:.4f} (deep) and {observed:.4f} (observed). Over a larger set of 239 wires it is 0.9996
and 0.997: where an interrupt cuts a text, and the order of independent answers, is chance.
"""

FIRST = """
## Programs that nobody had looked at

The sets above were read while the fake was built. What it does with programs that nobody had in mind is told by
further sets, written from public documentation by somebody who did not read the fake, recorded, committed, and only
then run on it: once, in process. Such a first measure cannot be had twice: what differed was looked into and mended,
so that what the same set gives now says less.

{table}"""

TITLES = {"shared": "The recorded scenarios", "held_out": "A second set, recorded outside the shared folder"}


def write(
    sets: dict[str, list[Outcome]],
    itself: Again | None,
    version: str,
    path: Path = PAGE,
    unseen: dict[str, tuple[dict[str, Any], list[Outcome]]] | None = None,
) -> None:
    """Write the page.

    - `sets`: the outcomes by the name of the set, of which one must be there.
    - `unseen`: by the name of a set, its first measure and what it gives now.
    """
    stored = {name: figures.of_set(outcomes) for name, outcomes in sets.items()}
    parts = [
        TEXT.format(
            stored=json.dumps(stored, sort_keys=True),
            version=version,
            itself="" if itself is None else ITSELF.format(**itself._asdict()),
            skeleton_mean=figures.SKELETON_MEAN,
            skeleton_min=figures.SKELETON_MIN,
            deep_mean=figures.DEEP_MEAN,
        )
    ]
    for name, outcomes in sets.items():
        parts.append(f"\n## {TITLES.get(name, name)}\n\n{summary(stored[name])}\n{table(outcomes)}{not_run(outcomes)}")
    if unseen:
        parts.append(FIRST.format(table=first_measures(unseen)))
    path.write_text("".join(parts), encoding="utf-8")


def stored(path: Path = PAGE) -> dict[str, dict[str, dict[str, Any]]]:
    """The figures on the page, by set and leg; empty where there is none."""
    found = STORED.search(path.read_text(encoding="utf-8")) if path.exists() else None
    return json.loads(found[1]) if found else {}


def summary(by_leg: dict[str, dict[str, Any]]) -> str:
    """A table with a row for each leg."""
    lines = [
        "| leg | scenarios | run | skeleton | lowest | deep | observed | of these equal |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for leg, got in by_leg.items():
        wire = [f"{got[key]:.4f}" if key in got else "" for key in ("skeleton", "skeleton_min", "deep")]
        cells = [_title(leg), got["scenarios"], got["run"], *wire, f"{got['observed']:.4f}", got["observed_equal"]]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines) + "\n"


def first_measures(unseen: dict[str, tuple[dict[str, Any], list[Outcome]]]) -> str:
    """A table with two rows for each set: its first measure, and what it gives now."""
    lines = [
        "| set | programs | measured | skeleton | lowest | deep | observed | of these equal |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, (first, outcomes) in unseen.items():
        now = figures.of_leg(outcomes)
        for when, got in ((f"first, at {first['commit']}", first), ("now", now)):
            values = [f"{got[key]:.4f}" for key in ("skeleton", "skeleton_min", "deep", "observed")]
            cells = [f"`{name}`", got["scenarios"], when, *values, got["observed_equal"]]
            lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines) + "\n"


def table(outcomes: list[Outcome]) -> str:
    """A table with a row for each scenario."""
    by_scenario: dict[str, dict[str, Outcome]] = {}
    for outcome in sorted(outcomes):
        by_scenario.setdefault(outcome.scenario, {})[outcome.leg] = outcome
    present = [leg for leg in LEGS if any(leg in by_leg for by_leg in by_scenario.values())]
    heads, keys = [], []
    for field in ("skeleton", "deep", "observed"):
        for leg in present:
            if field == "observed" or LEGS[leg].wire:
                heads.append(f"{field}, {_title(leg)}")
                keys.append((field, leg))
    lines = ["", f"| scenario | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]
    for scenario, by_leg in by_scenario.items():
        cells = [_cell(getattr(by_leg[leg], field) if leg in by_leg else None) for field, leg in keys]
        lines.append(f"| `{scenario}` | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def not_run(outcomes: list[Outcome]) -> str:
    """Which scenarios do not run, and why."""
    lines = [
        f"- `{one.scenario}`, {_title(one.leg)}: {one.error.splitlines()[0] if one.error else 'it does not run'}"
        for one in sorted(outcomes)
        if not figures.runs(one)
    ]
    return "\nThese do not run:\n\n" + "\n".join(lines) + "\n" if lines else ""


def _title(leg: str) -> str:
    return leg.replace("_", " ")


def _cell(value: float | None) -> str:
    return "" if value is None else "1" if value == 1.0 else f"{value:.3f}"
