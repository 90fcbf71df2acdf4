"""A transport of the program's own: the CLI at a path that PATH does not have, with everything noted."""

import contextlib
import json
import sys
from collections.abc import AsyncIterator
from subprocess import PIPE
from typing import Any

import anyio
from anyio.abc import Process
from anyio.streams.text import TextReceiveStream, TextSendStream

from claude_code_sdk import ClaudeCodeOptions, ResultMessage, Transport, query


class NotingTransport(Transport):
    def __init__(self, cli: str) -> None:
        self._command = [cli, "--output-format", "stream-json", "--verbose", "--input-format", "stream-json"]
        self._process: Process | None = None
        self.notes: list[str] = []

    async def connect(self) -> None:
        self._process = await anyio.open_process(self._command, stdin=PIPE, stdout=PIPE, stderr=None)
        assert self._process.stdin
        assert self._process.stdout
        self._stdin = TextSendStream(self._process.stdin)
        self._stdout = TextReceiveStream(self._process.stdout)

    async def write(self, data: str) -> None:
        self.notes.append(f"> {json.loads(data)['type']}")
        await self._stdin.send(data)

    async def read_messages(self) -> AsyncIterator[dict[str, Any]]:
        rest = ""
        async for text in self._stdout:
            *lines, rest = (rest + text).split("\n")
            for line in lines:
                message = json.loads(line)
                self.notes.append(f"< {message['type']}")
                yield message

    async def close(self) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
            await self._process.wait()
            await self._process.aclose()
            self._process = None

    def is_ready(self) -> bool:
        return self._process is not None

    async def end_input(self) -> None:
        self.notes.append("> end")
        await self._stdin.aclose()


async def prompts() -> AsyncIterator[dict[str, Any]]:
    yield {"type": "user", "message": {"role": "user", "content": "Hello"}, "session_id": "s"}


async def main() -> None:
    transport = NotingTransport(sys.argv[1])
    async for message in query(prompt=prompts(), options=ClaudeCodeOptions(), transport=transport):
        if isinstance(message, ResultMessage):
            print(message.result)
    print(transport.notes, transport.is_ready())


if __name__ == "__main__":
    anyio.run(main)
