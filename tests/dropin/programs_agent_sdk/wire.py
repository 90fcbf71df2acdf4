"""A transport that is a CLI of its own, for a test of a program."""

import json
from collections.abc import AsyncIterator
from typing import Any

import anyio

from claude_code_sdk import AssistantMessage, ClaudeAgentOptions, ClaudeSDKClient, TextBlock, Transport


class Parrot(Transport):
    def __init__(self) -> None:
        self._send, self._receive = anyio.create_memory_object_stream[dict[str, Any]](100)
        self._ready = False

    async def connect(self) -> None:
        self._ready = True

    async def write(self, data: str) -> None:
        frame = json.loads(data)
        if frame["type"] == "control_request":
            response = {"subtype": "success", "request_id": frame["request_id"], "response": {"commands": []}}
            await self._send.send({"type": "control_response", "response": response})
        elif frame["type"] == "user":
            text = {"type": "text", "text": frame["message"]["content"]}
            await self._send.send({"type": "assistant", "message": {"model": "parrot", "content": [text]}})
            await self._send.send(
                {
                    "type": "result",
                    "subtype": "success",
                    "duration_ms": 1,
                    "duration_api_ms": 1,
                    "is_error": False,
                    "num_turns": 1,
                    "session_id": frame["session_id"],
                }
            )

    async def read_messages(self) -> AsyncIterator[dict[str, Any]]:
        async for frame in self._receive:
            yield frame

    async def close(self) -> None:
        self._ready = False
        self._send.close()
        self._receive.close()

    def is_ready(self) -> bool:
        return self._ready

    async def end_input(self) -> None:
        self._send.close()


async def main() -> None:
    parrot = Parrot()
    async with ClaudeSDKClient(ClaudeAgentOptions(), transport=parrot) as client:
        await client.query("Hello!", session_id="perch")
        async for message in client.receive_response():
            if isinstance(message, AssistantMessage):
                print([block.text for block in message.content if isinstance(block, TextBlock)], message.model)
        print(parrot.is_ready())
    print(parrot.is_ready())


if __name__ == "__main__":
    anyio.run(main)
