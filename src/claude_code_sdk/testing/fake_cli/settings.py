"""Settings: what the files of the user and the project and `--settings` say, read once as the process starts.

`--setting-sources` chooses among user, project and local; what `--settings` says always counts (wire-facts §11).  Files
are read and never written here (`saved_permissions.py` does that).  A file that is not there, or is no JSON, says
nothing.
"""

from __future__ import annotations

from ...protocol.later import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .launch import Launch

FLAG = "flagSettings"
SOURCES = {"user": "userSettings", "project": "projectSettings", "local": "localSettings"}
"""Names of `--setting-sources`, and what the CLI calls them in frames; the later wins."""


class Layer:
    """What one source says.

    - `source`: its name in frames.
    - `path`: of its file; "" where there is none.
    - `content`: the JSON object.
    """

    __slots__ = ("content", "path", "source")

    def __init__(self, source: str, path: str, content: dict[str, Any]) -> None:
        self.source = source
        self.path = path
        self.content = content

    def part(self, name: str) -> dict[str, Any]:
        """One of its objects, empty where it says nothing of the kind."""
        found = self.content.get(name)
        return found if isinstance(found, dict) else {}


class Settings:
    """All settings of a process.

    - `layers`: those that count, weakest first.
    - `trusted`: whether somebody trusted the project's folder, which its `allow` rules need.
    """

    def __init__(self, launch: Launch, env: Mapping[str, str], cwd: str, config_dir: str) -> None:
        self.cwd = cwd
        self.config_dir = config_dir
        chosen = launch.get("--setting-sources")
        names = list(SOURCES) if chosen is None else [name.strip() for name in str(chosen).split(",")]
        found = [(source, self.path(source)) for name, source in SOURCES.items() if name in names]
        self.layers = [Layer(source, path, read_object(path)) for source, path in found]
        flag = launch.get("--settings")
        if flag is not None:
            self.layers.append(Layer(FLAG, "", _given(str(flag), cwd)))
        self.trusted = self._is_trusted(env)

    def path(self, source: str) -> str:
        """Where a source's file is."""
        if source == "userSettings":
            return f"{self.config_dir}/settings.json"
        name = "settings.json" if source == "projectSettings" else "settings.local.json"
        return f"{self.cwd}/.claude/{name}"

    def get(self, name: str) -> Any:
        """The value that counts of a setting that layers replace, None where nobody sets it."""
        return next((layer.content[name] for layer in reversed(self.layers) if name in layer.content), None)

    @property
    def output_style(self) -> str:
        """The name of the output style, whether there is one of that name or not."""
        return str(self.get("outputStyle") or "default")

    def _is_trusted(self, env: Mapping[str, str]) -> bool:
        projects = read_object(self.state_path(env)).get("projects")
        folder = self.cwd
        while isinstance(projects, dict):
            project = projects.get(folder)
            if isinstance(project, dict) and project.get("hasTrustDialogAccepted") is True:
                return True
            if folder in ("", "/"):
                break
            folder = folder.rpartition("/")[0] or "/"
        return False

    def state_path(self, env: Mapping[str, str]) -> str:
        """The file where the CLI keeps which folders are trusted."""
        folder = env.get("CLAUDE_CONFIG_DIR") or env.get("HOME", "/root")
        return f"{folder}/.claude.json"


def read_object(path: str) -> dict[str, Any]:
    """The JSON object in a file; empty where there is none."""
    try:
        with open(path, encoding="utf-8") as file:
            value = json.load(file)
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _given(flag: str, cwd: str) -> dict[str, Any]:
    """What `--settings` says: JSON text, or a file's name."""
    if not flag.lstrip().startswith("{"):
        return read_object(flag if flag.startswith("/") else f"{cwd}/{flag}")
    try:
        value = json.loads(flag)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
