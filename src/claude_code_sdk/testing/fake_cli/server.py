"""Server: what the rest of the fake asks of any MCP server.  `sdk_server.py`, `scripted_server.py` are the kinds."""

from __future__ import annotations

from ...protocol.later import re
from .kernel import Future

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...protocol.events import Frame
    from .process import Process


class TooSlow(Exception):
    """A call was not answered in time; the text is for the model."""


class Server:
    """One MCP server.

    - `prefix`: how the names of its tools begin for the model.
    - `config`: as the command line or a file has it; `source`: where that is, in the CLI's words.
    - `status`: "pending", "connected", "failed" (for the reason `error`), "disabled", or "needs-auth".
    - `info`, `tools`: what it says of itself and offers, tools by name.
    - `introduced`: it has answered `initialize`, or will not; `ready`: its tools are known, or never will be.
    """

    def __init__(self, cli: Process, name: str, config: Frame, source: str) -> None:
        self._cli = cli
        self.name = name
        self.prefix = f"mcp__{re.sub('[^A-Za-z0-9_-]', '_', name)}__"
        self.config = config
        self.source = source
        self.status = "pending"
        self.error: str | None = None
        self.info: Frame = {}
        self.tools: dict[str, Frame] = {}
        self.introduced = Future()
        self.ready = Future()
        self.explained: set[str] = set()  # tools whose schema the model was told after an error

    @property
    def scope(self) -> str:
        return "project" if self.source == "project" else "dynamic"

    async def connect(self) -> None:
        """Come to a status and to know the tools."""
        raise NotImplementedError

    async def call(self, tool: str, arguments: Frame, tool_use_id: str) -> Frame:
        """Call a tool; its JSON-RPC answer.  Raises `Gone`, `Refused`, `TooSlow`."""
        raise NotImplementedError

    def disable(self) -> None:
        """The host does not want it any more: its tools are gone."""
        self.status, self.error, self.tools = "disabled", None, {}

    def cancel_calls(self, reason: str) -> None:
        """Tell the server that nobody waits for its calls any more."""
