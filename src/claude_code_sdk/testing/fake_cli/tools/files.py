"""Read, Write and Edit: what they refuse, and what they say.

What a file holds is the script's business.  The session knows what it was told of it (`file_states.py`), and refuses
what cannot be with that.
"""

from __future__ import annotations

from os.path import basename

from ..permissions import Decision
from .base import Ran
from .file_tool import DENIED, Changing, Reading
from .patch import changed_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ....protocol.events import Frame
    from ..process import Process

CURRENT = "(file state is current in your context — no need to Read it back)"
DEVICES = frozenset(
    ["/dev/zero", "/dev/random", "/dev/urandom", "/dev/full", "/dev/stdin", "/dev/tty", "/dev/console", "/dev/stdout"]
)
BINARY = frozenset(
    ["bin", "exe", "dll", "so", "dylib", "o", "a", "obj", "class", "pyc", "zip", "tar", "gz", "7z", "rar", "mp3", "mp4",
     "mov", "avi", "wav", "ttf", "woff", "woff2", "sqlite", "db"]
)  # fmt: skip


class Read(Reading):
    name = "Read"

    def check_here(self, cli: Process, given: Frame) -> str | None:
        path = self.path(given)
        ending = basename(path).rpartition(".")[2].lower()
        if "." in basename(path) and ending in BINARY:
            return (
                f"This tool cannot read binary files. The file appears to be a binary .{ending} file. Use a skill for "
                "this file type if one is available, or a shell command or script that can read the format."
            )
        if path in DEVICES:
            return f"Cannot read '{path}': this path names a device or process file that this tool does not read."
        return None

    def denied_here(self, cli: Process, given: Frame) -> Decision | None:
        rule = cli.permissions.path_rule("deny", "Read", self.path(given))
        return None if rule is None else Decision("deny", "rule", DENIED, rule=rule, refused=True)

    def form(self, cli: Process, given: Frame, text: str) -> Any:
        lines = [line.partition("\t") for line in text.split("\n")]
        if all(tab and number.strip().isdecimal() for number, tab, _ in lines):
            first, content = int(lines[0][0]), "\n".join(rest for _, _, rest in lines)
        else:
            first, content = given.get("offset", 1), text
        file = {"filePath": self.path(given), "content": content, "numLines": len(lines), "startLine": first}
        return {"type": "text", "file": file | {"totalLines": max(first - 1, 0) + len(lines)}}

    def default(self, cli: Process, given: Frame) -> Ran:
        known = cli.files.content(self.path(given))
        ran = read_text(self.path(given), "line one\nline two\n" if known is None else known, given)
        ran.invented = known is None
        return ran

    def ended(self, cli: Process, given: Frame, ran: Ran) -> None:
        if ran.invented:
            cli.files.read(self.path(given), None, None)
            return
        file = ran.result.get("file") if isinstance(ran.result, dict) else None
        if not isinstance(file, dict) or ran.is_error:
            return
        whole = file.get("startLine") == 1 and file.get("numLines") == file.get("totalLines")
        cli.files.read(self.path(given), file.get("content") if whole else None, file.get("cells"))

    def activity(self, cli: Process, given: Frame) -> str:
        return f"Reading {basename(self.path(given))}"


def read_text(path: str, text: str, given: Frame) -> Ran:
    """What Read answers for a file with this text."""
    lines = text.split("\n")
    first, limit = given.get("offset", 1), given.get("limit")
    start = max(first - 1, 0)
    if start >= len(lines) and text:
        warning = (
            f"<system-reminder>Warning: the file exists but is shorter than the provided offset ({first}). The file "
            f"has {len(lines)} lines.</system-reminder>"
        )
        file = {"filePath": path, "content": "", "numLines": 0, "startLine": first, "totalLines": len(lines)}
        return Ran(warning, result={"type": "text", "file": file})
    taken = lines[start:] if limit is None else lines[start : start + limit]
    file = {
        "filePath": path,
        "content": "\n".join(taken),
        "numLines": len(taken),
        "startLine": first,
        "totalLines": len(lines),
    }
    if text:
        content = "\n".join(f"{first + index}\t{line}" for index, line in enumerate(taken))
    else:
        content = "<system-reminder>Warning: the file exists but the contents are empty.</system-reminder>"
    return Ran(content, result={"type": "text", "file": file})


class Write(Changing):
    name = "Write"

    def form(self, cli: Process, given: Frame, text: str) -> Any:
        return self.default(cli, given).result

    def default(self, cli: Process, given: Frame) -> Ran:
        path, before = self.path(given), cli.files.content(self.path(given))
        return written(path, str(given.get("content", "")), before)

    def ended(self, cli: Process, given: Frame, ran: Ran) -> None:
        if not ran.is_error:
            cli.files.changed(self.path(given), given.get("content"))

    def activity(self, cli: Process, given: Frame) -> str:
        return f"Writing {basename(self.path(given))}"


def written(path: str, content: str, before: str | None) -> Ran:
    """What Write answers; `before` is what the file held, None for a new one."""
    result: Frame = {"type": "create" if before is None else "update", "filePath": path, "content": content}
    result["structuredPatch"] = [] if before is None else changed_lines(before, content)
    result |= {"originalFile": before, "userModified": False}
    if before is None:
        return Ran(f"File created successfully at: {path} {CURRENT}", result=result)
    return Ran(f"The file {path} has been updated successfully. {CURRENT}", result=result)


class Edit(Changing):
    name = "Edit"
    unreadable = "edited"

    def form(self, cli: Process, given: Frame, text: str) -> Any:
        return self.default(cli, given).result

    def check_here(self, cli: Process, given: Frame) -> str | None:
        path, old, new = self.path(given), given["old_string"], given["new_string"]
        if old == new:
            return "No changes to make: old_string and new_string are exactly the same."
        if path.endswith(".ipynb"):
            return "File is a Jupyter Notebook. Use the NotebookEdit to edit this file."
        known = cli.files.content(path)
        return None if known is None else wrong_edit(known, given)

    def default(self, cli: Process, given: Frame) -> Ran:
        known = cli.files.content(self.path(given))
        return edited(self.path(given), given["old_string"] if known is None else known, given)

    def ended(self, cli: Process, given: Frame, ran: Ran) -> None:
        if ran.is_error:
            return
        known = cli.files.content(self.path(given))
        result = ran.result if isinstance(ran.result, dict) else {}
        before = result.get("originalFile") if isinstance(result.get("originalFile"), str) else known
        cli.files.changed(self.path(given), None if before is None else replaced(before, given))

    def activity(self, cli: Process, given: Frame) -> str:
        return f"Editing {basename(self.path(given))}"


def wrong_edit(text: str, given: Frame) -> str | None:
    """Why an edit of a file with this text is refused."""
    old = given["old_string"]
    count = text.count(old) if old else 0
    if not old:
        return "Cannot create new file - file already exists." if text else None
    if not count:
        return f"String to replace not found in file.\nString: {old}"
    if count > 1 and not given.get("replace_all"):
        return (
            f"Found {count} matches of the string to replace, but replace_all is false. To replace all occurrences, "
            "set replace_all to true. To replace only one occurrence, please provide more context to uniquely identify "
            f"the instance.\nString: {old}"
        )
    return None


def replaced(text: str, given: Frame) -> str:
    """The text after an edit."""
    return text.replace(given["old_string"], given["new_string"], -1 if given.get("replace_all") else 1)


def edited(path: str, before: str, given: Frame) -> Ran:
    """What Edit answers for a file that held `before`."""
    every = bool(given.get("replace_all"))
    result = {
        "filePath": path,
        "oldString": given["old_string"],
        "newString": given["new_string"],
        "originalFile": before,
        "structuredPatch": changed_lines(before, replaced(before, given)),
        "userModified": False,
        "replaceAll": every,
    }
    done = (
        "has been updated. All occurrences were successfully replaced." if every else "has been updated successfully."
    )
    return Ran(f"The file {path} {done} {CURRENT}", result=result)
