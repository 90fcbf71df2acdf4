"""The official SDK's kind of in-process CLI: a custom `Transport` that yields frames from memory as dicts."""

import asyncio

from claude_agent_sdk import Transport


class MemoryTransport(Transport):
    """Answers each control request, and each prompt with `frames` (dicts that are handed out as they are)."""

    def __init__(self, frames):
        self._frames = frames
        self._ready = False
        self._waiting = []
        self._stirred = asyncio.Event()

    async def connect(self):
        self._ready = True

    async def write(self, data):
        _, found, rest = data.partition('"request_id": "')
        self._give([answer(rest[: rest.index('"')])] if found else self._frames)

    def _give(self, frames):
        self._waiting.append(frames)
        self._stirred.set()

    async def read_messages(self):
        while self._ready:
            await self._stirred.wait()
            self._stirred.clear()
            waiting, self._waiting = self._waiting, []
            for frames in waiting:
                for frame in frames:
                    yield frame

    async def close(self):
        self._ready = False
        self._stirred.set()

    def is_ready(self):
        return self._ready

    async def end_input(self):
        self._ready = False
        self._stirred.set()


def answer(request_id):
    response = {"subtype": "success", "request_id": request_id, "response": {"commands": [], "models": []}}
    return {"type": "control_response", "response": response}
