"""Launch: the command line that the fake CLI was started with.

Flags as CLI 2.1.330 knows them; which take a value is all that matters of those that change nothing on the wire.  A
flag that the real CLI refuses is refused with its own words.
"""

from __future__ import annotations

from os.path import join

from ...protocol.later import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Flags with a value each, and what the CLI calls it; those of `MANY` take all words up to the next flag.
ONE = {
    "--agent": "agent",
    "--agent-id": "id",
    "--agents": "json-or-file",
    "--append-system-prompt": "prompt",
    "--append-system-prompt-file": "file",
    "--autocompact": "auto|tokens",
    "--debug-file": "path",
    "--effort": "level",
    "--fallback-model": "model",
    "--input-format": "format",
    "--json-schema": "schema",
    "--max-budget-usd": "amount",
    "--max-thinking-tokens": "tokens",
    "--max-turns": "turns",
    "--model": "model",
    "--name": "name",
    "--output-format": "format",
    "--permission-mode": "mode",
    "--permission-prompt-tool": "tool",
    "--permission-prompts": "target",
    "--plan-mode-instructions": "text",
    "--plugin-dir": "path",
    "--plugin-url": "url",
    "--prefill": "text",
    "--resume-session-at": "message id",
    "--rewind-files": "id",
    "--session-id": "uuid",
    "--setting-sources": "sources",
    "--settings": "file-or-json",
    "--system-prompt": "prompt",
    "--system-prompt-file": "file",
    "--task-budget": "tokens",
    "--thinking": "mode",
    "--thinking-display": "display",
    "--workload": "text",
}
MANY = {
    "--add-dir": "directories...",
    "--allowedTools": "tools...",
    "--betas": "betas...",
    "--disallowedTools": "tools...",
    "--file": "specs...",
    "--mcp-config": "configs...",
    "--tools": "tools...",
}
OPTIONAL = frozenset(["--debug", "--from-pr", "--resume", "--teleport", "--worktree"])
# fmt: off
PLAIN = frozenset([
    "--allow-dangerously-skip-permissions", "--bare", "--brief", "--chrome", "--continue",
    "--dangerously-skip-permissions", "--debug-to-stderr", "--disable-slash-commands", "--enable-auth-status",
    "--enable-auto-mode", "--fork-session", "--forward-subagent-text", "--help", "--ide", "--include-hook-events",
    "--include-partial-messages", "--init", "--maintenance", "--mcp-debug", "--no-chrome",
    "--no-session-persistence", "--print", "--prompt-suggestions", "--remote", "--replay-user-messages",
    "--restricted", "--safe-mode", "--session-mirror", "--strict-mcp-config", "--tmux", "--verbose", "--version",
])
# fmt: on
REPEATED = frozenset(["--plugin-dir", "--plugin-url"])
SHORT = {"-c": "--continue", "-d": "--debug", "-h": "--help", "-n": "--name", "-p": "--print", "-r": "--resume"}
SHORT |= {"-v": "--version"}
SAME = {"--allowed-tools": "--allowedTools", "--disallowed-tools": "--disallowedTools"}

NAMES = {"--allowedTools": "--allowedTools, --allowed-tools", "--name": "-n, --name"}
NAMES |= {"--disallowedTools": "--disallowedTools, --disallowed-tools"}
"""How errors call flags that have several names."""


EFFORTS = ("low", "medium", "high", "xhigh", "max")


class LaunchError(Exception):
    """The command line is refused: what the CLI says on stderr before it ends with 1."""


class Launch:
    """What the command line asks for: its flags with their values, and the words beside them."""

    def __init__(self, argv: tuple[str, ...]) -> None:
        """Read `argv`, without the executable.  Raises `LaunchError`."""
        self.flags: dict[str, Any] = {}
        self.words: list[str] = []
        self.mcp_servers: dict[str, Any] = {}  # of `--mcp-config`, once it has been read
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
            self._take(word, SAME.get(name, name), value if equals else None, rest)

    def _take(self, word: str, name: str, value: str | None, rest: list[str]) -> None:
        if name in MANY:
            values = [value] if value is not None else []
            while not values or (rest and not rest[0].startswith("-")):
                if not rest:
                    raise LaunchError(f"error: option '{shown(name)}' argument missing")
                values.append(rest.pop(0))
            self.flags.setdefault(name, []).extend(values)
        elif name in ONE or (name in OPTIONAL and value is None and rest and not rest[0].startswith("-")):
            if value is None:
                if not rest:
                    raise LaunchError(f"error: option '{shown(name)}' argument missing")
                value = rest.pop(0)
            if name in REPEATED:
                self.flags.setdefault(name, []).append(value)
            else:
                self.flags[name] = value
        elif name in PLAIN or name in OPTIONAL:
            self.flags[name] = value if value is not None else True
        else:
            raise LaunchError(f"error: unknown option '{word}'")

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

    @property
    def may_bypass_permissions(self) -> bool:
        """Whether the host may switch to bypassPermissions."""
        flags = ("--dangerously-skip-permissions", "--allow-dangerously-skip-permissions")
        return self.mode == "bypassPermissions" or any(map(self.has, flags))

    @property
    def asks_by_stdio(self) -> bool:
        """Whether the host can be asked about tools."""
        return bool(self.get("--permission-prompt-tool") == "stdio")

    @property
    def commands(self) -> bool:
        """Whether prompts that begin with a slash may be commands."""
        return not self.has("--disable-slash-commands")

    @property
    def partial(self) -> bool:
        """Whether the host wants the stream's events."""
        return self.has("--include-partial-messages")

    @property
    def effort(self) -> str:
        """How hard the model is to think."""
        given = self.get("--effort")
        return given if given in EFFORTS else "medium"

    @property
    def thinking_display(self) -> str | None:
        """How the host sees thoughts; None when the model is to have none."""
        if self.get("--thinking") == "disabled":
            return None
        given: str = self.get("--thinking-display", "updates")
        return given

    def system_prompt(self, cwd: str) -> list[str]:
        """The texts that the host gives the model, in flags and in files."""
        texts = []
        for name in ("--system-prompt", "--append-system-prompt"):
            texts.append(self.get(name))
            path = self.get(f"{name}-file")
            if path is not None:
                with open(join(cwd, path), encoding="utf-8", errors="replace") as file:
                    texts.append(file.read())
        return [text for text in texts if text]

    @property
    def streams_in(self) -> bool:
        """Whether the host speaks in frames; else its input is text that belongs to the prompt."""
        return bool(self.get("--input-format") == "stream-json")

    @property
    def output(self) -> str:
        """What is written: `stream-json`, `json` or `text`."""
        return str(self.get("--output-format", "text"))


def shown(name: str) -> str:
    """A flag as errors call it, with what it takes."""
    return f"{NAMES.get(name, name)} <{ONE.get(name) or MANY.get(name)}>"


def split_list(text: str) -> list[str]:
    """Split a list of tool rules: at commas and spaces outside parentheses."""
    if "(" not in text:  # most lists; the loop takes a step a letter
        return [item for item in text.replace(",", " ").split(" ") if item]
    items, item, depth = [], "", 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if letter in ", " and depth <= 0:
            items.append(item)
            item = ""
        else:
            item += letter
    return [item for item in (*items, item) if item]
