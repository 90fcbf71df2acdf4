"""Own directory: the directory of a script whose tools are executed (`Script(tools="execute", directory=…)`).

It stands for the working directory: a path in there is a path in here, and nothing else can be reached, not by `..` and
not by a link that leads out.  The engine does no I/O: the driver calls these functions for it (`Call`).
"""

from __future__ import annotations

import os
import re
from os.path import isdir, join, realpath, relpath

from .path_rules import path_fits
from .tools.base import Ran
from .tools.files import edited, read_text, written, wrong_edit
from .tools.searching import found_files, grepped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ...protocol.events import Frame

FOUND_AT_MOST = 100
"""Files that Glob names, as the CLI does."""

SHOWN_AT_MOST = 250
"""Lines or files that Grep shows where it is not told how many."""

TYPES = {"js": ("*.js", "*.mjs", "*.cjs"), "ts": ("*.ts", "*.tsx"), "rust": ("*.rs",), "markdown": ("*.md",)}
"""File types of Grep that are not just the ending of a name."""

IS_DIRECTORY = "{} is a directory, not a file. To create a file inside it, include the file name in file_path."


class Outside(Exception):
    """A path that is not in the directory."""


class OwnDirectory:
    """A script's directory.

    - `directory`: where it is; `cwd`: the working directory of the session that it stands for.
    """

    def __init__(self, directory: str, cwd: str) -> None:
        self._root = realpath(directory)
        self._cwd = cwd

    def run(self, tool: str, given: Frame) -> Ran:
        """What a tool answers; what it does is done.  Anything that goes wrong is an error for the model."""
        path = str(given.get("file_path") or given.get("path") or self._cwd)
        try:
            return getattr(self, f"_{tool.lower()}")(path, given)  # type: ignore[no-any-return]
        except Outside:
            if tool in ("Write", "Edit"):
                return Ran.error(f"EACCES: permission denied, open '{path}'")
            return self._missing()
        except FileNotFoundError:
            return self._missing()
        except IsADirectoryError:
            return Ran.error(f"EISDIR: illegal operation on a directory, read '{path}'")
        except OSError as error:
            return Ran.error(f"{error.strerror}: '{path}'")

    def refusal(self, tool: str, given: Frame) -> str | None:
        """Why a call is refused before anybody is asked, by what the directory holds."""
        path = str(given.get("file_path"))
        try:
            place = self._place(path)
            if tool == "Write":
                return IS_DIRECTORY.format(path) if isdir(place) else None
            if tool == "Edit":
                return wrong_edit(self._text(place), given)
        except (OSError, Outside):
            return None if tool != "Edit" or not given.get("old_string") else self._not_there
        return None

    # The tools

    def _read(self, path: str, given: Frame) -> Ran:
        return read_text(path, self._text(self._place(path)), given)

    def _write(self, path: str, given: Frame) -> Ran:
        place, content = self._place(path), str(given["content"])
        try:
            before: str | None = self._text(place)
        except FileNotFoundError:
            before = None
        self._save(place, content)
        return written(path, content, before)

    def _edit(self, path: str, given: Frame) -> Ran:
        place = self._place(path)
        try:
            before = self._text(place)
        except FileNotFoundError:
            if given["old_string"]:
                raise
            before = ""
        wrong = wrong_edit(before, given)
        if wrong is not None:
            return Ran.error(wrong)
        ran = edited(path, before, given)
        count = -1 if given.get("replace_all") else 1
        self._save(place, before.replace(given["old_string"], given["new_string"], count))
        return ran

    def _glob(self, path: str, given: Frame) -> Ran:
        top = self._place(path)
        pattern = str(given["pattern"])
        found = [file for file in self._files(top) if _is_like(pattern, file, top)]
        names = [self._shown(file) for file in sorted(found, key=_by_age)]
        ran = found_files(names[:FOUND_AT_MOST])
        if len(names) > FOUND_AT_MOST:
            ran.result |= {"truncated": True, "totalMatches": len(names)}
        return ran

    def _grep(self, path: str, given: Frame) -> Ran:
        top = self._place(path)
        try:
            pattern = re.compile(str(given["pattern"]), _flags(given))
        except re.error as error:
            return Ran.error(f"regex parse error: {error}")
        mode = str(given.get("output_mode", "files_with_matches"))
        found: dict[str, list[str]] = {}
        for file in [top] if not isdir(top) else sorted(self._files(top)):
            if not _is_wanted(given, file, top):
                continue
            try:
                text = self._text(file)
            except OSError:
                continue
            lines = _matches(pattern, text, given, mode)
            if lines:
                prefix = f"{self._shown(file)}:" if mode == "content" and isdir(top) else ""
                found[self._shown(file)] = [prefix + line for line in lines]
        return grepped(mode, _shortened(found, given))

    # Files

    @property
    def _not_there(self) -> str:
        return f"File does not exist. Note: your current working directory is {self._cwd}."

    def _missing(self) -> Ran:
        return Ran.error(self._not_there)

    def _place(self, path: str) -> str:
        """Where a path of the session is.  Raises `Outside`."""
        below = relpath(path, self._cwd)
        place = realpath(path if below.startswith("..") else join(self._root, below))
        if place != self._root and not place.startswith(self._root.rstrip("/") + "/"):
            raise Outside(path)
        return place

    def _shown(self, place: str) -> str:
        return relpath(place, self._root)

    def _text(self, place: str) -> str:
        with open(place, encoding="utf-8", errors="replace", newline="") as file:
            return file.read()

    def _save(self, place: str, content: str) -> None:
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "w", encoding="utf-8", newline="") as file:
            file.write(content)

    def _files(self, top: str) -> Iterator[str]:
        """All files below, links left out."""
        for folder, folders, names in os.walk(top):
            folders[:] = sorted(name for name in folders if name != ".git")
            yield from (join(folder, name) for name in sorted(names) if not os.path.islink(join(folder, name)))


def _by_age(file: str) -> tuple[float, str]:
    return os.stat(file).st_mtime, file


def _is_like(pattern: str, file: str, top: str) -> bool:
    anchored = f"/{pattern.lstrip('/')}" if "/" in pattern else pattern
    return path_fits(anchored, file, cwd=top, home=top, origin=top)


def _is_wanted(given: Frame, file: str, top: str) -> bool:
    if not isdir(top):
        return True
    glob, kind = given.get("glob"), given.get("type")
    if glob is not None and not any(_is_like(part, file, top) for part in _alternatives(str(glob))):
        return False
    return kind is None or any(_is_like(part, file, top) for part in TYPES.get(str(kind), (f"*.{kind}",)))


def _alternatives(glob: str) -> list[str]:
    found = re.fullmatch(r"(.*)\{([^{}]*)\}(.*)", glob)
    return [glob] if found is None else [f"{found[1]}{part}{found[3]}" for part in found[2].split(",")]


def _flags(given: Frame) -> int:
    flags = re.IGNORECASE if given.get("-i") else 0
    return flags | (re.DOTALL | re.MULTILINE if given.get("multiline") else 0)


def _matches(pattern: re.Pattern[str], text: str, given: Frame, mode: str) -> list[str]:
    """The lines of a file that Grep shows, or as many items as it counts."""
    lines = text.split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    if given.get("multiline"):
        hits = {text.count("\n", 0, found.start()) for found in pattern.finditer(text)}
    else:
        hits = {number for number, line in enumerate(lines) if pattern.search(line)}
    if mode != "content":
        return ["" for _ in hits]
    around = int(given.get("-C") or given.get("context") or 0)
    before, after = int(given.get("-B") or around), int(given.get("-A") or around)
    shown = sorted({near for hit in hits for near in range(hit - before, hit + after + 1) if 0 <= near < len(lines)})
    numbered = given.get("-n", True)
    return [(f"{number + 1}{':' if number in hits else '-'}" if numbered else "") + lines[number] for number in shown]


def _shortened(found: dict[str, list[str]], given: Frame) -> dict[str, list[str]]:
    limit, skipped = int(given.get("head_limit", SHOWN_AT_MOST)), int(given.get("offset", 0))
    items: list[tuple[str, Any]] = [(name, line) for name, lines in found.items() for line in lines]
    if given.get("output_mode") != "content":
        names = list(found)[skipped : skipped + limit if limit else None]
        return {name: found[name] for name in names}
    kept: dict[str, list[str]] = {}
    for name, line in items[skipped : skipped + limit if limit else None]:
        kept.setdefault(name, []).append(line)
    return kept
