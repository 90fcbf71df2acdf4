"""Player: an `Engine` that plays recorded episodes back.

Above: a driver (`InProcessTransport` or `serve_stdio`).  Below: `choice.py` (which episode), `lanes.py` (what the host
may do), `verdicts.py` (what is said when it does something else).  One rule decides when something is delivered: once
every host entry before it in the file has come.  While the host waits behind a closed gate a clock runs, so that a
replay never hangs.  On the fake path.
"""

from __future__ import annotations

import json

from ..errors import CassetteError
from ..protocol.codec import FrameDecoder, json_loads
from ..protocol.engine import Exit, NeedData, Write, WriteErr
from ..protocol.events import Noise
from .answers import checked_answers
from .choice import Choice, Rejected
from .claims import MemoryClaims
from .delivery import Delivery, raw_bytes
from .matchers import DEFAULT_MATCH_ON, checked_matchers
from .plan import FORCED_ENDS
from .terms import Terms

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any, NoReturn

    from ..protocol.command import Command
    from ..protocol.engine import Action
    from ..protocol.events import Frame
    from .cassette import Entry, Episode
    from .claims import Claims
    from .lanes import Lanes
    from .matchers import Matcher
    from .mismatch import CassetteMismatch
    from .plan import Plan
    from .secrets.rules import Rule

PATIENCE = 30.0
"""Seconds that a recording waits for what the host did when it was made."""

SIGNAL_NAMES = {1: "SIGHUP", 2: "SIGINT", 9: "SIGKILL", 15: "SIGTERM"}

# How the real CLI ends on a signal that the recording does not have (wire-facts §10).
_ENDED_BY = {"SIGINT": 0, "SIGTERM": 143, "SIGHUP": 129, "SIGKILL": -9}

VERDICT_EXIT = 70
"""Exit code of a run whose program does not fit its recording (EX_SOFTWARE)."""


class Player:
    """Plays the episode of `episodes` that fits what the host does.

    - `match_on`: what must be equal: `"argv"`, `"prompt"`, `"control"`, `"raw"` (whole host frames), and functions of
      your own (`OwnMatcher` in matchers.py).
    - `answers`: what becomes of the answers of callbacks and tools: `"verify"`, `"stub"` or `"ignore"`.  `None` is
      `"verify"`; `answers_for` knows the default of a cassette by its header.
    - `patience`: seconds to wait for the host behind a closed gate; infinite for no limit.
    - `claims`: which episodes are used up; shared by the players of one cassette.
    - `plans`: plans by episode number, shared likewise, so that each is made once.
    - `loads`: decodes a line of the host; `check`: decodes frames before they are delivered, to find damage (one call
      for many frames).  Both take bytes and raise `ValueError`.
    - `accept`: the command that takes new behaviour over, and `record_mode`, both for the texts of mismatches.
    - `rules`: your own rules for secrets, those that the recording was made with: what they find in live texts is
      compared with the recording's pseudonyms, and stands in no text of a mismatch.

    Raises `ValueError` for a matcher or a word that does not exist.

    `receive_data` and `next_action` raise `CassetteMismatch` when the host does something else than was recorded,
    `CassetteError` for damage, and what a matcher of your own raises that is no `AssertionError`.  Each is the
    `verdict` on the run, which then ends with exit code 70.
    """

    def __init__(
        self,
        episodes: Sequence[Episode],
        *,
        match_on: Sequence[Matcher] = DEFAULT_MATCH_ON,
        answers: str | None = None,
        patience: float = PATIENCE,
        claims: Claims | None = None,
        plans: dict[int, Plan] | None = None,
        loads: Callable[[bytes | bytearray], Any] = json_loads,
        check: Callable[[bytes], Any] = json.loads,
        accept: str = "",
        record_mode: str = "none",
        rules: Sequence[Rule] = (),
    ) -> None:
        self.terms = Terms(
            match_on=checked_matchers(match_on),
            answers=checked_answers(answers),
            record_mode=record_mode,
            accept=accept,
            rules=tuple(rules),
        )
        self.verdict: Exception | None = None
        self._episodes = episodes
        self._choice = Choice(
            episodes,
            claims=MemoryClaims() if claims is None else claims,
            plans={} if plans is None else plans,
            match_on=self.terms.match_on,
            answers=self.terms.answers,
            rules=self.terms.rules,
        )
        self._patience = patience
        self._delivery = Delivery(self._choice, check)
        self._decoder = FrameDecoder(loads=loads)
        self._waiting_since: float | None = None
        self._input_closed = False
        self._exit: int | None = None  # how to end now, whatever was recorded
        self._opened = False
        self._verdict_seen = False

    @property
    def episode(self) -> Episode | None:
        """The episode that is played, as far as it is known; `None` before one was found."""
        return self._choice.lead.plan.episode if self._opened else None

    @property
    def at(self) -> int:
        """Milliseconds since the start of the recorded run at which it came to where this one is: those of the CLI's
        last entry that was delivered."""
        if not self._opened:
            return 0
        plan, index = self._choice.lead.plan, self._choice.cursor - 1
        while index > 0 and plan.entry(index).source == "host":
            index -= 1
        return plan.entry(max(index, 0)).at

    @property
    def over(self) -> bool:
        """Whether the run has ended."""
        return self._exit is not None

    @property
    def unplayed(self) -> list[Entry]:
        """What of the episode was not played.  Empty when it was played to its end: what comes after the last result
        (or, in a run that its host broke off, after the host's last word) may be missing."""
        if not self._opened:
            return []
        lanes, cursor = self._choice.lead, self._choice.cursor
        left = unplayed_indices(lanes, cursor)
        if all(index >= lanes.plan.settled for index in left):
            return []
        return [lanes.plan.entry(index) for index in left]

    def open(self, command: Command) -> None:
        """The run begins.  Raises `CassetteMismatch` when no unused episode has this command line."""
        self.terms.env = command.env
        try:
            self._choice.open(command)
        except Rejected as rejected:
            from .verdicts import no_episode

            self._fail_with(no_episode, self._episodes, rejected, self.terms)
        except RecursionError:
            self._fail_with(_too_deep, self.terms)
        except Exception as error:
            self.verdict = error
            raise
        self._opened = True

    def receive_data(self, data: bytes) -> None:
        """Bytes from the host.  Raises `CassetteMismatch` when they are not what was recorded."""
        if self.verdict is not None:
            self._verdict_seen |= not data  # a host that is closing asks for no verdict
            return
        if self._input_closed:
            return
        self._waiting_since = None
        if not data:
            self._input_closed = True
            torn = self._decoder.close()
            if torn is not None:
                self._receive(torn)
            self._judge(None, self._choice.end)
            return
        for event in self._decoder.feed(data):
            self._receive(event)

    def _receive(self, event: Frame | Noise) -> None:
        if not isinstance(event, Noise):
            self._judge(event, self._choice.frame, event)
        else:
            text = event.data.decode("utf-8", "surrogateescape")
            self._judge(text, self._choice.noise, text)

    def receive_signal(self, number: int) -> None:
        """A signal from the host: one that was recorded opens its gate, another ends the run as it ends the CLI."""
        if self.verdict is not None:
            return
        name = SIGNAL_NAMES.get(number, f"signal {number}")
        self._waiting_since = None
        if self._judge(None, self._choice.signal, name):
            self._input_closed |= name in FORCED_ENDS
        elif name in _ENDED_BY:
            self._exit = _ENDED_BY[name]

    def receive_result(self, call_id: int, value: Any, error: BaseException | None) -> None:
        """Nothing is called, so no result is due."""

    def close(self) -> None:
        """The host is gone."""
        if self._opened and self.verdict is None and not self._choice.over:
            try:
                self._choice.claim()
            except Rejected:
                pass  # another run plays it; nothing was heard that was this run's alone
        self._choice.finish()
        self._exit = VERDICT_EXIT if self.verdict is not None else (self._exit or 0)

    def withdraw(self) -> None:
        """The run turned out to be none of the episodes: it takes none from others, and nothing is said about it."""
        self._choice.withdraw()

    def next_action(self, now: float) -> Action:
        """What to do now.

        Raises `CassetteMismatch` when the host was waited for in vain, `CassetteError` for damage in a frame.
        """
        if self.verdict is not None:
            return self._end_with_verdict()
        if self._exit is not None:
            return Exit(self._exit)
        try:
            return self._act(now)
        except CassetteError as damage:
            self.verdict = damage
            raise
        except RecursionError:
            self._fail_with(_too_deep, self.terms)
        finally:
            self._verdict_seen = self.verdict is not None

    def leave_damage_to_reader(self) -> Callable[[], None]:
        """Deliver frames without decoding them first: the reader decodes each line in any case.

        Returns what the reader calls when a line is not JSON: it raises `CassetteError` if that is damage of the file,
        and returns if such a line was recorded.
        """
        self._delivery.check = None
        return self._delivery.find_damage

    def _act(self, now: float) -> Action:
        data = self._delivery.gather(now, input_closed=self._input_closed)
        if data:
            self._waiting_since = None
            return Write(data)
        if self._delivery.paused_until is not None:
            return NeedData(self._delivery.paused_until)
        choice = self._choice
        if choice.cursor >= choice.lead.plan.size:  # a recording without an exit
            return self._fail_at_the_cut() if self._input_closed else self._wait(now)
        entry = choice.lead.plan.entries[choice.cursor]
        if entry.source == "host":
            # A host that closed its input before it did what was recorded does it no more; `unplayed` says so.
            return self._end(0) if self._input_closed else self._wait(now)
        choice.cursor += 1
        if entry.kind == "exit":
            return self._end(entry.value)
        text = choice.paths.text(entry.value)
        if entry.kind == "stderr":
            return WriteErr(text)
        torn = entry.extra is not None and entry.extra.get("torn")
        return Write(raw_bytes(text) + (b"" if torn else b"\n"))

    def _wait(self, now: float) -> NeedData:
        if self._waiting_since is None:
            self._waiting_since = now
        until = self._waiting_since + self._patience
        if now >= until:
            from .verdicts import waited_in_vain

            self._fail_with(waited_in_vain, self._choice, self._patience, self.terms)
        return NeedData(until if until != float("inf") else None)

    def _end(self, code: int) -> Exit:
        self._judge(None, self._choice.claim)
        self._choice.finish()
        self._exit = code
        return Exit(code)

    def _judge(self, live: Mapping[str, Any] | str | None, step: Callable[..., Any], *given: Any) -> Any:
        """Take a step of the choice; what it rejects is the verdict on `live`, what the host wrote."""
        try:
            return step(*given)
        except Rejected as rejected:
            from .verdicts import not_recorded

            self._fail_with(not_recorded, self._choice, rejected, live, self.terms)
        except RecursionError:
            self._fail_with(_too_deep, self.terms)
        except Exception as error:  # a matcher of the user's own went wrong
            self.verdict = error
            raise

    def _fail_with(self, say: Callable[..., CassetteMismatch], *given: Any) -> NoReturn:
        """Fail with what `say` says; with damage of the file when that is found while it looks for words."""
        try:
            verdict: CassetteMismatch | CassetteError = say(*given)
        except CassetteError as damage:
            verdict = damage
        except RecursionError:
            verdict = _too_deep(self.terms)
        self.verdict = verdict
        raise verdict from None  # not from how it was found out, which is no part of the text

    def _fail_at_the_cut(self) -> NoReturn:
        """The recording ends before its CLI did.  To end the run here as if all was well would hide a file that was cut
        at the end of a line."""
        from .verdicts import cut_short

        self._fail_with(cut_short, self._choice.lead.plan, self.terms)

    def _end_with_verdict(self) -> Exit:
        """A verdict that was raised where the host wrote may have been swallowed there: raise it once more."""
        if not self._verdict_seen and self.verdict is not None:
            self._verdict_seen = True
            raise self.verdict
        return Exit(VERDICT_EXIT)


def _too_deep(terms: Terms) -> CassetteMismatch:
    from .verdicts import too_deep

    return too_deep(terms)


def unplayed_indices(lanes: Lanes, cursor: int) -> list[int]:
    """Entries of the CLI from `cursor` on, and host entries that neither came nor need to come."""
    plan = lanes.plan
    missing = [index for index in plan.host if index < cursor and not lanes.is_open(index)]
    return missing + [
        index for index in range(cursor, plan.size) if index not in plan.lane_of or not lanes.is_open(index)
    ]
