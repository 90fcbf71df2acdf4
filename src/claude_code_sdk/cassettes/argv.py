"""Command lines: parsed, compared by meaning, and their difference named (cassette.md, "argv equality").

Above: `choice.py`.  Below: `difference.py`.  The order of flags is free, values that are JSON are compared as JSON,
values that travelled in a file by the file's content, and `argv[0]` not at all.  On the fake path; the only I/O is
reading a file that a live flag names, and only when its recorded value is another one.
"""

from __future__ import annotations

import json
import os

from ..protocol.command import FILE_TOKEN
from .difference import MISSING, differences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .difference import Difference

SWITCHES = frozenset(
    {
        "--allow-dangerously-skip-permissions",
        "--bare",
        "--continue",
        "--dangerously-skip-permissions",
        "--debug-to-stderr",
        "--disable-slash-commands",
        "--fork-session",
        "--include-hook-events",
        "--include-partial-messages",
        "--mcp-debug",
        "--no-session-persistence",
        "--print",
        "--replay-user-messages",
        "--session-mirror",
        "--strict-mcp-config",
        "--verbose",
    }
)
"""Flags that take no value.  Of any other flag, an item that follows and is not a flag itself is the value."""

VALUED = frozenset(
    {
        "--add-dir",
        "--agents",
        "--allowedTools",
        "--append-system-prompt",
        "--append-system-prompt-file",
        "--betas",
        "--disallowedTools",
        "--effort",
        "--fallback-model",
        "--input-format",
        "--json-schema",
        "--max-budget-usd",
        "--max-thinking-tokens",
        "--max-turns",
        "--mcp-config",
        "--model",
        "--output-format",
        "--permission-mode",
        "--permission-prompt-tool",
        "--plugin-dir",
        "--session-id",
        "--setting-sources",
        "--settings",
        "--system-prompt",
        "--system-prompt-file",
        "--thinking",
        "--tools",
    }
)
"""Flags whose value may begin with a dash or be empty."""

ALIASES = {
    "--allowed-tools": "--allowedTools",
    "--disallowed-tools": "--disallowedTools",
    "-c": "--continue",
    "-p": "--print",
    "-r": "--resume",
}

IN_FILE = {"--append-system-prompt-file": "--append-system-prompt", "--system-prompt-file": "--system-prompt"}
"""Flags that name a file, and the flag that takes the same value as it is."""

INLINE_OR_FILE = frozenset({"--mcp-config", "--settings"})
"""Flags whose value is JSON or the path of a file that holds it."""

POSITIONAL = "arguments"
"""Stands for the flag of what belongs to none."""


class Value:
    """What a flag was given: its `text`, or the path of a file (`path`) whose content counts (`text` when known).

    Neither, where a flag stands alone.
    """

    __slots__ = ("path", "text")

    def __init__(self, text: str | None, path: str | None = None) -> None:
        self.text = text
        self.path = path

    @property
    def shown(self) -> object:
        return self.text if self.text is not None else (self.path or True)


class Arguments:
    """A parsed command line: `flags` maps each flag to its values, in the order they were given."""

    __slots__ = ("_cwd", "flags")

    def __init__(self, argv: Sequence[str], files: Mapping[str, bytes] | None = None, cwd: str | None = None) -> None:
        """`argv` with the executable first.  `files` holds what items with `FILE_TOKEN` stand for; `cwd` is where
        relative paths of other files begin."""
        self._cwd = cwd
        self.flags: dict[str, list[Value]] = {}
        items = iter(argv[1:])
        pending = next(items, None)
        while pending is not None:
            item, pending = pending, next(items, None)
            if item == "--":
                while pending is not None:
                    self._add(POSITIONAL, pending, files)
                    pending = next(items, None)
            elif not item.startswith("-") or item == "-":
                self._add(POSITIONAL, item, files)
            else:
                flag, equals, text = item.partition("=") if item.startswith("--") else (item, "", "")
                flag = ALIASES.get(flag, flag)
                if equals:
                    self._add(flag, text, files)
                elif flag in SWITCHES or pending is None or (pending.startswith("-") and flag not in VALUED):
                    self.flags.setdefault(flag, []).append(Value(None))
                else:
                    self._add(flag, pending, files)
                    pending = next(items, None)

    def _add(self, flag: str, text: str, files: Mapping[str, bytes] | None) -> None:
        value = Value(text)
        if text.startswith(FILE_TOKEN):
            content = (files or {}).get(text[len(FILE_TOKEN) :])
            value = Value(None if content is None else content.decode("utf-8", "replace"), text)
            flag = IN_FILE.get(flag, flag)
        elif flag in IN_FILE:
            value = Value(None, text)
            flag = IN_FILE[flag]
        elif flag in INLINE_OR_FILE and not text.lstrip().startswith("{"):
            value = Value(None, text)
        self.flags.setdefault(flag, []).append(value)

    def read(self, value: Value) -> None:
        """Take the content of a value that names a file.  A file that cannot be read leaves it as it is."""
        if value.text is None and value.path is not None:
            try:
                with open(os.path.join(self._cwd or "", value.path), "rb") as file:
                    value.text = file.read().decode("utf-8", "replace")
            except (OSError, ValueError):
                pass


def argv_differences(
    recorded: Arguments, live: Arguments, same_text: Callable[[str, str], bool] | None = None
) -> list[Difference]:
    """What differs, by flag.  Empty when both command lines mean the same."""
    found: list[Difference] = []
    for flag in (*recorded.flags, *(flag for flag in live.flags if flag not in recorded.flags)):
        if flag not in live.flags:
            found.append((flag, _shown(recorded.flags[flag]), MISSING))
        elif flag not in recorded.flags:
            found.append((flag, MISSING, _shown(live.flags[flag])))
        else:
            found += _flag_differences(flag, recorded, live, same_text)
    return found


def _flag_differences(
    flag: str, recorded: Arguments, live: Arguments, same_text: Callable[[str, str], bool] | None
) -> list[Difference]:
    ours = list(live.flags[flag])
    left = []
    for value in recorded.flags[flag]:  # each takes the first live value that fits: the order is free
        for index, candidate in enumerate(ours):
            if not _value_differences(flag, value, candidate, live, same_text):
                del ours[index]
                break
        else:
            left.append(value)
    found: list[Difference] = []
    for index in range(max(len(left), len(ours))):
        if index >= len(left):
            found.append((flag, MISSING, ours[index].shown))
        elif index >= len(ours):
            found.append((flag, left[index].shown, MISSING))
        else:
            found += _value_differences(flag, left[index], ours[index], live, same_text)
    return found


def _value_differences(
    flag: str, recorded: Value, live: Value, arguments: Arguments, same_text: Callable[[str, str], bool] | None
) -> list[Difference]:
    if recorded.shown is True or live.shown is True:
        return [] if recorded.shown is live.shown else [(flag, recorded.shown, live.shown)]
    if recorded.path is not None and live.path is not None and not live.path.startswith(FILE_TOKEN):
        # The recording knows the name only: the same name is the same value.
        if differences(recorded.path, live.path, same_text) == []:
            return []
        if recorded.text is None:
            return [(flag, recorded.path, live.path)]
    if recorded.text is None:
        return [(flag, recorded.shown, live.shown)]
    arguments.read(live)
    if live.text is None:
        return [(flag, recorded.text, live.shown)]
    one, other = _as_json(recorded.text), _as_json(live.text)
    if one is not None and other is not None:
        return differences(one, other, same_text, flag)
    return differences(recorded.text, live.text, same_text, flag)


def _as_json(text: str) -> object | None:
    if text[:1] not in ("{", "["):
        return None
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):  # the latter: nested a thousand deep
        return None
    return value


def _shown(values: list[Value]) -> object:
    return values[0].shown if len(values) == 1 else [value.shown for value in values]
