"""Connection: the protocol in either role, sans-IO.

Above: `_dispatcher.py` (host role) and the fake CLI (cli role).  Below: `codec.py`, `events.py`, `state.py`.
h11's surface with one difference: `receive_data` returns all events that the bytes complete, because a read of 64 KiB
completes some 130 frames and a call per frame would be a tenth of what a frame may cost.

Strict in what this side sends (`LocalProtocolError`), tolerant of what it receives: new frame types and subtypes arrive
with almost every CLI release, so anything that is JSON becomes an event.
"""

from __future__ import annotations

from .codec import DEFAULT_MAX_FRAME_SIZE, FrameDecoder, encode_frame, json_dumps, json_loads
from .events import (
    Closed,
    ControlCancel,
    ControlRequest,
    ControlResponse,
    EndOfInput,
    Noise,
    UnknownFrame,
)
from .state import (
    CLI,
    CLOSED,
    END,
    HALF_CLOSED,
    HOST,
    IDLE,
    INITIALIZE,
    INITIALIZED,
    JOINT,
    MESSAGE,
    REQUEST,
    TRANSITIONS,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from ..errors import LocalProtocolError
    from .events import Event, Frame

_CONTROL = frozenset({"control_request", "control_response", "control_cancel_request"})

_RESPONSE_KEYS = frozenset({"subtype", "request_id", "response", "error"})


class Connection:
    """One run's protocol state, seen by `role` (`HOST` or `CLI`).

    - `loads`, `dumps`: JSON, bytes on the outer side; `loads` raises `ValueError`.
    - `max_frame_size`, `quick_loads`, `is_plain`: see `FrameDecoder`.
    """

    def __init__(
        self,
        role: str,
        *,
        loads: Callable[[bytes | bytearray], Any] = json_loads,
        dumps: Callable[[Any], bytes] = json_dumps,
        max_frame_size: int = DEFAULT_MAX_FRAME_SIZE,
        quick_loads: Callable[[bytes | bytearray], Any] | None = None,
        is_plain: Callable[[bytes], bool] | None = None,
    ) -> None:
        self.role = role
        self.peer = CLI if role == HOST else HOST
        self._states = {HOST: IDLE, CLI: IDLE}
        self._decoder = FrameDecoder(
            loads=loads, max_frame_size=max_frame_size, quick_loads=quick_loads, is_plain=is_plain
        )
        self._dumps = dumps
        self._counter = 0
        # Open exchanges by id, per side that asked: ids of the two directions are separate spaces (wire-facts §2).
        self._asked: dict[str, dict[str, str]] = {HOST: {}, CLI: {}}
        self._ended = False
        self.taken = 0
        self.uncommon: Sequence[int] = ()
        self.all_quick = False

    @property
    def states(self) -> Mapping[str, str]:
        """State of both sides, by role."""
        return dict(self._states)

    @property
    def open_requests(self) -> Mapping[str, str]:
        """Requests of this side that are not answered: id to subtype, in the order they were sent."""
        return dict(self._asked[self.role])

    def next_id(self) -> str:
        """A request id that this connection has not used: `req_1`, `req_2` …  A counter, so that runs are equal."""
        self._counter += 1
        return f"req_{self._counter}"

    def send(self, event: Event) -> bytes:
        """The bytes that send `event`, and the step of the state machine; `b""` for `EndOfInput`.

        Raises `LocalProtocolError` when it is illegal now, and what `dumps` raises (`TypeError`, `ValueError`) when
        JSON cannot hold it; in both cases nothing has changed.
        """
        if isinstance(event, dict):
            self._check(MESSAGE)
            return encode_frame(event, self._dumps)
        if isinstance(event, ControlRequest):
            return self._send_request(event)
        if isinstance(event, ControlResponse):
            return self._send_response(event)
        if isinstance(event, ControlCancel):
            return self._send_cancel(event)
        if isinstance(event, EndOfInput):
            self._step(self.role, END)
            return b""
        raise _illegal(f"a {type(event).__name__} is received, never sent")

    def receive_data(self, data: bytes) -> list[Event]:
        """The events that `data` completes, in order.  `b""` is the end of the stream: it yields a `Closed` once.

        Afterwards `uncommon` has the indices of all events but frames of the conversation's common types, so that who
        reads need not look at each, `taken` the bytes of the lines, and `all_quick` is that of `FrameDecoder.feed`.
        """
        events: list[Event]
        if not data:
            events = self._end()
            self.taken = 0
            self.all_quick = False
            self.uncommon = range(len(events))
            return events
        events = self._decoder.feed(data)  # type: ignore[assignment]  # a list of a narrower union
        self.taken = self._decoder.taken
        self.uncommon = self._decoder.uncommon
        self.all_quick = self._decoder.all_quick
        # A frame of a common type is its own event; only the others are looked at.
        for index in self.uncommon:
            event = events[index]
            if isinstance(event, dict):
                kind = event.get("type")
                if type(kind) is not str or not kind:
                    events[index] = UnknownFrame(event, "it has no type")
                elif kind in _CONTROL:
                    events[index] = self._receive_control(kind, event)
        return events

    # Sending

    def _send_request(self, event: ControlRequest) -> bytes:
        if event.request_id in self._asked[self.role]:
            raise _illegal(f"request id {event.request_id!r} is in use by an open request")
        step = INITIALIZE if event.subtype == "initialize" else REQUEST
        self._check(step)
        line = encode_frame(
            {
                "type": "control_request",
                "request_id": event.request_id,
                "request": {"subtype": event.subtype, **event.body},
            },
            self._dumps,
        )
        self._step(self.role, step)
        self._asked[self.role][event.request_id] = event.subtype
        return line

    def _send_response(self, event: ControlResponse) -> bytes:
        open_requests = self._asked[self.peer]
        if event.request_id not in open_requests:
            raise _illegal(f"there is no open request {event.request_id!r} to answer")
        response: Frame
        if event.error is not None:
            response = {"subtype": "error", "request_id": event.request_id, "error": event.error}
        elif event.payload is not None:
            response = {"subtype": "success", "request_id": event.request_id, "response": event.payload}
        else:
            response = {"subtype": "success", "request_id": event.request_id}
        if event.extra:
            response.update(event.extra)
        initialized = self.role == CLI and event.error is None and open_requests[event.request_id] == "initialize"
        if initialized:
            self._check(INITIALIZED)
        line = self._dumps({"type": "control_response", "response": response}) + b"\n"
        del open_requests[event.request_id]
        if initialized:
            self._advance(CLI, INITIALIZED)
        return line

    def _send_cancel(self, event: ControlCancel) -> bytes:
        if self._asked[self.role].pop(event.request_id, None) is None:
            raise _illegal(f"there is no open request {event.request_id!r} to withdraw")
        return encode_frame({"type": "control_cancel_request", "request_id": event.request_id}, self._dumps)

    def owes_answer(self, request_id: str) -> bool:
        """Whether a request of the other side is open: neither answered nor withdrawn in what was received so far."""
        return request_id in self._asked[self.peer]

    def forget(self, request_id: str) -> None:
        """Stop waiting for the answer to a request of this side (it timed out); a late one becomes `UnknownFrame`."""
        self._asked[self.role].pop(request_id, None)

    # Receiving

    def _receive_control(self, kind: str, frame: Frame) -> Event:
        if kind == "control_request":
            return self._receive_request(frame)
        if kind == "control_response":
            return self._receive_response(frame)
        request_id = frame.get("request_id")
        subtype = self._asked[self.peer].pop(request_id, None) if isinstance(request_id, str) else None
        if not isinstance(request_id, str) or subtype is None:
            return UnknownFrame(frame, f"it withdraws request {request_id!r}, which is not open")
        return ControlCancel(request_id, subtype)

    def _receive_request(self, frame: Frame) -> Event:
        request_id, request = frame.get("request_id"), frame.get("request")
        if not isinstance(request_id, str) or not isinstance(request, dict):
            return UnknownFrame(frame, "a control request needs a request_id and a request")
        subtype = request.get("subtype")
        if not isinstance(subtype, str):
            return UnknownFrame(frame, "a control request needs a subtype")
        if request_id in self._asked[self.peer]:
            return UnknownFrame(frame, f"its request id {request_id!r} is that of an open request")
        self._asked[self.peer][request_id] = subtype
        if self.peer == HOST:
            self._advance(HOST, INITIALIZE if subtype == "initialize" else REQUEST)
        body = request.copy()
        del body["subtype"]
        return ControlRequest(request_id, subtype, body)

    def _receive_response(self, frame: Frame) -> Event:
        response = frame.get("response")
        request_id = response.get("request_id") if isinstance(response, dict) else None
        subtype = self._asked[self.role].pop(request_id, None) if isinstance(request_id, str) else None
        if not isinstance(response, dict) or not isinstance(request_id, str) or subtype is None:
            return UnknownFrame(frame, f"it answers request {request_id!r}, which is not open")
        extra = None
        if not response.keys() <= _RESPONSE_KEYS:
            extra = {key: value for key, value in response.items() if key not in _RESPONSE_KEYS}
        if response.get("subtype") == "error":
            error = response.get("error")
            text = error if isinstance(error, str) and error else "Unknown error"
            return ControlResponse(request_id, error=text, subtype=subtype, extra=extra)
        if subtype == "initialize":
            self._advance(CLI, INITIALIZED)
        payload = response.get("response")
        return ControlResponse(request_id, payload if isinstance(payload, dict) else None, subtype=subtype, extra=extra)

    def _end(self) -> list[Event]:
        if self._ended:
            return []
        self._ended = True
        events: list[Event] = []
        torn: Noise | None = self._decoder.close()
        if torn is not None:
            events.append(torn)
        self._advance(self.peer, END)
        asked = self._asked[self.role]
        # A host that ends its input still reads; a CLI that ends its output answers nothing any more.
        abandoned = tuple(asked)
        asked.clear()
        events.append(Closed(abandoned))
        return events

    # The state machine

    def _check(self, step: str) -> None:
        state = self._states[self.role]
        legal = TRANSITIONS.get((self.role, step), {})
        if state not in legal:
            allowed = ", ".join(legal)
            raise _illegal(
                f"the {self.role} cannot send {_NAMES[step]} while {state}"
                + (f"; it can while {allowed}" if allowed else "")
            )

    def _step(self, sender: str, step: str) -> None:
        self._check(step)
        self._advance(sender, step)

    def _advance(self, sender: str, step: str) -> None:
        """Move both sides; a step that the table does not know leaves them (we are tolerant of the other side)."""
        states = self._states
        states[sender] = TRANSITIONS[sender, step].get(states[sender], states[sender])
        joint = JOINT.get((sender, step))
        if joint is not None:
            other = HOST if sender == CLI else CLI
            states[other] = joint.get(states[other], states[other])


def _illegal(text: str) -> LocalProtocolError:
    """The error for what this side must not send.  Its class is loaded for it alone: a fake starts without."""
    from ..errors import LocalProtocolError

    return LocalProtocolError(text)


_NAMES = {
    INITIALIZE: "initialize",
    INITIALIZED: "the answer to initialize",
    REQUEST: "a control request",
    MESSAGE: "a message",
    END: "its end of input",
}

__all__ = ["CLOSED", "HALF_CLOSED", "Connection"]
