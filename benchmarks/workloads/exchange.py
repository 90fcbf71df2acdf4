"""Requests of the CLI, one after the other: a hook, a permission question or a call of an in-process MCP tool.

Settings: `cli`; `kind`; `request`, file with the request; `handshake`, file with the MCP handshake; `count`, how many
are measured.  A first turn of `WARM_UP` loads what an SDK loads on first use.  The sample has the round trip as the
CLI's side saw it, `median` and `p99` in microseconds.
"""

import asyncio
import importlib

WARM_UP = 50
EXPECTED = {"hook": "hookSpecificOutput", "permission": '"allow"', "mcp": "the sum is "}


def run(sdk_name, settings, meter):
    return asyncio.run(turns(importlib.import_module(sdk_name), settings, meter))


async def turns(sdk, settings, meter):
    environment = {
        "BENCH_EXCHANGES": f"{WARM_UP}:{settings['count']}",
        "BENCH_REQUEST": settings["request"],
        "BENCH_HANDSHAKE": settings.get("handshake", ""),
        "BENCH_EXPECT": EXPECTED[settings["kind"]],
    }
    if not environment["BENCH_HANDSHAKE"]:
        del environment["BENCH_HANDSHAKE"]
    options = sdk.ClaudeAgentOptions(cli_path=settings["cli"], env=environment, **callbacks(sdk, settings["kind"]))
    async with sdk.ClaudeSDKClient(options) as client:
        await turn(sdk, client)
        with meter:
            result = await turn(sdk, client)
    median, p99 = (int(figure) / 1000 for figure in result.result.split())
    return meter.sample(frames=settings["count"], median=median, p99=p99)


async def turn(sdk, client):
    await client.query("go")
    async for message in client.receive_messages():
        if isinstance(message, sdk.ResultMessage):
            return message
    raise RuntimeError("the fake CLI ended without a result; its stderr says why")


def callbacks(sdk, kind):
    """The options that make the SDK answer requests of this kind."""
    if kind == "hook":

        async def decide(_input, _tool_use_id, _context):
            return {"hookSpecificOutput": {"hookEventName": "PreToolUse", "permissionDecision": "allow"}}

        return {"hooks": {"PreToolUse": [sdk.HookMatcher(matcher="Bash", hooks=[decide])]}}
    if kind == "permission":

        async def allow(_tool, tool_input, _context):
            return sdk.PermissionResultAllow(updated_input=tool_input)

        return {"can_use_tool": allow}

    @sdk.tool("add", "Adds two numbers", {"a": int, "b": int})
    async def add(arguments):
        return {"content": [{"type": "text", "text": f"the sum is {arguments['a'] + arguments['b']}"}]}

    return {"mcp_servers": {"kit": sdk.create_sdk_mcp_server("kit", tools=[add])}}
