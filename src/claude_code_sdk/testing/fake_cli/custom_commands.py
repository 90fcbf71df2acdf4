"""Custom commands: prompts that a user, a project or a plugin keeps in files, commands and skills.

    commands/greet.md, commands/deep/er.md   /greet, /deep:er
    skills/fold/SKILL.md                     /fold, which the model may call by itself too (`skills.py`)
    of the plugin `box`                      /box:greet, /box:fold

`/greet Bob` sends the text of `greet.md` to the model; on the wire nothing shows it.  Below: `front_matter.py`,
`plugins.py`.
"""

from __future__ import annotations

import os

from ...protocol.later import re
from .front_matter import document, documents
from .inventory import inventory
from .launch import split_list
from .models import named

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...protocol.events import Frame
    from .front_matter import Document
    from .process import Process

_ARGUMENT = r"\$(?:(\d)|ARGUMENTS\[(\d+)\])"
_ALL = r"\$ARGUMENTS(?!\[\d)"
FIRST = "deep-research"
"""The command of the CLI itself that those of plugins are listed after; those of user and project come before it."""

SHOWN_AS = {"userSettings": "user", "projectSettings": "project"}


class Kept:
    """One command or skill.

    - `name`: by which it is called; `alias`: another one, or "".
    - `source`: "userSettings", "projectSettings", or "" for a plugin's, whose name is `plugin`.
    - `folder`: a skill's own, "" for a command.
    """

    def __init__(self, name: str, source: str, read: Document, *, plugin: str = "", folder: str = "") -> None:
        self.name = name
        self.source = source
        self.read = read
        self.plugin = plugin
        self.folder = folder
        own = read.head.get("name", "")
        self.alias = own if folder and plugin and own else ""
        self.allowed_tools = split_list(read.head.get("allowed-tools", ""))

    @property
    def for_the_model(self) -> bool:
        """Whether the model may call it by itself."""
        return not self.read.says("disable-model-invocation")

    @property
    def for_the_user(self) -> bool:
        """Whether it is a command of the user's."""
        return self.read.head.get("user-invocable", "").lower() != "false"

    @property
    def is_skill(self) -> bool:
        """Whether it is listed as a skill: one that says when it is of use."""
        return bool(self.folder and self.for_the_model and self.read.head.get("description"))

    def listed(self) -> Frame:
        """Its entry in the answer to `initialize`."""
        said = self.read.description
        said = f"({self.plugin}) {said}" if self.plugin else f"{said} ({SHOWN_AS[self.source]})"
        entry: Frame = {"name": self.name, "description": said, "argumentHint": self.read.head.get("argument-hint", "")}
        return entry | ({"aliases": [self.alias]} if self.alias else {})

    def filled(self, args: str) -> str:
        """Its text for these arguments."""
        words = args.split()

        def word(found: re.Match[str]) -> str:
            number = int(found[1] or found[2])
            return words[number] if number < len(words) else found[0]

        text = re.sub(_ARGUMENT, word, self.read.body)  # places for words that there are not stay
        text = re.sub(_ALL, lambda _: args, text)
        if args and text == self.read.body:
            text += f"\n\nARGUMENTS: {args}"
        return f"Base directory for this skill: {self.folder}\n\n{text.lstrip()}" if self.folder else text


class CustomCommands:
    """Those of a session.

    - `all`: in the order in which they are listed.
    """

    def __init__(self, cli: Process) -> None:
        sources = {layer.source for layer in cli.settings.layers}
        user, project = ("userSettings", cli.paths.config_dir), ("projectSettings", f"{cli.cwd}/.claude")
        self.all: list[Kept] = []
        for source, folder in (user, project):
            if source in sources:
                self.all += [Kept(name, source, read, folder=own) for name, read, own in _skills(folder)]
        for source, folder in (project, user):
            if source in sources:
                self.all += [Kept(name, source, read) for name, read in documents(f"{folder}/commands")]
        for plugin in cli.plugins.all:
            name = plugin.name
            self.all += [
                Kept(f"{name}:{own}", "", read, plugin=name) for own, read in documents(f"{plugin.folder}/commands")
            ]
            self.all += [
                Kept(f"{name}:{own}", "", read, plugin=name, folder=folder)
                for own, read, folder in _skills(plugin.folder)
            ]

    def listed(self) -> list[tuple[str, str]]:
        """The names of those that are no plugin's, and the settings that each is from."""
        return [(kept.name, kept.source) for kept in self.all if kept.source]

    def find(self, name: str) -> Kept | None:
        """The one of this name, None when there is none."""
        return next((kept for kept in self.all if kept.name == name), None) or next(
            (kept for kept in self.all if kept.alias and kept.alias == name), None
        )

    def named(self, text: str) -> CustomCommand | None:
        """The command that a prompt calls, None when it calls none of these."""
        name, _, args = text[1:].partition(" ")
        kept = self.find(name) if text.startswith("/") else None
        return None if kept is None else CustomCommand(kept, args.strip())

    def among(self, names: list[str], *, skills: bool = False) -> list[str]:
        """A list of `init`, of the CLI's own commands or skills, with these in their places."""
        return self._among(names, [kept for kept in self.all if (kept.is_skill if skills else kept.for_the_user)])

    def described_among(self, entries: list[Frame]) -> list[Frame]:
        """The commands of the answer to `initialize`, with these in their places."""
        mine = [kept for kept in self.all if kept.for_the_user]
        by_name = {entry["name"]: entry for entry in [*entries, *(kept.listed() for kept in mine)]}
        return [by_name[name] for name in self._among([entry["name"] for entry in entries], mine)]

    def _among(self, names: list[str], mine: list[Kept]) -> list[str]:
        place = names.index(FIRST) + 1 if FIRST in names else 0
        own = [kept.name for kept in mine if not kept.plugin]
        return [*own, *names[:place], *(kept.name for kept in mine if kept.plugin), *names[place:]]


class CustomCommand:
    """A prompt that calls one.

    - `call`: the prompt as the model and the host see it.
    - `text`: what the model is told: the call, and the command's text with the arguments filled in.
    - `expansion`: what hooks of UserPromptExpansion are told of it, but for the prompt.
    - `allowed_tools`: rules that hold while it is answered; `model`: that answers it, None for the session's own.
    """

    def __init__(self, kept: Kept, args: str) -> None:
        self.kept = kept
        self.expansion = {
            "expansion_type": "slash_command",
            "command_name": kept.name,
            "command_args": args,
            "command_source": kept.source or "plugin",
        }
        self.allowed_tools = kept.allowed_tools
        self.model = named(kept.read.head.get("model") or None)
        self.filled = kept.filled(args)
        self.call = f"<command-message>{kept.name}</command-message>\n<command-name>/{kept.name}</command-name>"
        if args:
            self.call += f"\n<command-args>{args}</command-args>"
        self.text = f"{self.call}\n{self.filled}"


def _skills(folder: str) -> list[tuple[str, Document, str]]:
    """The skills in a folder: each one's name, file and own folder."""
    place = f"{folder}/skills"
    found = []
    for name in sorted(os.listdir(place)) if os.path.isdir(place) else ():
        read = document(f"{place}/{name}/SKILL.md")
        if read is not None:
            found.append((name, read, f"{place}/{name}"))
    return found


def named_by_files(cli: Process) -> Frame:
    """What `init` lists differently because of files and plugins; nothing where there are none."""
    said: Frame = {}
    known: dict[str, Any] = inventory("init")
    if cli.custom_commands.all:
        said["slash_commands"] = cli.custom_commands.among(known["slash_commands"])
        said["skills"] = cli.custom_commands.among(known["skills"], skills=True)
    if cli.plugins.all:
        said["plugins"] = [*(plugin.listed() for plugin in cli.plugins.all), *known["plugins"]]
    if cli.plugins.errors:
        said["plugin_errors"] = cli.plugins.errors
    return said
