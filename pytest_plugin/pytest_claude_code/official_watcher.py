"""Has the guard of real CLIs put into the official SDK `claude_agent_sdk` when that is imported.

Above: `live.py`, for the process of the tests; `claude_code_live_guard.pth`, for Python programs that tests start: the
interpreter runs its line at each start, and it calls `watch()` where the variable of the kill switch says `refuse`.
Below: `claude_code_sdk._official_guard`, loaded when the official SDK is.  Light: these programs all load this.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

MODULE = "claude_agent_sdk._internal.transport.subprocess_cli"
"""The one that starts processes."""


class OfficialWatcher:
    """A finder that finds nothing, and puts the guard in when it is asked for that module."""

    def __init__(self) -> None:
        self._guards = False

    def begin(self) -> None:
        """Watch; where the module is imported already, put the guard in."""
        if MODULE in sys.modules:
            self._guard()
        else:
            sys.meta_path.insert(0, self)

    def end(self) -> None:
        """Watch no longer, and take the guard out."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        if self._guards:
            from claude_code_sdk import _official_guard

            _official_guard.remove()

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """See `importlib.abc.MetaPathFinder`."""
        if name != MODULE:
            return None
        sys.meta_path.remove(self)
        if not self._guard():
            return None
        from claude_code_sdk._official_import import found_without

        spec: ModuleSpec | None = found_without(self, name, path, target)
        return spec

    def _guard(self) -> bool:
        """Put it in; False when what is called `claude_code_sdk` is not ours."""
        try:
            from claude_code_sdk import _official_guard
        except ImportError:
            return False
        self._guards = _official_guard.install()
        return True


def watch() -> None:
    """Watch as long as this process lives."""
    OfficialWatcher().begin()
