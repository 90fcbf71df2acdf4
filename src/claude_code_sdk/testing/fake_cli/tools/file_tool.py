"""File tool: what tools have in common that work on a path: where they may, and what is asked about (wire-facts §4)."""

from __future__ import annotations

from os.path import dirname, relpath

from ..permissions import Decision, asked_by_rule
from ..shell.verdict import folder_of
from .base import Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ....protocol.events import Frame
    from ..process import Process

OUTSIDE = "Path is outside allowed working directories"
DENIED = "File is in a directory that is denied by your permission settings."


class FileTool(Tool):
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


class Reading(FileTool):
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


class Changing(FileTool):
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
