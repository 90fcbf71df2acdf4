"""A turn of many frames from a real process, and the end of the session, with or without recording it.

Settings: those of `live` (one measured turn); `recorder`: None, "ours", or "peer" (`claude-agent-cassette`, in an
environment with the SDK version that it pins); `folder`: where the recording goes.  Measured is all from the prompt of
the long turn to the finished cassette.  The peer's own `record()` fails on the newest SDK that it allows, so its
transport is given to the client, and its steps of saving (scrub, write, rename) are called.
"""

import asyncio
import importlib
import os

from .live import MAX_FRAME, turn


def run(sdk_name, settings, meter):
    return asyncio.run(session(importlib.import_module(sdk_name), settings, meter))


async def session(sdk, settings, meter):
    warm_up, corpus = settings["corpora"]
    options = sdk.ClaudeAgentOptions(
        cli_path=settings["cli"], env={"BENCH_CORPORA": f"{warm_up}:{corpus}"}, max_buffer_size=MAX_FRAME
    )
    path = os.path.join(settings["folder"], f"{settings['recorder']}-{os.getpid()}.jsonl")
    begin, end = {None: nothing, "ours": ours, "peer": peer}[settings["recorder"]](options, path)
    client = sdk.ClaudeSDKClient(options, **begin())
    await client.connect()
    await turn(sdk, client)
    with meter:
        frames = await turn(sdk, client)
        await client.disconnect()
        end()
    if settings["recorder"]:
        os.unlink(path)
    return meter.sample(frames=frames)


def nothing(options, path):
    return dict, lambda: None


def ours(options, path):
    from claude_code_sdk import record

    block = record(path)

    def begin():
        block.__enter__()
        return {}

    return begin, lambda: block.__exit__(None, None, None)


def peer(options, path):
    from pathlib import Path

    from claude_agent_cassette.record import _atomic_write
    from claude_agent_cassette.scrub import default_replacements, scrub_tape
    from claude_agent_cassette.transport import RecordingTransport
    from claude_agent_sdk._internal.transport.subprocess_cli import SubprocessCLITransport

    tape = []

    async def prompts():
        return
        yield

    transport = RecordingTransport(SubprocessCLITransport(prompt=prompts(), options=options), tape)
    return lambda: {"transport": transport}, lambda: _atomic_write(scrub_tape(tape, default_replacements()), Path(path))
