"""Permissions: whether a tool may run, by rules and mode, before anybody is asked (wire-facts §4).

Deny rules come first, then ask rules, the mode, allow rules, and what the tool itself says of its input.  What is left
is asked about, or denied where nobody can be asked.
"""

from __future__ import annotations

import fnmatch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...protocol.events import Frame
    from .process import Process
    from .tools import Tool


SET_MODES = ("acceptEdits", "auto", "bypassPermissions", "default", "dontAsk", "plan")
"""The modes that a session may be put into."""


class Decision:
    """What is decided about one call.

    - `behavior`: allow, deny or ask.
    - `reason_type`: why, in the CLI's words (rule, mode, subcommandResults, workingDir …), None where it says nothing.
    - `message`: what a denial tells the model.
    """

    def __init__(self, behavior: str, reason_type: str | None = None, message: str = "", **facts: object) -> None:
        self.behavior = behavior
        self.reason_type = reason_type
        self.message = message
        self.facts = facts


class Rule:
    """A rule as it is written: `Tool` or `Tool(content)`."""

    def __init__(self, text: str, source: str = "cliArg") -> None:
        self.text = text
        self.source = source
        name, parenthesis, content = text.partition("(")
        self.tool = name.strip()
        self.content = content.removesuffix(")") if parenthesis else None

    def names(self, tool: str) -> bool:
        """Whether it is about this tool; `mcp__server` is about all tools of a server."""
        if self.tool == tool:
            return True
        if not self.tool.startswith("mcp__"):
            return False
        return tool.startswith(f"{self.tool}__") or ("*" in self.tool and fnmatch.fnmatchcase(tool, self.tool))


class Permissions:
    """The rules, the mode and the directories of one session."""

    def __init__(self, cli: Process) -> None:
        self._cli = cli
        self.mode = cli.launch.mode
        self.rules: dict[str, list[Rule]] = {
            "allow": [Rule(text) for text in cli.launch.listed("--allowedTools")],
            "deny": [Rule(text) for text in cli.launch.listed("--disallowedTools")],
            "ask": [],
        }
        self.directories: list[str] = [*cli.launch.get("--add-dir", [])]

    def add(self, behavior: str, rules: list[Rule]) -> None:
        self.rules.setdefault(behavior, []).extend(rules)

    def drop(self, source: str) -> None:
        """Forget the rules of a source."""
        for behavior, rules in self.rules.items():
            self.rules[behavior] = [rule for rule in rules if rule.source != source]

    def apply(self, updates: list[Frame]) -> None:
        """Permission updates that came with an answer."""
        for update in updates:
            kind = update.get("type")
            rules = [
                Rule(rule["toolName"] + (f"({rule['ruleContent']})" if rule.get("ruleContent") is not None else ""))
                for rule in update.get("rules") or ()
            ]
            behavior = update.get("behavior", "allow")
            if kind == "addRules":
                self.add(behavior, rules)
            elif kind == "replaceRules":
                self.rules[behavior] = rules
            elif kind == "removeRules":
                gone = {rule.text for rule in rules}
                self.rules[behavior] = [rule for rule in self.rules[behavior] if rule.text not in gone]
            elif kind == "addDirectories":
                self.directories += update.get("directories") or ()
            elif kind == "removeDirectories":
                gone = set(update.get("directories") or ())
                self.directories = [directory for directory in self.directories if directory not in gone]
            elif kind == "setMode":
                self.set_mode(update.get("mode", self.mode))

    def set_mode(self, mode: str) -> None:
        """Change the mode; the host is told when it is another."""
        if mode != self.mode:
            self.mode = mode
            self._cli.frames.system("status", status=None, permissionMode=mode)

    def within(self, path: str) -> bool:
        """Whether a path lies in the working directory or in one that was added."""
        places = [self._cli.cwd, *self.directories]
        return any(path == place or path.startswith(place.rstrip("/") + "/") for place in places)

    def decide(self, tool: Tool, given: Frame) -> Decision:
        """What rules and mode say of a call."""
        if self._rule("deny", tool, given):
            return Decision("deny", "rule", f"Permission to use {tool.name} has been denied.")
        own = tool.decide(self._cli, given)
        if own.behavior == "deny":
            return own
        if self._rule("ask", tool, given):
            return Decision("ask", "rule")
        if self.mode == "bypassPermissions" and not tool.always_asks:
            return Decision("allow", "mode")
        if own.behavior == "allow":
            return own
        rule = self._rule("allow", tool, given)
        if rule is not None:
            return Decision("allow", tool.rule_reason(rule))
        if self.mode == "dontAsk":
            return Decision(
                "deny",
                "mode",
                f"Permission to use {tool.name} has been denied because Claude Code is running in don't ask mode.",
            )
        return own

    def _rule(self, behavior: str, tool: Tool, given: Frame) -> Rule | None:
        for rule in self.rules[behavior]:
            if rule.names(tool.name) and (rule.content is None or tool.fits(self._cli, rule.content, given, behavior)):
                return rule
        return None
