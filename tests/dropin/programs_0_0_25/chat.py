"""A conversation: every kind of message, prompts from a stream, two tasks on one client."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from claude_code_sdk import (
    AssistantMessage,
    ClaudeCodeOptions,
    ClaudeSDKClient,
    ResultMessage,
    SystemMessage,
    TextBlock,
    ToolResultBlock,
    ToolUseBlock,
    UserMessage,
)
from claude_code_sdk.types import Message, StreamEvent, ThinkingBlock


def show(message: Message) -> None:
    if isinstance(message, UserMessage):
        if isinstance(message.content, list):
            for block in message.content:
                if isinstance(block, TextBlock):
                    print(f"User: {block.text}")
                elif isinstance(block, ToolResultBlock):
                    print(f"Result of {block.tool_use_id}: {block.content}")
        else:
            print(f"User: {message.content}")
    elif isinstance(message, AssistantMessage):
        for block in message.content:
            if isinstance(block, TextBlock):
                print(f"Claude: {block.text}")
            elif isinstance(block, ThinkingBlock):
                print(f"({block.thinking})")
            elif isinstance(block, ToolUseBlock):
                print(f"Uses {block.name}: {block.input}")
    elif isinstance(message, SystemMessage):
        print(f"System {message.subtype}: {message.data['model']}")
    elif isinstance(message, StreamEvent):
        print(f"Event {message.event['type']}")
    elif isinstance(message, ResultMessage):
        print(f"End of {message.session_id}: {message.subtype}, {message.result}")


async def two_turns() -> None:
    async with ClaudeSDKClient(options=ClaudeCodeOptions(include_partial_messages=True)) as client:
        for prompt in ("Name a city.", "And its river?"):
            print(f"User: {prompt}")
            await client.query(prompt)
            async for message in client.receive_response():
                show(message)


async def prompts() -> AsyncIterator[dict[str, Any]]:
    for text in ("Hello.", "I have a question."):
        yield {
            "type": "user",
            "message": {"role": "user", "content": text},
            "parent_tool_use_id": None,
            "session_id": "stream",
        }


async def stream_of_prompts() -> None:
    async with ClaudeSDKClient() as client:
        await client.query(prompts())
        for _ in range(2):
            async for message in client.receive_response():
                show(message)


async def by_hand() -> None:
    client = ClaudeSDKClient()
    try:
        await client.connect()
        info = await client.get_server_info()
        if info:
            print(f"{len(info.get('commands', []))} commands, style {info['output_style']}")

        received: list[Message] = []
        both_answered = asyncio.Event()

        async def receive() -> None:
            async for message in client.receive_messages():
                received.append(message)
                if sum(isinstance(message, ResultMessage) for message in received) == 2:
                    both_answered.set()

        task = asyncio.create_task(receive())
        await client.query("One.")
        await client.query("Two.", session_id="second")
        await both_answered.wait()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        print(f"{len(received)} messages in the background")
    finally:
        await client.disconnect()


async def main() -> None:
    await two_turns()
    await stream_of_prompts()
    await by_hand()


if __name__ == "__main__":
    asyncio.run(main())
