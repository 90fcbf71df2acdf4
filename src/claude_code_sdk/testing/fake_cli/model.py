"""Model: one call of the model: asked, asked again when its API fails, and what comes of it (wire-facts §8).

Above: `turn.py`.  Below: `stream.py`, which shows a reply; `model_errors.py`, which says what an error means.
"""

from __future__ import annotations

from .model_errors import (
    FALLBACK_AFTER,
    FIRST_DELAY,
    RESHAPED,
    SHAPES,
    WITHOUT_STREAM,
    ApiFailure,
    failed_for_good,
    max_retries,
    plain,
    retry_after,
    tell_progress,
)
from .models import display_name, known, named, window
from .stream import Reply, Stream, output_tokens_of, usage_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ...protocol.events import Frame
    from .process import Process
    from .thread import Thread


async def call(cli: Process, thread: Thread, on_tool: Callable[[Frame], object]) -> Reply:
    """Ask the model; `on_tool` is told of each tool call as soon as its block is complete.

    Raises `ApiFailure`, and `ScriptError` when the script has no reply left.  Stopped, it shows what had come of a
    block and leaves the end of the stream to `cli.turn.end_stream`.
    """
    if thread.is_main:
        tell_of_request(cli)
        if known(thread.model) is None:
            cli.warn_of_model(thread.model)
        await cli.make_room()
        cli.turn.times.add("time_to_request_ms")
    try:
        return await _Call(cli, thread, on_tool).play()
    except ApiFailure as failure:
        too_long = thread.is_main and failure.too_long
        if not (too_long and await cli.make_room(refused=True)):
            raise
    return await _Call(cli, thread, on_tool).play()


def tell_of_request(cli: Process) -> None:
    """The main thread is about to ask the model, which a host that wants partial messages is told."""
    if cli.launch.partial:
        cli.turn.requested = True
        cli.frames.system("status", status="requesting", **cli.queued.answered("status"))


async def ask_quietly(cli: Process, thread: Thread, text: str) -> str:
    """Ask the model with `text` at the end, and show nothing of it; its whole text.  Raises `ApiFailure`."""
    shapes = retries = 0
    while True:
        turn = cli.run.next_turn(lambda: f"{thread.request()}\n{text}")
        cli.session.requests += 1
        await cli.kernel.idle()
        await cli.kernel.sleep(turn.delay)
        if not turn.error:
            cli.session.usage.add(thread.answering, usage_of(turn, cli.session.requests), output_tokens_of(turn))
            return "".join(block["text"] for block in turn.content if block["type"] == "text")
        shapes += 1
        if turn.error.get("status") in RESHAPED and shapes < SHAPES:
            continue
        retries += 1
        delay = retry_after(cli, thread, turn.error, retries)
        if delay is None:
            raise failed_for_good(cli, thread, turn.error, thread.answering)
        await cli.kernel.sleep(delay)


class _Call:
    """One call, with the requests that it takes."""

    def __init__(self, cli: Process, thread: Thread, on_tool: Callable[[Frame], object]) -> None:
        self._cli, self._thread, self._on_tool = cli, thread, on_tool
        self._streamed = True
        self._retries = 0  # that the host was told of
        self._shapes = 0
        self._overloaded = 0  # answers in a row that say so
        self._broken = 0  # streams that broke before there was anything

    async def play(self) -> Reply:
        cli, thread = self._cli, self._thread
        while True:
            turn = cli.run.next_turn(thread.request)
            cli.session.requests += 1
            await cli.kernel.idle()  # the request takes a moment
            await cli.kernel.sleep(turn.delay)
            if turn.error:
                await self._failed(turn.error)
                continue
            if self._retries and not thread.is_main:
                tell_progress(cli, thread)
            reply = await Stream(cli, thread, turn, self._on_tool, streamed=self._streamed).play()
            if reply.cut is None or reply.says_something:
                return reply
            await self._broke(reply)

    async def _failed(self, error: dict[str, Any]) -> None:
        """Get ready to ask again, or raise `ApiFailure`."""
        status: int = error.get("status", 500)
        if status in RESHAPED and plain(error) and self._shapes < SHAPES - 1:
            self._shapes += 1
            return
        if status in WITHOUT_STREAM and self._streamed:
            self._streamed = False
            return
        self._overloaded = self._overloaded + 1 if status == OVERLOADED else 0
        if self._overloaded == FALLBACK_AFTER and self._fall_back():
            return
        self._retries += 1
        delay = retry_after(self._cli, self._thread, error, self._retries)
        if delay is None:
            raise failed_for_good(self._cli, self._thread, error, self._thread.answering)
        await self._cli.kernel.sleep(delay)

    async def _broke(self, reply: Reply) -> None:
        """A stream that broke with nothing to keep is asked for again, and at last without streaming."""
        if reply.content:
            del self._thread.history[-1]["content"][-len(reply.content) :]
            return
        self._broken += 1
        if reply.cut == "drop" or self._broken > max_retries(self._cli):
            self._streamed = False
        else:
            await self._cli.kernel.sleep(FIRST_DELAY * 2 ** (self._broken - 1))

    def _fall_back(self) -> bool:
        """Have the fallback model answer the rest of the turn; whether there is one."""
        cli, thread = self._cli, self._thread
        fallback = named(cli.launch.get("--fallback-model"))
        if fallback is None or fallback == thread.answering:
            return False
        original, thread.stand_in = thread.answering, fallback
        content = f"Switched to {display_name(fallback)} due to high demand for {display_name(original)}"
        if window(fallback) != window(original):
            content += f" · context window {_tokens(window(original))} → {_tokens(window(fallback))} tokens"
        cli.frames.system(
            "model_fallback", trigger="overloaded", original_model=original, fallback_model=fallback, content=content
        )
        self._retries = self._overloaded = 0
        return True


OVERLOADED = 529


def _tokens(count: int) -> str:
    return f"{count // 1_000_000}M" if count >= 1_000_000 else f"{count // 1000}K"
