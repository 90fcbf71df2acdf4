"""Ids of a recording and ids of the live run, mapped where they first match.

Above: `lanes.py`, `argv.py` (comparing), `player.py` (rewriting what is delivered).  Below: nothing.  On the fake path.

Most ids need no mapping: what the CLI minted is delivered as recorded and comes back as recorded, and what the program
chose is stored as it is.  Three kinds do:

- ids of the host's control requests: a counter here, random in the official SDK; the CLI echoes them;
- an id that the recorded CLI minted and that reaches the program by another way (a session resumed from a real run);
- ids of a run that began as one episode and turned out to be another one (`choice.py`).
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|\b(?:toolu|srvtoolu|msg)_\w+|\ba[0-9a-f]{16}\b")
"""What an id of the CLI looks like, wherever it stands in a text or path (wire-facts §3, §7)."""


class IdMap:
    """The ids of one episode.  `minted(id)` says whether the recorded CLI made that id."""

    __slots__ = ("_live", "_minted", "_recorded", "_requests", "_tentative")

    def __init__(self, minted: Callable[[str], bool]) -> None:
        self._minted = minted
        self._live: dict[str, str] = {}  # recorded -> live
        self._recorded: dict[str, str] = {}  # live -> recorded
        self._tentative: list[tuple[str, str]] = []
        self._requests: dict[str, str] = {}  # ids of the host's control requests, recorded -> live

    @property
    def active(self) -> bool:
        """Whether anything that is delivered has to be rewritten by `to_live`."""
        return bool(self._live)

    def bind_request(self, recorded: str, live: str) -> None:
        """The host's request `live` is the recorded request `recorded`."""
        self._requests[recorded] = live

    def live_request(self, recorded: str) -> str:
        """Id that the host knows its request by."""
        return self._requests.get(recorded, recorded)

    def same_text(self, recorded: str, live: str) -> bool:
        """Whether two texts agree, ids of the CLI being free where they map one to one.

        New pairs are kept aside until `commit()`, because the comparison they were found in may still fail.
        """
        if recorded == live and not self._live:
            return True
        wanted, got = ID.findall(recorded), ID.findall(live)
        if len(wanted) != len(got) or ID.split(recorded) != ID.split(live):
            return False
        return all(self._same_id(one, other) for one, other in zip(wanted, got, strict=True))

    def _same_id(self, recorded: str, live: str) -> bool:
        known = self._live.get(recorded)
        if known is not None:
            return known == live
        if recorded == live:
            return live not in self._recorded
        if live in self._recorded or self._minted(live) or not self._minted(recorded):
            return False
        self._tentative.append((recorded, live))
        self._live[recorded] = live
        self._recorded[live] = recorded
        return True

    def commit(self) -> None:
        """Keep the pairs found since the last call."""
        self._tentative.clear()

    def discard(self) -> None:
        """Forget the pairs found since the last call."""
        for recorded, live in self._tentative:
            del self._live[recorded], self._recorded[live]
        self._tentative.clear()

    def adopt(self, recorded: Any, live: Any) -> None:
        """Pair the ids of two frames that stand for each other: `live` was delivered in the place of `recorded`."""
        for one, other in _parallel_texts(recorded, live):
            wanted, got = ID.findall(one), ID.findall(other)
            if len(wanted) == len(got):
                for mine, theirs in zip(wanted, got, strict=True):
                    if mine != theirs and mine not in self._live and theirs not in self._recorded:
                        self._live[mine] = theirs
                        self._recorded[theirs] = mine

    def to_live(self, data: bytes) -> bytes:
        """Frames as they are delivered: recorded ids replaced wherever they stand."""
        for recorded, live in self._live.items():
            data = data.replace(recorded.encode(), live.encode())
        return data


def _parallel_texts(one: Any, other: Any) -> Iterable[tuple[str, str]]:
    if isinstance(one, str) and isinstance(other, str):
        yield one, other
    elif isinstance(one, dict) and isinstance(other, dict):
        for key in one:
            yield from _parallel_texts(one[key], other.get(key))
    elif isinstance(one, list) and isinstance(other, list):
        for mine, theirs in zip(one, other, strict=False):
            yield from _parallel_texts(mine, theirs)
