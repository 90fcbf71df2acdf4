"""Front matter: the head of a Markdown file of a command, a skill or an agent, and what stands below it.

Of YAML only what such files have is read: `key: text`, lists in brackets, with commas, or a dash a line.
"""

from __future__ import annotations

import os

from ...protocol.later import re

_HEAD = r"(?ms)---[ \t]*\n(.*?)^---[ \t]*(?:\n|$)"
_LINE = r"([A-Za-z][\w-]*):[ \t]*(.*)"
_ITEM = r"[ \t]*-[ \t]+(.*)"


class Document:
    """One file.

    - `path`: where it is; `head`: its front matter, texts by key; `body`: what stands below.
    """

    __slots__ = ("body", "head", "path")

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        found = re.match(_HEAD, text)
        self.head = {} if found is None else _fields(found[1])
        self.body = text if found is None else text[found.end() :]

    def says(self, key: str) -> bool:
        """Whether a switch is on."""
        return self.head.get(key, "").lower() == "true"

    @property
    def description(self) -> str:
        """What it says of itself, or the first line with something in it."""
        first = next((line.strip() for line in self.body.splitlines() if line.strip()), "")
        return self.head.get("description") or first.lstrip("#").strip()


def _fields(head: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    key = ""
    for line in head.splitlines():
        if (found := re.match(_LINE, line)) is not None:
            key = found[1]
            fields[key] = _plain(found[2])
        elif key and (found := re.match(_ITEM, line)) is not None:
            fields[key] = ", ".join(filter(None, [fields[key], _plain(found[1])]))
    return fields


def _plain(text: str) -> str:
    text = text.strip()
    if text[:1] == "[" and text[-1:] == "]":
        return ", ".join(_plain(item) for item in text[1:-1].split(","))
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


def document(path: str) -> Document | None:
    """The document in a file, None where there is none."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return Document(path, file.read())
    except OSError:
        return None


def documents(folder: str) -> list[tuple[str, Document]]:
    """The Markdown files of a folder and of those in it, by names such as `deep:er`, in alphabetical order."""
    found: list[tuple[str, Document]] = []
    for path, _, names in os.walk(folder):
        for name in names:
            read = document(os.path.join(path, name)) if name.endswith(".md") else None
            if read is not None:
                found.append((os.path.relpath(read.path, folder)[:-3].replace(os.sep, ":"), read))
    return sorted(found, key=lambda item: item[0])
