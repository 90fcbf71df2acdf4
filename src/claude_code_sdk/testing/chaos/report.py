"""FaultReport and FaultFinding: what was wrong with a program when something went wrong, and how to see it again.

Above: programs' tests.  Below: nothing.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HUNG = "hung"
LEAKED = "leaked"
RAISED = "raised"
VERDICT = "verdict"
UNHEARD = "unheard"
WRONG = "wrong"

KINDS = (HUNG, LEAKED, RAISED, VERDICT, UNHEARD, WRONG)
"""Kinds of findings.

- `hung`: the program did not end in time.
- `leaked`: a task, descriptor, process or temporary file was left.
- `raised`: it raised something else than a `ClaudeSDKError`.
- `verdict`: it did something that its script is not written for; an AssertionError, which it may have swallowed.
- `unheard`: an error ended a task of it that nobody awaited, so that nobody was told (asyncio).
- `wrong`: what it returned was not right, by the `check` that was given.
"""

SHOWN = 20
"""How many findings the text of a report has; `findings` has all."""


class ClaudeFaultsFound(AssertionError):
    """What `FaultReport.raise_for_findings` raises; the text is the report's."""


@dataclass(frozen=True)
class FaultFinding:
    """Something that is wrong with a program.

    - `kind`: one of `KINDS`.
    - `fault`: what went wrong around the program: `"lost: frame 7 (result success)"`; `""` when nothing did.
    - `text`: what is wrong then, and where.
    - `script`: a script, as JSON, on which it happens again: `use_script(Script.from_json(finding.script))`.  It has no
      more replies and expectations than that takes.  None when the script has functions that JSON cannot have: then add
      `faults` to it.
    - `faults`: what was added to the script.
    """

    kind: str
    fault: str
    text: str
    script: dict[str, Any] | None
    faults: tuple[dict[str, Any], ...] = ()

    def __str__(self) -> str:
        lines = [f"{self.kind}, {self.fault or 'without a fault'}", *(f"  {line}" for line in self.text.splitlines())]
        if self.script is not None:
            lines.append(f"  script: {_compact(self.script)}")
        else:
            lines.append("  the script has functions, which JSON cannot have; add to it:")
            lines += [f"  .fault({', '.join(f'{key}={value!r}' for key, value in one.items())})" for one in self.faults]
        return "\n".join(lines)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the script to a file, for `use_script(path)` or FAKE_CLAUDE_SCRIPT.

        Raises `ValueError` when there is none, `OSError` when it cannot be written.
        """
        if self.script is None:
            raise ValueError("the script has functions, which JSON cannot have; add the finding's faults to it")
        Path(path).write_text(json.dumps(self.script, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


@dataclass
class FaultReport:
    """What `claude_faults` found.

    - `findings`: in the order of the frames at which they were found.
    - `attempts`: how often the program was run, once for each fault and once without.
    - `frames`: how many frames the CLI wrote in each of its runs, without a fault.
    - `outcomes`: how often the program ended how: `{"returned": 80, "raised ProcessError": 31}`.
    - `left_out`: faults that were not tried, because the program blocked its event loop for good.
    """

    findings: list[FaultFinding] = field(default_factory=list)
    attempts: int = 0
    frames: tuple[int, ...] = ()
    outcomes: Counter[str] = field(default_factory=Counter)
    left_out: int = 0

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def raise_for_findings(self) -> None:
        """Raises `ClaudeFaultsFound`, an AssertionError with the report's text, unless nothing was found."""
        __tracebackhide__ = True  # for pytest: the line that called is what counts
        if self.findings:
            raise ClaudeFaultsFound(str(self))

    def __str__(self) -> str:
        found = _counted(len(self.findings), "finding") if self.findings else "nothing found"
        runs = "1 run" if len(self.frames) == 1 else f"{len(self.frames)} runs"
        head = f"claude_faults: {found} in {_counted(self.attempts, 'attempt')}"
        lines = [f"{head}, on {_counted(sum(self.frames), 'frame')} in {runs} of the CLI"]
        ways = sorted(self.outcomes.items(), key=lambda item: (-item[1], item[0]))
        lines.append(f"the program {', '.join(f'{way} ({count})' for way, count in ways)}")
        if self.left_out:
            lines.append(f"{_counted(self.left_out, 'fault')} could not be tried any more")
        for number, finding in enumerate(self.findings[:SHOWN], 1):
            first, *rest = str(finding).splitlines()
            lines += ["", f"{number}. {first}", *(f"   {line}" for line in rest)]
        if len(self.findings) > SHOWN:
            lines += ["", f"… and {len(self.findings) - SHOWN} more"]
        return "\n".join(lines)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _compact(script: dict[str, Any]) -> str:
    return json.dumps(script, separators=(",", ":"), ensure_ascii=False)
