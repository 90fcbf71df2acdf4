"""Sensitive files: those that the CLI lets nobody change without asking, whatever rules and modes say of editing."""

from __future__ import annotations

FOLDERS = frozenset([".git", ".vscode", ".idea", ".husky", ".claude"])
FILES = frozenset(
    [
        ".gitconfig",
        ".gitmodules",
        ".bashrc",
        ".bash_profile",
        ".zshrc",
        ".zprofile",
        ".profile",
        ".ripgreprc",
        ".mcp.json",
        ".claude.json",
    ]
)
OWN = ("settings.json", "settings.local.json", "commands", "agents", "skills")
"""What of the project's and the user's `.claude` the CLI has a sentence of its own for."""


def sensitive(path: str, cwd: str, home: str) -> str | None:
    """Why a file is changed only if the user says so, None where it is an ordinary one."""
    for folder in (cwd, home):
        below = path.removeprefix(f"{folder.rstrip('/')}/.claude/")
        if below != path and below.split("/")[0] in OWN:
            return f"Claude requested permissions to write to {path}, but you haven't granted it yet."
    parts = path.split("/")
    if FOLDERS.intersection(parts) or parts[-1] in FILES:
        return f"Claude requested permissions to edit {path} which is a sensitive file."
    return None
