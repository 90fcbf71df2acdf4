"""CassetteTransport: a cassette as a `Transport`.

Above: the client, `use_transport()`, the plugin.  Below: a `MemoryChannel` a run, which drives a `Player`.  No
process is started, nothing leaves this one; a run that was not recorded is a `CassetteMismatch`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import orjson

from .._json import loads
from ..errors import CassetteError, CassetteNotFound
from ..protocol.command import Command
from ..transports.in_process import MemoryChannel
from .answers import answers_for, checked_answers
from .cassette import Cassette
from .claims import MemoryClaims
from .jsonl import load
from .matchers import DEFAULT_MATCH_ON, checked_matchers
from .plan import Plan
from .player import PATIENCE, Player
from .unplayed import FAIL, checked_unplayed

if TYPE_CHECKING:
    from ..protocol.engine import Engine
    from .matchers import Matcher
    from .secrets.rules import Rule
else:  # so that `typing.get_type_hints` works: on the fake path there is no `typing`
    Engine = Matcher = Rule = Any

Unplayed: TypeAlias = Literal["fail", "ignore"]

FOLLOWERS: list[Callable[[Cassette, Player], None]] = []
"""Who is told of each player that is made, and of its cassette: a clock that follows them."""


class CassetteChannel(MemoryChannel):
    """A channel to a `Player`."""

    def __init__(
        self, player: Player, *, on_stderr: Callable[[str], None] | None, engine: Engine | None = None
    ) -> None:
        """`engine` is what is driven, where the player is wrapped."""
        super().__init__(engine or player, on_stderr=on_stderr)
        self._player = player

    def leave_damage_to_reader(self) -> Callable[[], None]:
        """See `Player.leave_damage_to_reader`.  A reader that does not know this gets lines that were checked."""
        return self._player.leave_damage_to_reader()


class CassetteTransport:
    """Plays the runs of a program from a cassette, each from the next episode that fits.

    - `cassette`: a `Cassette`, or the path of its file, which is read when the first run is opened.
    - `match_on`: what must be equal to what was recorded: `"argv"`, `"prompt"`, `"control"`, `"raw"` for whole prompts
      and control requests, and functions of your own, `(recorded, live)`, which raise `AssertionError`.
    - `answers`: what becomes of the answers of hooks, permission callbacks and tools: `"verify"` compares them with
      the recording, `"ignore"` takes them as they come, `"stub"` does not ask for them.  `None`: `"verify"`, but
      `"ignore"` for an imported cassette.
    - `patience`: seconds that the recording waits for what the program did when it was made.
    - `unplayed`: what `check` makes of a program that stopped earlier than the recording: `"fail"` or `"ignore"`.
    - `accept`: the command that takes new behaviour over, and `record_mode`, both named in the texts of mismatches.
    - `rules`: your own rules for secrets, those that the cassette was recorded with.
    - `around`: makes the engine of a run from its player, for one that observes or spoils it.

    Raises `ValueError` for a matcher or a word that does not exist.
    """

    def __init__(
        self,
        cassette: Cassette | str | os.PathLike[str],
        *,
        match_on: Sequence[Matcher] = DEFAULT_MATCH_ON,
        answers: str | None = None,
        patience: float = PATIENCE,
        unplayed: Unplayed = "fail",
        accept: str = "",
        record_mode: str = "none",
        rules: Sequence[Rule] = (),
        around: Callable[[Player], Engine] | None = None,
    ) -> None:
        checked_answers(answers)
        self._cassette = cassette if isinstance(cassette, Cassette) else None
        self._path = cassette.path if isinstance(cassette, Cassette) else os.fspath(cassette)
        self._match_on = checked_matchers(match_on)
        self._answers = answers
        self._patience = patience
        self._unplayed = checked_unplayed(unplayed)
        self._accept = accept
        self._record_mode = record_mode
        self._rules = tuple(rules)
        self._around = around
        self._claims = MemoryClaims()
        self._plans: dict[int, Plan] = {}
        self._players: list[Player] = []
        self._damage: CassetteError | None = None  # why no run could be opened

    @property
    def cassette(self) -> Cassette:
        """The cassette, read on first use.

        Raises:
            CassetteNotFound: There is no such file.
            CassetteError: It is damaged.
        """
        if self._cassette is None:
            try:
                self._cassette = load(self._path)
            except CassetteNotFound as error:
                raise CassetteNotFound(_not_found(self._path, self._accept)) from error
        return self._cassette

    async def open(self, command: Command, *, on_stderr: Callable[[str], None] | None = None) -> CassetteChannel:
        """Begin the next recorded run that fits `command`; see `Transport.open`.

        Raises:
            CassetteMismatch: No unused episode has this command line.
            CassetteNotFound: There is no cassette.
            CassetteError: It is damaged.
        """
        player = self.new_player()
        engine: Engine = player if self._around is None else self._around(player)
        engine.open(command)
        return CassetteChannel(player, on_stderr=on_stderr, engine=engine)

    def new_player(self) -> Player:
        """A player of this cassette for one run, which `check` judges.

        Raises:
            CassetteError: There is no cassette, or it is damaged.
        """
        try:
            episodes = self.cassette.episodes
        except CassetteError as damage:
            self._damage = damage
            raise
        player = Player(
            episodes,
            match_on=self._match_on,
            answers=answers_for(self.cassette.header, self._answers),
            patience=self._patience,
            claims=self._claims,
            plans=self._plans,
            loads=loads,
            check=orjson.loads,
            accept=self._accept,
            record_mode=self._record_mode,
            rules=self._rules,
        )
        self._players.append(player)
        for follow in FOLLOWERS:
            follow(self.cassette, player)
        return player

    def check(self) -> None:
        """Judge what was played, when the program is done.  Nothing happens when no run was opened.

        Raises:
            CassetteMismatch: The first one, which the program may have swallowed.
            CassetteError: The same for a cassette that is missing or damaged.
            UnplayedEpisode: The program stopped earlier than when it was recorded; not with `unplayed="ignore"`.
        """
        if self._damage is not None:
            raise self._damage
        for player in self._players:
            if player.verdict is not None:
                raise player.verdict
        if self._players and self._unplayed == FAIL:
            from .verdicts import not_played

            verdict = not_played(self.cassette.episodes, self._players, self._accept)
            if verdict is not None:
                raise verdict


def _not_found(path: str, accept: str) -> str:
    advice = accept or "run the program once with a recording transport"
    return f"{path}: there is no such cassette\n\n  record it:  {advice}"
