"""TentativeChannel: a run that is played until it turns out not to be recorded, and is live from there on.

Above: `new_episodes.py`, whose text says how that shows.  Below: a `CassetteChannel` and a live channel.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import anyio

from .._json import loads
from ..errors import CLIConnectionError
from .mismatch import CassetteMismatch
from .transport import CassetteChannel

if TYPE_CHECKING:
    from ..protocol.command import ExitStatus
    from ..transports.base import Channel
else:  # so that `typing.get_type_hints` works although these are imported only when used
    ExitStatus = Channel = Any

SWITCH_WAIT = 10.0
"""Seconds that a closing channel waits for a live run that is just being started."""

ANSWER_WAIT = 10.0
"""Seconds that a live CLI which is told what the program has said gets for each answer that the program has already."""


class TentativeChannel:
    """A run that is played until it turns out not to be recorded; see `transports/base.py` for the methods.

    - `go_live`: opens the live run; `forget`: the played one is none.
    """

    def __init__(
        self, replay: CassetteChannel, go_live: Callable[[], Awaitable[Channel]], *, forget: Callable[[], None]
    ) -> None:
        self._replay = replay
        self._open_live = go_live
        self._forget = forget
        self._recorded = False  # the program's first prompt fits: there is no way back
        self._said: list[bytes] = []  # lines of the program until then
        self._answers = Answers()
        self._goes_live = False  # from here on the live run counts
        self._opened = anyio.Event()  # it is open, or could not be opened,
        self._caught_up = anyio.Event()  # … and has been told what the program has said
        self._live: Channel | None = None
        self._failure: Exception | None = None

    @property
    def pid(self) -> int | None:
        return None if self._live is None else self._live.pid

    @property
    def stderr_tail(self) -> str:
        return (self._live or self._replay).stderr_tail

    async def send(self, data: bytes) -> None:
        if self._goes_live:
            # The live CLI may need an answer before it gives its own, which the catching up waits for.
            await (self._opened if all(map(_answers_the_cli, data.splitlines())) else self._caught_up).wait()
            await self._live_channel().send(data)
            return
        if not self._recorded:
            self._said.append(data)
        try:
            await self._replay.send(data)
        except CassetteMismatch:
            if self._recorded:
                raise
            await self._go_live()
            return
        if not self._recorded and any(map(_is_prompt, data.splitlines())):
            self._recorded = True
            self._said.clear()

    async def send_eof(self) -> None:
        if not self._goes_live:
            try:
                return await self._replay.send_eof()
            except CassetteMismatch:  # others play all that it could have been
                if self._recorded:
                    raise
                await self._go_live()
        await self._caught_up.wait()
        await self._live_channel().send_eof()

    async def receive(self) -> bytes:
        while not self._goes_live:
            try:
                data = await self._replay.receive()
            except CassetteMismatch:
                if self._recorded:
                    raise
                await self._go_live()
                break
            if self._ended_by_going_live():
                break  # what the recording still had to say is nobody's
            if not self._recorded:
                self._answers.given(data)
            return data
        await self._opened.wait()
        live = self._live_channel()
        while True:
            data = await live.receive()
            new = self._answers.without_given(data)
            if new or not data:
                return new

    async def send_signal(self, number: int) -> None:
        if self._goes_live:
            await self._opened.wait()
        await (self._live or self._replay).send_signal(number)

    async def wait(self) -> ExitStatus:
        if not self._goes_live:
            status = await self._replay.wait()
            if not self._ended_by_going_live():
                return status
        await self._opened.wait()
        return await self._live_channel().wait()

    def kill(self) -> None:
        (self._live or self._replay).kill()

    async def aclose(self) -> None:
        try:
            await self._replay.aclose()
        finally:
            if self._goes_live:
                with anyio.move_on_after(SWITCH_WAIT, shield=True):
                    await self._opened.wait()
                if self._live is not None:
                    await self._live.aclose()

    def _ended_by_going_live(self) -> bool:
        """Whether what was awaited of the recording came to its end because the live run counts now."""
        return self._goes_live

    def _live_channel(self) -> Channel:
        if self._live is None:
            raise self._failure or CLIConnectionError("the live run was cancelled while it was being started")
        return self._live

    async def _go_live(self) -> None:
        """Start the live run and tell it what the program has said.  Cancelled, or on an error, no run is left."""
        if self._goes_live:  # another task was refused at the same time
            await self._caught_up.wait()
            return
        self._goes_live = True
        try:
            self._forget()
            self._replay.kill()  # whoever receives from it, receives from the live run from now on
            self._live = await self._open_live()
            self._opened.set()
            for line in b"".join(self._said).splitlines(keepends=True):
                if not _answers_the_cli(line):
                    await self._live.send(line)
                    # What the program has said after it had the answer, the live CLI hears after it has given it.
                    await self._answers.taken(_frame(line).get("request_id"))
        except Exception as error:
            self._failure = error
            raise
        finally:
            self._said.clear()
            self._opened.set()
            self._caught_up.set()


class Answers:
    """Answers of the CLI that the program has, so that it gets none of them twice."""

    def __init__(self) -> None:
        self._given: set[str] = set()
        self._unfinished = b""
        self._taken = anyio.Event()

    async def taken(self, request_id: Any) -> None:
        """Wait until the answer has come that is taken out, `ANSWER_WAIT` seconds at most; at once if there is none."""
        with anyio.move_on_after(ANSWER_WAIT):
            while request_id in self._given:
                self._taken = anyio.Event()
                await self._taken.wait()

    def given(self, data: bytes) -> None:
        """The program was given these lines."""
        self._given.update(filter(None, map(_answered, data.splitlines())))

    def without_given(self, data: bytes) -> bytes:
        """The same bytes, from which each answer that was given is taken out once; a line is kept until it is whole."""
        if not self._given and not self._unfinished:
            return data
        if not data:  # the CLI has ended
            self._given.clear()
            self._taken.set()
            torn, self._unfinished = self._unfinished, b""
            return torn
        lines = (self._unfinished + data).split(b"\n")
        self._unfinished = lines.pop()
        kept = []
        for line in lines:
            answered = _answered(line)
            if answered in self._given:
                self._given.remove(answered)
                self._taken.set()
            else:
                kept.append(line + b"\n")
        if not self._given:
            kept.append(self._unfinished)
            self._unfinished = b""
        return b"".join(kept)


def _frame(line: bytes) -> dict[str, Any]:
    try:
        frame = loads(line)
    except (ValueError, RecursionError):
        return {}
    return frame if isinstance(frame, dict) else {}


def _is_prompt(line: bytes) -> bool:
    """Whether the line belongs to the conversation, and not to what the program and the CLI arrange."""
    return not str(_frame(line).get("type")).startswith(("control_", "keep_alive"))


def _answers_the_cli(line: bytes) -> bool:
    """Whether the line is about a request of the recorded CLI, which the live one has not made."""
    return _frame(line).get("type") in ("control_response", "control_cancel_request")


def _answered(line: bytes) -> str | None:
    """The request of the host that the line answers, if it is an answer."""
    frame = _frame(line)
    response = frame.get("response")
    if frame.get("type") != "control_response" or not isinstance(response, dict):
        return None
    request_id = response.get("request_id")
    return request_id if isinstance(request_id, str) else None
