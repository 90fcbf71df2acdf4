"""Programs of users, run as they are against CLIs that a test scripts.

Above: the tests of this folder.  Below: `tests/client/peers.py`.
"""

from __future__ import annotations

import runpy
import sys
from collections import deque
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from claude_code_sdk import use_transport
from claude_code_sdk.transports.in_process import InProcessTransport
from tests.client.peers import Frame, Peer, asks, result


def transport(*peers: Peer) -> InProcessTransport:
    """A transport whose first run meets the first peer, and so on."""
    waiting = deque(peers)
    return InProcessTransport(lambda command: waiting.popleft(), close_timeout=0.2)


def run(program: Path, *peers: Peer) -> None:
    """Run a program as its user starts it; it knows nothing of the peers."""
    with use_transport(transport(*peers)):
        runpy.run_path(str(program), run_name="__main__")


def main_of(program: Path, *, sdk: str = "claude_code_sdk") -> Callable[[], Awaitable[None]]:
    """The `main` of a program that may run on any event loop, and on another SDK when its imports are changed."""
    source = program.read_text().replace("claude_code_sdk", sdk)
    # A module of its own, since `typing.get_type_hints` looks for the classes of a program in its module.
    module = ModuleType(f"{program.stem}_on_{sdk}")
    sys.modules[module.__name__] = module
    exec(compile(source, str(program), "exec"), vars(module))
    return cast("Callable[[], Awaitable[None]]", module.__dict__["main"])


def asking(*questions: Frame, **end: Any) -> Peer:
    """A CLI that asks these one after another in its turn, each when the one before is answered, then ends it."""
    rest = deque(questions)

    def go_on(frame: Frame) -> list[Frame]:
        return [rest.popleft()] if rest else [result(**end)]

    return Peer(go_on, on_answer=go_on)


def calls_tool(request_id: str, server: str, name: str, **arguments: Any) -> Frame:
    """The CLI calls a tool of the program's own."""
    params = {"name": name, "arguments": arguments}
    message = {"jsonrpc": "2.0", "id": request_id, "method": "tools/call", "params": params}
    return asks(request_id, "mcp_message", server_name=server, message=message)


def flags(peer: Peer) -> dict[str, str]:
    """The flags of a peer's command line with what stands behind them."""
    (command,) = peer.commands
    return dict(zip(command.argv, command.argv[1:], strict=False))
