"""Servers: the MCP servers of the session, those of the program and those outside it, and their tools.

Below: `sdk_server.py`, `scripted_server.py`, `server_results.py`.
"""

from __future__ import annotations

from ...protocol.later import re
from .host import Gone, Refused
from .permissions import Decision
from .scripted_server import ScriptedServer, configured
from .sdk_server import SdkServer
from .server import TooSlow
from .server_results import failed, succeeded
from .tools.base import Ran, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...protocol.events import Frame
    from .process import Process
    from .server import Server
    from .thread import Thread

UNKNOWN_ERROR = "Unknown error"
NO_ERROR_TEXT = "Command failed with no output"
"""What the model is told of a failed call whose answer has no content, and of one whose text is blank."""


class Servers:
    """All servers of the session, in the order of the configuration."""

    def __init__(self, cli: Process) -> None:
        self._cli = cli
        self.all: dict[str, Server] = {}

    def start(self, configs: dict[str, Frame], manifests: dict[str, Frame]) -> None:
        """Connect to each at once; those of the program, of type `sdk`, come last."""
        servers: list[Server] = [ScriptedServer(self._cli, *found) for found in configured(self._cli, configs)]
        for name, config in configs.items():
            if config.get("type") == "sdk":
                servers.append(SdkServer(self._cli, name, config, manifests.get(name)))
        for server in servers:
            self.all[server.name] = server
            self._cli.kernel.spawn(server.connect())

    async def introductions(self) -> None:
        """Wait until each has answered `initialize` (bounded by how long they may take to start)."""
        for server in self.all.values():
            await server.introduced

    async def settled(self) -> None:
        """Wait until it is known of each what it offers."""
        for server in self.all.values():
            await server.ready

    def cancel_calls(self, reason: str) -> None:
        """The turn is interrupted: tell each server whose tools are at work."""
        for server in self.all.values():
            server.cancel_calls(reason)

    def listed(self) -> list[Frame]:
        """The servers as `init` lists them."""
        return [{"name": server.name, "status": server.status, "source": server.source} for server in self.all.values()]

    def tool_names(self) -> list[str]:
        return sorted(server.prefix + name for server in self.all.values() for name in server.tools)

    def find(self, name: str) -> Tool | None:
        """The tool of a server by the name that the model calls it by."""
        for server in self.all.values():
            if name.startswith(server.prefix) and name.removeprefix(server.prefix) in server.tools:
                return ServerTool(server, name.removeprefix(server.prefix))
        return None

    def tool_use_meta(self, use: Frame) -> Frame:
        """What an `assistant` frame says of a call of a server's tool, even of one that there is not (any more)."""
        name: str = use["name"]
        tool = self._cli.offered.find(name)
        if isinstance(tool, ServerTool):
            return {"tool_use_meta": [{"id": use["id"], **tool.shown()}]}
        if not name.startswith("mcp__"):
            return {}
        return {"tool_use_meta": [{"id": use["id"], "display_name": in_words(name.rpartition("__")[2])}]}


class ServerTool(Tool):
    """A tool of an MCP server."""

    runs_itself = True
    begins_late = True

    def __init__(self, server: Server, tool: str) -> None:
        self.server = server
        self.tool = tool
        self.name = server.prefix + tool
        annotations = server.tools[tool].get("annotations") or {}
        self.concurrent = bool(annotations.get("readOnlyHint"))
        self.title = annotations.get("title") or server.tools[tool].get("title") or in_words(tool)

    @property
    def display(self) -> str:
        return str(self.title)

    def shown(self) -> Frame:
        """What an `assistant` frame says of the tool."""
        server = self.server.info.get("title") or self.server.info.get("name") or self.server.name
        return {"display_name": self.title, "server_display_name": server, "tool_name": self.tool}

    def origin(self) -> Frame:
        return {"mcp_server": {"name": self.server.name, "source": self.server.source}}

    def as_shown(self, given: Any) -> Any:
        return given

    def parsed(self, cli: Process, given: Any) -> Frame:
        return given if isinstance(given, dict) else {}

    def decide(self, cli: Process, given: Frame) -> Decision:
        if cli.permissions.mode == "plan":
            return Decision("ask", "mode", f"Cannot call {self.name} while in plan mode.")
        rules = [{"toolName": self.name}]
        suggestion = {"type": "addRules", "rules": rules, "behavior": "allow", "destination": "localSettings"}
        told = self.nobody_to_ask(cli, given)
        return Decision("ask", None, told, permission_suggestions=[suggestion], server_policy_ask_only=True)

    def replaced(self, ran: Ran, output: Any) -> Ran:
        return Ran(output, is_error=ran.is_error, result=output)

    async def run(self, cli: Process, tool_use_id: str, given: Frame, thread: Thread) -> Ran:
        """Call it through the host."""
        try:
            answer = await self.server.call(self.tool, given, tool_use_id)
        except Gone:
            return Ran.error("interrupted before a result")
        except (Refused, TooSlow) as error:
            return Ran.error(str(error))
        if "error" in answer:
            return self._failed(cli, answer["error"].get("message", ""))
        result = answer.get("result") or {}
        content: list[Frame] = result.get("content") or []
        if result.get("isError"):
            text = "\n".join(block["text"] for block in content if "text" in block)
            return self._failed(cli, text if content else UNKNOWN_ERROR)
        return succeeded(cli, self.server.name, self.name, tool_use_id, content)

    def _failed(self, cli: Process, text: str) -> Ran:
        told, self.server.explained = self.server.explained, self.server.explained | {self.tool}
        schema = self.server.tools.get(self.tool, {}).get("inputSchema", {"type": "object"})
        known = self.tool in told or self.name in cli.discovered
        return failed(text if text.strip() else NO_ERROR_TEXT, self.name, None if known else schema)


def in_words(name: str) -> str:
    """A tool's name as people are shown it."""
    return " ".join(word[:1].upper() + word[1:] for word in re.split(r"[_-]+", name) if word) or name
