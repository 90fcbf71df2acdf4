"""What the tests of real processes share: short graces, and proof that nothing is left behind."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from claude_code_sdk.transports import _process_channel


@pytest.fixture
def short_graces(monkeypatch: pytest.MonkeyPatch) -> None:
    """The waits of a closing channel, as short as a busy machine allows."""
    monkeypatch.setattr(_process_channel, "TERMINATE_GRACE", 0.2)
    monkeypatch.setattr(_process_channel, "EXIT_DRAIN", 0.2)
    monkeypatch.setattr(_process_channel, "FAILED_SEND_WAIT", 0.2)


class Leftovers:
    """The descriptors, child processes, tasks and temporary files that there are more of than at the start."""

    def __init__(self, temporary: Path) -> None:
        self._temporary = temporary
        self.start()

    def start(self) -> None:
        """Count from here: in an async test, where the loop and its own descriptors are there already."""
        self._before = self._now()

    def _now(self) -> dict[str, set[str]]:
        return {
            "descriptors": set(os.listdir("/proc/self/fd")),
            "children": {str(pid) for pid in child_processes()},
            "tasks": _tasks(),
            "files": set(os.listdir(self._temporary)),
        }

    def check(self) -> None:
        """Fail if there is anything.  Descriptors are told by number: one closed and opened again does not count."""
        now = self._now()
        left = {kind: now[kind] - self._before[kind] for kind in now}
        assert not any(left.values()), f"left behind: {left}"


def child_processes() -> list[int]:
    """The children of this process, zombies too."""
    found: list[int] = []
    for thread in os.listdir("/proc/self/task"):
        try:
            found += map(int, Path(f"/proc/self/task/{thread}/children").read_text().split())
        except OSError:  # a thread that has just ended; its children are another's now
            pass
    return found


def _tasks() -> set[str]:
    try:
        return {repr(id(task)) for task in asyncio.all_tasks()}
    except RuntimeError:  # trio
        return set()


@pytest.fixture
def nothing_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Leftovers]:
    """Fails at the end of the test if a process, descriptor or file is left; `check()` does so at once."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    leftovers = Leftovers(temporary)
    yield leftovers
    leftovers.check()
