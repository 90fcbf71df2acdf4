"""Programs that were recorded twice on the real CLI: their cassettes are equal.

    python -m tests.conformance.stability --shared ../shared

DIR holds `wire/` and, of some of the same programs, `wire-again/`.  The second recording is written over the cassette
of the first, which must stay byte for byte.  `make conformance` runs it, too.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from claude_code_sdk.cassettes.importer import import_wires
from claude_code_sdk.cassettes.jsonl import load
from claude_code_sdk.cassettes.stable import write


def pairs(shared: Path) -> list[str]:
    """The programs that were recorded twice."""
    again = shared / "wire-again"
    return sorted(path.name for path in again.iterdir()) if again.is_dir() else []


def unstable(shared: Path, name: str) -> str | None:
    """What is wrong with a pair; `None` if its second recording changes nothing."""
    first, second = (
        import_wires([str(wire) for wire in sorted((shared / folder / name).glob("wire*.jsonl"), key=_order)])
        for folder in ("wire", "wire-again")
    )
    with tempfile.TemporaryDirectory(prefix="stability-") as directory:
        path = Path(directory) / f"{name}.jsonl"
        write(path, first.header, [episode.entries for episode in first.episodes])
        before = path.read_bytes()
        load(path).validate()
        changed = write(path, second.header, [episode.entries for episode in second.episodes])
        after = path.read_bytes()
    lines = [
        n
        for n, (one, other) in enumerate(zip(before.split(b"\n"), after.split(b"\n"), strict=False), 1)
        if one != other
    ]
    if changed or before != after:
        return f"the second recording changes lines {lines or 'behind the end'}"
    return None


def _order(path: Path) -> tuple[int, str]:
    return len(path.name), path.name


def report(shared: Path, names: list[str]) -> int:
    """Check the pairs and print what is wrong; returns how many are not stable."""
    failed = 0
    for name in names:
        problem = unstable(shared, name)
        if problem:
            failed += 1
            print(f"UNSTABLE {name}: {problem}")
    print(f"conformance: {len(names) - failed} of {len(names)} programs recorded twice give one cassette")
    return failed


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="stability", description=__doc__.split("\n")[0])
    parser.add_argument("--shared", required=True, type=Path)
    given = parser.parse_args()
    found = pairs(given.shared)
    if not found:
        print(f"stability: there is no {given.shared}/wire-again", file=sys.stderr)
        sys.exit(2)
    sys.exit(1 if report(given.shared, found) else 0)
