"""What one measured stretch of a worker cost: wall clock, CPU time of this process, and its peak memory."""

import os
import resource
import sys
import time
from pathlib import Path


class Meter:
    """A context manager; entered again, it adds to what it has.  `profile` is switched on for the same stretches."""

    def __init__(self, profile=None) -> None:
        self.wall = 0.0
        self.cpu = 0.0
        self._profile = profile

    def __enter__(self) -> "Meter":
        if self._profile is not None:
            self._profile.enable()
        self._cpu_before = cpu_seconds()
        self._wall_before = time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.wall += time.perf_counter() - self._wall_before
        self.cpu += cpu_seconds() - self._cpu_before
        if self._profile is not None:
            self._profile.disable()

    def sample(self, **figures: object) -> dict:
        return {"wall": self.wall, "cpu": self.cpu, "peak": peak_memory(), **figures}


def cpu_seconds() -> float:
    """User and system time of this process, all threads, children left out."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def peak_memory() -> int:
    """Peak resident memory of this process in bytes.

    Linux: VmHWM, because `ru_maxrss` of a process that was started by vfork is at least that of its parent.
    """
    status = Path(f"/proc/{os.getpid()}/status")
    if status.exists():
        for row in status.read_text().splitlines():
            if row.startswith("VmHWM:"):
                return int(row.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
