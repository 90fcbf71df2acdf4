"""use_transport() before the official SDK is imported: its import is watched, never caused.

Each test is a process of its own, since what is imported stays imported.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys

import pytest

if importlib.util.find_spec("claude_agent_sdk") is None:
    pytest.skip("claude_agent_sdk is not installed", allow_module_level=True)

START = """
import sys, inspect, anyio
from claude_code_sdk import use_transport
from tests.client.peers import Peer

peer = Peer()
finders = [*sys.meta_path]

async def ask():
    import claude_agent_sdk
    return [type(message).__name__ async for message in claude_agent_sdk.query(prompt="hi")]
"""


def run(program: str, backend: str = "asyncio", live: str = "allow") -> str:
    """What the program prints; `BACKEND` in it is the name of the event loop.

    - `live`: what it is told of real CLIs; where they are refused, the guard of them is put into that SDK too.
    """
    code = START + program.replace("BACKEND", repr(backend))
    environment = {**os.environ, "CCSDK_LIVE": live}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=50, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_an_import_inside_the_block_meets_the_transport(anyio_backend: str) -> None:
    program = """
with use_transport(peer.transport):
    print(anyio.run(ask, backend=BACKEND))
assert sys.meta_path == finders
from claude_agent_sdk._internal.transport import subprocess_cli
assert subprocess_cli.SubprocessCLITransport.connect.__module__ == subprocess_cli.__name__
assert inspect.getsource(subprocess_cli)
assert "exec_module" not in vars(subprocess_cli.__loader__)
"""
    assert run(program, anyio_backend) == "['AssistantMessage', 'ResultMessage']"


def test_the_official_sdk_is_never_imported_by_the_block() -> None:
    program = """
with use_transport(peer.transport):
    assert sys.meta_path[1:] == finders
assert sys.meta_path == finders
print([name for name in sys.modules if name.startswith("claude_agent_sdk")])
"""
    assert run(program) == "[]"


def test_an_import_after_the_block_finds_nothing_of_it() -> None:
    program = """
with use_transport(peer.transport):
    pass
from claude_agent_sdk._internal.transport import subprocess_cli
print(subprocess_cli.SubprocessCLITransport.connect.__module__)
"""
    assert run(program) == "claude_agent_sdk._internal.transport.subprocess_cli"


def test_an_import_inside_the_block_meets_the_transport_where_real_clis_are_refused(anyio_backend: str) -> None:
    program = """
with use_transport(peer.transport):
    print(anyio.run(ask, backend=BACKEND))
"""
    assert run(program, anyio_backend, live="refuse") == "['AssistantMessage', 'ResultMessage']"


def test_after_the_block_real_clis_are_refused_again() -> None:
    program = """
with use_transport(peer.transport):
    import claude_agent_sdk
from claude_agent_sdk._internal.transport import subprocess_cli
print(subprocess_cli.SubprocessCLITransport.connect.__module__)
"""
    assert run(program, live="refuse") == "claude_code_sdk._official_guard"


def test_a_second_block_meets_an_sdk_that_the_first_one_saw_imported() -> None:
    program = """
with use_transport(peer.transport):
    import claude_agent_sdk
with use_transport(peer.transport):
    print(anyio.run(ask), len(peer.commands))
"""
    assert run(program) == "['AssistantMessage', 'ResultMessage'] 1"
