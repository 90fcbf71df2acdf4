"""Stream: one reply of the model as the CLI shows it.

A reply is streamed: an `assistant` frame a content block, and, if partial messages are asked for, the events of the API
around them (wire-facts §3).  A tool starts when its own block is complete, while the rest still streams.
Above: `model.py`.
"""

from __future__ import annotations

import json

from .kernel import Stopped
from .usage import add_to_turn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ...protocol.events import Frame
    from ..script import Turn
    from .process import Process
    from .thread import Thread

REQUEST_ID = "req_loopback"
"""The API's request id in `assistant` frames."""

BASE_INPUT_TOKENS = 100
OUTPUT_TOKENS = 20
"""What a scripted reply takes when it does not say: 100 and its number in, 20 out."""

TEXT_PIECE = 16
TEXT_PIECES = 40
"""A text streams in pieces of at least so many characters, and in about so many pieces."""

BESIDE = ("ttft_ms", "thinking_display", "user_message_uuid", "user_message_uuids", "owed_rows")
"""What stands beside an event of the API in its frame."""

LETTERS_OF_A_TOKEN = 4
"""How the CLI estimates tokens of thinking."""


class Reply:
    """What a call came to.

    - `message_id`: of the API's message.
    - `content`: its blocks, as the model is told of them later.
    - `cut`: why the stream ended early: an `"error"` in it, a `"drop"` of the connection; None when it did not.
    """

    def __init__(self, message_id: str) -> None:
        self.message_id = message_id
        self.content: list[Frame] = []
        self.stop_reason: str | None = None
        self.stop_details: Frame = {}
        self.cut: str | None = None

    @property
    def calls_tools(self) -> bool:
        return any(block["type"] == "tool_use" for block in self.content)

    @property
    def says_something(self) -> bool:
        """Whether there is anything for the user: a text, or a call."""
        return any(
            block["type"] == "tool_use" or (block["type"] == "text" and block["text"].strip()) for block in self.content
        )


class Stream:
    """One reply as it streams, or, `streamed` being False, as it comes at once: such a message says how it stopped."""

    def __init__(
        self, cli: Process, thread: Thread, turn: Turn, on_tool: Callable[[Frame], object], *, streamed: bool = True
    ) -> None:
        self._cli, self._thread, self._turn, self._on_tool = cli, thread, turn, on_tool
        self._streamed = streamed
        self._id = cli.mint.message()
        self._model = turn.model or thread.answering
        self._reply = Reply(self._id)
        self._usage = usage_of(turn, cli.session.requests)
        self._index = 0
        self._thought = 0  # tokens of thinking so far, as the CLI estimates them
        self._open: Frame | None = None  # the block that streams, with what of it has come
        self._shown = cli.launch.partial and thread.is_main and streamed
        calls = any(block["type"] == "tool_use" for block in turn.content)
        self._stop: str = turn.stop_reason or ("tool_use" if calls else "end_turn")

    async def play(self) -> Reply:
        turn, reply = self._turn, self._reply
        if self._thread.is_main:
            self._thread.last_text, self._thread.after_reply = "", []
            self._cli.turn.times.add("ttft_stream_ms")
            if self._cli.turn.first_usage is None:
                self._cli.turn.first_usage = self._usage
        if self._shown:
            self._cli.turn.message_ids.append(self._id)
        try:
            self._event("message_start", message=self._message([], stop=None), **self._first_event())
            for block in turn.content:
                if block["type"] == "sleep":
                    await self._cli.kernel.sleep(block["seconds"])
                else:
                    if self._index:
                        await self._cli.kernel.idle()  # tools of the blocks before go on meanwhile
                    await self._block(block)
                    self._index += 1
            if turn.hang:
                await self._cli.kernel.sleep(turn.hang)
            if turn.crash:
                await self._cli.crash(turn.crash["exit_code"], turn.crash.get("stderr", ()))
        except Stopped:
            self._abort()
            raise
        if self._streamed and (turn.stream_error or turn.drop):
            return self._cut()
        reply.stop_reason, reply.stop_details = self._stop, turn.stop_details or {}
        output_tokens = output_tokens_of(turn)
        delta: Frame = {"stop_reason": self._stop, "stop_sequence": turn.stop_sequence}
        if turn.stop_details:
            delta["stop_details"] = turn.stop_details
        self._event("message_delta", delta=delta, usage=self._final_usage(output_tokens))
        await self._cli.kernel.idle()
        self._event("message_stop")
        self._count(output_tokens)
        return reply

    def _cut(self) -> Reply:
        """The stream broke; the CLI closes it for those who watch it."""
        self._reply.cut = "error" if self._turn.stream_error else "drop"
        if self._shown:
            self._cli.frames.stream(
                {"type": "message_stop"},
                api_message_id=self._id,
                abandoned_blocks={"api_message_id": self._id, "from_block_index": self._index},
            )
        if self._reply.content:
            self._count(1)
        return self._reply

    async def _block(self, block: Frame) -> None:
        kind, turn = block["type"], self._turn
        if kind == "text":
            self._start({"type": "text", "text": ""})
            size = turn.chunk or max(TEXT_PIECE, len(block["text"]) // TEXT_PIECES)
            for piece in _pieces(block["text"], size):
                await self._delta({"type": "text_delta", "text": piece}, "text")
            self._thread.last_text = block["text"]
            await self._ask_display_hooks(block["text"])
            self._complete({"type": "text", "text": block["text"]})
        elif kind == "thinking":
            began = self._cli.kernel.now
            self._start({"type": "thinking", "thinking": "", "signature": ""})
            for piece in _pieces(block["thinking"], max(1, len(block["thinking"]) // 2)):
                await self._delta({"type": "thinking_delta", "thinking": piece}, "thinking")
            signature = block.get("signature", "c2ln")
            await self._delta({"type": "signature_delta", "signature": signature}, "signature")
            thought = {"type": "thinking", "thinking": block["thinking"], "signature": signature}
            milliseconds = round((self._cli.kernel.now - began) * 1000)
            self._complete(thought, thinking_duration_ms=milliseconds, **self._display(thought))
        elif kind == "tool_use":
            self._start({"type": "tool_use", "id": block["id"], "name": block["name"], "input": {}})
            raw = block["raw_input"] if "raw_input" in block else json.dumps(block["input"])
            await self._delta({"type": "input_json_delta", "partial_json": ""}, "partial_json")
            for piece in _pieces(raw, max(1, (len(raw) + 1) // 2)):
                await self._delta({"type": "input_json_delta", "partial_json": piece}, "partial_json")
            await self._call_tool(block, raw)
        else:
            self._start(block)
            self._complete(block | {"input": {}} if kind == "server_tool_use" else block)  # its pieces never come
        self._open = None
        self._event("content_block_stop", index=self._index)
        await self._cli.kernel.idle()

    async def _ask_display_hooks(self, text: str) -> None:
        """Ask the hooks that see a text before the user does."""
        hooks = self._cli.hooks
        if self._thread.is_main and hooks.has("MessageDisplay"):
            message_id = self._cli.mint.uuid()
            fields = {"turn_id": self._cli.turn.id, "message_id": message_id, "index": 0, "final": True, "delta": text}
            await hooks.run("MessageDisplay", self._thread, fields, tool_use_id=f"{message_id}-0")

    async def _call_tool(self, block: Frame, raw: str) -> None:
        try:
            given = json.loads(raw)
        except ValueError:
            given = {"__unparsedToolInput": {"raw": raw, "len": len(raw.encode())}}
        tool = self._cli.find_tool(block["name"], self._thread)
        given = given if tool is None else tool.as_shown(given)
        use = {"type": "tool_use", "id": block["id"], "name": block["name"], "input": given}
        self._cli.message_of_call[block["id"]] = self._id
        thread = self._thread
        if thread.on_tool is not None and not thread.in_background:
            thread.on_tool(use)
        # A sub-agent's hooks are asked before its block is shown.
        shown_later = not thread.is_main and self._cli.hooks.asks("PreToolUse", use["name"])
        if not shown_later:
            self._complete(use, **self._cli.servers.tool_use_meta(use))
        if thread.on_tool is not None and thread.in_background:
            thread.on_tool(use)
        self._on_tool(use)
        await self._cli.kernel.idle()  # it starts while the rest still streams
        if shown_later:
            self._complete(use, **self._cli.servers.tool_use_meta(use))

    def _start(self, block: Frame) -> None:
        self._open = dict(block)
        if self._thread.is_main and self._streamed:
            self._cli.turn.times.add("first_content_frame_ms")
        self._event("content_block_start", index=self._index, content_block=block, **self._display(block))

    def _display(self, part: Frame) -> Frame:
        """How thoughts are shown, which the events and the frame of a thought say."""
        display = self._cli.launch.thinking_display
        return {"thinking_display": display} if display is not None and part["type"].startswith("thinking") else {}

    async def _delta(self, delta: Frame, key: str) -> None:
        if delta["type"] == "thinking_delta":
            self._thinking_tokens(delta["thinking"])
        self._event("content_block_delta", index=self._index, delta=delta, **self._display(delta))
        if self._open is not None:
            self._open[key] = self._open.get(key, "") + delta[key]
        if self._turn.chunk_delay:
            await self._cli.kernel.sleep(self._turn.chunk_delay)

    def _thinking_tokens(self, text: str) -> None:
        """How much it has thought: a token for four letters, piece by piece."""
        if self._thread.is_main and self._streamed:
            tokens = -(-len(text) // LETTERS_OF_A_TOKEN)
            self._thought += tokens
            self._cli.frames.system("thinking_tokens", estimated_tokens=self._thought, estimated_tokens_delta=tokens)

    def _complete(self, block: Frame, **fields: Any) -> None:
        """A block is whole: its `assistant` frame."""
        self._reply.content.append(block)
        self._thread.say("assistant", [block])
        self._assistant(block, **fields)

    def _assistant(self, block: Frame, **fields: Any) -> None:
        if self._thread.shown and (self._thread.shows_texts or block["type"] == "tool_use"):
            fields = {"request_id": REQUEST_ID, **self._thread.marks, **self._first_frame(), **fields}
            stop = None if self._streamed else self._stop
            message = self._message([block], stop=stop)
            uuid = self._cli.frames.message("assistant", message, self._thread.place, **fields)
            if self._thread.is_main:
                self._thread.mark(uuid)

    def _first_frame(self) -> Frame:
        """What the first `assistant` frame of the main thread's turn says besides: which prompts it answers."""
        if not self._thread.is_main:
            return {}
        self._cli.turn.times.add("ttft_ms")
        return self._cli.queued.answered("assistant")

    def _message(self, content: list[Frame], stop: str | None) -> Frame:
        message = {
            "id": self._id,
            "type": "message",
            "role": "assistant",
            "model": self._model,
            "content": content,
            "stop_reason": stop,
            "stop_sequence": None,
            "usage": self._usage,
        }
        return message | {"context_management": None} if content else message

    def _event(self, kind: str, /, **fields: Any) -> None:
        if not self._shown:
            return
        beside = {name: fields.pop(name) for name in BESIDE if name in fields}
        self._cli.frames.stream({"type": kind, **fields}, **beside, api_message_id=self._id)

    def _first_event(self) -> Frame:
        display = self._cli.launch.thinking_display
        shown = {} if display is None else {"thinking_display": display}
        return {"ttft_ms": 10, **shown, **(self._cli.queued.answered("message_start") if self._shown else {})}

    def _final_usage(self, output_tokens: int) -> Frame:
        names = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
        return {name: self._usage[name] for name in names} | {"output_tokens": output_tokens}

    def _count(self, output_tokens: int) -> None:
        self._thread.last_usage = {**self._usage, "output_tokens": output_tokens}
        self._cli.session.usage.add(self._model, self._usage, output_tokens)
        if self._thread.is_main:
            add_to_turn(self._cli.turn.usage, self._usage, output_tokens)

    def _abort(self) -> None:
        """The user interrupted: what of a text has come is shown, and the stream is closed after the abort's frames."""
        block = self._open
        if block is not None and block.get("type") == "text" and block.get("text"):
            self._thread.say("assistant", [block])
            self._assistant(block, aborted=True)
        self._cli.session.usage.add(self._model, self._usage, 1)  # spent, but the turn's usage does not say
        if self._shown:
            self._cli.turn.end_stream = self._end_of_aborted

    def _end_of_aborted(self) -> None:
        if self._open is not None:
            self._event("content_block_stop", index=self._index)
        usage = {"output_tokens_details": {"thinking_tokens": 0}, **self._final_usage(1), "iterations": []}
        usage |= {"server_tool_use": {"web_search_requests": 0, "web_fetch_requests": 0}, "fallback_credit": None}
        delta = {"container": None, "stop_details": None, "stop_reason": None, "stop_sequence": None}
        self._event("message_delta", context_management=None, delta=delta, usage=usage)
        self._cli.frames.stream(
            {"type": "message_stop"},
            api_message_id=self._id,
            abandoned_blocks={"api_message_id": self._id, "from_block_index": self._index + (self._open is not None)},
        )


def usage_of(turn: Turn, number: int) -> Frame:
    """The `usage` that the reply to request `number` begins with."""
    return {
        "input_tokens": BASE_INPUT_TOKENS + number,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0,
        "output_tokens": 1,
        "service_tier": "standard",
    } | (turn.usage or {})


def output_tokens_of(turn: Turn) -> int:
    """The tokens that a whole reply took."""
    return int((turn.usage or {}).get("output_tokens", OUTPUT_TOKENS))


def _pieces(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]
