"""Rules: `Tool` and `Tool(content)`, whose calls they are about, and where each was written.

Above: `permissions.py`, and the tools, which say what the content of a rule means to them.  Below: nothing.
"""

from __future__ import annotations

from ...protocol.later import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ...protocol.events import Frame

COMMAND_LINE, SESSION = "cliArg", "session"
BEHAVIORS = ("allow", "deny", "ask")

OLD_NAMES = {"Task": "Agent", "KillShell": "TaskStop", "KillBash": "TaskStop", "BashOutput": "TaskOutput"}
"""Names of tools that were called otherwise, and are still taken."""


class Rule:
    """A rule as it is written.

    - `tool`: the name before the parenthesis; `mcp__server` and patterns with `*` stand for several.
    - `content`: what stands in the parentheses, None without.
    - `source`: who says so, in the CLI's words.
    """

    __slots__ = ("content", "source", "text", "tool")

    def __init__(self, text: str, source: str = COMMAND_LINE) -> None:
        self.text = text = text.strip()
        self.source = source
        name, parenthesis, rest = text.partition("(")
        name = name.strip()
        self.tool = OLD_NAMES.get(name, name)
        self.content: str | None = None
        if parenthesis and rest.endswith(")"):
            content = rest[:-1].replace("\\(", "(").replace("\\)", ")").replace("\\\\", "\\")
            self.content = content if content not in ("", "*") else None

    def names(self, tool: str) -> bool:
        """Whether it is about a tool of this name."""
        if self.tool == tool or self.tool == "*":
            return True
        if not self.tool.startswith("mcp__"):
            return False
        if "*" in self.tool:
            return matches(self.tool, tool)
        return tool.startswith(f"{self.tool}__") and self.tool.count("__") == 1

    @classmethod
    def of_update(cls, rule: Frame, source: str) -> Rule:
        """The rule of a permission update: `{toolName, ruleContent?}`."""
        content = rule.get("ruleContent")
        made = cls(str(rule.get("toolName", "")), source)
        if content not in (None, "", "*"):
            made.content = str(content)
            escaped = made.content.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
            made.text = f"{made.text}({escaped})"
        return made


class Rules:
    """The rules of a session, by behaviour, in the order in which they are looked through."""

    def __init__(self) -> None:
        self._rules: dict[str, list[Rule]] = {behavior: [] for behavior in BEHAVIORS}

    def add(self, behavior: str, rules: Iterable[Rule]) -> None:
        """Add rules, except those that are there."""
        kept = self._rules.setdefault(behavior, [])
        kept += [rule for rule in rules if not any(_same(rule, other) for other in kept)]

    def remove(self, behavior: str, rules: Iterable[Rule]) -> None:
        """Take rules of a source away."""
        gone = list(rules)
        kept = self._rules.setdefault(behavior, [])
        self._rules[behavior] = [rule for rule in kept if not any(_same(rule, other) for other in gone)]

    def replace(self, behavior: str, source: str, rules: Iterable[Rule]) -> None:
        """Let a source's rules be these."""
        kept = self._rules.setdefault(behavior, [])
        self._rules[behavior] = [rule for rule in kept if rule.source != source]
        self.add(behavior, rules)

    def texts(self, behavior: str) -> list[str]:
        """All of a behaviour, as they are written."""
        return [rule.text for rule in self._rules[behavior]]

    def about(self, behavior: str, tool: str) -> list[Rule]:
        """Those about a tool."""
        rules = self._rules[behavior]
        return [rule for rule in rules if rule.names(tool)] if rules else []

    def whole(self, behavior: str, tool: str) -> Rule | None:
        """One that is about every call of a tool."""
        for rule in self._rules[behavior]:
            if rule.content is None and rule.names(tool):
                return rule
        return None

    def find(self, behavior: str, tool: str, fits: Callable[[str], bool]) -> Rule | None:
        """One with a content that fits."""
        found = (rule for rule in self.about(behavior, tool) if rule.content is not None and fits(rule.content))
        return next(found, None)


def matches(pattern: str, text: str) -> bool:
    """Whether a text is what a pattern with `*` for anything says."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text, re.DOTALL) is not None


def _same(one: Rule, other: Rule) -> bool:
    return one.text == other.text and one.source == other.source
