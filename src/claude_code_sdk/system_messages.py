"""The typed kinds of `SystemMessage`: tasks, hook events, store failures; and the shape of an init frame.

Above: `_parse_system.py`, which makes them.  Below: `messages.py`.  Each is a `SystemMessage` too, so a program that
only knows `subtype` and `data` loses nothing.  Field order as in `claude_agent_sdk` 0.2.187 (sdk-spec §1.6).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NotRequired, TypedDict

from .messages import SystemMessage

if TYPE_CHECKING:
    from .permissions import PermissionMode
else:  # resolvable at run time without loading permissions.py
    PermissionMode = str

TaskNotificationStatus = Literal["completed", "failed", "stopped"]
TaskUpdatedStatus = Literal["pending", "running", "paused", "completed", "failed", "killed"]

TERMINAL_TASK_STATUSES: frozenset[str] = frozenset({"completed", "failed", "stopped", "killed"})
"""The statuses after which nothing more comes of a task."""


class TaskUsage(TypedDict):
    """What a task used so far: tokens, tool calls, milliseconds."""

    total_tokens: int
    tool_uses: int
    duration_ms: int


@dataclass
class TaskStartedMessage(SystemMessage):
    """A background task or subagent began; `tool_use_id` is the call that started it."""

    task_id: str
    description: str
    uuid: str
    session_id: str
    tool_use_id: str | None = None
    task_type: str | None = None


@dataclass
class TaskProgressMessage(SystemMessage):
    """What a running task has used so far, and the tool it called last."""

    task_id: str
    description: str
    usage: TaskUsage
    uuid: str
    session_id: str
    tool_use_id: str | None = None
    last_tool_name: str | None = None


@dataclass
class TaskNotificationMessage(SystemMessage):
    """A task ended; `summary` tells how, `output_file` is the path of what it wrote."""

    task_id: str
    status: TaskNotificationStatus
    output_file: str
    summary: str
    uuid: str
    session_id: str
    tool_use_id: str | None = None
    usage: TaskUsage | None = None


@dataclass
class TaskUpdatedMessage(SystemMessage):
    """A task changed: `patch` has what changed, `status` is the patch's.

    A task that is stopped may end with this message only, so watch for a `status` in `TERMINAL_TASK_STATUSES` here too.
    """

    task_id: str
    patch: dict[str, Any]
    status: TaskUpdatedStatus | None = None
    session_id: str | None = None
    uuid: str | None = None


@dataclass
class HookEventMessage(SystemMessage):
    """A hook began (`subtype="hook_started"`) or ended (`"hook_response"`); sent with `include_hook_events=True`.

    `data` of a response has the hook's `output`, `exit_code` and `outcome`.
    """

    hook_event_name: str = ""
    session_id: str | None = None
    uuid: str | None = None


@dataclass
class MirrorErrorMessage(SystemMessage):
    """Entries could not be written to the session store.  Made by the SDK, never sent by the CLI.

    - `key`: which part of the store: `project_key`, `session_id` and, for a subagent, `subpath`.
    - `error`: what the store raised.
    """

    key: dict[str, Any] | None = None
    error: str = ""


FastModeState = Literal["off", "cooldown", "on"]
FastModeDisabledReason = Literal[
    "free",
    "preference",
    "extra_usage_disabled",
    "network_error",
    "unknown",
    "not_first_party",
    "disabled_by_env",
    "model_not_allowed",
    "sdk_opt_in_required",
    "pending",
]


class SystemInitMcpServer(TypedDict):
    """An MCP server as the init frame lists it."""

    name: str
    status: str
    source: NotRequired[str]


class SystemInitPlugin(TypedDict):
    """A plugin that was loaded; `path` is its folder."""

    name: str
    path: str
    version: NotRequired[str]


class SystemInitPluginError(TypedDict):
    """A plugin, or a part of it, that could not be loaded."""

    plugin: str
    type: str
    message: str
    path: NotRequired[str]


class SystemInitData(TypedDict):
    """`SystemMessage.data` when `subtype` is `init`: what the turn that begins has at hand.

    Sent once a turn, after the prompt.  The CLI sends more keys than these.
    """

    type: Literal["system"]
    subtype: Literal["init"]
    uuid: str
    session_id: str
    agents: NotRequired[list[str]]
    apiKeySource: str
    betas: NotRequired[list[str]]
    claude_code_version: str
    cwd: str
    tools: list[str]
    mcp_servers: list[SystemInitMcpServer]
    model: str
    permissionMode: PermissionMode
    slash_commands: list[str]
    terminal_slash_commands: NotRequired[list[str]]
    output_style: str
    skills: list[str]
    plugins: list[SystemInitPlugin]
    plugin_errors: NotRequired[list[SystemInitPluginError]]
    fast_mode_state: NotRequired[FastModeState]
    fast_mode_disabled_reason: NotRequired[FastModeDisabledReason]
    capabilities: NotRequired[list[str]]
