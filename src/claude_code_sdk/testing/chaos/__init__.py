"""Chaos: a program is run again and again while everything goes wrong that can, at every frame of its script.

    report = await claude_faults(program, script)

    campaign.py         the entry: learn the frames, try each fault, tell what was found
    plan.py             which faults there are, and where they make sense
    attempt.py          one run of the program on a script, in an event loop of its own
    far_end.py          where such a run of the CLI is opened, in this process or in another
    event_loop.py       event loops of their own, in threads
    loop_asyncio.py     … for asyncio
    loop_trio.py        … for trio
    jumping_clock.py    time that passes only while somebody waits, and then at once
    leftovers.py        tasks, descriptors, processes and files that are left
    waiting_place.py    where a task waits
    minimal.py          the shortest script that shows a finding again
    report.py           FaultFinding, FaultReport, and their text

Above: programs' tests, the pytest plugin.
"""

from .campaign import Progress, claude_faults
from .event_loop import Program
from .plan import FAULTS
from .report import KINDS, ClaudeFaultsFound, FaultFinding, FaultReport

__all__ = [
    "FAULTS",
    "KINDS",
    "ClaudeFaultsFound",
    "FaultFinding",
    "FaultReport",
    "Program",
    "Progress",
    "claude_faults",
]
