"""Found files: which files a hook's command would find.  None is written, none is removed.

What the disk has, with what commands that were followed before would have changed.  Above: `hook_shell.py`,
`command_hooks.py`.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class FoundFiles:
    """Files by their absolute paths.

    - `also`: asked of a path that the disk does not have: whether something else is known to have put it there.
    """

    def __init__(self, also: Callable[[str], bool] | None = None) -> None:
        self._also = also
        self._changed: dict[str, bool] = {}  # whether it is there now

    def has(self, path: str) -> bool:
        """Whether there is a file or a directory."""
        if path in self._changed:
            return self._changed[path]
        return os.path.exists(path) or (self._also is not None and self._also(path))

    def has_directory(self, path: str) -> bool:
        return self.has(path) and os.path.isdir(path)

    def add(self, path: str) -> None:
        self._changed[path] = True

    def remove(self, path: str) -> None:
        self._changed[path] = False

    def attempt(self) -> FoundFiles:
        """The same files; what changes there does not change here before `take`."""
        attempt = FoundFiles(self._also)
        attempt._changed |= self._changed
        return attempt

    def take(self, attempt: FoundFiles) -> None:
        """Take over what changed in an attempt."""
        self._changed |= attempt._changed
