"""A recorded turn of many frames: load the cassette, replay it through a client, take every message.

Settings: `cassette`.  Ours plays it through `CassetteTransport`; the official SDK has no cassettes, so the frames of
the same file are decoded up front and given to it from memory by a custom `Transport`.
"""

import asyncio
import importlib
import json

from .live import turn


def run(sdk_name, settings, meter):
    return asyncio.run(replay(importlib.import_module(sdk_name), settings["cassette"], meter))


async def replay(sdk, cassette, meter):
    load = decoded if sdk.__name__ == "claude_agent_sdk" else opened
    options = sdk.ClaudeAgentOptions()
    with meter:
        client = sdk.ClaudeSDKClient(options, transport=load(cassette))
        await client.connect()
        count = await turn(sdk, client)
    await client.disconnect()
    return meter.sample(frames=count)


def decoded(cassette):
    from ..peer_transport import MemoryTransport

    with open(cassette, "rb") as file:
        entries = [json.loads(line) for line in file]
    frames = [entry["frame"] for entry in entries if entry.get("from") == "cli" and "frame" in entry]
    return MemoryTransport(frames[1:])  # the first answers `initialize`, which the transport does itself


def opened(cassette):
    from pathlib import Path

    from claude_code_sdk.cassettes.transport import CassetteTransport

    return CassetteTransport(Path(cassette))
