"""Servers: the MCP servers of the session, those of the program (type `sdk`) and scripted ones.

A server of the program is spoken to through control requests (wire-facts §2, §4): `initialize` before the handshake is
answered, `tools/list` when the first turn begins, `tools/call` with ids that count per server.
"""

from __future__ import annotations

import json
import re

from .host import Gone, Question, Refused, Withdrawn
from .kernel import Future, done, first
from .permissions import Decision
from .tools.base import Ran, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...protocol.events import Frame
    from .process import Process

PROTOCOL = "2025-11-25"
CLIENT = {
    "name": "claude-code",
    "title": "Claude Code",
    "description": "Anthropic's agentic coding tool",
    "websiteUrl": "https://claude.com/claude-code",
}
START_TIMEOUT = 30.0
"""Seconds that a server may take to start (`MCP_TIMEOUT`, in milliseconds, says otherwise)."""

LIST_PATIENCE = 0.05
"""Seconds after which the tools are listed even if no turn has begun."""


SCHEMA_NOTE = (
    "\n\nThis tool's input schema was not in your prompt when you called it. The input schema is: {schema}\nIf your "
    "input does not match this schema, correct it and call the tool again. If it matches, the error above has another "
    'cause. If the corrected call fails the same way, call ToolSearch with query "select:{name}" to load the tool, '
    "then call it again."
)
"""What the CLI adds to an error of a tool whose schema the model was not sent: all MCP tools (wire-facts §4)."""


class Server:
    """One MCP server.

    - `manifest`: what the host said of it beforehand: the results of `initialize` and `tools/list`, which the CLI then
      does not ask for.
    """

    def __init__(self, cli: Process, name: str, config: Frame, manifest: Frame | None = None) -> None:
        self._cli = cli
        self.name = name
        self.config = config
        self.status = "pending"
        self.error: str | None = None  # why it failed
        self.info: Frame = {}
        self.tools: dict[str, Frame] = {}
        self.introduced = Future()  # it has answered `initialize`, or will not
        self.ready = Future()  # its tools are known, or never will be
        self._manifest = manifest
        self._next_id = 0
        self._calls: dict[int, Question] = {}

    @property
    def source(self) -> str:
        """Where it comes from, in the CLI's words."""
        return "sdk" if self.config.get("type") == "sdk" else "dynamic"

    async def connect(self) -> None:
        """Shake hands and list the tools."""
        if self._manifest is not None:
            self._take(self._manifest)
            return
        cli = self._cli
        timeout = float(cli.env.get("MCP_TIMEOUT", START_TIMEOUT * 1000)) / 1000
        client = {**CLIENT, "version": cli.version}
        params = {"protocolVersion": PROTOCOL, "capabilities": {}, "clientInfo": client}
        try:
            answer = await self._request("initialize", params, timeout)
            self.info = answer.get("result", {}).get("serverInfo", {})
            await self._notify("notifications/initialized")
            await first([cli.turn_began, cli.kernel.at(cli.kernel.now + LIST_PATIENCE)])
            listed = await self._request("tools/list", None, timeout)
            self.tools = {tool["name"]: tool for tool in listed.get("result", {}).get("tools", ())}
            self.status = "connected"
        except (Gone, Refused, Withdrawn, TimeoutError) as error:
            self.status, self.error = "failed", str(error) or "Connection failed"
        finally:
            self.introduced.set()
            self.ready.set()

    def _take(self, manifest: Frame) -> None:
        """Be connected by what the host said of it; the two requests that are not sent have used up their ids."""
        self.info = (manifest.get("initializeResult") or {}).get("serverInfo", {})
        self.tools = {tool["name"]: tool for tool in (manifest.get("toolsListResult") or {}).get("tools", ())}
        self.status, self._next_id = "connected", 2
        self.introduced.set()
        self.ready.set()

    async def call(self, tool: str, arguments: Frame, tool_use_id: str) -> Frame:
        """Call a tool; its JSON-RPC answer.  Raises `Gone`, `Refused`."""
        number = self._next_id
        meta = {"claudecode/toolUseId": tool_use_id, "progressToken": number}
        params = {"name": tool, "arguments": arguments, "_meta": meta}
        return await self._request("tools/call", params, None)

    def disable(self) -> None:
        """The host does not want it any more: its tools are gone."""
        self.status, self.tools = "disabled", {}

    def cancel_calls(self, reason: str) -> None:
        """Tell the server that nobody waits for its calls any more."""
        for number, question in self._calls.items():
            self._cli.host.forget(question)
            params = {"requestId": number, "reason": reason}
            self._send({"method": "notifications/cancelled", "params": params, "jsonrpc": "2.0"})
        self._calls.clear()

    async def _request(self, method: str, params: Frame | None, timeout: float | None) -> Frame:
        message: Frame = {"method": method}
        if params is not None:
            message["params"] = params
        number = self._next_id
        message |= {"jsonrpc": "2.0", "id": number}
        self._next_id += 1
        question = self._send(message)
        if method == "tools/call":
            self._calls[number] = question
        if not await self._cli.kernel.within(timeout, question.answer):
            raise TimeoutError
        self._calls.pop(number, None)
        payload: Frame = question.answer.result()
        if method == "initialize":
            self.introduced.set()
        answer: Frame = payload.get("mcp_response") or {}
        return answer

    async def _notify(self, method: str) -> None:
        await done(self._send({"jsonrpc": "2.0", "method": method}).answer)

    def _send(self, message: Frame) -> Question:
        return self._cli.host.ask("mcp_message", {"server_name": self.name, "message": message})


class Servers:
    """All servers of the session, in the order of the configuration."""

    def __init__(self, cli: Process) -> None:
        self._cli = cli
        self.all: dict[str, Server] = {}

    def start(self, configs: dict[str, Frame], manifests: dict[str, Frame]) -> None:
        """Connect to each at once."""
        for name, config in configs.items():
            server = self.all[name] = Server(self._cli, name, config, manifests.get(name))
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
        return [f"mcp__{server.name}__{name}" for server in self.all.values() for name in server.tools]

    def find(self, name: str) -> Tool | None:
        """The tool of a server by the name that the model calls it by."""
        for server in self.all.values():
            prefix = f"mcp__{server.name}__"
            if name.startswith(prefix) and name.removeprefix(prefix) in server.tools:
                return ServerTool(server, name.removeprefix(prefix))
        return None

    def tool_use_meta(self, use: Frame) -> Frame:
        """What an `assistant` frame says of a call of a server's tool, even of one that the server has not."""
        name: str = use["name"]
        tool = self.find(name)
        if isinstance(tool, ServerTool):
            return {"tool_use_meta": [{"id": use["id"], **tool.shown()}]}
        if not name.startswith("mcp__"):
            return {}
        return {"tool_use_meta": [{"id": use["id"], "display_name": in_words(name.rpartition("__")[2])}]}


class ServerTool(Tool):
    """A tool of an MCP server."""

    runs_itself = True

    def __init__(self, server: Server, tool: str) -> None:
        self.server = server
        self.tool = tool
        self.name = f"mcp__{server.name}__{tool}"
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

    async def run(self, cli: Process, tool_use_id: str, given: Frame) -> Ran:
        """Call it through the host."""
        try:
            answer = await self.server.call(self.tool, given, tool_use_id)
        except Gone:
            return Ran.error("interrupted before a result")
        except Refused as error:
            return Ran.error(str(error))
        if "error" in answer:
            text = answer["error"].get("message", "")
            return Ran(self._with_schema(text), is_error=True, result=f"Error: {text}")
        result = answer.get("result") or {}
        content = [_as_block(block) for block in result.get("content") or ()]
        if result.get("isError"):
            text = "\n".join(block.get("text", "") for block in content)
            return Ran(self._with_schema(text), is_error=True, result=f"Error: {text}")
        return Ran(content, result=content)

    def _with_schema(self, text: str) -> str:
        schema = json.dumps(self.server.tools[self.tool].get("inputSchema"), separators=(",", ":"), ensure_ascii=False)
        return text + SCHEMA_NOTE.format(schema=schema, name=self.name)


def in_words(name: str) -> str:
    """A tool's name as people are shown it."""
    return " ".join(word[:1].upper() + word[1:] for word in re.split(r"[_-]+", name) if word) or name


def _as_block(block: Frame) -> Frame:
    """A content block of MCP as a block of the model's API."""
    if block.get("type") == "image":
        source = {"type": "base64", "media_type": block.get("mimeType"), "data": block.get("data")}
        return {"type": "image", "source": source}
    return {"type": "text", "text": block.get("text", "")} if block.get("type") == "text" else block
