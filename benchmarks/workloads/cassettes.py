"""Many small cassettes: load, connect, one turn, disconnect; one after another in one process, or at once.

Settings: `cassette`, of ours; `count`; `at_once`.  Ours plays it in a `use_cassette` block each (at once: through
`CassetteTransport`, since blocks are of the whole process); the peer (`claude-agent-cassette`) plays the same frames
from a tape of its own through `replay_tape`.
"""

import asyncio
import importlib
import json

from .live import turn


def run(sdk_name, settings, meter):
    return asyncio.run(replays(importlib.import_module(sdk_name), settings, meter))


async def replays(sdk, settings, meter):
    play = theirs(settings["cassette"]) if sdk.__name__ == "claude_agent_sdk" else ours(sdk, settings)
    await play()
    with meter:
        if settings["at_once"]:
            await asyncio.gather(*(play() for _ in range(settings["count"])))
        else:
            for _ in range(settings["count"]):
                await play()
    return meter.sample(sessions=settings["count"])


def ours(sdk, settings):
    path = settings["cassette"]
    from claude_code_sdk import use_cassette
    from claude_code_sdk.cassettes.transport import CassetteTransport

    async def in_a_block():
        async with use_cassette(path), sdk.ClaudeSDKClient(sdk.ClaudeAgentOptions()) as client:
            return await turn(sdk, client)

    async def over_a_transport():
        transport = CassetteTransport(path)
        async with sdk.ClaudeSDKClient(sdk.ClaudeAgentOptions(), transport=transport) as client:
            await turn(sdk, client)
        transport.check()

    return over_a_transport if settings["at_once"] else in_a_block


def theirs(path):
    import claude_agent_sdk as sdk
    from claude_agent_cassette import load_tape, replay_tape

    tape = f"{path}.tape"
    with open(path, "rb") as file, open(tape, "w") as out:
        for line in file:
            entry = json.loads(line)
            if "frame" in entry:
                frame = entry["frame"]
                told = {"dir": "read", "frame": frame} if entry["from"] == "cli" else None
                out.write(json.dumps(told or {"dir": "write", "data": json.dumps(frame) + "\n"}) + "\n")

    async def play():
        async with replay_tape(load_tape(tape)) as client:
            return await turn(sdk, client)

    return play
