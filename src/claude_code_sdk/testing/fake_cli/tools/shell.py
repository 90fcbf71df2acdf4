"""Bash, and what of a command line decides whether it may run.

A command is read as far as its permissions need it: its parts (`a && b`, `a | b`, `a; b`), whether each only reads, and
which paths it writes to.  It is never executed.
"""

from __future__ import annotations

import re
from os.path import isabs, join, normpath

from ..permissions import Decision
from .base import Ran, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ....protocol.events import Frame
    from ..permissions import Rule
    from ..process import Process

READ_ONLY = frozenset(
    [
        "ls",
        "echo",
        "cat",
        "head",
        "tail",
        "pwd",
        "wc",
        "grep",
        "rg",
        "find",
        "which",
        "whoami",
        "date",
        "printenv",
        "true",
        "false",
        "sleep",
        "stat",
        "file",
        "du",
        "df",
        "sort",
        "uniq",
        "cut",
        "diff",
        "basename",
        "dirname",
        "realpath",
        "uname",
        "hostname",
        "id",
        "env",
        "printf",
        "test",
        "tr",
        "seq",
        "nl",
        "strings",
        "tree",
        "cd",
    ]
)
WRITES_PATHS = frozenset(["touch", "mkdir", "rm", "rmdir", "mv", "cp", "sed"])

_PARTS = re.compile(r"&&|\|\||[;|\n]")


def parts(command: str) -> list[str]:
    """The commands of a command line."""
    return [part.strip() for part in _PARTS.split(command) if part.strip()]


def only_reads(part: str) -> bool:
    return part.split()[0] in READ_ONLY and ">" not in part


def written_paths(cli: Process, part: str) -> list[str]:
    """Absolute paths that a command changes, as far as it can be told."""
    words = part.split()
    paths = [word for word in words[1:] if not word.startswith("-")] if words[0] in WRITES_PATHS else []
    paths += re.findall(r">+\s*([^\s&>]+)", part)
    return [path if isabs(path) else normpath(join(cli.cwd, path)) for path in paths]


class Bash(Tool):
    name = "Bash"
    required = (("command", "string"),)

    def decide(self, cli: Process, given: Frame) -> Decision:
        commands = parts(given["command"])
        if commands and all(only_reads(part) for part in commands):
            return Decision("allow")
        if cli.permissions.mode == "acceptEdits" and all(self._edits_within(cli, part) for part in commands):
            return Decision("allow", "mode")
        return Decision("ask", "subcommandResults" if len(commands) > 1 else None)

    def _edits_within(self, cli: Process, part: str) -> bool:
        paths = written_paths(cli, part)
        return bool(paths) and part.split()[0] in WRITES_PATHS and all(map(cli.permissions.within, paths))

    def fits(self, cli: Process, content: str, given: Frame, behavior: str) -> bool:
        commands = parts(given["command"])
        matched = [_fits_command(content, part) for part in commands]
        return any(matched) if behavior != "allow" else all(matched) and bool(commands)

    def rule_reason(self, rule: Rule) -> str:
        return "rule" if rule.content is None else "subcommandResults"

    def question(self, cli: Process, given: Frame) -> Frame:
        commands = [part for part in parts(given["command"]) if not only_reads(part)]
        rules = [{"toolName": "Bash", "ruleContent": part} for part in commands]
        asked: Frame = {"description": given["description"]} if "description" in given else {}
        suggestions: list[Frame] = [
            {"type": "addRules", "rules": rules, "behavior": "allow", "destination": "localSettings"}
        ]
        paths = [path for part in commands for path in written_paths(cli, part)]
        if paths:
            folder = paths[0].rpartition("/")[0] or "/"
            suggestions.append({"type": "addDirectories", "directories": [folder], "destination": "session"})
            suggestions.append({"type": "setMode", "mode": "acceptEdits", "destination": "session"})
            return asked | {"permission_suggestions": suggestions, "blocked_path": paths[0]}
        return asked | {"permission_suggestions": suggestions}

    def nobody_to_ask(self, cli: Process, given: Frame) -> str:
        return "This command requires approval"

    def default(self, cli: Process, given: Frame) -> Ran:
        result = {"stdout": "", "stderr": "", "interrupted": False, "isImage": False, "noOutputExpected": True}
        return Ran("(Bash completed with no output)", is_error=False, result=result)

    def activity(self, cli: Process, given: Frame) -> str:
        return f"Running {given.get('description') or given['command']}"


def _fits_command(content: str, part: str) -> bool:
    if content.endswith(":*"):
        prefix = content.removesuffix(":*")
        return part == prefix or part.startswith(f"{prefix} ")
    if "*" in content:
        return re.fullmatch(".*".join(map(re.escape, content.split("*"))), part) is not None
    return part == content


SHELL_TOOLS: tuple[Tool, ...] = (Bash(),)
