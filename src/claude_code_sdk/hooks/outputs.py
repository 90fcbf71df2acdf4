"""What hooks give: the typed forms of their answer.

Above: programs that want their hooks checked; nothing of ours loads this at run time.  Below: nothing.
Fields: sdk-spec §4.4.  An answer is sent as it is, with `async_` and `continue_`, which are keywords of Python, renamed
at its top level; the CLI checks it.
"""

from typing import TYPE_CHECKING, Any, Literal, NotRequired, TypedDict


class PreToolUseHookSpecificOutput(TypedDict):
    """What to do about a call: `defer` ends the turn with the call on `ResultMessage.deferred_tool_use`."""

    hookEventName: Literal["PreToolUse"]
    permissionDecision: NotRequired[Literal["allow", "deny", "ask", "defer"]]
    permissionDecisionReason: NotRequired[str]
    updatedInput: NotRequired[dict[str, Any]]
    additionalContext: NotRequired[str]


class PostToolUseHookSpecificOutput(TypedDict):
    """What the model is told instead of the tool's result, or besides it.

    `updatedToolOutput` must have the shape of the tool's own result; `updatedMCPToolOutput` is for MCP tools.
    """

    hookEventName: Literal["PostToolUse"]
    additionalContext: NotRequired[str]
    updatedToolOutput: NotRequired[Any]
    updatedMCPToolOutput: NotRequired[Any]


class PostToolUseFailureHookSpecificOutput(TypedDict):
    """Text for the model besides the failure."""

    hookEventName: Literal["PostToolUseFailure"]
    additionalContext: NotRequired[str]


class PostToolBatchHookSpecificOutput(TypedDict):
    """Text for the model besides the results."""

    hookEventName: Literal["PostToolBatch"]
    additionalContext: NotRequired[str]


class PermissionRequestHookSpecificOutput(TypedDict):
    """The decision: `{"behavior": "allow", …}` or `{"behavior": "deny", …}`."""

    hookEventName: Literal["PermissionRequest"]
    decision: dict[str, Any]


class PermissionDeniedHookSpecificOutput(TypedDict):
    """Whether the model may try again."""

    hookEventName: Literal["PermissionDenied"]
    retry: NotRequired[bool]


class UserPromptSubmitHookSpecificOutput(TypedDict):
    """Text for the model besides the prompt, or instead of it; a title for the session."""

    hookEventName: Literal["UserPromptSubmit"]
    additionalContext: NotRequired[str]
    sessionTitle: NotRequired[str]
    suppressOriginalPrompt: NotRequired[bool]


class UserPromptExpansionHookSpecificOutput(TypedDict):
    """Text for the model besides the expanded prompt, or instead of it."""

    hookEventName: Literal["UserPromptExpansion"]
    additionalContext: NotRequired[str]
    suppressOriginalPrompt: NotRequired[bool]


class MessageDisplayHookSpecificOutput(TypedDict):
    """What is shown instead."""

    hookEventName: Literal["MessageDisplay"]
    displayContent: NotRequired[str]


class StopHookSpecificOutput(TypedDict):
    """Text for the model."""

    hookEventName: Literal["Stop"]
    additionalContext: NotRequired[str]


class SubagentStartHookSpecificOutput(TypedDict):
    """Text for the subagent."""

    hookEventName: Literal["SubagentStart"]
    additionalContext: NotRequired[str]


class SubagentStopHookSpecificOutput(TypedDict):
    """Text for the subagent."""

    hookEventName: Literal["SubagentStop"]
    additionalContext: NotRequired[str]


class SessionStartHookSpecificOutput(TypedDict):
    """What the session begins with; `watchPaths` are files whose changes raise `FileChanged`."""

    hookEventName: Literal["SessionStart"]
    additionalContext: NotRequired[str]
    initialUserMessage: NotRequired[str]
    sessionTitle: NotRequired[str]
    watchPaths: NotRequired[list[str]]
    reloadSkills: NotRequired[bool]


class NotificationHookSpecificOutput(TypedDict):
    """Text for the model."""

    hookEventName: Literal["Notification"]
    additionalContext: NotRequired[str]


class PreModelSwitchHookSpecificOutput(TypedDict):
    """Whether the model may be changed."""

    hookEventName: Literal["PreModelSwitch"]
    permissionDecision: NotRequired[Literal["allow", "deny", "ask"]]
    permissionDecisionReason: NotRequired[str]


class PostModelSwitchHookSpecificOutput(TypedDict):
    """Text for the new model."""

    hookEventName: Literal["PostModelSwitch"]
    additionalContext: NotRequired[str]


class ElicitationHookSpecificOutput(TypedDict):
    """The answer to what an MCP server asks the user."""

    hookEventName: Literal["Elicitation"]
    action: NotRequired[Literal["accept", "decline", "cancel"]]
    content: NotRequired[dict[str, Any]]


class ElicitationResultHookSpecificOutput(TypedDict):
    """The answer that goes to the MCP server instead of the user's."""

    hookEventName: Literal["ElicitationResult"]
    action: NotRequired[Literal["accept", "decline", "cancel"]]
    content: NotRequired[dict[str, Any]]


class CwdChangedHookSpecificOutput(TypedDict):
    """Files whose changes raise `FileChanged`."""

    hookEventName: Literal["CwdChanged"]
    watchPaths: NotRequired[list[str]]


class FileChangedHookSpecificOutput(TypedDict):
    """Files whose changes raise `FileChanged` from now on."""

    hookEventName: Literal["FileChanged"]
    watchPaths: NotRequired[list[str]]


class WorktreeCreateHookSpecificOutput(TypedDict):
    """Path of the worktree that was made."""

    hookEventName: Literal["WorktreeCreate"]
    worktreePath: str


HookSpecificOutput = (
    PreToolUseHookSpecificOutput
    | PostToolUseHookSpecificOutput
    | PostToolUseFailureHookSpecificOutput
    | PostToolBatchHookSpecificOutput
    | PermissionRequestHookSpecificOutput
    | PermissionDeniedHookSpecificOutput
    | UserPromptSubmitHookSpecificOutput
    | UserPromptExpansionHookSpecificOutput
    | MessageDisplayHookSpecificOutput
    | StopHookSpecificOutput
    | SubagentStartHookSpecificOutput
    | SubagentStopHookSpecificOutput
    | SessionStartHookSpecificOutput
    | NotificationHookSpecificOutput
    | PreModelSwitchHookSpecificOutput
    | PostModelSwitchHookSpecificOutput
    | ElicitationHookSpecificOutput
    | ElicitationResultHookSpecificOutput
    | CwdChangedHookSpecificOutput
    | FileChangedHookSpecificOutput
    | WorktreeCreateHookSpecificOutput
)


class AsyncHookJSONOutput(TypedDict):
    """The hook goes on in the background: the CLI does not wait for an answer, `asyncTimeout` milliseconds at most."""

    async_: Literal[True]
    asyncTimeout: NotRequired[int]


class SyncHookJSONOutput(TypedDict):
    """The answer of a hook; all of it is optional.

    - `continue_`: `False` ends the turn (a tool that was about to run still runs); `stopReason` says why.
    - `suppressOutput`: keep the hook's output out of the transcript.
    - `decision`: `block` forbids what the hook was asked about; `reason` is what the model is told.
    - `systemMessage`: a text for the user.
    - `hookSpecificOutput`: what only this event has.
    """

    continue_: NotRequired[bool]
    suppressOutput: NotRequired[bool]
    stopReason: NotRequired[str]
    decision: NotRequired[Literal["block"]]
    systemMessage: NotRequired[str]
    reason: NotRequired[str]
    hookSpecificOutput: NotRequired[HookSpecificOutput]


if TYPE_CHECKING:
    HookJSONOutput = AsyncHookJSONOutput | SyncHookJSONOutput
else:  # a class in 0.0.25, which programs call: `return HookJSONOutput()`
    HookJSONOutput = SyncHookJSONOutput
