"""Read, Write, Edit and the other tools that work on files."""

from __future__ import annotations

from os.path import basename, relpath

from ..permissions import Decision
from .base import Ran, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ....protocol.events import Frame
    from ..process import Process


class _FileTool(Tool):
    path_key = "file_path"

    def path(self, given: Frame) -> str:
        return str(given.get(self.path_key, ""))

    def short_path(self, cli: Process, given: Frame) -> str:
        path = self.path(given)
        return relpath(path, cli.cwd) if cli.permissions.within(path) else path


class Read(_FileTool):
    name = "Read"
    concurrent = True
    required = (("file_path", "string"),)

    def decide(self, cli: Process, given: Frame) -> Decision:
        if cli.permissions.within(self.path(given)):
            return Decision("allow", "mode")
        return Decision("ask", "workingDir")

    def question(self, cli: Process, given: Frame) -> Frame:
        path = self.path(given)
        folder = path.rpartition("/")[0]
        rules = [{"toolName": "Read", "ruleContent": f"/{folder}/**"}]
        return {
            "description": self.short_path(cli, given),
            "permission_suggestions": [
                {"type": "addRules", "rules": rules, "behavior": "allow", "destination": "session"}
            ],
            "blocked_path": path,
            "decision_reason": "Path is outside allowed working directories",
            "decision_reason_type": "workingDir",
        }

    def default(self, cli: Process, given: Frame) -> Ran:
        text = "line one\nline two\n"
        file = {"filePath": self.path(given), "content": text, "numLines": 3, "startLine": 1, "totalLines": 3}
        return Ran("1\tline one\n2\tline two\n3\t", result={"type": "text", "file": file})

    def activity(self, cli: Process, given: Frame) -> str:
        return f"Reading {basename(self.path(given))}"


class _Changing(_FileTool):
    def decide(self, cli: Process, given: Frame) -> Decision:
        mode, path = cli.permissions.mode, self.path(given)
        if mode == "acceptEdits" and cli.permissions.within(path):
            return Decision("allow", "mode")
        return Decision("ask", "mode" if mode == "plan" else None)

    def question(self, cli: Process, given: Frame) -> Frame:
        asked: Frame = {"description": self.short_path(cli, given)}
        if cli.permissions.mode == "plan":
            return asked | {"decision_reason_type": "mode"}
        return asked | {
            "permission_suggestions": [{"type": "setMode", "mode": "acceptEdits", "destination": "session"}],
            "blocked_path": self.path(given),
        }

    def nobody_to_ask(self, cli: Process, given: Frame) -> str:
        if cli.permissions.mode == "plan":
            return f"Cannot write to {self.path(given)} while in plan mode."
        return f"Claude requested permissions to {self.verb} {self.path(given)}, but you haven't granted it yet."

    verb = "write to"


class Write(_Changing):
    name = "Write"
    required = (
        ("file_path", "string"),
        ("content", "string"),
    )

    def default(self, cli: Process, given: Frame) -> Ran:
        path = self.path(given)
        text = f"File created successfully at: {path} (file state is current in your context — no need to Read it back)"
        result = {"type": "create", "filePath": path, "content": given.get("content", ""), "structuredPatch": []}
        return Ran(text, result=result | {"originalFile": None, "userModified": False})

    def activity(self, cli: Process, given: Frame) -> str:
        return f"Writing {basename(self.path(given))}"


class Edit(_Changing):
    name = "Edit"
    verb = "edit"
    required = (
        ("file_path", "string"),
        ("old_string", "string"),
        ("new_string", "string"),
    )

    def default(self, cli: Process, given: Frame) -> Ran:
        path = self.path(given)
        result = {"filePath": path, "oldString": given.get("old_string"), "newString": given.get("new_string")}
        result |= {"originalFile": given.get("old_string"), "structuredPatch": [], "userModified": False}
        return Ran(f"The file {path} has been updated successfully.", result=result | {"replaceAll": False})

    def activity(self, cli: Process, given: Frame) -> str:
        return f"Editing {basename(self.path(given))}"


FILE_TOOLS: tuple[Tool, ...] = (Read(), Write(), Edit())
