"""Many at once: clients in one task group, and processes that start on a cold directory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import anyio

from claude_code_sdk import ClaudeSDKClient, record, use_cassette
from claude_code_sdk.cassettes.jsonl import load

from .live import LiveCLI, NoCLI, files_in, frames_of, text_of

CLIENTS, PROCESSES = 50, 8


async def clients() -> dict[int, list[str]]:
    """What fifty clients are told, each in two turns, all of them connected at once."""
    said: dict[int, list[str]] = {}
    connected = 0
    all_connected = anyio.Event()

    async def one(number: int) -> None:
        nonlocal connected
        async with ClaudeSDKClient() as client:
            connected += 1
            if connected == CLIENTS:
                all_connected.set()
            await all_connected.wait()
            said[number] = []
            for turn in ("first", "second"):
                await client.query(f"{turn} of {number}")
                said[number].append(text_of([message async for message in client.receive_response()]))

    with anyio.fail_after(30):
        async with anyio.create_task_group() as tasks:
            for number in range(CLIENTS):
                tasks.start_soon(one, number)
    return said


async def test_fifty_clients_in_one_task_group_are_fifty_episodes_of_one_clean_cassette(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    with record(path, live=LiveCLI().transport):
        live = await clients()
    assert live == {number: [f"FIRST OF {number}", f"SECOND OF {number}"] for number in range(CLIENTS)}
    load(path).validate()
    shapes = frames_of(path)
    assert len(shapes) == CLIENTS
    assert all(shape == shapes[0] for shape in shapes)
    with use_cassette(path, live=NoCLI()):
        assert await clients() == live


PROGRAM = """
import sys
import anyio
from claude_code_sdk import record
sys.path.insert(0, sys.argv[2])
from tests.cassettes.recording.live import LiveCLI, ask, recorded_run

async def main():
    with record(sys.argv[1], live=recorded_run("oneshot_query")):
        await ask("Say hello")

print("ready", flush=True)
sys.stdin.read()
anyio.run(main, backend=sys.argv[3])
"""


def test_eight_processes_on_a_cold_directory_record_eight_clean_cassettes(tmp_path: Path, anyio_backend: str) -> None:
    folder = tmp_path / "new" / "cassettes"
    root = str(Path(__file__).parents[3])
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(folder / f"{number}.jsonl"), root, anyio_backend],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for number in range(PROCESSES)
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
    for process in running:
        assert process.stdin is not None
        process.stdin.close()
        process.stdin = None
    for process in running:
        _, errors = process.communicate(timeout=50)
        assert process.returncode == 0, errors.decode()
    cassettes = [name for name in files_in(folder) if name != "inventory"]
    assert cassettes == [f"{number}.jsonl" for number in range(PROCESSES)]
    contents = {path.read_bytes().split(b"\n", 1)[1] for path in folder.glob("*.jsonl")}
    for name in cassettes:
        load(folder / name).validate()
    assert len({content.count(b"\n") for content in contents}) == 1
