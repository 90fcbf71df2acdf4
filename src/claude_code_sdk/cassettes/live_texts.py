"""When a live text is the recorded one: paths, ids of the CLI and secrets aside.

Above: `choice.py` and `lanes.py` (comparing), `delivery.py` (live paths into what the host hears), `recording.py`
(`places_of`).  Below: `ids.py`,
`placeholders.py`, `secrets/`.  What is seldom needed is loaded and looked up when it is.  On the fake path.
"""

from __future__ import annotations

import os

from .placeholders import OPENING, Places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from ..protocol.command import Command
    from .ids import IdMap
    from .secrets.rules import Rule


def places_of(command: Command) -> Places:
    """The places of the run that `command` starts: what recording replaces, replaying puts back."""
    cwd, home, temp = _given_paths(command)
    return Places(cwd=cwd, home=home, temp=temp)


def _given_paths(command: Command) -> tuple[str, str | None, str]:
    """The working directory, home, and the folder for temporary files."""
    env = command.env
    home = env.get("HOME") or os.environ.get("HOME")
    temp = env.get("TMPDIR") or os.environ.get("TMPDIR") or "/tmp"
    return command.cwd or os.getcwd(), home, temp


class LivePaths:
    """Placeholders of the recording -> the paths of the run that `command` started.

    Looked up when the first placeholder is met: not every recording has one, and resolving paths takes time.
    """

    __slots__ = ("_command", "_places")

    def __init__(self, command: Command) -> None:
        self._command = command
        self._places: Places | None = None

    @property
    def env(self) -> Any:
        """The environment of the run."""
        return self._command.env

    def frames(self, data: bytes) -> bytes:
        """Recorded frames, one or more."""
        # From the end: CPython searches for two bytes 2.4 times as fast in this direction.
        return data if data.rfind(OPENING) < 0 else self._live_places().to_live(data)

    def text(self, text: str) -> str:
        """Recorded plain text, or an argument."""
        return self._live_places().text_to_live(text) if "{{" in text else text

    def as_given(self, text: str) -> str:
        """`text` with the paths of this run as they were given, where it has them with symbolic links resolved."""
        for path in _given_paths(self._command):
            real = os.path.realpath(path) if path else path
            if path and real and real != path:
                text = text.replace(real, path)
        return text

    def _live_places(self) -> Places:
        if self._places is None:
            self._places = places_of(self._command)
        return self._places


class LiveTexts:
    """Compares texts of one episode, whose placeholders are paths of this run already, with live ones.

    - `rules`: the user's own rules for secrets, those that the recording was made with.
    """

    __slots__ = ("_ids", "_paths", "_rules")

    def __init__(self, paths: LivePaths, ids: IdMap, rules: Sequence[Rule] = ()) -> None:
        self._paths = paths
        self._ids = ids
        self._rules = rules

    def same(self, recorded: str, live: str) -> bool:
        """Whether both say the same.  Pairs of ids that were found are the map's, to keep or to forget."""
        if self._ids.same_text(recorded, live):
            return True
        given, live_given = self._paths.as_given(recorded), self._paths.as_given(live)
        if (given != recorded or live_given != live) and self._ids.same_text(given, live_given):
            return True
        from .secrets import holds_pseudonym

        if not holds_pseudonym(recorded.encode("utf-8", "surrogatepass")):
            return False
        from .secrets import same_scrubbed

        known = self._ids.to_live(recorded.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")
        return same_scrubbed(known, live, rules=self._rules, environment=self._paths.env)

    def as_live(self, recorded: Any, live: Any) -> Any:
        """The recorded value with what is this run's own: texts that mean the same as the live ones are these."""
        if isinstance(recorded, str):
            if isinstance(live, str) and self.same(recorded, live):
                return live
            return self._ids.to_live(recorded.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")
        if isinstance(recorded, dict):
            theirs = live if isinstance(live, dict) else {}
            return {key: self.as_live(value, theirs.get(key)) for key, value in recorded.items()}
        if isinstance(recorded, list):
            others = live if isinstance(live, list) else []
            return [
                self.as_live(value, others[index] if index < len(others) else None)
                for index, value in enumerate(recorded)
            ]
        return recorded
