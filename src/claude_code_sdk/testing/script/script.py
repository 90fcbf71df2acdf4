"""Script: what the model says, what the world answers, what goes wrong, and what the program is expected to send.

Above: tests; `run.py` hands it out.  Below: the parts of a script, and `format.py`, which refuses a wrong one.  A
script is written in Python (`fluent.py`) or as JSON; both say the same.  On the fake path.
"""

from __future__ import annotations

from os import fspath
from os.path import abspath

from ...protocol.bare_json import loads
from ...protocol.later import json
from .blocks import ToolIds
from .errors import ScriptFormatError
from .expectation import ANSWER, CONTROL, Expectation
from .fault import Fault
from .fluent import Fluent
from .format import VERSION, check, check_turn
from .result import Answer, Result
from .run import ScriptRun
from .state import State
from .turn import Turn

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Sequence
    from typing import Any

    from .fluent import TurnLike

_SHOWN = 60

EXECUTE = "execute"


class Script(Fluent):
    """A conversation written down in advance.

        script = (
            Script()
            .calls("Bash", command="ls").returns("notes.txt")
            .says("There is one file.")
        )

    - `turns`: the replies of the model in order, each a `Turn`, a list of blocks, or the JSON form of a turn.
    - `aux`: the reply to side calls that carry no tools (titles, summaries); the text "ok" by default.
    - `main_without_tools`: such calls use up turns like any other.
    - `tools`: `"execute"` lets Read, Write, Edit, Glob and Grep work on `directory`, which stands for the working
      directory of the session; nothing outside it can be reached.  By default no tool touches the machine.
    - `directory`: a path; for `tools="execute"` only.

    Its other parts are added by the methods of `Fluent`, and are then in `tool_results` (by tool_use id),
    `tool_answers`, `command_hooks`, `mcp_servers` (by name), `expectations` and `faults`.  What is used up is no part
    of the script: see `begin`.

    Raises `ScriptFormatError` for a turn that is none.
    """

    def __init__(
        self,
        turns: Sequence[TurnLike] = (),
        *,
        aux: TurnLike | None = None,
        main_without_tools: bool = False,
        tools: str | None = None,
        directory: str | os.PathLike[str] | None = None,
    ) -> None:
        super().__init__()
        self.turns: list[Turn] = []
        self.aux: Turn | None = None if aux is None else as_turn(aux, "$.aux")
        self.main_without_tools = main_without_tools
        self.directory = _owned(tools, directory)
        self.tool_results: dict[str, Result] = {}
        self.tool_answers: list[Answer] = []
        self.command_hooks: list[dict[str, Any]] = []
        self.mcp_servers: dict[str, dict[str, Any]] = {}
        self.expectations: list[Expectation] = []
        self.faults: list[Fault] = []
        self._ids = ToolIds()
        self._state: State | None = None
        for turn in turns:
            self.add(turn)

    def add(self, turn: TurnLike) -> Turn:
        """Append a reply, whose calls get ids; returns it.  Raises `ScriptFormatError` when it is none."""
        made = as_turn(turn, f"$.turns[{len(self.turns)}]")
        made.content = self._ids.name(made.content)
        self.turns.append(made)
        return made

    @classmethod
    def from_json(cls, value: Any) -> Script:
        """A script from its JSON form (docs/reference/script.schema.json).

        Functions are imported when a call first needs them.  Raises `ScriptFormatError` for a wrong script, with the
        path of the fault and what was expected there.
        """
        check(value)
        script = cls(
            main_without_tools=value.get("main_without_tools", False),
            tools=value.get("tools"),
            directory=value.get("directory"),
        )
        turns = [Turn.from_json(turn) for turn in value.get("turns", ())]
        for turn in turns:
            script._ids.reserve(turn.content)
        for turn in turns:
            turn.content = script._ids.name(turn.content)
        script.turns = turns
        aux = value.get("aux")
        script.aux = None if aux is None else Turn.from_json(aux)
        script.tool_results = {key: Result.from_json(item) for key, item in value.get("tool_results", {}).items()}
        script.tool_answers = [Answer.from_json(item) for item in value.get("answers", ())]
        script.command_hooks = list(value.get("command_hooks", ()))
        script.mcp_servers = dict(value.get("mcp_servers", {}))
        script.expectations = [Expectation.from_json(item) for item in value.get("expect", ())]
        script.faults = [Fault.from_json(item) for item in value.get("faults", ())]
        return script

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Script:
        """A script from a file of JSON.

        Raises `OSError` when it cannot be read, `ScriptFormatError` when it is wrong.
        """
        with open(path, "rb") as file:
            data = file.read()
        try:
            value = loads(data)
        except json.JSONDecodeError as error:
            raise ScriptFormatError("$", f"no JSON: {error}") from None
        except (UnicodeDecodeError, RecursionError) as error:
            raise ScriptFormatError("$", f"no JSON: {type(error).__name__}: {error}") from None
        return cls.from_json(value)

    def to_json(self) -> dict[str, Any]:
        """The JSON form.

        Raises `ScriptFormatError`, which names it, for a function that no other process can import, and for a value
        that the form cannot have.
        """
        made: dict[str, Any] = {"script": VERSION, "turns": [turn.to_json() for turn in self.turns]}
        if self.aux is not None:
            made["aux"] = self.aux.to_json()
        if self.main_without_tools:
            made["main_without_tools"] = True
        if self.directory is not None:
            made |= {"tools": EXECUTE, "directory": self.directory}
        parts = {
            "tool_results": {key: item.to_json(f"$.tool_results[{key!r}]") for key, item in self.tool_results.items()},
            "answers": [item.to_json(f"$.answers[{number}]") for number, item in enumerate(self.tool_answers)],
            "command_hooks": self.command_hooks,
            "mcp_servers": self.mcp_servers,
            "expect": [item.to_json() for item in self.expectations],
            "faults": [item.to_json() for item in self.faults],
        }
        made |= {key: part for key, part in parts.items() if part}
        check(made)
        return made

    @property
    def has_functions(self) -> bool:
        """Whether functions answer for some of its tools."""
        results = [*self.tool_results.values(), *(answer.result for answer in self.tool_answers)]
        return any(result.function is not None for result in results)

    def begin(self, state: str | State | None = None) -> ScriptRun:
        """One process of the CLI begins.

        - `state`: what is used up already: a directory for several processes, or a `State`.  None: that of this
          object, so that the runs of one `Script` follow one another.

        Raises `OSError` when the directory cannot be made.
        """
        return ScriptRun(self, self.state(state))

    def state(self, given: str | State | None = None) -> State:
        """The state that `begin` uses."""
        if isinstance(given, State):
            return given
        if given is not None:
            return State(given)
        if self._state is None:
            self._state = State()
        return self._state

    def left(self, state: str | State | None = None) -> list[str]:
        """The replies and expectations that no run has met yet, a readable line each."""
        now = self.state(state)
        turns, expectations = now.turns.claimed(), now.expectations.claimed()
        lines = [
            f"$.turns[{number}]: {turn.summary()}"
            for number, turn in enumerate(self.turns)
            if number not in turns and not turn.repeat
        ]
        return lines + [
            f"$.expect[{number}]: {expectation.title()}{_wanted(expectation)}"
            for number, expectation in enumerate(self.expectations)
            if number not in expectations
        ]

    def __repr__(self) -> str:
        return f"<Script of {len(self.turns)} turn{'' if len(self.turns) == 1 else 's'}>"


def _owned(tools: str | None, directory: str | os.PathLike[str] | None) -> str | None:
    """The directory on which tools work, from the root.  Raises `ScriptFormatError` when the two do not go together."""
    if tools not in (None, EXECUTE):
        raise ScriptFormatError("$.tools", f'expected "{EXECUTE}", not {tools!r}')
    if tools is not None and directory is None:
        raise ScriptFormatError("$.tools", f'"{EXECUTE}" needs a directory on which the tools work')
    if tools is None and directory is not None:
        raise ScriptFormatError("$.directory", f'only tools that are executed have one; say tools="{EXECUTE}" too')
    return None if directory is None else abspath(fspath(directory))


def as_turn(given: TurnLike, path: str) -> Turn:
    """A turn from what stands for one.  Raises `ScriptFormatError`."""
    value = given.to_json() if isinstance(given, Turn) else given
    check_turn(value, path)
    return Turn.from_json(value)


def _wanted(expectation: Expectation) -> str:
    from json import dumps

    value = expectation.to_json()
    if expectation.kind in (CONTROL, ANSWER):
        value.pop(expectation.kind)
    if not value:
        return ""
    text = dumps(value.get("prompt", value), ensure_ascii=False)
    return f" {text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}"
