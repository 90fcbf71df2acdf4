"""Control requests and answers as they stand on the wire, for programs that speak the protocol themselves.

Nothing of ours loads this at run time: `protocol/` works on plain frames.  Shapes: sdk-spec §3.4 to §3.6.  The names
are those of `claude_code_sdk.types`.
"""

from typing import Any, Literal, NotRequired, TypedDict

from .permissions import PermissionMode


class SDKControlInterruptRequest(TypedDict):
    """Host to CLI: end the turn."""

    subtype: Literal["interrupt"]


class SDKControlInitializeRequest(TypedDict):
    """Host to CLI: the first request of a session."""

    subtype: Literal["initialize"]
    hooks: dict[str, Any] | None
    agents: NotRequired[dict[str, dict[str, Any]]]
    excludeDynamicSections: NotRequired[bool]
    systemPromptSnapshot: NotRequired[bool]
    skills: NotRequired[list[str]]
    forwardSubagentText: NotRequired[bool]


class SDKControlSetPermissionModeRequest(TypedDict):
    """Host to CLI: change the permission mode."""

    subtype: Literal["set_permission_mode"]
    mode: PermissionMode


class SDKControlRewindFilesRequest(TypedDict):
    """Host to CLI: put files back to what they were at a user message."""

    subtype: Literal["rewind_files"]
    user_message_id: str


class SDKControlMcpReconnectRequest(TypedDict):
    """Host to CLI: connect an MCP server anew."""

    subtype: Literal["mcp_reconnect"]
    serverName: str


class SDKControlMcpToggleRequest(TypedDict):
    """Host to CLI: switch an MCP server on or off."""

    subtype: Literal["mcp_toggle"]
    serverName: str
    enabled: bool


class SDKControlStopTaskRequest(TypedDict):
    """Host to CLI: stop a task."""

    subtype: Literal["stop_task"]
    task_id: str


class SDKControlPermissionRequest(TypedDict):
    """CLI to host: may this tool call run?"""

    subtype: Literal["can_use_tool"]
    tool_name: str
    input: dict[str, Any]
    permission_suggestions: list[dict[str, Any]] | None
    blocked_path: str | None
    decision_reason: NotRequired[str]
    title: NotRequired[str]
    display_name: NotRequired[str]
    description: NotRequired[str]
    tool_use_id: str
    agent_id: NotRequired[str]


class SDKHookCallbackRequest(TypedDict):
    """CLI to host: call a hook."""

    subtype: Literal["hook_callback"]
    callback_id: str
    input: Any
    tool_use_id: str | None


class SDKControlMcpMessageRequest(TypedDict):
    """CLI to host: a JSON-RPC message for an MCP server of this program."""

    subtype: Literal["mcp_message"]
    server_name: str
    message: Any


class SDKControlRequest(TypedDict):
    """The envelope of a request, in either direction."""

    type: Literal["control_request"]
    request_id: str
    request: (
        SDKControlInterruptRequest
        | SDKControlPermissionRequest
        | SDKControlInitializeRequest
        | SDKControlSetPermissionModeRequest
        | SDKHookCallbackRequest
        | SDKControlMcpMessageRequest
        | SDKControlRewindFilesRequest
        | SDKControlMcpReconnectRequest
        | SDKControlMcpToggleRequest
        | SDKControlStopTaskRequest
    )


class ControlResponse(TypedDict):
    """An answer that succeeded."""

    subtype: Literal["success"]
    request_id: str
    response: dict[str, Any] | None


class ControlErrorResponse(TypedDict):
    """An answer that refuses."""

    subtype: Literal["error"]
    request_id: str
    error: str


class SDKControlResponse(TypedDict):
    """The envelope of an answer, in either direction."""

    type: Literal["control_response"]
    response: ControlResponse | ControlErrorResponse
