"""Agent files: sub-agents that a user, a project or a plugin keeps in files, as `initialize` would define them.

One of a user or a project needs a name in its front matter; one of a plugin is named by its file too (sessions of CLI
2.1.330).
"""

from __future__ import annotations

from .front_matter import documents

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...protocol.events import Frame
    from .front_matter import Document
    from .process import Process


def agents_in_files(cli: Process) -> dict[str, Frame]:
    """The definitions, by name."""
    found: dict[str, Frame] = {}
    sources = {layer.source for layer in cli.settings.layers}
    folders = {"userSettings": f"{cli.paths.config_dir}/agents", "projectSettings": f"{cli.cwd}/.claude/agents"}
    for source, folder in folders.items():
        if source in sources:
            found |= {read.head["name"]: _definition(read) for _, read in documents(folder) if read.head.get("name")}
    for plugin in cli.plugins.all:
        for name, read in plugin.agents():
            place, _, last = name.rpartition(":")
            definition = _definition(read)
            definition["description"] = definition["description"] or f"Agent from {plugin.name} plugin"
            found[f"{place}:{read.head.get('name') or last}"] = definition
    return found


def _definition(read: Document) -> Frame:
    made: Frame = {"description": read.head.get("description", ""), "prompt": read.body.strip()}
    for key in ("tools", "disallowedTools"):
        if read.head.get(key):
            made[key] = [name.strip() for name in read.head[key].split(",")]
    for key in ("model", "permissionMode"):
        if read.head.get(key):
            made[key] = read.head[key]
    if read.head.get("maxTurns", "").isdecimal():
        made["maxTurns"] = int(read.head["maxTurns"])
    return made
