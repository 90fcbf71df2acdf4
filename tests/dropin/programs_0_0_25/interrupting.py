"""A turn is interrupted while another task reads, and the conversation goes on."""

import asyncio

from claude_code_sdk import ClaudeSDKClient, ResultMessage


async def main() -> None:
    async with ClaudeSDKClient() as client:
        await client.query("Count from 1 to 100 slowly")
        subtypes: list[str] = []

        async def consume() -> None:
            async for message in client.receive_response():
                if isinstance(message, ResultMessage):
                    subtypes.append(message.subtype)

        consumer = asyncio.create_task(consume())
        await asyncio.sleep(0)
        await client.interrupt()
        await consumer

        await client.query("Never mind, tell me a joke.")
        async for message in client.receive_response():
            if isinstance(message, ResultMessage):
                subtypes.append(message.subtype)
        print(subtypes)


if __name__ == "__main__":
    asyncio.run(main())
