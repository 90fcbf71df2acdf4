"""What hooks get: the typed forms of their first argument, by event.

Above: programs that want their hooks checked; nothing of ours loads this at run time.  Below: nothing.
Fields: sdk-spec §4.2 and §4.3, and for the events that `claude_agent_sdk` leaves untyped, recordings of the CLI
2.1.330 (wire-facts §5).  Events without a class here have at least the fields of `BaseHookInput`.
"""

from typing import Any, Literal, NotRequired, TypedDict


class HookEffort(TypedDict):
    """How hard the model thinks."""

    level: str


class BaseHookInput(TypedDict):
    """What every event has.  `permission_mode`, `prompt_id` and `effort` are missing where they mean nothing."""

    session_id: str
    transcript_path: str
    cwd: str
    permission_mode: NotRequired[str]
    prompt_id: NotRequired[str]
    effort: NotRequired[HookEffort]


class _SubagentContext(TypedDict, total=False):
    """Which subagent makes the call; missing on the main thread."""

    agent_id: str
    agent_type: str


class PreToolUseHookInput(BaseHookInput, _SubagentContext):
    """A tool is about to be called."""

    hook_event_name: Literal["PreToolUse"]
    tool_name: str
    tool_input: dict[str, Any]
    tool_use_id: str


class PostToolUseHookInput(BaseHookInput, _SubagentContext):
    """A tool was called and gave `tool_response`, after `duration_ms` milliseconds."""

    hook_event_name: Literal["PostToolUse"]
    tool_name: str
    tool_input: dict[str, Any]
    tool_response: Any
    tool_use_id: str
    duration_ms: NotRequired[int]


class PostToolUseFailureHookInput(BaseHookInput, _SubagentContext):
    """A tool was called and failed with `error`; sent instead of `PostToolUse`."""

    hook_event_name: Literal["PostToolUseFailure"]
    tool_name: str
    tool_input: dict[str, Any]
    tool_use_id: str
    error: str
    is_interrupt: NotRequired[bool]
    duration_ms: NotRequired[int]


class PermissionRequestHookInput(BaseHookInput, _SubagentContext):
    """Permission is being asked for; `can_use_tool` is asked at the same time and the first decision wins."""

    hook_event_name: Literal["PermissionRequest"]
    tool_name: str
    tool_input: dict[str, Any]
    permission_suggestions: NotRequired[list[Any]]


class UserPromptSubmitHookInput(BaseHookInput):
    """A prompt is about to begin a turn."""

    hook_event_name: Literal["UserPromptSubmit"]
    prompt: str


class BackgroundTaskSummary(TypedDict):
    """A task that still runs.  Long texts are cut by the CLI, which says so in the text."""

    id: str
    type: str
    status: str
    description: str
    command: NotRequired[str]
    agent_type: NotRequired[str]
    server: NotRequired[str]
    tool: NotRequired[str]
    name: NotRequired[str]


class SessionCronSummary(TypedDict):
    """A prompt that the session will be given at times."""

    id: str
    schedule: str
    recurring: bool
    prompt: str


class StopHookInput(BaseHookInput):
    """The model has finished; `stop_hook_active` says that a Stop hook kept it going before."""

    hook_event_name: Literal["Stop"]
    stop_hook_active: bool
    last_assistant_message: NotRequired[str]
    background_tasks: NotRequired[list[BackgroundTaskSummary]]
    session_crons: NotRequired[list[SessionCronSummary]]


class SubagentStopHookInput(BaseHookInput):
    """A subagent has finished."""

    hook_event_name: Literal["SubagentStop"]
    stop_hook_active: bool
    agent_id: str
    agent_transcript_path: str
    agent_type: str
    last_assistant_message: NotRequired[str]
    background_tasks: NotRequired[list[BackgroundTaskSummary]]
    session_crons: NotRequired[list[SessionCronSummary]]


class SubagentStartHookInput(BaseHookInput):
    """A subagent begins."""

    hook_event_name: Literal["SubagentStart"]
    agent_id: str
    agent_type: str


class PreCompactHookInput(BaseHookInput):
    """The conversation is about to be summarised."""

    hook_event_name: Literal["PreCompact"]
    trigger: Literal["manual", "auto"]
    custom_instructions: str | None


class NotificationHookInput(BaseHookInput):
    """The CLI has something to tell a person, for instance that a permission request waits."""

    hook_event_name: Literal["Notification"]
    message: str
    title: NotRequired[str]
    notification_type: str


class PostToolBatchHookInput(BaseHookInput, _SubagentContext):
    """All calls of one answer have their results; `tool_calls` lists them."""

    hook_event_name: Literal["PostToolBatch"]
    tool_calls: list[dict[str, Any]]


class PostCompactHookInput(BaseHookInput):
    """The conversation was summarised."""

    hook_event_name: Literal["PostCompact"]
    trigger: Literal["manual", "auto"]
    compact_summary: str


class SessionStartHookInput(BaseHookInput):
    """A session began.  Hooks of a program see it after `/clear` and compaction only, not at start-up."""

    hook_event_name: Literal["SessionStart"]
    source: str
    model: NotRequired[str]


class SessionEndHookInput(BaseHookInput):
    """A session ended.  Hooks of a program see it at `/clear` only, not at exit."""

    hook_event_name: Literal["SessionEnd"]
    reason: str


class MessageDisplayHookInput(BaseHookInput):
    """A piece of the answer is about to be shown."""

    hook_event_name: Literal["MessageDisplay"]
    turn_id: str
    message_id: str
    index: int
    final: bool
    delta: str


HookInput = (
    PreToolUseHookInput
    | PostToolUseHookInput
    | PostToolUseFailureHookInput
    | UserPromptSubmitHookInput
    | StopHookInput
    | SubagentStopHookInput
    | PreCompactHookInput
    | NotificationHookInput
    | SubagentStartHookInput
    | PermissionRequestHookInput
    | PostToolBatchHookInput
    | PostCompactHookInput
    | SessionStartHookInput
    | SessionEndHookInput
    | MessageDisplayHookInput
)
