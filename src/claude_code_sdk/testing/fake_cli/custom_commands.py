"""Custom commands: prompts that a project or a user keeps in `.claude/commands`, one Markdown file each.

`/greet Bob` sends the text of `greet.md` to the model; `deep/er.md` is `/deep:er`.  On the wire nothing shows it.
"""

from __future__ import annotations

import os
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .process import Process

_HEAD = re.compile(r"---\n.*?\n---\n", re.DOTALL)
_ARGUMENT = re.compile(r"\$(\d)")


class CustomCommands:
    """Those of a session."""

    def __init__(self, cli: Process) -> None:
        given = cli.launch.get("--setting-sources")
        sources = ["user", "project"] if given is None else str(given).split(",")
        folders = {"user": f"{cli.config_dir}/commands", "project": os.path.join(cli.cwd, ".claude", "commands")}
        self._files: dict[str, tuple[str, str]] = {}
        for source, folder in folders.items():
            if source in sources:
                self._files |= {name: (f"{source}Settings", path) for name, path in _files_in(folder)}

    def listed(self) -> list[tuple[str, str]]:
        """The names, and the settings that each is from."""
        return [(name, source) for name, (source, _) in self._files.items()]

    def expand(self, text: str) -> str:
        """What the model is told for a prompt: the text of the command that it names, or the prompt itself."""
        name, _, args = text[1:].partition(" ")
        if not text.startswith("/") or name not in self._files:
            return text
        with open(self._files[name][1], encoding="utf-8", errors="replace") as file:
            body = _HEAD.sub("", file.read(), count=1)
        words = args.split()
        filled = body.replace("$ARGUMENTS", args)
        filled = _ARGUMENT.sub(lambda found: words[int(found[1])] if int(found[1]) < len(words) else "", filled)
        if args and filled == body:
            filled += f"\n\nARGUMENTS: {args}"
        head = f"<command-message>{name}</command-message>\n<command-name>/{name}</command-name>\n"
        return f"{head}{f'<command-args>{args}</command-args>' if args else ''}\n{filled}"


def _files_in(folder: str) -> list[tuple[str, str]]:
    found = []
    for path, _, names in os.walk(folder):
        for name in sorted(names):
            if name.endswith(".md"):
                whole = os.path.join(path, name)
                found.append((os.path.relpath(whole, folder)[:-3].replace(os.sep, ":"), whole))
    return sorted(found)
