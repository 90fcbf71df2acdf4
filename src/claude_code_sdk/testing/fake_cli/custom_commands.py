"""Custom commands: prompts that a project or a user keeps in `.claude/commands`, one Markdown file each.

`/greet Bob` sends the text of `greet.md` to the model; `deep/er.md` is `/deep:er`.  On the wire nothing shows it.
"""

from __future__ import annotations

import os
import re

from .launch import split_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .process import Process

_HEAD = re.compile(r"---\n.*?\n---\n", re.DOTALL)
_TOOLS = re.compile(r"^allowed-tools: *(.*)$", re.MULTILINE)
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

    def named(self, text: str) -> CustomCommand | None:
        """The command that a prompt calls, None when it calls none of these."""
        name, _, args = text[1:].partition(" ")
        if not text.startswith("/") or name not in self._files:
            return None
        with open(self._files[name][1], encoding="utf-8", errors="replace") as file:
            return CustomCommand(name, args.strip(), file.read())


class CustomCommand:
    """A prompt that calls one.

    - `call`: the prompt as the model and the host see it.
    - `text`: what the model is told: the call, and the command's text with the arguments filled in.
    - `allowed_tools`: rules that hold while it is answered.
    """

    def __init__(self, name: str, args: str, file: str) -> None:
        head = _HEAD.match(file)
        body = file if head is None else file[head.end() :]
        tools = None if head is None else _TOOLS.search(head[0])
        self.allowed_tools = [] if tools is None else split_list(tools[1])
        self.call = f"<command-message>{name}</command-message>\n<command-name>/{name}</command-name>"
        if args:
            self.call += f"\n<command-args>{args}</command-args>"
        words = args.split()
        filled = body.replace("$ARGUMENTS", args)
        filled = _ARGUMENT.sub(lambda found: words[int(found[1])] if int(found[1]) < len(words) else "", filled)
        if args and filled == body:
            filled += f"\n\nARGUMENTS: {args}"
        self.text = f"{self.call}\n{filled}"


def _files_in(folder: str) -> list[tuple[str, str]]:
    found = []
    for path, _, names in os.walk(folder):
        for name in sorted(names):
            if name.endswith(".md"):
                whole = os.path.join(path, name)
                found.append((os.path.relpath(whole, folder)[:-3].replace(os.sep, ":"), whole))
    return sorted(found)
