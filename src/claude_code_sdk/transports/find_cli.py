"""Which executable is run: the one that was named, or the `claude` that is found (sdk-spec §2.4).

The user's own installation comes first; the CLI inside an installed `claude_agent_sdk` is the last resort, since its
version is that package's choice.  Above: `subprocess.py`, which calls `resolve_cli` in a worker thread: it reads
directories.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from ..errors import CLIConnectionError, CLINotFoundError

logger = logging.getLogger("claude_code_sdk")

PLACES = (
    ".npm-global/bin",
    "/usr/local/bin",
    ".local/bin",
    "node_modules/.bin",
    ".yarn/bin",
    ".claude/local",
)
"""Where installers of Claude Code and of npm put it, when PATH does not have it.  Relative: to the home directory."""

WINDOWS_PLACES = (".local/bin",)


def resolve_cli(
    argv0: str, *, env: Mapping[str, str], home: str | os.PathLike[str], platform: str = sys.platform
) -> str:
    """The executable that `argv[0]` of a `Command` stands for: a path as it is, `"claude"` found by `find_cli`.

    Raises `CLINotFoundError` when none is found, `CLIConnectionError` for a batch file on Windows.
    """
    path = find_cli(env=env, home=home, platform=platform) if argv0 == "claude" else argv0
    if platform == "win32":
        _refuse_batch_file(path)
    return path


def find_cli(
    name: str = "claude", *, env: Mapping[str, str], home: str | os.PathLike[str], platform: str = sys.platform
) -> str:
    """The path of the executable `name`: from the PATH of `env`, then the usual places, then `claude_agent_sdk`'s.

    `env` is the environment of the run, `home` the user's home directory, `platform` is as `sys.platform`.

    On Windows only `.exe` files in absolute entries of PATH count: never the current directory, never a batch file.

    Raises `CLINotFoundError`, whose text says where it looked and how to get a CLI.
    """
    search_path = _search_path(env, platform)
    found = _on_windows_path(name, search_path) if platform == "win32" else shutil.which(name, path=search_path)
    if found is None:
        places = list(_places(name, Path(home), platform))
        found = next((str(place) for place in places if _is_executable(place)), None)
        if found is None:
            raise CLINotFoundError(_not_found(name, search_path, places, platform))
    logger.info("the Claude Code CLI is %s", found)
    return found


def _search_path(env: Mapping[str, str], platform: str) -> str:
    if platform == "win32":  # names of variables have no case there
        env = {name.upper(): value for name, value in env.items()}
    return env.get("PATH", os.defpath)


def _on_windows_path(name: str, search_path: str) -> str | None:
    for folder in search_path.split(os.pathsep):
        candidate = Path(folder, f"{name}.exe")
        if os.path.isabs(folder) and candidate.is_file():
            return str(candidate)
    return None


def _places(name: str, home: Path, platform: str) -> Iterator[Path]:
    file = f"{name}.exe" if platform == "win32" else name
    for place in WINDOWS_PLACES if platform == "win32" else PLACES:
        yield Path(home, place, file)
    # Located, not imported: importing that package takes a second.
    try:
        spec = importlib.util.find_spec("claude_agent_sdk")
    except (ImportError, ValueError):
        return
    for folder in (spec and spec.submodule_search_locations) or ():
        yield Path(folder, "_bundled", file)


def _is_executable(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)


def how_to_get_one(platform: str = sys.platform) -> str:
    """The end of every error about a CLI that is not there."""
    if platform == "win32":
        installer = "irm https://claude.ai/install.ps1 | iex"
        note = "\n(npm's claude.cmd is a batch file, which cannot be run safely: it does not count.)"
    else:
        installer = "curl -fsSL https://claude.ai/install.sh | bash"
        note = "\nor with npm: npm install -g @anthropic-ai/claude-code"
    return f'Install it: {installer}{note}\nor say where it is: ClaudeCodeOptions(cli_path="/path/to/claude")'


def _not_found(name: str, search_path: str, places: list[Path], platform: str) -> str:
    executable = "a claude.exe" if platform == "win32" else f"an executable {name!r}"
    looked = [f"PATH ({search_path})", *map(str, places)]
    return (
        f"Claude Code not found. Looked for {executable} in:\n"
        + "".join(f"  - {place}\n" for place in looked)
        + how_to_get_one(platform)
    )


def _refuse_batch_file(path: str) -> None:
    # Windows runs a batch file through cmd.exe, which reads the arguments as commands.  It trims dots and spaces from a
    # name, and opens `x.cmd` for `x.cmd:stream` and for `x.cmd\..\x.cmd`, so every segment is looked at.
    segments = [segment.rstrip(". ").lower() for segment in re.split(r"[\\/:]", path)]
    if any(segment.endswith((".bat", ".cmd")) for segment in segments):
        raise CLIConnectionError(
            f"Refusing to run {path}: cmd.exe would read the arguments of a .bat or .cmd file as commands."
            " Install the native claude.exe (irm https://claude.ai/install.ps1 | iex) and name it with cli_path"
        )
