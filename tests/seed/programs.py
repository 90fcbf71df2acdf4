"""The eight uses that the SDK was asked for, as a user writes them: nothing here knows of tests.

The CLI is whatever `claude` there is on PATH.  Each was recorded on the real CLI with a scripted model
(`cassettes/scenarios/seed_*.py`), and `test_seed_uses.py` runs each on its recording.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import anyio

from claude_code_sdk import (
    AssistantMessage,
    ClaudeCodeOptions,
    ClaudeSDKClient,
    HookMatcher,
    Message,
    ResultMessage,
    TextBlock,
    create_sdk_mcp_server,
    query,
    tool,
)


def show(message: Message) -> None:
    """Print what the model says, and how a turn ends."""
    if isinstance(message, AssistantMessage):
        for block in message.content:
            if isinstance(block, TextBlock):
                print(f"Claude: {block.text}")
    elif isinstance(message, ResultMessage):
        print(f"({message.subtype})")


# 1. A conversation of two turns


async def two_turns() -> None:
    async with ClaudeSDKClient() as client:
        await client.query("Hello, how are you?")
        async for message in client.receive_response():
            show(message)

        await client.query("What did I ask you first?")
        async for message in client.receive_response():
            show(message)


# 2. Options


async def with_options(project: str) -> None:
    options = ClaudeCodeOptions(
        allowed_tools=["Read", "Write", "Bash"],
        permission_mode="acceptEdits",
        system_prompt="You are a helpful coding assistant",
        cwd=project,
    )
    async with ClaudeSDKClient(options) as client:
        await client.query("Write hello.py and run it")
        async for message in client.receive_response():
            show(message)


# 3. Tools of the program's own


@tool("greet", "Greet a user", {"name": str})
async def greet_user(args: dict[str, Any]) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": f"Hello, {args['name']}!"}]}


async def custom_tools() -> None:
    server = create_sdk_mcp_server(name="my-tools", version="1.0.0", tools=[greet_user])
    options = ClaudeCodeOptions(mcp_servers={"tools": server}, allowed_tools=["mcp__tools__greet"])
    async with ClaudeSDKClient(options) as client:
        await client.query("Greet Alice")
        async for message in client.receive_response():
            show(message)


# 4. Hooks


async def check_bash_command(input_data: dict[str, Any], tool_use_id: str | None, context: Any) -> dict[str, Any]:
    if input_data["tool_name"] != "Bash":
        return {}
    command = input_data["tool_input"].get("command", "")
    if "forbidden.sh" in command:
        return {
            "hookSpecificOutput": {
                "hookEventName": "PreToolUse",
                "permissionDecision": "deny",
                "permissionDecisionReason": "Command contains the forbidden pattern forbidden.sh",
            }
        }
    return {}


async def hooks() -> None:
    options = ClaudeCodeOptions(
        allowed_tools=["Bash"],
        hooks={"PreToolUse": [HookMatcher(matcher="Bash", hooks=[check_bash_command])]},
    )
    async with ClaudeSDKClient(options) as client:
        await client.query("Run ./forbidden.sh, then list the files")
        async for message in client.receive_response():
            show(message)


# 5. Interrupting.  The background task iterates receive_response(), which ends with the turn; receive_messages() would
# go on for as long as the connection does, and the task group would wait for it for ever.


async def interrupt() -> None:
    async with ClaudeSDKClient() as client:
        await client.query("Count from 1 to 1000, slowly")

        async def consume() -> None:
            async for message in client.receive_response():
                show(message)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(consume)
            await anyio.sleep(0.3)
            await client.interrupt()

        await client.query("Never mind, just say hello")
        async for message in client.receive_response():
            show(message)


# 6. What the server tells of itself


async def server_info() -> None:
    async with ClaudeSDKClient() as client:
        info = await client.get_server_info()
        if info:
            print(f"Commands available: {len(info.get('commands', []))}")
            print(f"Output style: {info.get('output_style', 'default')}")


# 7. Connecting by hand.  The end of a turn is a ResultMessage; its subtype is "success" or "error_…", never "result".


async def explicit_connect() -> None:
    client = ClaudeSDKClient()
    await client.connect("Hello Claude")
    try:
        async for message in client.receive_messages():
            show(message)
            if isinstance(message, ResultMessage):
                break
    finally:
        await client.disconnect()


# 8. query(), with and without options, with a string and with an iterable of messages


async def ask() -> None:
    async for message in query(prompt="What is 2 + 2?"):
        show(message)


async def ask_with_options(project: str) -> None:
    options = ClaudeCodeOptions(system_prompt="You are a terse calculator", max_turns=1, cwd=project)
    async for message in query(prompt="What is 2 + 2?", options=options):
        show(message)


async def questions() -> AsyncIterator[dict[str, Any]]:
    for text in ("What is 2 + 2?", "And 3 + 3?"):
        yield {"type": "user", "message": {"role": "user", "content": text}}


async def ask_a_stream() -> None:
    async for message in query(prompt=questions()):
        show(message)


async def ask_a_stream_with_options(project: str) -> None:
    options = ClaudeCodeOptions(system_prompt="You are a terse calculator", cwd=project)
    async for message in query(prompt=questions(), options=options):
        show(message)
