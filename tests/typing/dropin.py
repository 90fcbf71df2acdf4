"""What typed programs for the older SDKs write, beside those in `tests/dropin`.  Checked by `mypy`, never run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from typing import Any, assert_type

from claude_code_sdk import (
    ClaudeAgentOptions,
    ClaudeCodeOptions,
    ClaudeSDKClient,
    HookContext,
    HookMatcher,
    McpSdkServerConfig,
    McpServerConfig,
    Message,
    PermissionMode,
    SdkMcpTool,
    create_sdk_mcp_server,
    query,
    tool,
)
from claude_code_sdk._errors import MessageParseError
from claude_code_sdk.client import ClaudeSDKClient as TheSameClient
from claude_code_sdk.query import query as the_same_query
from claude_code_sdk.types import HookCallback, HookEvent, HookJSONOutput


def a_query_is_an_async_iterator(prompt: str) -> AsyncIterator[Message]:
    return query(prompt=prompt)


async def a_query_can_be_closed() -> list[Message]:
    async with aclosing(query(prompt="hello")) as messages:
        return [message async for message in messages]


async def responses_are_async_iterators(client: ClaudeSDKClient) -> AsyncGenerator[str, None]:
    response: AsyncIterator[Message] = client.receive_response()
    async for message in response:
        yield type(message).__name__
    assert_type(await asyncio.wait_for(anext(client.receive_messages()), 1), Message)


async def calls_are_coroutines(client: ClaudeSDKClient) -> None:
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(client.query("hello"))
        tasks.create_task(client.interrupt())


class LoggingClient(ClaudeSDKClient):
    """A client may be subclassed."""

    async def query(self, prompt: Any, session_id: str = "default") -> None:
        await super().query(prompt, session_id)


@tool("add", "Add two numbers", {"a": int, "b": int})
async def add(args: dict[str, Any]) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": str(args["a"] + args["b"])}]}


def servers_and_tools_have_their_types() -> ClaudeCodeOptions:
    assert_type(add, SdkMcpTool[Any])
    ours: McpSdkServerConfig = create_sdk_mcp_server("kit", tools=[add])
    servers: dict[str, McpServerConfig] = {"kit": ours, "files": {"command": "files-server"}}
    options = ClaudeCodeOptions(mcp_servers=servers)
    options.mcp_servers = {"kit": ours, "web": {"type": "http", "url": "http://localhost"}}
    return options


async def hook(input_data: dict[str, Any], tool_use_id: str | None, context: HookContext) -> HookJSONOutput:
    return {"decision": "block", "systemMessage": "no"}


def options_are_built_from_parts(chosen: dict[str, Any]) -> ClaudeAgentOptions:
    callback: HookCallback = hook
    hooks: dict[HookEvent, list[HookMatcher]] = {"PreToolUse": [HookMatcher("Bash", [callback])]}
    mode: PermissionMode = "acceptEdits"
    make: Callable[..., ClaudeCodeOptions] = ClaudeCodeOptions
    make(hooks=hooks, permission_mode=mode)
    return ClaudeAgentOptions(**chosen)


def the_modules_of_old_programs_have_their_types(error: MessageParseError) -> None:
    assert_type(TheSameClient(), ClaudeSDKClient)
    the_same_query(prompt=str(error.data))
