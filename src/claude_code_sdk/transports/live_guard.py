"""The guard before a real Claude Code CLI: in a run of tests none is started unless somebody asked for it.

Above: `subprocess.py` and `_official_guard.py`, which ask it; the pytest plugin, which switches it on by the
environment, so that programs which a test starts have it too.  Below: nothing.  Without the variable everything may be
started.

A real CLI is an executable called `claude`, by the name that was given or behind links, whose first lines do not say
that it is a stand-in of ours.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

VARIABLE = "CCSDK_LIVE"
"""`refuse`: no real CLI is started.  `allow`, or not set: any is."""

REFUSE, ALLOW = "refuse", "allow"

NAMES = frozenset({"claude", "claude.exe", "claude.cmd", "claude.bat"})
"""What the CLI is called, in small letters."""

STAND_IN = b"claude_code_sdk.testing.fake_claude"
"""What is in the first lines of every stand-in of ours: those of `write_executable`, and `fake-claude` itself."""

HEAD = 1024
"""Bytes of a file that are searched for it."""


class LiveRunRefused(AssertionError):
    """A test was about to start a real Claude Code CLI without being allowed to.

    An AssertionError and not a `ClaudeSDKError`: it is the verdict of a test, which the program under test must not
    catch with its own `except ClaudeSDKError`.
    """


refusals: list[LiveRunRefused] = []
"""Every one that was raised in this process, for whoever judges a test whose program swallowed it."""

_permitted: ContextVar[bool] = ContextVar("_permitted", default=False)


@contextmanager
def permitted() -> Iterator[None]:
    """What this block starts is allowed: a recording that was asked for."""
    before = _permitted.set(True)
    try:
        yield
    finally:
        _permitted.reset(before)


def check_live(executable: str) -> None:
    """Raises `LiveRunRefused` when `executable`, a path, is a real CLI and must not be started."""
    if os.environ.get(VARIABLE) == REFUSE and not _permitted.get() and is_real(executable):
        refused = LiveRunRefused(_refused(executable))
        refusals.append(refused)
        raise refused


def is_real(executable: str) -> bool:
    """Whether the path is that of a real CLI that can be started, as far as its name and its first lines tell."""
    names = {os.path.basename(executable).lower(), os.path.basename(os.path.realpath(executable)).lower()}
    if not names & NAMES or not os.path.isfile(executable) or not os.access(executable, os.X_OK):
        return False
    try:
        with open(executable, "rb") as file:
            return STAND_IN not in file.read(HEAD)
    except OSError:
        return True  # it may be executed and not read


def _refused(executable: str) -> str:
    from shlex import quote

    test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
    again = f"pytest {quote(test)}" if test else "pytest"
    return (
        f"a real Claude Code CLI was about to be started, which costs money and depends on the network: {executable}\n"
        "  to play the run instead:   the fixtures fake_claude (a script) and claude_cassette (a recording)\n"
        f"  to record it:              {again} --claude-record=once, with the fixture claude_cassette\n"
        f"  to let tests run live:     {again} --claude-allow-live\n"
        "  a stand-in of your own:    call it anything but claude"
    )
