"""Bash and Monitor: whether a command line may run, and what is said of it.

What a line needs approval for is `shell/`'s business; here its rules come in, and it is put together as the CLI does:
one need is told as it is, several as parts of the line.  A command is never executed.
"""

from __future__ import annotations

import re

from ...script.result import ABSENT
from ..permissions import Decision, asked_by_rule
from ..shell import command_rules, verdict
from ..shell.line import Line
from ..shell.paths import CHANGES, READS, absolute, named_paths
from ..shell.read_only import only_reads
from ..shell.verdict import DIRECTORY, MODE, READING, RULE, Ground, Need, folder_of
from .base import Ran, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ....protocol.events import Frame
    from ..process import Process
    from ..rules import Rule
    from ..shell.line import Simple

LONGEST_SLEEP = 25.0
"""Seconds; a command that begins with a `sleep` of so long or longer is refused."""

SLEEP_ADVICE = (
    "To wait for a condition, use Monitor with an until-loop (e.g. `until <check>; do sleep 2; done`). To wait for a "
    "command you started, use run_in_background: true. Do not chain shorter sleeps to work around this block."
)
PARTS = "This Bash command contains multiple operations. The following {} approval: {}"

_SLEEP = re.compile(r"\s*(sleep\s+(\d+(?:\.\d+)?)s?)\s*(?:(?:&&|\|\||[;&|\n])\s*(.*))?", re.DOTALL)
_KEPT = re.compile(r"/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=/tool-results/)")
_NESTED = re.compile(r"\$\(|[`(){};&|\n]")

SILENT = frozenset(
    ["touch", "mkdir", "rmdir", "rm", "mv", "cp", "ln", "chmod", "chown", "chgrp", "cd", "unset", "wait"]
)
"""Commands that are not expected to print anything (`noOutputExpected`)."""

NO_OUTPUT = "(Bash completed with no output)"
"""What the model is told then; a script may say so, or that there was none."""


class _Ground(Ground):
    """The shell's ground of a session."""

    def __init__(self, cli: Process) -> None:
        permissions = cli.permissions
        super().__init__(cli.shell_cwd, cli.paths.home, permissions.places, permissions.mode == "acceptEdits")
        self._permissions = permissions

    def within(self, path: str) -> bool:
        return self._permissions.within(path)

    def may_read(self, path: str) -> bool:
        permissions = self._permissions
        return permissions.within(path) or permissions.path_rule("allow", "Read", path) is not None

    def may_write(self, path: str) -> bool:
        if path in ("/dev/null",):
            return True
        permissions = self._permissions
        if permissions.path_rule("allow", "Edit", path) is not None:
            return True
        return self.edits and permissions.within(path)

    def guarded(self, path: str) -> str | None:
        return self._permissions.sensitive(path)


class Bash(Tool):
    name = "Bash"
    offers_rules = True

    def check_here(self, cli: Process, given: Frame) -> str | None:
        found = _SLEEP.fullmatch(given["command"])
        if found is None or float(found[2]) < LONGEST_SLEEP or given.get("run_in_background"):
            return None
        rest = (found[3] or "").strip()
        what = f"{found[1]} followed by: {rest}" if rest else f"standalone {found[1]}"
        return f"Blocked: {what}. {SLEEP_ADVICE}"

    def description(self, cli: Process, given: Frame) -> str | None:
        return str(given.get("description") or given.get("command", ""))

    def runs_beside(self, given: Frame) -> bool:
        """A line that only reads runs beside others."""
        line = Line(str(given.get("command", "")))
        simple = not (line.problem or line.subshell or line.background)
        return simple and all(only_reads(one) and not any(to.writes for to in one.redirects) for one in line.commands)

    # Deciding

    def decide(self, cli: Process, given: Frame) -> Decision:
        command = str(given.get("command", ""))
        line = Line(command)
        return self._ruled(cli, given, command, line) or self._looked_at(cli, command, line)

    def _ruled(self, cli: Process, given: Frame, command: str, line: Line) -> Decision | None:
        """What deny and ask rules say of a line or of a part of it."""
        told = f"Permission to use {self.name} with command {command} has been denied."
        for behavior in ("deny", "ask"):
            found = self._rule_about(cli, behavior, command, line)
            if found is None:
                continue
            rule, exactly = found
            reason_type = "rule" if exactly else "subcommandResults"
            if behavior == "deny":
                return Decision("deny", reason_type, told, rule=rule)
            if exactly:
                return asked_by_rule(rule, self.nobody_to_ask(cli, given))
            parts = [part for part in line.commands if command_rules.forbids(rule.content or "", part.bare)]
            told = PARTS.format("part requires", ", ".join(part.text for part in parts))
            return Decision("ask", reason_type, told, safety=True)
        if _denied_paths(cli, line):
            return Decision("deny", "subcommandResults", told)
        return None

    def _rule_about(self, cli: Process, behavior: str, command: str, line: Line) -> tuple[Rule, bool] | None:
        rules = cli.permissions.rules
        whole = rules.find(behavior, self.name, lambda content: command_rules.forbids(content, command.strip()))
        if whole is not None and (len(line.commands) == 1 or line.problem):
            exactly = behavior == "ask" or command_rules.exactly(whole.content or "", command.strip())
            return whole, exactly or bool(line.problem)
        if line.problem or line.subshell:
            parts = [part.strip() for part in _NESTED.split(command)]
        else:
            parts = [part.bare for part in line.commands]
        for part in parts:
            for rule in rules.about(behavior, self.name):
                if rule.content is not None and command_rules.forbids(rule.content, part):
                    return rule, bool(line.problem or line.subshell)
        return None

    def _looked_at(self, cli: Process, command: str, line: Line) -> Decision:
        """What the line itself needs approval for."""
        ground = _Ground(cli)
        danger = verdict.dangerous(line, ground)
        if danger is not None:
            return self._asked(cli, command, danger, safety=True)
        allowed = cli.permissions.rules.whole("allow", self.name) or self._allowed(cli, command.strip(), exactly=True)
        if allowed is not None:
            return Decision("allow", "rule", rule=allowed)
        whole = verdict.whole_line(line) or verdict.operators(line)
        if whole is not None:
            return self._asked(cli, command, whole)
        needs = [need for part in line.commands if (need := self._need(cli, part, line, ground)) is not None]
        beside = verdict.background(line, harmless=not needs)
        if beside is not None and not any(need.path for need in needs):
            return self._asked(cli, command, beside)
        if not needs:
            return Decision("allow", "subcommandResults")
        files = next((need for need in needs if self._is_files(need)), None)
        if files is not None and line.piped:
            asked = self._asked(cli, command, files, piped=True)
            asked.told = files.told if files.reason is not None else _in_parts(needs)
            return asked
        if len(needs) == 1 and (len(line.commands) == 1 or files is not None):
            return self._asked(cli, command, needs[0])
        return self._asked_in_parts(needs)

    @staticmethod
    def _is_files(need: Need) -> bool:
        return need.path is not None or need.reason in (verdict.CD_AND_WRITE, verdict.CD_AND_REDIRECT)

    def _need(self, cli: Process, part: Simple, line: Line, ground: Ground) -> Need | None:
        """What one command needs approval for."""
        need, allowed = verdict.path_need(part, line, ground), self._allowed(cli, part.bare)
        if need is not None and (not allowed or part.redirects or part.name not in CHANGES or need.reason is not None):
            return need
        if allowed or verdict.passes(part, ground):
            return None
        return Need.other(part, verdict.APPROVAL, (RULE,))

    def _allowed(self, cli: Process, command: str, exactly: bool = False) -> Rule | None:
        fits = command_rules.exactly if exactly else command_rules.allows
        return cli.permissions.rules.find("allow", self.name, lambda content: fits(content, command))

    # Asking

    def _asked(self, cli: Process, command: str, need: Need, *, safety: bool = False, piped: bool = False) -> Decision:
        facts: dict[str, Any] = dict(need.facts)
        if need.offers is not None:
            facts["permission_suggestions"] = self._offered(cli, command, need)
        if need.path is not None and not piped:
            facts["blocked_path"] = need.path
        reason_type = "subcommandResults" if piped and need.reason is None else need.reason_type
        return Decision("ask", reason_type, need.told, reason=need.reason, safety=safety, **facts)

    def _asked_in_parts(self, needs: list[Need]) -> Decision:
        """Several commands of a line need approval, or one whose files are no matter."""
        facts: Frame = {}
        if not any(need.alone or need.offers is None for need in needs):
            rules = [rule for need in needs for rule in self._rules_of(need)]
            if self.offers_rules:
                facts["permission_suggestions"] = [_add_rules(rules, "localSettings")]
        return Decision("ask", "subcommandResults", _in_parts(needs), **facts)

    def _rules_of(self, need: Need) -> list[Frame]:
        if need.offers and READING in need.offers and need.path is not None:
            return [{"toolName": "Read", "ruleContent": f"/{folder_of(need.path)}/**"}]
        text = need.command.bare if need.command is not None else ""
        return [{"toolName": self.name, "ruleContent": command_rules.suggested(text)}]

    def _offered(self, cli: Process, command: str, need: Need) -> list[Frame]:
        offers, made = need.offers or (), []
        if RULE in offers and self.offers_rules:
            files = self._is_files(need)
            whole = files or need.reason != verdict.APPROVAL or need.command is None
            text = command.strip() if whole or need.command is None else need.command.bare
            rule = {"toolName": self.name, "ruleContent": command_rules.suggested(text)}
            made.append(_add_rules([rule], "localSettings"))
        folder = folder_of(need.path) if need.path is not None and need.path.startswith("/") else None
        if READING in offers and folder is not None:
            made.append(_add_rules([{"toolName": "Read", "ruleContent": f"/{folder}/**"}], "session"))
        if DIRECTORY in offers and (folder is not None or need.path is not None):
            made.append({"type": "addDirectories", "directories": [folder or cli.shell_cwd], "destination": "session"})
        if MODE in offers:
            made.append({"type": "setMode", "mode": "acceptEdits", "destination": "session"})
        return made

    # Running

    def completed(self, cli: Process, given: Frame, ran: Ran) -> Ran:
        ran.is_error = bool(ran.is_error)
        if ran.result is ABSENT and ran.content in ("", NO_OUTPUT) and not ran.is_error:
            return self.default(cli, given)
        return _kept_by_session(super().completed(cli, given, ran), cli.session.id)

    def form(self, cli: Process, given: Frame, text: str) -> Any:
        return {"stdout": text, "stderr": "", "interrupted": False, "isImage": False, "noOutputExpected": False}

    def default(self, cli: Process, given: Frame) -> Ran:
        names = [part.name for part in Line(given["command"]).commands]
        result = {
            "stdout": "",
            "stderr": "",
            "interrupted": False,
            "isImage": False,
            "noOutputExpected": bool(names) and all(name in SILENT for name in names),
        }
        return Ran(NO_OUTPUT, is_error=False, result=result)

    def ended(self, cli: Process, given: Frame, ran: Ran) -> None:
        """The shell keeps the directory that a command changed to; outside the working directories it is put back."""
        cli.files.forget()
        if ran.is_error:
            return
        for part in Line(str(given.get("command", ""))).commands:
            if part.name == "cd":
                target = next(iter(named_paths(part, cli.shell_cwd, cli.paths.home)), cli.paths.home)
                cli.shell_cwd = target if cli.permissions.within(target) else cli.cwd

    def activity(self, cli: Process, given: Frame) -> str:
        return f"Running {given.get('description') or given['command']}"


def _kept_by_session(ran: Ran, session_id: str) -> Ran:
    """A result whose large output is in a file: the file is in the folder of the session that runs, whichever session
    the script has the result from.
    """
    path = ran.result.get("persistedOutputPath") if isinstance(ran.result, dict) else None
    if isinstance(path, str):
        own = _KEPT.sub(f"/{session_id}", path)
        ran.result = {**ran.result, "persistedOutputPath": own}
        if isinstance(ran.content, str):
            ran.content = ran.content.replace(path, own)
    return ran


class Monitor(Bash):
    """Watches what a command prints; asked about as the command would be."""

    name = "Monitor"
    offers_rules = False

    def check_here(self, cli: Process, given: Frame) -> str | None:
        return None

    def decide(self, cli: Process, given: Frame) -> Decision:
        return super().decide(cli, given) if "command" in given else Decision("ask")

    def completed(self, cli: Process, given: Frame, ran: Ran) -> Ran:
        return ran

    def default(self, cli: Process, given: Frame) -> Ran:
        return Tool.default(self, cli, given)

    def ended(self, cli: Process, given: Frame, ran: Ran) -> None:
        return


def _in_parts(needs: list[Need]) -> str:
    """The denial that names the parts of a line that need approval."""
    names = ", ".join(need.command.text for need in needs if need.command is not None)
    return PARTS.format("part requires" if len(needs) == 1 else "parts require", names)


def _add_rules(rules: list[Frame], destination: str) -> Frame:
    return {"type": "addRules", "rules": rules, "behavior": "allow", "destination": destination}


def _denied_paths(cli: Process, line: Line) -> bool:
    """Whether a command of the line reads or changes a file that a deny rule is about."""
    permissions = cli.permissions
    for part in line.commands:
        named = named_paths(part, cli.shell_cwd, cli.paths.home)
        read = named if part.name in READS else []
        changed = named if part.name in CHANGES else []
        changed = changed + [absolute(r.target, cli.shell_cwd, cli.paths.home) for r in part.redirects if r.writes]
        read = read + [absolute(r.target, cli.shell_cwd, cli.paths.home) for r in part.redirects if r.operator == "<"]
        if any(permissions.path_rule("deny", "Read", path) for path in [*read, *changed]):
            return True
        if any(permissions.path_rule("deny", "Edit", path) for path in changed):
            return True
    return False


SHELL_TOOLS: tuple[Tool, ...] = (Bash(), Monitor())
