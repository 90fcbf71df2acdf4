"""Run and SessionRun: what happened in a test, over all its sessions and in each of them.

Above: programs' tests, the pytest plugin.  Below: `reading.py`, when something is asked; `assertions.py`.  What has not
happened yet is not there yet: each question is answered from all that the log has at that moment.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from ...cassettes.cassette import Entry
from .assertions import Assertions
from .happened import Happened
from .reading import Facts
from .wire_log import WireLog


class SessionEntries(Protocol):
    """Where the entries of one session are read from."""

    @property
    def size(self) -> int:
        """Grows with everything that happens."""

    def entries(self) -> list[Entry]:
        """Everything so far."""


class SessionRun(Assertions):
    """What happened in one session: one process of the CLI, from its start to its end, with one turn or several.

    - `number`: its place among the sessions of its run, from 1.
    """

    def __init__(self, source: SessionEntries, number: int = 1) -> None:
        self.number = number
        self._source = source
        self._size = -1
        self._facts: Facts | None = None

    @property
    def sessions(self) -> list[SessionRun]:
        """This one."""
        return [self]

    @property
    def argv(self) -> list[str]:
        """The command line of the CLI, the executable first."""
        return self.facts.argv

    @property
    def exit_code(self) -> int | None:
        """How the CLI ended, negative for a death by that signal; None where nobody knows: not yet, or by force."""
        return self.facts.exit_code

    @property
    def entries(self) -> list[Entry]:
        """Everything that crossed the wire, as the entries of a cassette."""
        return self.facts.entries

    @property
    def facts(self) -> Facts:
        """All of it, read again when something has happened since the last time."""
        size = self._source.size
        if self._facts is None or size != self._size:
            self._facts, self._size = Facts(self._source.entries()), size
        return self._facts

    def __repr__(self) -> str:
        return f"<session {self.number}: {_told(self)}>"


class Run(Assertions):
    """What happened in all sessions of a test: lists have those of the first session first.

    Made by `of`, `from_directory` or `of_cassette`; the fixtures of the pytest plugin have one.
    """

    def __init__(self, sources: Callable[[], Sequence[SessionEntries]]) -> None:
        """`sources` returns the sessions so far; those that it returned before, first."""
        self._sources = sources
        self._sessions: list[SessionRun] = []

    @classmethod
    def of(cls, log: WireLog | Iterable[Entry]) -> Run:
        """What is in a log, or in the entries of one session or more, each of which begins with a `spawn`."""
        if isinstance(log, WireLog):
            in_memory = log
            return cls(lambda: in_memory.sessions)
        sessions: list[_Kept] = []
        for entry in log:
            if entry.kind == "spawn" or not sessions:
                sessions.append(_Kept([]))
            sessions[-1].add(entry)
        return cls(lambda: sessions)

    @classmethod
    def from_directory(cls, path: str | os.PathLike[str]) -> Run:
        """What the processes of `fake-claude` wrote into the directory FAKE_CLAUDE_WIRE; it may not exist yet.

        Reading raises `CassetteError` when a file is damaged, `OSError` when it cannot be read.
        """
        from .wire_directory import wires

        return cls(lambda: wires(path))

    @classmethod
    def of_cassette(cls, path: str | os.PathLike[str]) -> Run:
        """What was recorded.

        Raises:
            CassetteNotFound: There is no such file.
            CassetteError: It is damaged; also later, when the damage is in a frame.
        """
        from ...cassettes.jsonl import load

        sessions = [_Kept(episode.entries) for episode in load(path).episodes]
        return cls(lambda: sessions)

    @property
    def sessions(self) -> list[SessionRun]:
        """Each of them, in the order in which they were started."""
        sources = self._sources()
        for number, source in enumerate(sources[len(self._sessions) :], len(self._sessions) + 1):
            self._sessions.append(SessionRun(source, number))
        return list(self._sessions)

    @property
    def argv(self) -> list[str]:
        """The command line of the last session; empty without one."""
        sessions = self.sessions
        return sessions[-1].argv if sessions else []

    def __repr__(self) -> str:
        sessions = self.sessions
        count = "1 session" if len(sessions) == 1 else f"{len(sessions)} sessions"
        return f"<run of {count}: {_told(self)}>"


class _Kept:
    """Entries that are all there."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = list(entries)

    @property
    def size(self) -> int:
        return len(self._entries)

    def add(self, entry: Entry) -> None:
        self._entries.append(entry)

    def entries(self) -> list[Entry]:
        return self._entries


def _told(happened: Happened) -> str:
    """The size of what happened, in a few words."""
    counted: dict[str, Sequence[object]] = {
        "prompt": happened.prompts,
        "tool call": happened.tool_calls,
        "hook call": happened.hook_calls,
        "permission request": happened.permission_requests,
    }
    told = [f"{len(facts)} {name}{'' if len(facts) == 1 else 's'}" for name, facts in counted.items() if facts]
    return ", ".join(told) or "nothing yet"
