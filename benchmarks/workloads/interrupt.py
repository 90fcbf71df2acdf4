"""A control call while frames lie unread: nobody iterates, the CLI has written them, `interrupt()` is called.

Settings: `cli`; `corpus`, the frames; `ending`, what ends the turn after the interrupt; `count`, turns.  The sample has
the `median` and the `worst` call in milliseconds; both are null when a call got no answer within `PATIENCE` seconds.
"""

import asyncio
import importlib
import statistics
import time

PATIENCE = 5.0
SETTLE = 0.2
"""Seconds between the prompt and the call, in which the frames arrive."""


def run(sdk_name, settings, meter):
    return asyncio.run(turns(importlib.import_module(sdk_name), settings, meter))


async def turns(sdk, settings, meter):
    environment = {"BENCH_CORPORA": settings["corpus"], "BENCH_AFTER_INTERRUPT": settings["ending"]}
    options = sdk.ClaudeAgentOptions(cli_path=settings["cli"], env=environment)
    took = []
    async with sdk.ClaudeSDKClient(options) as client:
        for _ in range(settings["count"]):
            await client.query("go")
            await asyncio.sleep(SETTLE)
            began = time.perf_counter()
            try:
                with meter:
                    await asyncio.wait_for(client.interrupt(), PATIENCE)
            except TimeoutError:
                return meter.sample(median=None, worst=None)
            took.append((time.perf_counter() - began) * 1000)
            async for message in client.receive_messages():
                if isinstance(message, sdk.ResultMessage):
                    break
    return meter.sample(frames=len(took), median=statistics.median(took), worst=max(took))
