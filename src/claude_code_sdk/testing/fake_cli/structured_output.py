"""Structured output: `--json-schema`, and the tool by which the model hands its answer in (wire-facts §8).

The tool ends the turn.  An answer that is not as the schema says is refused, so many times in a turn; a model that
ends without an answer is told once.
"""

from __future__ import annotations

from .json_schema import faults
from .permissions import Decision
from .result import Outcome
from .tools.base import Ran, Tool
from .wire import dumps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...protocol.events import Frame
    from .process import Process
    from .thread import Thread

ATTEMPTS = 5
"""So many answers of a turn may be wrong."""

PROVIDED = "Structured output provided successfully"
ENFORCE = (
    "[structured-output-enforce] You MUST call the StructuredOutput tool to complete this request. Call this tool now."
)
GAVE_UP = "Failed to provide valid structured output after {} attempts — last StructuredOutput error: {}"


class StructuredOutput(Tool):
    """The tool, and what it was given in this turn."""

    name = "StructuredOutput"
    concurrent = True
    runs_itself = True

    def __init__(self, schema: Any) -> None:
        self._schema = schema
        self.begin_turn()

    def begin_turn(self) -> None:
        self._given: list[Frame] = []  # the answer that was taken last
        self._refused = 0
        self._last_error = ""
        self._enforced = False

    def decide(self, cli: Process, given: Frame) -> Decision:
        return Decision("allow")

    async def run(self, cli: Process, tool_use_id: str, given: Frame, thread: Thread) -> Ran:
        """Take the answer, or say what is wrong with it."""
        await cli.kernel.idle()  # its result comes when the reply is whole, and before its stream is closed
        wrong = faults(given, self._schema)
        if wrong:
            self._refused += 1
            self._last_error = f"Output does not match required schema: {', '.join(str(fault) for fault in wrong)}"
            return Ran.error(self._last_error)
        self._given = [given]
        return Ran(PROVIDED, result=PROVIDED)

    def ends(self) -> Outcome | None:
        """How the turn ends after the tools of a message, None when it goes on."""
        if self._given:
            answer = self._given[0]
            return Outcome(dumps(answer).decode(), stop_reason="tool_use", structured_output=answer)
        if self._refused < ATTEMPTS:
            return None
        return Outcome(
            subtype="error_max_structured_output_retries",
            is_error=True,
            terminal_reason="structured_output_retry_exhausted",
            stop_reason="tool_use",
            errors=[GAVE_UP.format(ATTEMPTS, self._last_error)],
        )

    def enforce(self, cli: Process, thread: Thread) -> bool:
        """The model wants to end without an answer: whether it is told to give one."""
        if self._enforced:
            return False
        self._enforced = True
        cli.tell(thread, [{"type": "text", "text": ENFORCE}], isSynthetic=True)
        thread.say("user", ENFORCE)
        return True
