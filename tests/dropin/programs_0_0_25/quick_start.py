"""Questions with query(): without options, with options, with tools."""

import anyio

from claude_code_sdk import AssistantMessage, ClaudeCodeOptions, ResultMessage, TextBlock, query


async def plain() -> None:
    async for message in query(prompt="What is 2 + 2?"):
        if isinstance(message, AssistantMessage):
            for block in message.content:
                if isinstance(block, TextBlock):
                    print(f"Claude: {block.text}")


async def with_options() -> None:
    options = ClaudeCodeOptions(system_prompt="You explain things simply.", max_turns=1)
    async for message in query(prompt="What is Python?", options=options):
        if isinstance(message, AssistantMessage):
            for block in message.content:
                if isinstance(block, TextBlock):
                    print(f"Claude: {block.text}")


async def with_tools() -> None:
    options = ClaudeCodeOptions(
        ["Read", "Write"],  # allowed_tools, the first field
        None,  # system_prompt
        "You are brief.",  # append_system_prompt
        permission_mode="acceptEdits",
        extra_args={"debug-to-stderr": None},
    )
    async for message in query(prompt="Create hello.txt", options=options):
        if isinstance(message, AssistantMessage):
            for block in message.content:
                if isinstance(block, TextBlock):
                    print(f"Claude: {block.text}")
        elif isinstance(message, ResultMessage) and message.total_cost_usd is not None and message.total_cost_usd > 0:
            print(f"Cost: ${message.total_cost_usd:.4f}")


async def main() -> None:
    await plain()
    await with_options()
    await with_tools()


if __name__ == "__main__":
    anyio.run(main)
