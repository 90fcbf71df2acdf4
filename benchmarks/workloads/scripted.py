"""The scripted fake CLI under our client: its start, a conversation in process, and many sessions at once.

Settings: `what`, a function of `MEASURED`; `count`.
"""

import asyncio
import gc
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FLAGS = ["--output-format", "stream-json", "--verbose", "--input-format", "stream-json"]
INITIALIZE = b'{"type":"control_request","request_id":"r","request":{"subtype":"initialize","hooks":null}}\n'


def run(_sdk, settings, meter):
    with tempfile.TemporaryDirectory() as folder:
        return MEASURED[settings["what"]](Path(folder), settings["count"], meter)


# Its start


def start(folder, count, meter):
    """Medians in milliseconds: from the spawn to the answer to `initialize`, and of `python -c pass`, in turn."""
    from claude_code_sdk.testing import Script, write_executable

    script = Script().says("Hello")
    (folder / "script.json").write_text(json.dumps(script.to_json()))
    console = [str(Path(sys.executable).parent / "fake-claude"), *FLAGS]
    environment = {**os.environ, "FAKE_CLAUDE_SCRIPT": str(folder / "script.json")}
    written = [write_executable(folder, script), *FLAGS]
    took = {"pass": [], "console": [], "written": []}
    with meter:
        for _ in range(count):
            took["pass"].append(finished([sys.executable, "-c", "pass"]))
            took["console"].append(answered(console, environment))
            took["written"].append(answered(written, None))
    return meter.sample(**{name: statistics.median(times) * 1000 for name, times in took.items()})


def finished(argv):
    began = time.perf_counter()
    subprocess.run(argv, check=True)
    return time.perf_counter() - began


def answered(argv, environment):
    began = time.perf_counter()
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as process:
        process.stdin.write(INITIALIZE)
        process.stdin.flush()
        line = process.stdout.readline()
        took = time.perf_counter() - began
        process.stdin.close()
    if b'"subtype":"success"' not in line:
        raise RuntimeError(f"{argv[0]} answered {line[:200]!r}")
    return took


# A conversation


def conversation(_folder, count, meter):
    """Two turns, the first with a hook that is asked and a tool of the program that runs; in process."""

    async def conversations():
        for _ in range(20):
            await converse()
        with meter:
            for _ in range(count):
                await converse()

    asyncio.run(conversations())
    return meter.sample(sessions=count)


async def converse():
    from claude_code_sdk import ClaudeCodeOptions, ClaudeSDKClient, HookMatcher
    from claude_code_sdk.testing import ScriptTransport

    calls = []

    async def hook(given, _tool_use_id, _context):
        calls.append(given["tool_name"])
        return {}

    options = ClaudeCodeOptions(
        mcp_servers={"kit": kit()},
        allowed_tools=["mcp__kit__greet"],
        hooks={"PreToolUse": [HookMatcher(matcher="mcp__kit__greet", hooks=[hook])]},
    )
    transport = ScriptTransport(two_turns())
    async with ClaudeSDKClient(options, transport=transport) as client:
        for prompt in ("Greet Ann", "And now?"):
            await client.query(prompt)
            result = await client.drain()
            if result is None or result.is_error:
                raise RuntimeError(f"a turn ended with {result!r}")
    transport.check()
    if calls != ["mcp__kit__greet"]:
        raise RuntimeError(f"the hook was asked about {calls}")


def kit(made=[]):  # noqa: B006  # made once, as a program does
    from claude_code_sdk import create_sdk_mcp_server, tool

    if not made:

        @tool("greet", "Greet", {"name": str})
        async def greet(given):
            return {"content": [{"type": "text", "text": f"Hello, {given['name']}"}]}

        made.append(create_sdk_mcp_server("kit", tools=[greet]))
    return made[0]


def two_turns(made=[]):  # noqa: B006
    from claude_code_sdk.testing import Script

    if not made:
        made.append(Script().calls("mcp__kit__greet", name="Ann").says("I greeted Ann.").says("Nothing more."))
    return made[0]


# Many at once


def at_once_in_process(_folder, count, meter):
    from claude_code_sdk.testing import Script, ScriptTransport

    def transport(_number):
        return {"transport": ScriptTransport(Script().says("Hello"))}

    return at_once(count, meter, transport)


def at_once_as_processes(folder, count, meter):
    from claude_code_sdk import ClaudeCodeOptions
    from claude_code_sdk.testing import Script, write_executable

    script = Script().says("Hello", repeat=True)
    path = write_executable(folder, script)

    def options(_number):
        return {"options": ClaudeCodeOptions(cli_path=path, initialize_timeout=300.0)}

    return at_once(count, meter, options)


def at_once(count, meter, arguments):
    """Sessions that are all begun before any ends; `left` counts tasks, descriptors and processes that are left."""
    from claude_code_sdk import ClaudeSDKClient

    async def sessions():
        connected = asyncio.Barrier(count)

        async def session(number):
            async with ClaudeSDKClient(**arguments(number)) as client:
                await connected.wait()
                await client.query("Hi")
                result = await client.drain()
            return result is not None and result.result == "Hello"

        before = held()
        with meter:
            ended = await asyncio.gather(*(session(number) for number in range(count)))
        gc.collect()
        left = {kind: now - before[kind] for kind, now in held().items()}
        return ended, left

    ended, left = asyncio.run(sessions())
    if not all(ended):
        raise RuntimeError(f"{ended.count(False)} of {count} sessions had no result")
    return meter.sample(sessions=count, left=sum(max(0, number) for number in left.values()))


def held():
    """Tasks of this loop, descriptors and children of this process."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    return {
        "tasks": len(asyncio.all_tasks()),
        "descriptors": len(os.listdir("/proc/self/fd")),
        "children": len(children.read_text().split()) if children.exists() else 0,
    }


MEASURED = {
    "start": start,
    "conversation": conversation,
    "at_once_in_process": at_once_in_process,
    "at_once_as_processes": at_once_as_processes,
}
