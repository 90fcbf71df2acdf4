"""Glob and Grep: where they may look, and the forms of what they find."""

from __future__ import annotations

from ..permissions import Decision
from .base import Ran
from .file_tool import Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ....protocol.events import Frame
    from ..process import Process


class Searching(Reading):
    path_key = "path"

    def path(self, given: Frame) -> str:
        return str(given.get("path") or "")

    def decide(self, cli: Process, given: Frame) -> Decision:
        path = self.path(given) or cli.cwd
        rule = cli.permissions.path_rule("deny", "Read", path)
        if rule is not None:
            return Decision("deny", "rule", f"Permission to read {path} has been denied.", rule=rule)
        allowed = cli.permissions.rules.whole("allow", self.name)
        if allowed is not None:
            return Decision("allow", "rule", rule=allowed)
        return super().decide(cli, {**given, "path": path})

    def description(self, cli: Process, given: Frame) -> str | None:
        return str(given.get("pattern", ""))


class Glob(Searching):
    name = "Glob"

    def default(self, cli: Process, given: Frame) -> Ran:
        return found_files([])


def found_files(names: list[str]) -> Ran:
    """What Glob answers."""
    result = {"filenames": names, "durationMs": 1, "numFiles": len(names), "truncated": False}
    result |= {"totalMatches": len(names), "countIsComplete": True}
    return Ran("\n".join(names) or "No files found", result=result)


class Grep(Searching):
    name = "Grep"

    def default(self, cli: Process, given: Frame) -> Ran:
        return grepped(given.get("output_mode", "files_with_matches"), {})


def grepped(mode: str, found: dict[str, list[str]]) -> Ran:
    """What Grep answers; `found` has, by file, the lines to show."""
    if mode == "files_with_matches":
        names = list(found)
        result: Frame = {"mode": mode, "filenames": names, "numFiles": len(names), "totalFiles": len(names)}
        word = "file" if len(names) == 1 else "files"
        return Ran(f"Found {len(names)} {word}\n" + "\n".join(names) if names else "No files found", result=result)
    if mode == "count":
        counts = "\n".join(f"{name}:{len(lines)}" for name, lines in found.items())
        total = sum(len(lines) for lines in found.values())
        result = {"mode": mode, "numFiles": len(found), "filenames": [], "content": counts, "numMatches": total}
        words = "occurrence" if total == 1 else "occurrences", "file" if len(found) == 1 else "files"
        text = f"{counts}\n\nFound {total} total {words[0]} across {len(found)} {words[1]}."
        return Ran(text if found else "No matches found", result=result)
    lines = [line for shown in found.values() for line in shown]
    result = {"mode": mode, "numFiles": 0, "filenames": [], "content": "\n".join(lines), "numLines": len(lines)}
    return Ran("\n".join(lines) or "No matches found", result=result | {"totalLines": len(lines)})
