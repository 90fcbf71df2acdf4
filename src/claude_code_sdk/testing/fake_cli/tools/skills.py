"""The Skill tool: the model calls a skill, or a command in a file, by itself (sessions of CLI 2.1.330).

Its result says no more than that it starts; the skill's own text is a synthetic `user` frame after that.
"""

from __future__ import annotations

from ..commands import UNAVAILABLE
from ..inventory import inventory
from ..permissions import Decision
from ..rules import Rule
from .base import Ran, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ....protocol.events import Frame
    from ..custom_commands import Kept
    from ..process import Process

ASKED = (
    "Execute skill: {name}. The user can add the allow rule Skill({name}) to .claude/settings.local.json to let it run "
    "without asking."
)
FOR_THE_USER = (
    "Skill {name} cannot be used with Skill tool due to disable-model-invocation. Ask the user to run /{name} "
    "themselves — it cannot be invoked via the Skill tool. Do not replicate this skill's workflow by other means — it "
    "is reserved for explicit user invocation."
)
NO_SKILL = (
    "{name} is a UI command, not a skill. Ask the user to run /{name} themselves — it cannot be invoked via the Skill "
    "tool."
)


class Skill(Tool):
    name = "Skill"
    at_once = True

    def check_here(self, cli: Process, given: Frame) -> str | None:
        name, kept = _named(cli, given)
        if not name:
            return f"Invalid skill format: {given['skill']}"
        if kept is not None:
            return None if kept.for_the_model else FOR_THE_USER.format(name=name)
        if name in inventory("init")["skills"]:
            return None
        if name in UNAVAILABLE or name in inventory("init")["slash_commands"]:
            return NO_SKILL.format(name=name)
        missing = cli.plugins.not_loaded()
        return f"Unknown skill: {name}{'.' if missing else ''}{missing}"

    def decide(self, cli: Process, given: Frame) -> Decision:
        name, kept = _named(cli, given)
        rules = cli.permissions.rules

        def fits(content: str) -> bool:
            return name == content or (content.endswith(":*") and name.startswith(content[:-2]))

        denied = rules.find("deny", self.name, fits)
        if denied is not None:
            return Decision("deny", "rule", f"Permission to use {self.name} has been denied.", rule=denied)
        allowed = rules.find("allow", self.name, fits)
        if allowed is not None:
            return Decision("allow", "rule", rule=allowed)
        if kept is None or not kept.allowed_tools:
            return Decision("allow")
        suggestions = [
            {
                "type": "addRules",
                "rules": [{"toolName": self.name, "ruleContent": content}],
                "behavior": "allow",
                "destination": "localSettings",
            }
            for content in (name, f"{name}:*")
        ]
        return Decision("ask", told=ASKED.format(name=name), permission_suggestions=suggestions)

    def description(self, cli: Process, given: Frame) -> str | None:
        kept = _named(cli, given)[1]
        return None if kept is None else kept.read.description

    def default(self, cli: Process, given: Frame) -> Ran:
        name, kept = _named(cli, given)
        result: Frame = {"success": True, "commandName": name}
        if kept is not None and kept.allowed_tools:
            result["allowedTools"] = kept.allowed_tools
        return Ran(f"Launching skill: {name}", result=result)

    def ended(self, cli: Process, given: Frame, ran: Ran) -> None:
        kept = _named(cli, given)[1]
        if kept is not None and not ran.is_error:
            args = given.get("args", "")
            ran.loads = (kept.name, args, kept.filled(args))
            cli.permissions.rules.add("allow", [Rule(tool, "command") for tool in kept.allowed_tools])


def _named(cli: Process, given: Frame) -> tuple[str, Kept | None]:
    """The name that is called, and what is kept under it; other names of it count for its own."""
    name = given["skill"].strip().lstrip("/")
    kept = cli.custom_commands.find(name)
    return (name if kept is None else kept.name), kept
