"""The kill switch: in a run of tests no real Claude Code CLI is started, in either SDK, unless somebody asked for it.

Above: `plugin.py`, which switches it on when pytest begins and off when it ends.  Below: the guards of
`claude_code_sdk`, loaded when an SDK is.  Light: every run of pytest loads this.

It is an environment variable, so that programs which the tests start have it too.  Into the official SDK the guard is
put when that SDK is imported, here and in these programs (`official_watcher.py`).
"""

from __future__ import annotations

import os
import sys

from .config import LIVE, SPOOL, chosen
from .official_watcher import OfficialWatcher

TYPE_CHECKING = False
if TYPE_CHECKING:
    import pytest

GUARD = "claude_code_sdk.transports.live_guard"


class KillSwitch:
    """The switch of one run of pytest.  Raises `ValueError` for a variable with a word that it cannot have."""

    def __init__(self, config: pytest.Config) -> None:
        # Whatever runs below `claude-cassette record` is recorded because somebody asked for that.
        self.allowed = chosen(config, LIVE).value == "allow" or bool(os.environ.get(SPOOL))
        self._before = os.environ.get(LIVE.variable)
        self._watcher = None if self.allowed else OfficialWatcher()

    def on(self) -> None:
        """Switch it on, or say that live runs are allowed."""
        os.environ[LIVE.variable] = "allow" if self.allowed else "refuse"
        if self._watcher is not None:
            self._watcher.begin()

    def off(self) -> None:
        """As it was before."""
        if self._before is None:
            os.environ.pop(LIVE.variable, None)
        else:
            os.environ[LIVE.variable] = self._before
        if self._watcher is not None:
            self._watcher.end()


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
