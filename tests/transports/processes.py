"""Small fake CLIs for the tests of the subprocess transport."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import anyio

from claude_code_sdk.protocol.command import Command
from claude_code_sdk.transports.base import Channel

GRANDCHILD = """
import os, signal, sys, time
if os.fork() == 0:
    signal.pause()
    os._exit(0)
"""
"""The beginning of a fake CLI that leaves a process in its group, which holds all its pipes."""


def python_cli(source: str, *arguments: str, env: Mapping[str, str] | None = None, cwd: str | None = None) -> Command:
    """A command that runs `source` as the CLI: isolated, without site, so that it starts fast."""
    return Command((sys.executable, "-SEI", "-c", source, *arguments), env=env or {}, cwd=cwd)


def executable(path: Path, text: str, mode: int = 0o755) -> str:
    """Write a script; returns its path."""
    path.write_text(text)
    path.chmod(mode)
    return str(path)


async def receive_all(channel: Channel) -> bytes:
    """Everything up to the end of the output."""
    received = b""
    while data := await channel.receive():
        received += data
    return received


async def first_line(channel: Channel) -> bytes:
    """What comes up to the first line end, without it."""
    received = b""
    while not received.endswith(b"\n"):
        data = await channel.receive()
        assert data, f"the output ended after {received!r}"
        received += data
    return received[:-1]


def is_running(pid: int) -> bool:
    """Whether the process exists and is no zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


async def ended(pid: int) -> None:
    """Wait until the process, which need not be a child of this one, has ended."""
    try:
        fd = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        with anyio.fail_after(5):
            await anyio.wait_readable(fd)
    finally:
        os.close(fd)
