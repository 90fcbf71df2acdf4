"""Scripted server: an MCP server that is a process or far away.  None is started or connected to.

The script says what tools it has, and what their calls give like the results of built-in tools, by the name that the
model calls them by.  One that the script says nothing of has failed.  Above: `servers.py`.
"""

from __future__ import annotations

import os

from ..script.result import Result
from .server import Server
from .settings import read_object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...protocol.events import Frame
    from .process import Process

STARTS_AFTER = 0.02
"""Seconds that any server takes to start."""

NOT_SAID = (
    "the script says nothing of the MCP server {name!r}, which is never started: add .mcp_server({name!r}, "
    '[{{"name": TOOL}}]) or "mcp_servers": {{"{name}": {{"tools": [{{"name": TOOL}}]}}}}'
)
NO_SUCH_COMMAND = "ENOENT: no such file or directory, posix_spawn {!r}"
ANY_COMMAND = "stdio"
"""What the CLI calls a command then, but for those of `.mcp.json` (sessions of CLI 2.1.330)."""
ENDED = "Connection closed"
ENDS_AT_ONCE = frozenset(["true", "false"])
"""Commands that are no server, as everybody knows."""


class ScriptedServer(Server):
    """One server of the script."""

    async def connect(self) -> None:
        self.introduced.set()
        self.status, self.error, self.tools = "pending", None, {}
        said = self._cli.run.mcp_server(self.name)
        await self._cli.kernel.sleep(STARTS_AFTER + (said or {}).get("delay", 0.0))
        if said is None:
            self.status, self.error = "failed", _fails(self.config, self.source) or NOT_SAID.format(name=self.name)
        else:
            self.status, self.error = (
                said.get("status", "failed" if "error" in said else "connected"),
                said.get("error"),
            )
        if said is not None and self.status == "connected":
            self.info = said.get("info") or {"name": self.name, "version": "1.0.0"}
            self.tools = {tool["name"]: tool for tool in said.get("tools", ())}
        self.ready.set()

    async def call(self, tool: str, arguments: Frame, tool_use_id: str) -> Frame:
        cli = self._cli
        await cli.kernel.idle(1)
        result = cli.run.result_for(tool_use_id, self.prefix + tool, arguments) or Result([])
        if result.function is not None:
            result = Result.of(await cli.call(result.function, arguments))
        content = result.content
        blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
        return {"result": {"content": blocks, "isError": bool(result.is_error)}}


def configured(cli: Process, given: dict[str, Frame]) -> list[tuple[str, Frame, str]]:
    """The servers outside the program: name, configuration and source of each, as they are listed.

    `given` are those of the command line.  With `--strict-mcp-config` there are no others.
    """
    found: dict[str, tuple[str, Frame, str]] = {}
    strict = cli.launch.has("--strict-mcp-config")
    if not strict and any(layer.source == "projectSettings" for layer in cli.settings.layers):
        file = read_object(f"{cli.cwd}/.mcp.json").get("mcpServers")
        off = cli.settings.get("disabledMcpjsonServers") or ()
        for name, config in file.items() if isinstance(file, dict) else ():
            if isinstance(config, dict) and name not in off:
                found[name] = (name, config, "project")
    found |= {name: (name, config, "dynamic") for name, config in given.items() if config.get("type") != "sdk"}
    own = {} if strict else _of_plugins(cli, [config for _, config, _ in found.values()])
    return [*own.values(), *found.values()]


def _of_plugins(cli: Process, others: list[Frame]) -> dict[str, tuple[str, Frame, str]]:
    """The servers of plugins, without those that are configured elsewhere too."""
    known = {_what(config) for config in others}
    return {
        name: (name, config, "plugin")
        for plugin in cli.plugins.all
        for name, config in plugin.servers().items()
        if _what(config) not in known
    }


def _what(config: Frame) -> str:
    """What is connected to, the same for the same."""
    return str(config.get("url") or [config.get("command"), *config.get("args", ())])


def _fails(config: Frame, source: str) -> str | None:
    """Why a command cannot be a server, where that is plain."""
    command = config.get("command")
    if not isinstance(command, str):
        return None
    if command.startswith("/") and not os.path.exists(command):
        return NO_SUCH_COMMAND.format(command if source == "project" else ANY_COMMAND)
    return ENDED if os.path.basename(command) in ENDS_AT_ONCE else None
