"""The kill switch: in a run of tests no real Claude Code CLI is started, in either SDK, unless somebody asked for it.

Above: `plugin.py`, which switches it on when pytest begins and off when it ends.  Below: the guards of
`claude_code_sdk`, loaded when an SDK is.  Light: every run of pytest loads this.

It is an environment variable, so that programs which the tests start have it too.  In the official SDK the guard is put
in when that SDK is imported, in this process alone.
"""

from __future__ import annotations

import os
import sys

from .config import LIVE, SPOOL, chosen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    import pytest

OFFICIAL = "claude_agent_sdk._internal.transport.subprocess_cli"
GUARD = "claude_code_sdk.transports.live_guard"


class KillSwitch:
    """The switch of one run of pytest.  Raises `ValueError` for a variable with a word that it cannot have."""

    def __init__(self, config: pytest.Config) -> None:
        # Whatever runs below `claude-cassette record` is recorded because somebody asked for that.
        self.allowed = chosen(config, LIVE).value == "allow" or bool(os.environ.get(SPOOL))
        self._before = os.environ.get(LIVE.variable)
        self._watcher = None if self.allowed else _Watcher()

    def on(self) -> None:
        """Switch it on, or say that live runs are allowed."""
        os.environ[LIVE.variable] = "allow" if self.allowed else "refuse"
        if self._watcher is None:
            return
        if OFFICIAL in sys.modules:
            self._watcher.guard()
        else:
            sys.meta_path.insert(0, self._watcher)

    def off(self) -> None:
        """As it was before."""
        if self._before is None:
            os.environ.pop(LIVE.variable, None)
        else:
            os.environ[LIVE.variable] = self._before
        if self._watcher is not None:
            self._watcher.remove()


class _Watcher:
    """A finder that has the guard put into the official SDK when that is imported."""

    def __init__(self) -> None:
        self._guards = False

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name != OFFICIAL:
            return None
        sys.meta_path.remove(self)
        if not self.guard():
            return None
        from claude_code_sdk._official_import import found_without

        spec: ModuleSpec | None = found_without(self, name, path, target)
        return spec

    def guard(self) -> bool:
        """Put it in; False when what is called `claude_code_sdk` is not ours."""
        try:
            from claude_code_sdk import _official_guard
        except ImportError:
            return False
        self._guards = _official_guard.install()
        return True

    def remove(self) -> None:
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        if self._guards:
            from claude_code_sdk import _official_guard

            _official_guard.remove()


def is_refusal(failure: BaseException) -> bool:
    """Whether a real CLI was refused."""
    guard = sys.modules.get(GUARD)
    return guard is not None and isinstance(failure, guard.LiveRunRefused)


def forget_told(failure: BaseException) -> None:
    """A test has failed with this: what was refused and led to it needs no telling any more."""
    guard = sys.modules.get(GUARD)
    if guard is not None and guard.refusals:
        from claude_code_sdk.cassettes.exception_chain import chain

        told = chain(failure)
        guard.refusals[:] = [refused for refused in guard.refusals if refused not in told]


def swallowed_refusal() -> BaseException | None:
    """The first real CLI that was refused since the last time somebody asked, if it was not told yet."""
    guard = sys.modules.get(GUARD)
    if guard is None or not guard.refusals:
        return None
    first: BaseException = guard.refusals[0]
    guard.refusals.clear()
    return first
