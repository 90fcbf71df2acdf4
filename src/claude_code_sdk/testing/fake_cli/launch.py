"""Launch: the command line that the fake CLI was started with.

Flags as CLI 2.1.330 knows them; which take a value is all that matters of those that change nothing on the wire.  A
flag that the real CLI refuses is refused with its own words.
"""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Flags with a value each; those of `MANY` take all words up to the next flag.
ONE = frozenset(
    [
        "--agent",
        "--agents",
        "--append-system-prompt",
        "--append-system-prompt-file",
        "--debug-file",
        "--effort",
        "--fallback-model",
        "--input-format",
        "--json-schema",
        "--max-budget-usd",
        "--max-thinking-tokens",
        "--max-turns",
        "--mcp-config",
        "--model",
        "--name",
        "--output-format",
        "--permission-mode",
        "--permission-prompt-tool",
        "--plugin-dir",
        "--resume-session-at",
        "--session-id",
        "--setting-sources",
        "--settings",
        "--system-prompt",
        "--system-prompt-file",
        "--thinking",
        "--thinking-display",
    ]
)
MANY = frozenset(
    ["--add-dir", "--allowedTools", "--allowed-tools", "--betas", "--disallowedTools", "--disallowed-tools", "--tools"]
)
OPTIONAL = frozenset(["--debug", "--resume", "--worktree"])
PLAIN = frozenset(
    [
        "--allow-dangerously-skip-permissions",
        "--bare",
        "--continue",
        "--dangerously-skip-permissions",
        "--disable-slash-commands",
        "--fork-session",
        "--forward-subagent-text",
        "--include-hook-events",
        "--include-partial-messages",
        "--no-session-persistence",
        "--print",
        "--replay-user-messages",
        "--session-mirror",
        "--strict-mcp-config",
        "--verbose",
        "--version",
    ]
)
SHORT = {"-c": "--continue", "-d": "--debug", "-p": "--print", "-r": "--resume", "-v": "--version", "-n": "--name"}
SAME = {"--allowed-tools": "--allowedTools", "--disallowed-tools": "--disallowedTools"}

MODES = ("acceptEdits", "bypassPermissions", "default", "dontAsk", "plan")
SHOWN_MODES = ("acceptEdits", "auto", "bypassPermissions", "manual", "dontAsk", "plan")
"""How the real CLI lists them; `default` is called manual there, and both are taken."""


class LaunchError(Exception):
    """The command line is refused: what the CLI says on stderr before it ends with 1."""


class Launch:
    """What the command line asks for: its flags with their values, and the words beside them."""

    def __init__(self, argv: tuple[str, ...]) -> None:
        """Read `argv`, without the executable.  Raises `LaunchError`."""
        self.flags: dict[str, Any] = {}
        self.words: list[str] = []
        rest = list(argv)
        while rest:
            word = rest.pop(0)
            if word == "--":
                self.words += rest
                break
            if not word.startswith("-") or word == "-":
                self.words.append(word)
                continue
            name, equals, value = word.partition("=")
            name = SHORT.get(name, name)
            self._take(SAME.get(name, name), value if equals else None, rest)
        self._check()

    def _take(self, name: str, value: str | None, rest: list[str]) -> None:
        if name in MANY:
            values = [value] if value is not None else []
            while not values or (rest and not rest[0].startswith("-")):
                if not rest:
                    raise LaunchError(f"error: option '{name}' argument missing")
                values.append(rest.pop(0))
            self.flags.setdefault(name, []).extend(values)
        elif name in ONE or (name in OPTIONAL and value is None and rest and not rest[0].startswith("-")):
            if value is None:
                if not rest:
                    raise LaunchError(f"error: option '{name}' argument missing")
                value = rest.pop(0)
            if name == "--plugin-dir":
                self.flags.setdefault(name, []).append(value)
            else:
                self.flags[name] = value
        elif name in PLAIN or name in OPTIONAL:
            self.flags[name] = value if value is not None else True
        else:
            raise LaunchError(f"error: unknown option '{name}'")

    def _check(self) -> None:
        mode = self.flags.get("--permission-mode")
        if mode is not None and mode not in (*MODES, "manual", "auto"):
            raise LaunchError(
                f"error: option '--permission-mode <mode>' argument '{mode}' is invalid. "
                f"Allowed choices are {', '.join(SHOWN_MODES)}."
            )

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a flag."""
        return self.flags.get(name, default)

    def has(self, name: str) -> bool:
        return name in self.flags

    def listed(self, name: str) -> list[str]:
        """The items of a flag that takes a list: commas and spaces between them, but not inside parentheses."""
        items: list[str] = []
        for value in self.flags.get(name, []):
            items += split_list(value)
        return items

    def json(self, name: str) -> Any:
        """The value of a flag whose text is JSON, None when it is not given.  Raises `ValueError`."""
        value = self.flags.get(name)
        return None if value is None else json.loads(value)

    @property
    def mode(self) -> str:
        """The permission mode that is asked for on the command line."""
        if self.has("--dangerously-skip-permissions"):
            return "bypassPermissions"
        mode: str = self.get("--permission-mode", "default")
        return "default" if mode == "manual" else mode


def split_list(text: str) -> list[str]:
    """Split a list of tool rules: at commas and spaces outside parentheses."""
    items, item, depth = [], "", 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if letter in ", " and depth <= 0:
            items.append(item)
            item = ""
        else:
            item += letter
    return [item for item in (*items, item) if item]
