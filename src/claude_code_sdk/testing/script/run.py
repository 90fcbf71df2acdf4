"""ScriptRun: a script as one process of the CLI sees it.

Above: `FakeCLI`.  Below: `script.py`, `state.py`.  It hands out replies and results, checks expectations, and keeps
the sessions.  Whatever it raises is a `ScriptError`, which it also remembers, because a program may swallow it.  On the
fake path.
"""

from __future__ import annotations

from .errors import ScriptError
from .expectation import ANSWER, CONTROL, PROMPT
from .patterns import fits
from .result import Result
from .turn import Turn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .script import Script
    from .state import State, Store

_SHOWN_TURNS = 5


class ScriptRun:
    """One process's view of what is used up.

    - `number`: which process of the script this is, counted from 1.
    - `sessions`: those that the fakes of this script keep.
    - `verdict`: the first `ScriptError` that was raised, or None.
    """

    __slots__ = ("_state", "number", "script", "sessions", "verdict")

    def __init__(self, script: Script, state: State) -> None:
        self.script = script
        self.verdict: ScriptError | None = None
        self.sessions: Store = state.sessions
        self._state = state
        number = len(state.processes.claimed()) + 1
        while not state.processes.claim(number):
            number += 1
        self.number = number

    def next_turn(self, request: Callable[[], str]) -> Turn:
        """The reply to a model request, which uses it up unless it repeats.

        Turns whose `match` is in the text of the request come first, then those without one, in their order.
        `request` gives that text; it is called only when there is a `match` to try.

        Raises `ScriptError` when none is left for this request.
        """
        turns, claims = self.script.turns, self._state.turns
        claimed = claims.claimed()
        free = [number for number, turn in enumerate(turns) if turn.repeat or number not in claimed]
        text: str | None = None
        for matching in (True, False):
            for number in free:
                turn = turns[number]
                if (turn.match is not None) is not matching:
                    continue
                if turn.match is not None:
                    text = request() if text is None else text
                    if turn.match not in text:
                        continue
                if turn.repeat or claims.claim(number):
                    return turn
        raise self.error(_none_left(turns, free))

    def aux_turn(self) -> Turn:
        """The reply to a side call that carries no tools: the script's own, or the text "ok"."""
        return self.script.aux or Turn([{"type": "text", "text": "ok"}])

    def result_for(self, tool_use_id: str, name: str, given: Any) -> Result | None:
        """What the world answers to a call: by its id, by name and input, by a function; None where nothing is said.

        Raises `ScriptError` when the function cannot be imported.
        """
        script = self.script
        found = script.tool_results.get(tool_use_id)
        if found is None:
            fitting = [answer.result for answer in script.tool_answers if answer.fits(name, given)]
            found = next((result for result in fitting if result.function is None), None)
            if found is None and fitting:
                found = fitting[0]
        try:
            return None if found is None else found.ready()
        except ScriptError as error:
            raise self._remembered(error) from error.__cause__

    def command_hook(self, command: str, given: Any) -> dict[str, Any] | None:
        """What a command of a settings file's hook does with its input: `stdout`, `stderr`, `exit_code`, `delay`.

        Keys are absent where they are "" or 0.  None where the script says nothing.
        """
        hooks = (hook for hook in self.script.command_hooks if fits(hook["command"], command))
        return next((hook for hook in hooks if "matching" not in hook or fits(hook["matching"], given)), None)

    def mcp_server(self, name: str) -> dict[str, Any] | None:
        """A server that is never started: `tools`, `info`, `status`, `error`, `delay` (seconds), where they are given.

        None where the script says nothing.
        """
        return self.script.mcp_servers.get(name)

    def saw_prompt(self, content: str | list[Any]) -> None:
        """The program sent a prompt.  Raises `ScriptError` when another one is expected."""
        if self.script.expectations:
            self._judge(PROMPT, "", None, _text_of(content), None)

    def saw_control(self, subtype: str, body: dict[str, Any]) -> None:
        """It sent a control request.  Raises `ScriptError` when it is expected to be another."""
        if self.script.expectations:
            self._judge(CONTROL, subtype, None, body, None)

    def saw_answer(
        self, subtype: str, request: dict[str, Any], answer: dict[str, Any] | None, error: str | None
    ) -> None:
        """It answered a control request of the CLI.  Raises `ScriptError` when another answer is expected."""
        if self.script.expectations:
            self._judge(ANSWER, subtype, request, answer, error)

    def left(self) -> list[str]:
        """The replies and expectations that nothing has met yet, a line each."""
        return self.script.left(self._state)

    def error(self, text: str) -> ScriptError:
        """A `ScriptError` to raise; it becomes the verdict if it is the first."""
        return self._remembered(ScriptError(text))

    def _judge(self, kind: str, subtype: str, request: Any, given: Any, error: str | None) -> None:
        claims = self._state.expectations
        claimed = claims.claimed()
        for number, expectation in enumerate(self.script.expectations):
            if number in claimed or not expectation.concerns(kind, subtype, request) or not claims.claim(number):
                continue
            try:
                expectation.check(given, error, f"$.expect[{number}]")
            except ScriptError as verdict:
                raise self._remembered(verdict) from None
            return

    def _remembered(self, error: ScriptError) -> ScriptError:
        if self.verdict is None:
            self.verdict = error
        return error


def _text_of(content: str | list[Any]) -> str:
    """The text of a prompt; of several blocks the lines of all."""
    if isinstance(content, str):
        return content
    texts = [block.get("text", "") for block in content if isinstance(block, dict) and block.get("type") == "text"]
    return "\n".join(texts)


def _none_left(turns: list[Turn], free: list[int]) -> str:
    count = f"{len(turns)} {'reply' if len(turns) == 1 else 'replies'}"
    lines = ["the script has no reply left for this request of the model", ""]
    if not turns:
        lines.append("  it has none at all")
    elif not free:
        verb = "is" if len(turns) == 1 else "are"
        lines.append(f"  its {count} {verb} used up; the last was $.turns[{len(turns) - 1}], {turns[-1].summary()}")
    else:
        lines.append(f"  of its {count} only these are left, each for a request that has a certain text in it:")
        lines += [f"    $.turns[{number}] for {turns[number].match!r}" for number in free[:_SHOWN_TURNS]]
        if len(free) > _SHOWN_TURNS:
            lines.append(f"    … and {len(free) - _SHOWN_TURNS} more")
    lines.append("  the program went on longer than the script: add a reply, or let one repeat")
    return "\n".join(lines)
