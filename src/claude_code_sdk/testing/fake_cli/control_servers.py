"""Control of MCP servers: `mcp_status`, `mcp_toggle`, `mcp_reconnect` (wire-facts §4)."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...protocol.events import ControlRequest, Frame
    from .process import Process
    from .server import Server


def status_of(server: Server) -> Frame:
    """A server's entry in the answer to `mcp_status`."""
    kind = server.config.get("type", "stdio")
    entry: Frame = {"name": server.name, "status": server.status}
    if server.status == "connected":
        entry["serverInfo"] = server.info
    if server.error is not None:
        entry["error"] = server.error
    if kind != "sdk":
        entry["config"] = _config(server.config, kind)
    entry |= {"transport": kind, "scope": server.scope, "source": server.source}
    if server.status == "connected":
        entry["tools"] = [
            {"name": name, "annotations": _annotations(tool.get("annotations") or {})}
            for name, tool in server.tools.items()
        ]
    return entry


def _config(config: Frame, kind: str) -> Frame:
    if kind == "stdio":
        return {"type": kind, "command": config.get("command"), "args": config.get("args", [])}
    return {"type": kind} | {key: config[key] for key in ("url", "headers") if key in config}


def _annotations(given: Frame) -> Frame:
    """Hints under the shorter names that `mcp_status` has for them."""
    names = {"readOnlyHint": "readOnly", "destructiveHint": "destructive", "openWorldHint": "openWorld"}
    return {short: given[name] for name, short in names.items() if name in given}


async def mcp_status(cli: Process, request: ControlRequest) -> None:
    cli.host.answer(request, {"mcpServers": [status_of(server) for server in cli.servers.all.values()]})


async def mcp_toggle(cli: Process, request: ControlRequest) -> None:
    server = _named(cli, request)
    if server is None:
        return
    if request.body.get("enabled"):
        if server.status == "disabled":
            await server.connect()
    else:
        server.disable()
    cli.host.answer(request)


async def mcp_reconnect(cli: Process, request: ControlRequest) -> None:
    server = _named(cli, request)
    if server is None:
        return
    if server.config.get("type") == "sdk":
        cli.host.answer(request, error="SDK servers should be handled in print.ts")
        return
    await server.connect()
    if server.status == "connected":
        cli.host.answer(request)
    else:
        cli.host.answer(request, error=server.error or "Connection failed")


def _named(cli: Process, request: ControlRequest) -> Server | None:
    name = request.body.get("serverName")
    server = cli.servers.all.get(name) if isinstance(name, str) else None
    if server is None:
        cli.host.answer(request, error=f"Server not found: {name}")
    return server
