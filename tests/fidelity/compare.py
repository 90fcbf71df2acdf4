"""Two runs of one program, compared: its wire on the fake with that on the real CLI, and what it observed.

The figures are those of the shared `harness/` (`difftrace.py`, `obsdiff.py`), weighted as `measure.py` does: over all
CLI processes of the recording, the CLI's frames only.  Above: `case.py`, `again.py`.
"""

from __future__ import annotations

import difflib
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..scenarios.recording import wires
from .legs import LEGS

if TYPE_CHECKING:
    from .case import Case, Outcome

SHOWN = 180
"""Characters of a value that a difference shows."""

FIELDS = 30
"""Differing fields that one frame shows at most."""

STDERR = 8
"""Lines of stderr that a difference shows."""


class Score(NamedTuple):
    """2 · matched / all frames of both sides: `skeleton` matched by name and order, `deep` equal besides."""

    skeleton: float
    deep: float


def use_harness(harness: Path) -> None:
    """The shared folder's own comparison, made importable."""
    if str(harness) not in sys.path:
        sys.path.insert(0, str(harness))


def with_recorded_task_ids(real: Path, out: Path) -> None:
    """Give shell tasks of the fake the recorded ids, in their order: the comparison takes those ids for text."""
    said = b"".join(path.read_bytes() for path in wires(real)).decode("utf-8", "replace")
    recorded = dict.fromkeys(re.findall(r'"task_id\\*":\\*"(b[0-9a-z]{8})\\*"', said))
    observed = out / "observed.json"
    text = observed.read_text("utf-8", "surrogateescape")
    for ours, task in zip(sorted(set(re.findall(r"\bb\d{8}\b", text))), recorded, strict=False):
        text = text.replace(ours, task)
    observed.write_text(text, "utf-8", "surrogateescape")


def wire_score(real: Path, fake: Path) -> Score:
    """Of two folders of wires; a process that only the fake started does not count."""
    from difftrace import compare  # type: ignore[import-not-found]

    total = skeleton = deep = 0.0
    for wire in wires(real):
        score, _ = compare(trace(wire), trace(fake / wire.name), only="from_cli")
        frames = score["frames_a"] + score["frames_b"]
        total += frames
        skeleton += frames * score["skeleton"]
        deep += frames * score["deep"]
    return Score(round(skeleton / total, 4), round(deep / total, 4)) if total else Score(1.0, 1.0)


def trace(wire: Path) -> list[dict[str, Any]]:
    """A wire, normalised; empty for a process that was not started."""
    from normalise import normalise  # type: ignore[import-not-found]

    traced: list[dict[str, Any]] = normalise(str(wire)) if wire.exists() else []
    return traced


def outcome(case: Case, real: Path, out: Path, problem: str) -> Outcome:
    """The figures of a case whose wires and observations are in `out`, and, if wanted, the differences."""
    from .case import Outcome

    use_harness(Path(case.harness))
    import obsdiff  # type: ignore[import-not-found]

    with_recorded_task_ids(real, out)
    score = wire_score(real, out) if LEGS[case.leg].wire else Score(None, None)  # type: ignore[arg-type]
    observed, lines = obsdiff.compare(str(real), str(out))
    differences = []
    if case.diff:
        differences = wire_differences(real, out) if LEGS[case.leg].wire or LEGS[case.leg].process else []
        if any(not line.startswith("  =") for line in lines):
            differences += ["observed", *_folded(lines)]
        differences += [f"problem: {problem}"] if problem else []
    return Outcome(case.scenario, case.leg, score.skeleton, score.deep, observed, problem, differences)


# Differences, for people


def wire_differences(real: Path, fake: Path) -> list[str]:
    """The CLI's frames that differ, with the differing fields and the number of equal frames between."""
    lines = []
    for name in dict.fromkeys(wire.name for wire in [*wires(real), *wires(fake)]):
        both = [trace(folder / name) for folder in (real, fake)]
        found = _folded(_frame_differences(*([f for f in traced if f["dir"] == "from_cli"] for traced in both)))
        ends = [next((f["skel"] for f in traced if f["skel"].startswith("meta/exit")), "no exit") for traced in both]
        if ends[0] != ends[1]:
            found.append(f"  ~ exit: {ends[0]} | {ends[1]}")
        said = [_stderr(folder / name) for folder in (real, fake)]
        if said[0] != said[1]:
            for side, text in zip(("real", "fake"), said, strict=True):
                found += [f"  ~ stderr of {side}: {line[:400]}" for line in text[:STDERR]]
                found += [f"  ~ stderr of {side}: … {len(text) - STDERR} more lines"] * (len(text) > STDERR)
        if found:
            lines += [
                f"{name}" + ("" if both[0] else " (the fake only)") + ("" if both[1] else " (the real CLI only)"),
                *found,
            ]
    return lines


def _stderr(wire: Path) -> list[str]:
    if not wire.exists():
        return []
    records = [json.loads(line) for line in wire.read_bytes().decode("utf-8", "surrogateescape").split("\n") if line]
    return [record["line"] for record in records if record["dir"] == "stderr"]


def _frame_differences(real: list[dict[str, Any]], fake: list[dict[str, Any]]) -> list[str]:
    names: list[list[str]] = [[frame["skel"] for frame in frames] for frames in (real, fake)]
    lines = []
    for kind, i1, i2, j1, j2 in difflib.SequenceMatcher(None, names[0], names[1], autojunk=False).get_opcodes():
        if kind == "equal":
            for i, j in zip(range(i1, i2), range(j1, j2), strict=True):
                fields = field_differences(real[i]["frame"], fake[j]["frame"])
                lines.append(f"  {'~' if fields else '='} {_place(i, j)} {names[0][i]}")
                lines += fields
        else:
            lines += [f"  - #{i + 1} {names[0][i]}  {_shown(real[i]['frame'])}" for i in range(i1, i2)]
            lines += [f"  + #{j + 1} {names[1][j]}  {_shown(fake[j]['frame'])}" for j in range(j1, j2)]
    return lines


def _place(i: int, j: int) -> str:
    return f"#{i + 1}" if i == j else f"#{i + 1}|{j + 1}"


def field_differences(real: Any, fake: Any) -> list[str]:
    """A line for each path whose value differs: real | fake."""
    from difftrace import paths

    left, right = paths(real), paths(fake)
    lines = []
    for path in sorted({*left, *right}):
        if path not in right:
            lines.append(f"      real only  {path} = {_shown(left[path])}")
        elif path not in left:
            lines.append(f"      fake only  {path} = {_shown(right[path])}")
        elif left[path] != right[path]:
            one, other = _from_difference(left[path], right[path])
            lines.append(f"      {path}: {_shown(one)} | {_shown(other)}")
    return lines if len(lines) <= FIELDS else [*lines[:FIELDS], f"      … {len(lines) - FIELDS} more fields"]


def _from_difference(one: Any, other: Any) -> tuple[Any, Any]:
    """Two long texts, cut to begin shortly before they differ."""
    if not (isinstance(one, str) and isinstance(other, str)) or max(len(one), len(other)) <= SHOWN:
        return one, other
    same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    start = max(0, same - 40)
    return (f"…{one[start:]}", f"…{other[start:]}") if start else (one, other)


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    text = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
    return text.encode("utf-8", "backslashreplace").decode()


def _folded(lines: list[str]) -> list[str]:
    """Runs of equal frames as one line, with the last of them by name; nothing at all when all are equal."""
    folded: list[str] = []
    equal: list[str] = []
    for line in [*lines, ""]:
        if line.startswith("  ="):
            equal.append(line)
            continue
        if equal and line:
            folded += [f"  = {len(equal) - 1} equal"] * (len(equal) > 1) + equal[-1:]
        if line:
            folded.append(line)
        equal = []
    return folded
