"""RecordedClock: the time of day is that of the recording or script that is played.

Above: the fixture `claude_clock`, tests without pytest's fixtures.  Below: freezegun, which is imported here alone;
`moments.py`, which knows the time.

Frozen are `datetime` and `date`, `time.time`, `time.time_ns`, `gmtime`, `localtime` and `strftime`.  `time.monotonic`
and `time.perf_counter` stay real everywhere: event loops, timeouts and whoever waits with them go on as ever.
freezegun would replace them too; asyncio and trio then hang, unless they are among the modules that it leaves alone
(freezegun issues 383, 437, 563), and so would every other module that polls.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ..cassettes import transport
from . import scripted_cli
from .moments import CLOCKS, SCRIPTS_BEGIN, Moments, beginning, new_files

try:
    from freezegun import api as freezegun
except ImportError as missing:
    raise ImportError(
        "the clock of a recording needs freezegun:  pip install 'claude-code-sdk-harness[pytest]'"
    ) from missing

if TYPE_CHECKING:
    from types import TracebackType

    from ..cassettes.cassette import Cassette
    from ..cassettes.player import Player
    from .fake_cli import FakeCLI
else:  # so that `typing.get_type_hints` works although they are imported only when used
    TracebackType = Cassette = Player = FakeCLI = Any

REAL_TIME_FOR = (
    *("asyncio.", "anyio.", "trio.", "outcome.", "sniffio.", "uvloop."),
    *("claude_code_sdk.", "pytest_claude_code."),
    *("_pytest.", "pluggy.", "pytest_timeout", "xdist.", "execnet.", "hypothesis."),
)
"""How the names of modules begin that go on with the real time: event loops, this SDK (which dates recordings), and
what runs the tests and measures how long they take.  freezegun's own list is left out: `gi` in it stands for GTK, and
means every module of a user's whose name begins so."""

CALLERS_LOOKED_AT = 1
"""Frames above a call of `time.time` in which freezegun looks for a module of that list.  With its usual five it finds
the event loop, or this SDK, above every callback, which would then have the real time."""

_CLOCKS_OF_LOOPS = ("monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns")


class RecordedClock:
    """A `with` block in which the time of day is that of what is played.

        with RecordedClock() as clock, use_cassette("cassettes/triage.jsonl"):
            await program()

    In hooks, permission callbacks and tools it is the moment at which the recording made that call: the date in its
    header and the `at` of the entry.  It moves on as frames are played, and stands still between them.  With two
    sessions open it is the later of their moments; the next session begins again at the date of its recording.  In a
    script it is the fake CLI's own clock, which begins at 2026-01-01.  Local time is UTC.

    It follows what is opened within the block, in this process, and processes of `fake-claude` that `follow_files` was
    told of.  What runs live does not move it.

    - `begins`: the time until a session is opened, 2026-01-01 by default; without a time zone it is UTC.

    Raises `RuntimeError` on entering when freezegun has frozen the time already, and on leaving when another freeze
    that began within the block still goes on: two that overlap would leave the time frozen for good.
    """

    def __init__(self, begins: datetime | None = None) -> None:
        self._moments = Moments()
        self._directories: dict[str, set[str]] = {}  # and the names of the files seen in them
        self._last = SCRIPTS_BEGIN if begins is None else _milliseconds(begins)
        self._shift = 0
        self._stack = ExitStack()

    @property
    def now(self) -> datetime:
        """The time of day in the block, in UTC."""
        return datetime.fromtimestamp((self._moment() + self._shift) / 1000, UTC)

    def move_to(self, when: datetime) -> None:
        """It is `when` now; the time goes on from there as it does in the recording.  Without a time zone it is UTC."""
        self._shift = _milliseconds(when) - self._moment()

    def follow_files(self, directory: str | os.PathLike[str]) -> None:
        """Follow the processes of `fake-claude` that have `directory` as FAKE_CLAUDE_CLOCK, also later ones."""
        self._directories.setdefault(os.fspath(directory), set())

    def _moment(self) -> int:
        for directory, known in self._directories.items():
            for session in new_files(directory, known):
                self._moments.follow(0, session)
        moment = self._moments.now()
        if moment:  # a process that has just been started tells 0
            self._last = moment
        return self._last

    def _follow_cassette(self, cassette: Cassette, player: Player) -> None:
        self._moments.follow(beginning(cassette.header), player)

    def _follow_script(self, fake: FakeCLI) -> None:
        self._moments.follow(SCRIPTS_BEGIN, fake)

    def __enter__(self) -> RecordedClock:
        with ExitStack() as stack:
            stack.enter_context(_frozen(self))
            stack.enter_context(_listed(CLOCKS, self))
            stack.enter_context(_listed(transport.FOLLOWERS, self._follow_cassette))
            stack.enter_context(_listed(scripted_cli.FOLLOWERS, self._follow_script))
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stack.close()


class _Factory(freezegun.FrozenDateTimeFactory):
    """What freezegun asks for the time: it moves to the clock's whenever somebody wants to know."""

    def __init__(self, clock: RecordedClock) -> None:
        super().__init__(clock.now.replace(tzinfo=None))
        self._clock = clock

    def __call__(self) -> datetime:
        # Not move_to(), which adds a difference: tools in threads may ask at the same time.
        self.time_to_freeze = now = self._clock.now.replace(tzinfo=None)
        return now


@contextmanager
def _frozen(clock: RecordedClock) -> Iterator[None]:
    """The one freeze of a test."""
    if freezegun.freeze_factories:
        raise RuntimeError(
            "the time is frozen already, by freezegun: two freezes would not know of each other. Leave that one out, "
            "and give the clock a time of your own with move_to()"
        )
    factory = _Factory(clock)
    freezer = freezegun.freeze_time(clock.now)
    freezer.ignore = REAL_TIME_FOR
    looked_at = freezegun.call_stack_inspection_limit
    with _real_clocks_for_loops():
        freezer.start()
    freezegun.freeze_factories[-1] = factory
    freezegun.call_stack_inspection_limit = CALLERS_LOOKED_AT
    try:
        yield
    finally:
        freezegun.call_stack_inspection_limit = looked_at
        overlapping = 0
        while freezegun.freeze_factories and freezegun.freeze_factories[-1] is not factory:
            overlapping += 1
            for stack in (
                freezegun.freeze_factories,
                freezegun.ignore_lists,
                freezegun.tick_flags,
                freezegun.tz_offsets,
            ):
                stack.pop()
        freezer.stop()
        if overlapping:
            raise RuntimeError(
                "freezegun froze the time while the clock of the recording did, and still does. Both are undone now; "
                "end the inner one first, or leave it out and use move_to()"
            )


@contextmanager
def _real_clocks_for_loops() -> Iterator[None]:
    """While freezegun puts its functions in place, those for the clocks of event loops are the real ones."""
    fakes = {f"fake_{name}": getattr(freezegun, f"fake_{name}") for name in _CLOCKS_OF_LOOPS}
    try:
        for name in _CLOCKS_OF_LOOPS:
            setattr(freezegun, f"fake_{name}", getattr(freezegun, f"real_{name}"))
        yield
    finally:
        for name, fake in fakes.items():
            setattr(freezegun, name, fake)


@contextmanager
def _listed(among: list[Any], one: Any) -> Iterator[None]:
    among.append(one)
    try:
        yield
    finally:
        among.remove(one)


def _milliseconds(when: datetime) -> int:
    aware = when if when.tzinfo is not None else when.replace(tzinfo=UTC)
    return round(aware.timestamp() * 1000)
