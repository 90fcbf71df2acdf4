"""Permissions: the callback that decides about a tool call, its context, its answers, and changes to the rules.

Above: `options.py` (`can_use_tool`, `permission_mode`) and `_callbacks.py`, which puts these on the wire.
Below: `cancel_signal.py`.  Shapes: sdk-spec §5.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from .cancel_signal import CancelSignal as CancelSignal

PermissionMode = Literal["default", "acceptEdits", "plan", "bypassPermissions", "dontAsk", "auto"]
"""What the CLI does about a call that no rule decides."""

PermissionBehavior = Literal["allow", "deny", "ask"]
PermissionUpdateType = Literal[
    "addRules", "replaceRules", "removeRules", "setMode", "addDirectories", "removeDirectories"
]
PermissionUpdateDestination = Literal["userSettings", "projectSettings", "localSettings", "session"]


class CanUseToolShadowedWarning(UserWarning):
    """`can_use_tool` is set, but other options allow calls before it would be asked about them."""


@dataclass
class PermissionRuleValue:
    """One rule: a tool, and which of its calls (`rule_content`, e.g. `git status:*`; `None` for all of them)."""

    tool_name: str
    rule_content: str | None = None


# What each type of update must carry, by the names of the fields, which are also those on the wire.  The CLI refuses
# an update that lacks one and then ignores all updates of the same answer, so we refuse it before.
_NEEDS: dict[str, tuple[str, ...]] = {
    "addRules": ("rules", "behavior"),
    "replaceRules": ("rules", "behavior"),
    "removeRules": ("rules", "behavior"),
    "setMode": ("mode",),
    "addDirectories": ("directories",),
    "removeDirectories": ("directories",),
}


@dataclass
class PermissionUpdate:
    """A change to the rules: one that the CLI suggests, or one that an answer makes.

    - `type`: what is changed.
    - `rules`, `behavior`: for `addRules`, `replaceRules`, `removeRules`.
    - `mode`: for `setMode`.
    - `directories`: paths, for `addDirectories`, `removeDirectories`.
    - `destination`: where the change is kept; `None` means `session`, until the session ends.
    """

    type: PermissionUpdateType
    rules: list[PermissionRuleValue] | None = None
    behavior: PermissionBehavior | None = None
    mode: PermissionMode | None = None
    directories: list[str] | None = None
    destination: PermissionUpdateDestination | None = None

    def to_dict(self) -> dict[str, Any]:
        """The update in the form of the wire, without keys that its type does not have.

        Raises `ValueError` when `type` is not one of the six, or a field that it needs is `None`.
        """
        if self.type not in _NEEDS:
            raise ValueError(f"PermissionUpdate.type is {self.type!r}; it must be one of {', '.join(_NEEDS)}")
        update: dict[str, Any] = {"type": self.type, "destination": self.destination or "session"}
        for name in _NEEDS[self.type]:
            value = getattr(self, name)
            if value is None:
                raise ValueError(f"PermissionUpdate of type {self.type!r} needs `{name}`, which is None")
            update[name] = [_rule_to_dict(rule) for rule in value] if name == "rules" else value
        return update

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "PermissionUpdate":
        """The inverse of `to_dict()`; tolerant of missing and of additional keys.

        Raises `ValueError` when `type` is missing, or `toolName` in one of the rules.
        """
        try:
            rules = data.get("rules")
            return cls(
                data["type"],
                None if rules is None else [PermissionRuleValue(r["toolName"], r.get("ruleContent")) for r in rules],
                data.get("behavior"),
                data.get("mode"),
                data.get("directories"),
                data.get("destination"),
            )
        except KeyError as error:
            raise ValueError(f"permission update without {error}: {data!r}") from error
        except (TypeError, AttributeError) as error:
            raise ValueError(f"not a permission update: {data!r}") from error


def _rule_to_dict(rule: PermissionRuleValue) -> dict[str, str]:
    # The CLI refuses `"ruleContent": null`: a rule for the whole tool has no such key.
    if rule.rule_content is None:
        return {"toolName": rule.tool_name}
    return {"toolName": rule.tool_name, "ruleContent": rule.rule_content}


@dataclass
class ToolPermissionContext:
    """What the CLI says about a call that it asks about.

    - `signal`: set when the answer is no longer wanted.
    - `suggestions`: changes to the rules that would spare the question next time; an answer may take them over.
    - `tool_use_id`: id of the call.  `agent_id`: the subagent that makes it, `None` on the main thread.
    - `blocked_path`: the path that made the CLI ask.  `decision_reason`: why it asks, in words.
    - `title`, `display_name`, `description`: texts for showing the call to a person.
    - `raw`: the request as the CLI sent it, with what has no field here.
    """

    signal: CancelSignal | None = None
    suggestions: list[PermissionUpdate] = field(default_factory=list)
    tool_use_id: str | None = None
    agent_id: str | None = None
    blocked_path: str | None = None
    decision_reason: str | None = None
    title: str | None = None
    display_name: str | None = None
    description: str | None = None
    raw: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass
class PermissionResultAllow:
    """The call may run.

    - `updated_input`: the arguments to run it with; `None` for those it was made with.
    - `updated_permissions`: changes to the rules that are made at once.
    """

    behavior: Literal["allow"] = "allow"
    updated_input: dict[str, Any] | None = None
    updated_permissions: list[PermissionUpdate] | None = None


@dataclass
class PermissionResultDeny:
    """The call must not run.

    - `message`: what the model is told as the call's result.  Lost when `interrupt` is set.
    - `interrupt`: whether the turn ends, too.
    """

    behavior: Literal["deny"] = "deny"
    message: str = ""
    interrupt: bool = False


PermissionResult = PermissionResultAllow | PermissionResultDeny

CanUseTool = Callable[[str, dict[str, Any], ToolPermissionContext], Awaitable[PermissionResult]]
"""`async (tool_name, tool_input, context) -> PermissionResult`: asked about calls that no rule decides."""
