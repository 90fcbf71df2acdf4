"""A turn of many frames, from a real process to `receive_messages()`.

Settings: `cli`, the executable; `corpora`, a file of frames for each turn.  Turns before the last `measured` ones are
there to load what an SDK loads on first use.
"""

import asyncio
import importlib

MAX_FRAME = 64 * 2**20


def run(sdk_name, settings, meter):
    return asyncio.run(turns(importlib.import_module(sdk_name), settings, meter))


async def turns(sdk, settings, meter):
    options = sdk.ClaudeAgentOptions(
        cli_path=settings["cli"],
        env={"BENCH_CORPORA": ":".join(settings["corpora"])},
        max_buffer_size=MAX_FRAME,
    )
    frames = 0
    async with sdk.ClaudeSDKClient(options) as client:
        for number in range(len(settings["corpora"])):
            if number < len(settings["corpora"]) - settings["measured"]:
                await turn(sdk, client)
                continue
            with meter:
                frames += await turn(sdk, client)
    return meter.sample(frames=frames)


async def turn(sdk, client):
    """Send a prompt and take every message up to the result; returns how many there were."""
    last, count = sdk.ResultMessage, 0
    await client.query("go")
    async for message in client.receive_messages():
        count += 1
        if type(message) is last:
            break
    return count
