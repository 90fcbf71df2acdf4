"""Paths: where the CLI keeps what belongs to the user, to the working directory and to a session."""

from __future__ import annotations

from os.path import normpath

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Paths:
    """The paths of a process that works in `cwd` with the environment `env`."""

    def __init__(self, cwd: str, env: Mapping[str, str]) -> None:
        self._cwd = cwd
        self._name = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in cwd)
        self.home = env.get("HOME", "/root")
        self.config_dir = env.get("CLAUDE_CONFIG_DIR") or f"{self.home}/.claude"
        # Where the CLI keeps what belongs to the working directory.
        self.project_dir = f"{self.config_dir}/projects/{self._name}"

    def absolute(self, path: str) -> str:
        """A path that the model or the user named, from the root."""
        if path == "~" or path.startswith("~/"):
            path = self.home + path[1:]
        return normpath(path if path.startswith("/") else f"{self._cwd}/{path}")

    def transcript(self, session_id: str) -> str:
        """The file that a session is written to."""
        return f"{self.project_dir}/{session_id}.jsonl"

    def temporary(self, session_id: str) -> str:
        """Where the CLI keeps what only a session needs."""
        return f"/tmp/claude-0/{self._name}/{session_id}"
