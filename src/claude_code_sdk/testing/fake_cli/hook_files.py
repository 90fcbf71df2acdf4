"""Hook files: the shell script that a hook's command names, which is read and never run.

Above: `hook_shell.py`.  Below: nothing.
"""

from __future__ import annotations

import os
import re

SHELLS = frozenset(["sh", "bash", "dash"])
"""Shells whose language is followed."""

LARGEST = 100_000
"""Bytes of a script that are read; a larger one is not understood."""

_FIRST_LINE = re.compile(r"#!\s*(?:/\S*/)?(?:env\s+)?(\w+)\s*\n")


class Closed(Exception):
    """The file is there, but may not be executed."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class ScriptFile:
    """A script as it is called: its text, what it sees as `$0` and `$1` and so on, and whether bash reads it."""

    __slots__ = ("arguments", "of_bash", "path", "text")

    def __init__(self, path: str, text: str, arguments: list[str], of_bash: bool) -> None:
        self.path = path
        self.text = text
        self.arguments = arguments
        self.of_bash = of_bash


def script_in(words: list[str], folder: str) -> ScriptFile | None:
    """The script that a command of these words runs in a folder; None where it runs none that could be followed.

    Raises `Closed`.
    """
    shell = words[0].rpartition("/")[2]
    if shell in SHELLS:
        text = _read(words[1], folder) if len(words) > 1 and not words[1].startswith("-") else None
        return None if text is None else ScriptFile(words[1], text, words[2:], shell == "bash")
    text = _read(words[0], folder) if "/" in words[0] else None
    if text is None:
        return None
    if not os.access(os.path.join(folder, words[0]), os.X_OK):
        raise Closed(words[0])
    first = _FIRST_LINE.match(text)
    if text.startswith("#!") and (first is None or first[1] not in SHELLS):
        return None
    return ScriptFile(words[0], text, words[1:], first is not None and first[1] == "bash")


def _read(path: str, folder: str) -> str | None:
    try:
        with open(os.path.join(folder, path), encoding="utf-8") as file:
            text = file.read(LARGEST + 1)
    except (OSError, ValueError):
        return None
    return text if len(text) <= LARGEST else None
