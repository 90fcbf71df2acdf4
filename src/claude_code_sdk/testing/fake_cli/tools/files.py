"""Read, Write, Edit and the other tools that work on files: where they may, and what they say.

What a file holds is the script's business.  The session knows what it was told of it (`file_states.py`), and refuses
what cannot be with that.
"""

from __future__ import annotations

from os.path import basename, dirname, relpath

from ..permissions import Decision, asked_by_rule
from ..shell.verdict import folder_of
from .base import Ran, Tool
from .patch import changed_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ....protocol.events import Frame
    from ..process import Process

OUTSIDE = "Path is outside allowed working directories"
DENIED = "File is in a directory that is denied by your permission settings."
CURRENT = "(file state is current in your context — no need to Read it back)"
DEVICES = frozenset(
    ["/dev/zero", "/dev/random", "/dev/urandom", "/dev/full", "/dev/stdin", "/dev/tty", "/dev/console", "/dev/stdout"]
)
BINARY = frozenset(
    ["bin", "exe", "dll", "so", "dylib", "o", "a", "obj", "class", "pyc", "zip", "tar", "gz", "7z", "rar", "mp3", "mp4",
     "mov", "avi", "wav", "ttf", "woff", "woff2", "sqlite", "db"]
)  # fmt: skip


class _FileTool(Tool):
    path_key = "file_path"
    verb = "read from"

    def parsed(self, cli: Process, given: Any) -> Frame:
        made = super().parsed(cli, given)
        if isinstance(made.get(self.path_key), str):
            made[self.path_key] = cli.paths.absolute(made[self.path_key])
        return made

    def path(self, given: Frame) -> str:
        return str(given.get(self.path_key, ""))

    def description(self, cli: Process, given: Frame) -> str | None:
        path = self.path(given)
        if cli.permissions.within(path):
            return relpath(path, cli.cwd)
        home = cli.paths.home.rstrip("/") + "/"
        return f"~/{path.removeprefix(home)}" if path.startswith(home) else path

    def nobody_to_ask(self, cli: Process, given: Frame) -> str:
        return f"Claude requested permissions to {self.verb} {self.path(given)}, but you haven't granted it yet."


class _Reading(_FileTool):
    concurrent = True

    def decide(self, cli: Process, given: Frame) -> Decision:
        permissions, path = cli.permissions, self.path(given)
        told = self.nobody_to_ask(cli, given)
        rule = permissions.path_rule("ask", "Read", path)
        if rule is not None:
            return asked_by_rule(rule, told)
        allowed = permissions.path_rule("allow", "Read", path) or permissions.path_rule("allow", "Edit", path)
        if allowed is not None:
            return Decision("allow", "rule", rule=allowed)
        if permissions.within(path) or permissions.mode == "plan":
            return Decision("allow", "mode")
        folder = folder_of(path)
        rules = [{"toolName": "Read", "ruleContent": f"/{folder}/**"}]
        offered = {"type": "addRules", "rules": rules, "behavior": "allow", "destination": "session"}
        return Decision(
            "ask", "workingDir", told, reason=OUTSIDE, permission_suggestions=[] if folder == "/" else [offered]
        )


class Read(_Reading):
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


class _Changing(_FileTool):
    looks_first = True
    verb = "write to"
    unreadable = "written"

    def denied_here(self, cli: Process, given: Frame) -> Decision | None:
        permissions, path = cli.permissions, self.path(given)
        rule = permissions.path_rule("deny", "Edit", path)
        if rule is not None:
            return Decision("deny", "rule", DENIED, rule=rule, refused=True)
        rule = permissions.path_rule("deny", "Read", path)
        if rule is not None:
            told = f"File is covered by a Read deny rule in your permission settings and cannot be {self.unreadable}."
            return Decision("deny", "rule", told, rule=rule, refused=True)
        return None

    def decide(self, cli: Process, given: Frame) -> Decision:
        permissions, path = cli.permissions, self.path(given)
        told = self.nobody_to_ask(cli, given)
        rule = permissions.path_rule("ask", "Edit", path)
        if rule is not None:
            return asked_by_rule(rule, told)
        within = permissions.within(path)
        offered: list[Frame] = [{"type": "setMode", "mode": "acceptEdits", "destination": "session"}]
        if not within:
            offered.append({"type": "addDirectories", "directories": [dirname(path) or "/"], "destination": "session"})
        guarded = permissions.sensitive(path)
        if guarded is not None:
            return Decision(
                "ask",
                "safetyCheck",
                guarded,
                reason=guarded,
                permission_suggestions=offered,
                classifier_approvable=True,
            )
        allowed = permissions.path_rule("allow", "Edit", path)
        if allowed is not None:
            return Decision("allow", "rule", rule=allowed)
        if permissions.mode == "acceptEdits" and within:
            return Decision("allow", "mode")
        if permissions.mode == "plan" and within:
            return Decision("ask", "mode", f"Cannot write to {path} while in plan mode.")
        if not within:
            return Decision("ask", "workingDir", told, reason=OUTSIDE, permission_suggestions=offered)
        return Decision("ask", None, told, permission_suggestions=offered)


class Write(_Changing):
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


class Edit(_Changing):
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


class NotebookEdit(_Changing):
    name = "NotebookEdit"
    path_key = "notebook_path"
    unreadable = "edited"

    def check_here(self, cli: Process, given: Frame) -> str | None:
        path, mode = self.path(given), given.get("edit_mode", "replace")
        if not path.endswith(".ipynb"):
            return "File must be a Jupyter notebook (.ipynb file). For editing other file types, use the FileEdit tool."
        if mode == "insert" and "cell_type" not in given:
            return "Cell type is required when using edit_mode=insert."
        if not cli.files.was_read(path):
            return "File has not been read yet. Read it first before writing to it."
        if mode != "insert" and "cell_id" not in given:
            return "Cell ID must be specified when not inserting a new cell."
        cells, cell = cli.files.cells(path), given.get("cell_id")
        if cells is not None and cell is not None and cell not in cells:
            return f'Cell with ID "{cell}" not found in notebook.'
        return None

    def default(self, cli: Process, given: Frame) -> Ran:
        mode, cell = given.get("edit_mode", "replace"), given.get("cell_id") or "1a2b3c4d"
        source = given["new_source"]
        text = {"insert": f"Inserted cell {cell} with {source}", "delete": f"Deleted cell {cell}"}.get(
            mode, f"Updated cell {cell} with {source}"
        )
        result = {
            "new_source": source,
            "cell_type": given.get("cell_type", "code"),
            "language": "python",
            "edit_mode": mode,
            "cell_id": cell,
            "error": "",
            "notebook_path": self.path(given),
            "original_file": "",
            "updated_file": "",
        }
        return Ran(text, result=result)

    def ended(self, cli: Process, given: Frame, ran: Ran) -> None:
        if not ran.is_error and isinstance(ran.result, dict):
            cli.files.cell_changed(self.path(given), ran.result.get("cell_id"), ran.result.get("edit_mode"))


class _Searching(_Reading):
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


class Glob(_Searching):
    name = "Glob"

    def default(self, cli: Process, given: Frame) -> Ran:
        return found_files([])


def found_files(names: list[str]) -> Ran:
    """What Glob answers."""
    result = {"filenames": names, "durationMs": 1, "numFiles": len(names), "truncated": False}
    result |= {"totalMatches": len(names), "countIsComplete": True}
    return Ran("\n".join(names) or "No files found", result=result)


class Grep(_Searching):
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


FILE_TOOLS: tuple[Tool, ...] = (Read(), Write(), Edit(), NotebookEdit(), Glob(), Grep())
