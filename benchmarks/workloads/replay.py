"""A recorded turn of many frames: load the cassette, replay it through a client, take every message.

Settings: `cassette`; `warm_up`, a short one that is played first, to load what an SDK loads on first use.  Ours plays
it through `CassetteTransport`; the official SDK has no cassettes, so the frames of the same file are decoded up front
and given to it from memory by a custom `Transport`.
"""

import asyncio
import importlib
import json
from contextlib import nullcontext

from .live import turn


def run(sdk_name, settings, meter):
    return asyncio.run(replays(importlib.import_module(sdk_name), settings, meter))


async def replays(sdk, settings, meter):
    await replay(sdk, settings["warm_up"], nullcontext())
    count = await replay(sdk, settings["cassette"], meter)
    return meter.sample(frames=count)


async def replay(sdk, cassette, meter):
    load = decoded if sdk.__name__ == "claude_agent_sdk" else opened
    options = sdk.ClaudeAgentOptions()
    with meter:
        client = sdk.ClaudeSDKClient(options, transport=load(cassette))
        await client.connect()
        count = await turn(sdk, client)
    await client.disconnect()
    return count


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
