"""`HookMatcher`: which functions the CLI calls at an event, and for which tools.

Above: `options.py` (`hooks`) and `_callbacks.py`, which calls them.  Below: `inputs.py` and `outputs.py`, for type
checkers only.  Semantics: sdk-spec §4.1 and §4.5.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from ..cancel_signal import CancelSignal

if TYPE_CHECKING:
    from .outputs import HookJSONOutput
else:  # 23 classes that only annotations name
    HookJSONOutput = dict[str, Any]

HookEvent = Literal[
    "PreToolUse",
    "PostToolUse",
    "PostToolUseFailure",
    "PostToolBatch",
    "PermissionRequest",
    "PermissionDenied",
    "UserPromptSubmit",
    "UserPromptExpansion",
    "MessageDisplay",
    "Stop",
    "SubagentStart",
    "SubagentStop",
    "PreCompact",
    "PostCompact",
    "SessionStart",
    "SessionEnd",
    "Notification",
    "PreModelSwitch",
    "PostModelSwitch",
    "Elicitation",
    "ElicitationResult",
    "CwdChanged",
    "FileChanged",
    "WorktreeCreate",
]
"""The events known today.  Any other string is passed to the CLI as well."""


class HookContext(TypedDict):
    """Third argument of a hook.  `signal` is set when its answer is no longer wanted."""

    signal: CancelSignal | None


HookCallback = Callable[[Any, str | None, HookContext], Awaitable[HookJSONOutput | dict[str, Any] | None]]
"""`async (input, tool_use_id, context) -> output`.

- `input`: a dict; `HookInput` has its typed forms by event.
- `tool_use_id`: id of the call for tool events, some other id for the rest.
- output: a `HookJSONOutput`; `{}` and `None` mean no opinion.
"""


@dataclass
class HookMatcher:
    """Functions for an event, and the tools they are meant for.

    - `matcher`: a tool's name, alternatives (`Write|Edit`) or a regular expression (`mcp__.*`); case matters.
      `None` is for all.  Only tool events look at it.
    - `hooks`: the functions.  All that match are called at once, not one after another.
    - `timeout`: seconds that the CLI waits for each; `None` for the CLI's default, about 60.
    - `on_failure`: what it means that a function fails or takes too long: `continue` (also `None`) is no opinion,
      `block` forbids what it was asked about.
    """

    matcher: str | None = None
    hooks: list[HookCallback] = field(default_factory=list)
    timeout: float | None = None
    on_failure: Literal["continue", "block"] | None = None
