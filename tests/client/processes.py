"""CLIs that are real processes, for tests of the client end to end, and whole programs that use the client.

Above: `test_defects_*.py`.  Below: `tests/transports/processes.py`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from claude_code_sdk.testing.executable import STAND_IN
from tests.transports.processes import executable

from .peers import INFO, assistant, result

FAKE = f"""#!{sys.executable} -SEI
import json, os, signal, sys, time

INFO = json.loads({json.dumps(json.dumps(INFO))})
HELLO = json.loads({json.dumps(json.dumps(assistant("hello")))})
RESULT = json.loads({json.dumps(json.dumps(result()))})

def say(*frames):
    for frame in frames:
        sys.stdout.write(json.dumps(frame) + "\\n")
    sys.stdout.flush()

def answer(frame, payload=None):
    response = {{"subtype": "success", "request_id": frame["request_id"], "response": payload}}
    say({{"type": "control_response", "response": response}})

def grandchild():
    "Start a process of the same group that holds every pipe and ends on no signal but SIGKILL; its id."
    pid = os.fork()
    if not pid:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        while True:
            signal.pause()
    return pid

def control(frame):
    answer(frame, INFO if frame["request"]["subtype"] == "initialize" else {{}})

def answered(frame):
    pass

def turn(frame):
    say(HELLO, RESULT)

def serve():
    for line in sys.stdin:
        frame = json.loads(line)
        {{"control_request": control, "control_response": answered}}.get(frame["type"], turn)(frame)
"""
"""The beginning of a fake CLI: it does as `Peer` does, and what is redefined after it differs."""

STAYS = "serve()\nwhile True: signal.pause()"
"""An end for `fake_cli`: the CLI does not exit with the end of its input."""

SHELL = f"""#!/bin/sh
{STAND_IN}
read -r line
echo '{{"type":"control_response","response":{{"subtype":"success","request_id":"req_1","response":{{}}}}}}'
while read -r line; do
  echo '{json.dumps(assistant("hello"))}'
  echo '{json.dumps(result())}'
done
"""
"""The same in one millisecond instead of twenty; it answers the handshake and prompts, and nothing else."""


def fake_cli(folder: Path, source: str = "", end: str = "serve()") -> str:
    """Write a CLI that redefines parts of `FAKE` by `source` and then runs `end`; returns its path."""
    interpreter, _, program = FAKE.partition("\n")
    return executable(folder / "claude", f"{interpreter}\n{STAND_IN}\n{program}\n{source}\n{end}\n")


def shell_cli(folder: Path) -> str:
    """Write the fast CLI; returns its path."""
    return executable(folder / "claude", SHELL)


def run_program(source: str, *arguments: str, **settings: Any) -> subprocess.CompletedProcess[str]:
    """Run a program that uses the SDK, to its end."""
    command = [sys.executable, "-W", "error", "-c", source, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False, **settings)
