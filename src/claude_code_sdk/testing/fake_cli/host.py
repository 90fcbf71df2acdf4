"""Host: what the fake CLI says to the program that started it, and what it asks of it.

Above: everything that has something to say.  Below: the `Connection` in the CLI's role, and a list of actions that the
engine hands to its driver.
"""

from __future__ import annotations

from ...protocol.connection import Connection
from ...protocol.engine import Write, WriteErr
from ...protocol.events import ControlCancel, ControlRequest, ControlResponse
from ...protocol.state import CLI
from .kernel import Future, Told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections import deque
    from typing import Any

    from ...protocol.engine import Action
    from ...protocol.events import Event, Frame
    from ..script import ScriptRun
    from .mint import Mint
    from .printing import Printed
    from .wire import Json


class Gone(Told):
    """The host closed its input: nobody will answer."""


class Refused(Told):
    """The host answered with an error; the text is its own."""


class Withdrawn(Told):
    """The question was taken back."""


class Question:
    """A control request to the host that is open.

    - `answer`: known when the host has answered; its error is `Refused` or `Gone`.
    - `subtype`, `body`: what was asked.
    """

    __slots__ = ("answer", "body", "request_id", "subtype")

    def __init__(self, request_id: str, subtype: str, body: Frame) -> None:
        self.request_id = request_id
        self.subtype = subtype
        self.body = body
        self.answer = Future()


class Host:
    """The other end of stdin and stdout."""

    def __init__(self, actions: deque[Action], mint: Mint, run: ScriptRun, json: Json) -> None:
        self._actions = actions
        self._mint = mint
        self._run = run
        self._connection = Connection(CLI, loads=json.loads, dumps=json.dumps)
        self._dumps = json.dumps
        self._questions: dict[str, Question] = {}
        self.gone = False
        self.replays_answers = False  # `--replay-user-messages`: answers come back as prompts do, errors do not
        self.printed: Printed | None = None  # what is written at the end, where frames are not

    # What comes in

    def receive(self, data: bytes) -> list[Event]:
        """The events that bytes of the host complete; answers to questions are handed on here."""
        events = self._connection.receive_data(data)
        if not data:
            self.gone = True
            for question in list(self._questions.values()):
                self._questions.pop(question.request_id).answer.fail(Gone())
        return [event for event in events if not self._is_answer(event)]

    def _is_answer(self, event: Event) -> bool:
        if not isinstance(event, ControlResponse):
            return False
        question = self._questions.pop(event.request_id, None)
        if question is not None:
            self._run.saw_answer(question.subtype, question.body, event.payload, event.error)
            if event.error is not None:
                question.answer.fail(Refused(event.error))
            else:
                if self.replays_answers:
                    self._replay(event)
                question.answer.set({} if event.payload is None else event.payload)
        return True

    def _replay(self, answer: ControlResponse) -> None:
        payload = {} if answer.payload is None else {"response": answer.payload}
        response = {"subtype": "success", "request_id": answer.request_id, **payload}
        self._write(self._dumps({"type": "control_response", "response": response}) + b"\n")

    # What goes out

    def emit(self, frame: Frame) -> None:
        """A frame of the conversation."""
        if self.printed is not None:
            self.printed.take(frame)
            return
        self._write(self._connection.send(frame))

    def finish(self) -> None:
        """Write what is written at the end."""
        final = b"" if self.printed is None else self.printed.final()
        if final:
            self._write(final + b"\n")

    def complain(self, line: str) -> None:
        """A line on stderr."""
        self._actions.append(WriteErr(line))

    def answer(
        self, request: ControlRequest, payload: Frame | None = None, *, error: str | None = None, **extra: Any
    ) -> None:
        """Answer a control request of the host; `extra` stands beside the payload."""
        if self._connection.owes_answer(request.request_id):
            self._write(
                self._connection.send(ControlResponse(request.request_id, payload, error=error, extra=extra or None))
            )

    def ask(self, subtype: str, body: Frame) -> Question:
        """Send a control request; after the end of input its answer is `Gone` at once."""
        question = Question(self._mint.uuid(), subtype, body)
        self._write(self._connection.send(ControlRequest(question.request_id, subtype, body)))
        if self.gone:
            question.answer.fail(Gone())
        else:
            self._questions[question.request_id] = question
        return question

    def withdraw(self, question: Question, reason: str = "") -> None:
        """Take an open question back: a `control_cancel_request`, and its answer is `Withdrawn`."""
        if self._questions.pop(question.request_id, None) is not None:
            self._write(self._connection.send(ControlCancel(question.request_id)))
            question.answer.fail(Withdrawn(reason))

    def take_back(self, question: Question) -> None:
        """Take an open question back whose asker is being stopped: a `control_cancel_request`, and no answer."""
        if self._questions.pop(question.request_id, None) is not None:
            self._write(self._connection.send(ControlCancel(question.request_id)))

    def forget(self, question: Question) -> None:
        """Stop waiting for an answer without telling the host; a late one is ignored."""
        if self._questions.pop(question.request_id, None) is not None:
            self._connection.forget(question.request_id)

    @property
    def open_questions(self) -> list[Question]:
        """What the host has not answered, oldest first."""
        return list(self._questions.values())

    def _write(self, data: bytes) -> None:
        self._actions.append(Write(data))
