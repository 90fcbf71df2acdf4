"""Whole sessions one after the other: connect, one short turn, disconnect.

Settings: `corpus`, the turn; `count`; `cli` for sessions over a process, none for sessions in process (the official SDK
over a `Transport` fed from memory, ours over an `InProcessTransport`).  The sample has the `median` session in
milliseconds of wall clock.
"""

import asyncio
import importlib
import json
import statistics
import time
from pathlib import Path

WARM_UP = 5


def run(sdk_name, settings, meter):
    return asyncio.run(sessions(importlib.import_module(sdk_name), settings, meter))


async def sessions(sdk, settings, meter):
    if "cli" in settings:
        options = sdk.ClaudeAgentOptions(cli_path=settings["cli"], env={"BENCH_CORPORA": settings["corpus"]})

        def make_client():
            return sdk.ClaudeSDKClient(options)
    else:
        make_client = in_process(sdk, Path(settings["corpus"]))
    for _ in range(WARM_UP):
        await session(sdk, make_client())
    took = []
    with meter:
        for _ in range(settings["count"]):
            began = time.perf_counter()
            await session(sdk, make_client())
            took.append(time.perf_counter() - began)
    return meter.sample(frames=settings["count"], median=statistics.median(took) * 1000)


async def session(sdk, client):
    results = 0
    async with client:
        await client.query("go")
        async for message in client.receive_response():
            results += isinstance(message, sdk.ResultMessage)
    if results != 1:
        raise RuntimeError(f"a session gave {results} results instead of 1")


def in_process(sdk, corpus):
    options, turn = sdk.ClaudeAgentOptions(), corpus.read_bytes()
    if sdk.__name__ == "claude_agent_sdk":
        from ..peer_transport import MemoryTransport

        frames = [json.loads(line) for line in turn.splitlines()]
        return lambda: sdk.ClaudeSDKClient(options, transport=MemoryTransport(frames))
    from claude_code_sdk.transports.in_process import InProcessTransport

    from ..our_engine import TurnEngine

    return lambda: sdk.ClaudeSDKClient(options, transport=InProcessTransport(lambda _command: TurnEngine(turn)))
