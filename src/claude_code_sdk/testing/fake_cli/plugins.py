"""Plugins: folders that `--plugin-dir` names, with commands, agents, skills, hooks and MCP servers.

    .claude-plugin/plugin.json   name, version; it may list hooks and servers itself
    commands/*.md  agents/*.md  skills/NAME/SKILL.md  hooks/hooks.json  .mcp.json

Read as the process starts; what others name `x` is `PLUGIN:x` (sessions of CLI 2.1.330).  Above: `process.py`, and each
of the files that own one of these kinds.
"""

from __future__ import annotations

import os

from .command_hooks import hooks_in
from .front_matter import documents
from .settings import read_object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...protocol.events import Frame
    from .command_hooks import CommandHook
    from .front_matter import Document
    from .launch import Launch

ROOT = "${CLAUDE_PLUGIN_ROOT}"
NOT_THERE, WRONG = "path not found", "load error"
CORRUPT = "Failed to load plugin: Plugin {name} has a corrupt manifest file at {path}. JSON parse error: no JSON object"
"""What the real CLI says, with words of the fake's own where its JSON reader has a word."""


class Plugin:
    """One plugin: its `name`, its `folder`, and what its manifest says."""

    def __init__(self, folder: str, manifest: Frame) -> None:
        self.folder = folder
        given = manifest.get("name")
        self.name = given if isinstance(given, str) and given else os.path.basename(folder)
        self.manifest = manifest

    @property
    def source(self) -> str:
        """What the CLI calls where it comes from."""
        return f"{self.name}@inline"

    def listed(self) -> Frame:
        """Its entry in `init`."""
        entry: Frame = {"name": self.name, "path": self.folder, "source": self.source}
        if isinstance(self.manifest.get("version"), str):
            entry["version"] = self.manifest["version"]
        return entry

    def hooks(self) -> list[CommandHook]:
        """Its command hooks."""
        files = [read_object(f"{self.folder}/hooks/hooks.json").get("hooks"), self._own("hooks")]
        return [hook for hooks in files for hook in hooks_in(hooks, self.source, self.folder)]

    def servers(self) -> dict[str, Frame]:
        """Its MCP servers, by the names that the session has for them."""
        file = read_object(f"{self.folder}/.mcp.json")
        found = {**file.get("mcpServers", file), **(self._own("mcpServers") or {})}
        return {
            f"plugin:{self.name}:{name}": self._placed(config)
            for name, config in found.items()
            if isinstance(config, dict)
        }

    def agents(self) -> list[tuple[str, Document]]:
        """Its agents, by the names that the session has for them."""
        return [(f"{self.name}:{name}", read) for name, read in documents(f"{self.folder}/agents")]

    def _own(self, key: str) -> Any:
        """A part that the manifest gives itself or names the file of."""
        value = self.manifest.get(key)
        if isinstance(value, str):
            file = read_object(os.path.join(self.folder, value))
            value = file.get(key, file)
        return value if isinstance(value, dict) else None

    def _placed(self, value: Any) -> Any:
        """A configuration, with the plugin's folder where it stands for it."""
        if isinstance(value, str):
            return value.replace(ROOT, self.folder)
        if isinstance(value, list):
            return [self._placed(item) for item in value]
        if isinstance(value, dict):
            return {key: self._placed(item) for key, item in value.items()}
        return value


class Plugins:
    """Those of a process.

    - `all`: in the order of the command line.
    - `failures`: why each that could not be read was not; `errors`: the same as `init` lists it.
    """

    def __init__(self, launch: Launch, cwd: str) -> None:
        self.all: list[Plugin] = []
        self.failures: list[str] = []
        self.errors: list[Frame] = []
        for number, given in enumerate(launch.get("--plugin-dir", [])):
            folder = os.path.normpath(os.path.join(cwd, given))
            manifest = f"{folder}/.claude-plugin/plugin.json"
            if not os.path.isdir(folder):
                self._fail(number, folder, NOT_THERE, "path-not-found", f"Path not found: {folder}")
            elif os.path.exists(manifest) and not read_object(manifest):
                text = CORRUPT.format(name=os.path.basename(folder), path=manifest)
                self._fail(number, folder, WRONG, "generic-error", text)
            else:
                self.all.append(Plugin(folder, read_object(manifest)))

    def _fail(self, number: int, folder: str, failure: str, kind: str, message: str) -> None:
        self.failures.append(failure)
        self.errors.append({"plugin": f"inline[{number}]", "type": kind, "message": message, "path": folder})

    def not_loaded(self) -> str:
        """What is added where a skill is not there that a missing plugin may have."""
        if not self.failures:
            return ""
        count = len(self.failures)
        plugins = f"{count} plugin{'' if count == 1 else 's'} did not load in this session"
        causes = ", ".join(dict.fromkeys(self.failures))
        return (
            f" {plugins} ({causes}); if this skill belongs to it, tell the user its plugin could not be loaded here, "
            "not that the skill is not installed."
        )
