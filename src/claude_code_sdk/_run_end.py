"""When a run is over: the state machine that decides when the CLI's input may be closed.  Sans-IO.

Above: the prompt feeder of `query()`.  Below: nothing; the dispatcher shows it every frame that matters.

The CLI answers control requests only while its input is open, so a program that serves callbacks (`needs`) must keep it
open until the run is really over: a result is not enough, because agents in the background go on and start turns of
their own (wire-facts §7, §10; sdk-spec §3.9 and appendix B).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

# Tuples, not sets: what is looked for in them is the CLI's, and need not be hashable.

TRACKED_TASKS = ("local_agent", "local_workflow")
"""Kinds of background task that start a turn when they end; shells and monitors do not keep a run open."""

NEWS = ("session_state_changed", "task_started", "task_updated", "task_notification")
"""Subtypes of system frames that bear on the end of a run."""

TERMINAL = ("completed", "failed", "stopped", "killed")

CEILING_VARIABLE = "CLAUDE_CODE_PRINT_BG_WAIT_CEILING_MS"

DEFAULT_CEILING = 600.0
"""Seconds that a run may stay `running` after a result without a new turn (the CLI's own default, in the environment as
CLAUDE_CODE_PRINT_BG_WAIT_CEILING_MS)."""


class RunEnd:
    """Watches the frames of one run.

    - `needs`: the program serves hooks, permissions or MCP tools.
    - `ceiling`: seconds after which a run that only claims to be running counts as over; 0 is no limit.

    `over` says whether the input may be closed.  `deadline` is the clock's time when `expire()` is due, or None.
    """

    def __init__(self, *, needs: bool, ceiling: float = DEFAULT_CEILING) -> None:
        self.needs = needs
        self.ceiling = ceiling
        self.over = False
        self.deadline: float | None = None
        self._result_seen = False
        self._state: str | None = None
        self._tasks: set[str] = set()
        self._turn = False

    @property
    def works_on(self) -> bool:
        """Whether agents in the background still work, which may be silent for as long as they like."""
        return bool(self._tasks)

    def prompted(self) -> None:
        """A prompt was written: the run is open again."""
        self._result_seen = False
        self.over = False
        self.deadline = None

    def turn_frame(self) -> None:
        """A top-level assistant or stream_event frame: a turn is under way."""
        self._turn = True
        self.over = False
        self.deadline = None

    def result(self, now: float) -> None:
        """A result frame."""
        self._result_seen = True
        self._turn = False
        if self._state in (None, "idle") or not self.needs:
            if not self._tasks:
                self._end()
        elif self._state != "requires_action":
            self._start_clock(now)

    def system(self, frame: Mapping[str, Any], now: float) -> None:
        """A system frame; subtypes that do not matter are ignored."""
        subtype = frame.get("subtype")
        if subtype == "session_state_changed":
            self._state_changed(frame.get("state"), now)
        elif subtype == "task_started":
            if frame.get("task_type") in TRACKED_TASKS:
                self._tasks.add(str(frame.get("task_id")))
        elif subtype == "task_notification" or (subtype == "task_updated" and _status(frame) in TERMINAL):
            self._task_ended(str(frame.get("task_id")), now)

    def expire(self, now: float) -> None:
        """The clock's time has come."""
        if self.deadline is not None and now >= self.deadline:
            self.deadline = None
            if not self._tasks:
                self._end()

    def _state_changed(self, state: object, now: float) -> None:
        self._state = state if isinstance(state, str) else "running"
        if state == "idle":
            if self._result_seen and not self._tasks:
                self._end()
            return
        self.over = False
        if state == "requires_action":
            self.deadline = None
        elif self._result_seen:
            self._start_clock(now)

    def _task_ended(self, task_id: str, now: float) -> None:
        if task_id not in self._tasks:
            return
        self._tasks.remove(task_id)
        if not self._tasks and self._result_seen and self._state not in (None, "idle", "requires_action"):
            self._start_clock(now)

    def _start_clock(self, now: float) -> None:
        if self.ceiling > 0 and not self.over and not self._turn and self.needs:
            self.deadline = now + self.ceiling

    def _end(self) -> None:
        self.over = True
        self.deadline = None


def _status(frame: Mapping[str, Any]) -> object:
    patch = frame.get("patch")
    return patch.get("status") if isinstance(patch, Mapping) else None


def ceiling_from(chosen: Mapping[str, str] | None) -> float:
    """Seconds of `RunEnd.ceiling` as the environment sets them (milliseconds); the default for what is not a number.

    `chosen`: the option `env`, which goes before this process's own environment.
    """
    text = (chosen or {}).get(CEILING_VARIABLE) or os.environ.get(CEILING_VARIABLE)
    try:
        milliseconds = int(text) if text is not None else -1
    except ValueError:
        milliseconds = -1
    return DEFAULT_CEILING if milliseconds < 0 else min(milliseconds, 2**31 - 1) / 1000
