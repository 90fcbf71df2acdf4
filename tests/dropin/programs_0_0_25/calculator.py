"""Tools of the program's own."""

import asyncio
from typing import Any

from claude_code_sdk import ClaudeCodeOptions, ClaudeSDKClient, create_sdk_mcp_server, tool


@tool("add", "Add two numbers", {"a": float, "b": float})
async def add_numbers(args: dict[str, Any]) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": f"{args['a']} + {args['b']} = {args['a'] + args['b']}"}]}


@tool("divide", "Divide one number by another", {"a": float, "b": float})
async def divide_numbers(args: dict[str, Any]) -> dict[str, Any]:
    if args["b"] == 0:
        return {"content": [{"type": "text", "text": "Division by zero"}], "is_error": True}
    return {"content": [{"type": "text", "text": str(args["a"] / args["b"])}]}


async def main() -> None:
    calculator = create_sdk_mcp_server("calculator", "2.0.0", [add_numbers, divide_numbers])
    options = ClaudeCodeOptions(
        mcp_servers={"calc": calculator, "files": {"type": "stdio", "command": "files-server"}},
        allowed_tools=["mcp__calc__add", "mcp__calc__divide"],
    )
    async with ClaudeSDKClient(options) as client:
        await client.query("Add 1 and 2, and divide 1 by 0.")
        async for message in client.receive_response():
            print(type(message).__name__)


if __name__ == "__main__":
    asyncio.run(main())
