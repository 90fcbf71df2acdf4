"""The `init` frame: what the CLI says of itself at the beginning of each turn (wire-facts §2)."""

from __future__ import annotations

from . import models
from .custom_commands import named_by_files
from .inventory import fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .process import Process


def emit_init(cli: Process) -> None:
    """Begin the turn."""
    said = fields("init") | {
        "cwd": cli.cwd,
        "tools": cli.offered.listed(),
        "mcp_servers": cli.servers.listed(),
        "agents": cli.agents.names,
        "model": cli.main.answering,
        "per_turn_effort_active": models.model(cli.main.answering).efforts,
        "output_style": cli.settings.output_style,
        "permissionMode": cli.permissions.mode,
        "memory_paths": {"auto": f"{cli.paths.project_dir}/memory/"},
        "original_cwd": cli.cwd,
        "additional_directories": cli.permissions.listed_directories,
        "messaging_socket_path": f"/tmp/cc-socks/{cli.pid}-{cli.run.number:08x}.sock",
    }
    said |= named_by_files(cli)
    if cli.launch.has("--betas"):
        said["betas"] = cli.launch.listed("--betas")
    if not cli.launch.commands:
        said |= {"slash_commands": [], "skills": []}
        del said["terminal_slash_commands"]
    if cli.queued.own:
        said["user_message_uuids"] = cli.queued.own.copy()
    cli.frames.system("init", **said)
