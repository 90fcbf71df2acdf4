"""Everything that can be asked of a running conversation."""

import anyio

from claude_code_sdk import (
    ClaudeAgentOptions,
    ClaudeSDKClient,
    ContextUsageResponse,
    McpServerStatus,
    McpStatusResponse,
    UserMessage,
)


def describe(server: McpServerStatus) -> str:
    tools = [item["name"] for item in server.get("tools", [])]
    return f"{server['name']}: {server['status']} {server.get('error', '')}{tools}"


async def main() -> None:
    options = ClaudeAgentOptions(enable_file_checkpointing=True, extra_args={"replay-user-messages": None})
    client = ClaudeSDKClient(options)
    await client.connect("Hello")
    try:
        checkpoint = None
        async for message in client.receive_response():
            if isinstance(message, UserMessage):
                checkpoint = message.uuid
        info = await client.get_server_info()
        assert info is not None
        print(info["output_style"])

        await client.set_permission_mode("acceptEdits")
        await client.set_model("opus")
        await client.set_model()
        status: McpStatusResponse = await client.get_mcp_status()
        for server in status["mcpServers"]:
            print(describe(server))
            if server["status"] == "failed":
                await client.reconnect_mcp_server(server["name"])
                await client.toggle_mcp_server(server["name"], enabled=False)
        usage: ContextUsageResponse = await client.get_context_usage()
        print(f"{usage['percentage']} % of {usage['maxTokens']}: {[part['name'] for part in usage['categories']]}")
        if checkpoint:
            await client.rewind_files(checkpoint)
        await client.stop_task("task-1")
        await client.interrupt()
    finally:
        await client.disconnect()


if __name__ == "__main__":
    anyio.run(main)
