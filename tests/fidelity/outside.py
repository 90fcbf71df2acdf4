"""The MCP servers outside the program, as a recording shows them: processes and addresses, which the fake never starts.

A script tells the fake of such a server what `init`, `mcp_status` and calls of its tools tell of it.  Servers that
failed are left to the fake.  Above: `world.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

HINTS = {"readOnly": "readOnlyHint", "destructive": "destructiveHint", "openWorld": "openWorldHint"}
"""What MCP calls the annotations that `mcp_status` lists."""

SCHEMA = re.compile(r"The input schema is: (\{.*\})\nIf your input", re.DOTALL)
"""Where the CLI tells the model what a tool takes, after the tool's first error."""


class Outside:
    """Such servers, from `frames` of the CLI, of all its processes in order."""

    def __init__(self, frames: list[dict[str, Any]]) -> None:
        self._servers: dict[str, dict[str, Any]] = {}
        self._tools: dict[str, dict[str, dict[str, Any]]] = {}
        for frame in frames:
            for server in _listed(frame):
                if server.get("source") != "sdk" and server.get("status") == "connected":
                    self._connected(server)
        called: dict[str, dict[str, Any]] = {}
        for frame in frames:
            for tool in (frame.get("tools") or []) if frame.get("subtype") == "init" else []:
                self._tool(tool)
            called |= {block["id"]: self._called(block, frame) for block in _blocks(frame, "tool_use")}
            for block in _blocks(frame, "tool_result"):
                schema = SCHEMA.search(str(block.get("content")))
                if schema is not None and block["tool_use_id"] in called:
                    called[block["tool_use_id"]]["inputSchema"] = json.loads(schema[1])

    def servers(self) -> dict[str, dict[str, Any]]:
        """Each server by its name, as a script has it."""
        return {name: {**said, "tools": list(self._tools[name].values())} for name, said in self._servers.items()}

    def has(self, name: str) -> bool:
        """Whether the model calls a tool of such a server by this name."""
        return self._of(name) is not None

    def answer(self, block: dict[str, Any], result: Any) -> dict[str, Any]:
        """What the server answered, from the `tool_result` and the `tool_use_result`, which has none of its notes."""
        if block.get("is_error"):
            return {"content": str(result).removeprefix("Error: "), "is_error": True}
        return {"content": result if isinstance(result, list) else block["content"]}

    def _connected(self, server: dict[str, Any]) -> None:
        said = self._servers.setdefault(server["name"], {})
        tools = self._tools.setdefault(server["name"], {})
        if "serverInfo" in server:
            said["info"] = server["serverInfo"]
        for tool in server.get("tools") or []:
            hints = {HINTS.get(key, key): value for key, value in (tool.get("annotations") or {}).items()}
            tools[tool["name"]] = {"name": tool["name"], "annotations": hints}

    def _called(self, use: dict[str, Any], frame: dict[str, Any]) -> dict[str, Any]:
        """The tool that is called; an empty one that nobody looks at if it is not of these servers."""
        server, tool = self._of(use["name"]), self._tool(use["name"])
        for meta in frame.get("tool_use_meta") or []:
            if server is not None and meta["id"] == use["id"] and "server_display_name" in meta:
                self._servers[server].setdefault("info", {"name": meta["server_display_name"]})
                tool["title"] = meta["display_name"]
        return tool

    def _tool(self, name: str) -> dict[str, Any]:
        server = self._of(name)
        if server is None:
            return {}
        own = name.removeprefix(_prefix(server))
        return self._tools[server].setdefault(own, {"name": own})

    def _of(self, name: str) -> str | None:
        return next((server for server in self._servers if name.startswith(_prefix(server))), None)


def _prefix(server: str) -> str:
    """How the model's names of a server's tools begin."""
    return f"mcp__{re.sub('[^A-Za-z0-9_-]', '_', server)}__"


def _listed(frame: dict[str, Any]) -> list[dict[str, Any]]:
    """The servers that a frame lists: `init`, or the answer to `mcp_status`."""
    if frame.get("subtype") == "init":
        return list(frame.get("mcp_servers") or [])
    answer = (frame.get("response") or {}).get("response") if frame.get("type") == "control_response" else None
    return list(answer.get("mcpServers") or []) if isinstance(answer, dict) else []


def _blocks(frame: dict[str, Any], kind: str) -> Iterator[dict[str, Any]]:
    message = frame.get("message")
    content = message.get("content") if isinstance(message, dict) else None
    for block in content if isinstance(content, list) else []:
        if isinstance(block, dict) and block.get("type") == kind:
            yield block
