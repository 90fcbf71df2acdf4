"""A service: sessions by user, blocking callers, options built step by step, imports by every old path."""

import asyncio
import dataclasses
import json
from pathlib import Path
from typing import Any

from claude_code_sdk import AssistantMessage, ClaudeCodeOptions, McpServerConfig, PermissionMode, ResultMessage
from claude_code_sdk.client import ClaudeSDKClient
from claude_code_sdk.query import query
from claude_code_sdk.types import McpHttpServerConfig, McpSSEServerConfig, McpStdioServerConfig, TextBlock

MODES: dict[str, PermissionMode] = {"careful": "plan", "quick": "bypassPermissions"}
SERVERS: dict[str, McpServerConfig] = {
    "db": McpStdioServerConfig(command="db-server", args=["--read-only"], env={"LEVEL": "1"}),
    "search": McpHttpServerConfig(type="http", url="http://localhost:1/mcp", headers={"X": "1"}),
    "news": McpSSEServerConfig(type="sse", url="http://localhost:2/sse"),
}


def build_options(**chosen: Any) -> ClaudeCodeOptions:
    options = ClaudeCodeOptions()
    for name, value in chosen.items():
        assert hasattr(options, name)
        setattr(options, name, value)
    options.env["TZ"] = "UTC"
    options.add_dirs.append(Path("/data"))
    return dataclasses.replace(options, model="sonnet")


async def collect(prompt: str, options: ClaudeCodeOptions) -> tuple[str, str | None]:
    texts = []
    session = None
    async for message in query(prompt=prompt, options=options):
        if isinstance(message, AssistantMessage):
            texts += [block.text for block in message.content if isinstance(block, TextBlock)]
        if isinstance(message, ResultMessage):
            session = message.session_id
            print(json.dumps(dataclasses.asdict(message))[:40])
    return " ".join(texts), session


class Service:
    def __init__(self) -> None:
        self.clients: dict[str, ClaudeSDKClient] = {}

    async def say(self, user: str, text: str) -> list[str]:
        if user not in self.clients:
            self.clients[user] = ClaudeSDKClient(build_options(max_turns=3))
            await self.clients[user].connect()
        client = self.clients[user]
        await client.query(text)
        return [type(message).__name__ async for message in client.receive_response()]

    async def close(self) -> None:
        for client in reversed(self.clients.values()):
            await client.disconnect()


def ask(prompt: str) -> str:
    options = build_options(mcp_servers=SERVERS, permission_mode=MODES["careful"], resume="session-1")
    text, session = asyncio.run(collect(prompt, options))
    return f"{session}: {text}"


async def serve() -> None:
    service = Service()
    try:
        print(await service.say("ann", "Hi"), await service.say("bob", "Hi"))
        print(await asyncio.gather(service.say("ann", "Bye"), service.say("bob", "Bye")))
    finally:
        await service.close()


if __name__ == "__main__":
    print(ask("What is new?"))
    asyncio.run(serve())
