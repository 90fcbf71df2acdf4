"""The real CLI against itself: programs that were recorded twice, compared as the fake is.

Above: `page.py`.  Below: `compare.py`.
"""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import NamedTuple

from .compare import use_harness, wire_score


class Again(NamedTuple):
    """How many programs were recorded twice, and the means over them."""

    programs: int
    skeleton: float
    deep: float
    observed: float


def real_against_itself(shared: Path) -> Again | None:
    """`None` where nothing was recorded twice."""
    use_harness(shared / "harness")
    import obsdiff  # type: ignore[import-not-found]

    names = sorted(path.name for path in (shared / "wire-again").glob("*") if path.is_dir())
    if not names:
        return None
    pairs = [(shared / "wire" / name, shared / "wire-again" / name) for name in names]
    scores = [wire_score(first, second) for first, second in pairs]
    seen = [
        obsdiff.compare(str(first), str(second))[0] for first, second in pairs if (second / "observed.json").exists()
    ]
    return Again(
        len(names),
        round(statistics.mean(score.skeleton for score in scores), 4),
        round(statistics.mean(score.deep for score in scores), 4),
        round(statistics.mean(seen), 4) if seen else 1.0,
    )
