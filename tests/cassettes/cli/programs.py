"""Programs that know nothing of recordings, and the CLI that they find: for the tests of `record`."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

from claude_code_sdk.cassettes.cassette import Cassette, Entry, Episode
from claude_code_sdk.cassettes.jsonl import dump
from claude_code_sdk.testing.executable import write_executable
from tests.cassettes.playing import cli, eof, exits, handshake, host, prompt, result, says, spawn

from .commands import command

OURS = """
import sys, anyio
from claude_code_sdk import query

async def main():
    async for message in query(prompt=sys.argv[1]):
        print(type(message).__name__)

anyio.run(main)
"""
"""A program on our SDK, with one session; its argument is the prompt."""

AT_ONCE = """
import sys, subprocess, anyio
from claude_code_sdk import query

async def ask(prompt):
    async for message in query(prompt=prompt):
        pass

async def main():
    async with anyio.create_task_group() as group:
        for prompt in sys.argv[2:4]:
            group.start_soon(ask, prompt)
    await anyio.run_process([sys.executable, sys.argv[1], sys.argv[4]])

anyio.run(main)
"""
"""Two sessions at once, and then one in a child process, which runs the program OURS."""

TALK = (
    """'{"type":"control_request","request_id":"r1","request":{"subtype":"initialize","hooks":null}}' """
    """'{"type":"user","message":{"role":"user","content":"%s"},"parent_tool_use_id":null,"session_id":""}'"""
)
FLAGS = "--output-format stream-json --verbose --input-format stream-json"


def shell(prompt: str, executable: str = "claude") -> str:
    """A program in another language, which starts the CLI and talks with it."""
    return f"""printf '%s\\n' {TALK % prompt} | {executable} {FLAGS} | wc -l\n"""


def session(text: str) -> list[Entry]:
    """A recorded session with one prompt."""
    said = says(f"Heard: {text}")
    said["message"]["model"] = "claude-opus-5-5"
    ended = {**result(), "duration_ms": 5, "duration_api_ms": 4, "num_turns": 1, "session_id": "s"}
    return [spawn(), *handshake(), host(prompt(text)), cli(said), cli(ended), eof(), exits()]


def write_cli(folder: Path, *prompts: str) -> str:
    """An executable that answers these prompts, each once."""
    path = folder / "live.jsonl"
    dump(Cassette(str(path), {"cli": "2.1.330"}, [Episode(session(text)) for text in prompts]), path)
    (folder / "bin").mkdir(exist_ok=True)
    return write_executable(folder / "bin", cassette=path, name="claude")


def write_script(path: Path, text: str) -> str:
    """An executable shell script, which may be called `claude` in a run of tests: it says what it stands for."""
    path.write_text(f"#!/bin/sh\n# stands for claude_code_sdk.testing.fake_claude\n{text}")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def write_program(folder: Path, text: str, name: str = "program.py") -> str:
    path = folder / name
    path.write_text(text)
    return str(path)


def record(out: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """`claude-cassette record --out OUT WORDS`, in a process."""
    line = command("record", "--out", out, *words)
    return subprocess.run(
        line, capture_output=True, encoding="utf-8", check=False, timeout=50, env={**os.environ, **env}
    )


def python(program: str, *arguments: str) -> list[str]:
    return ["--", sys.executable, program, *arguments]
