"""From a control request of the CLI to the program's own code, and back to the answer's payload.

Above: the dispatcher, which runs `answer` in a task per request and sends what it returns.  Below: the program's
permission callback, its hooks and its in-process MCP servers.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

from ._stray_cancellation import is_stray_cancellation
from .permissions import (
    CancelSignal,
    PermissionResultAllow,
    PermissionResultDeny,
    PermissionUpdate,
    ToolPermissionContext,
)

if TYPE_CHECKING:
    from ._mcp_server import McpEndpoint
    from .protocol.events import ControlRequest

logger = logging.getLogger("claude_code_sdk")

# A hook output is Python-spelled where the wire's word is a keyword (sdk-spec §4.4); nested keys stay as they are.
_RENAMED: dict[Any, str] = {"async_": "async", "continue_": "continue"}

# The CLI ignores `onFailure: block` for these, since blocking a stop means going on for ever (sdk-spec §4.5).
_NEVER_BLOCKED = frozenset({"Stop", "SubagentStop", "TaskCompleted", "TeammateIdle"})


class CallbackError(Exception):
    """A request that cannot be served; its text is the error that the CLI gets."""


class Callbacks:
    """Everything of the program that the CLI may call.

    - `can_use_tool`: the permission callback, or None.
    - `hooks`: hook callbacks by the id that `initialize` announced.
    - `servers`: endpoints of the in-process MCP servers, by their key in `mcp_servers`.
    - `failing_hooks_block`: a hook that raises blocks what it was asked about, whatever the CLI would make of it.
    """

    def __init__(
        self,
        *,
        can_use_tool: Callable[..., Any] | None = None,
        hooks: Mapping[str, Callable[..., Any]] | None = None,
        servers: Mapping[str, McpEndpoint] | None = None,
        failing_hooks_block: bool = False,
    ) -> None:
        self._can_use_tool = can_use_tool
        self._hooks = hooks or {}
        self._servers = servers or {}
        self._failing_hooks_block = failing_hooks_block

    @property
    def any(self) -> bool:
        """Whether the CLI can ask for anything, so that its input must stay open while a run goes on."""
        return bool(self._can_use_tool or self._hooks or self._servers)

    async def answer(self, request: ControlRequest, signal: CancelSignal) -> dict[str, Any]:
        """The payload that answers `request`.  Whatever it raises is the error that the CLI gets, as text."""
        if request.subtype == "hook_callback":
            return await self._hook(request.body, signal)
        if request.subtype == "can_use_tool":
            return await self._permission(request.body, signal)
        if request.subtype == "mcp_message":
            return await self._mcp(request.body)
        raise CallbackError(f"Unsupported control request subtype: {request.subtype}")

    async def _hook(self, body: dict[str, Any], signal: CancelSignal) -> dict[str, Any]:
        callback_id = body.get("callback_id")
        callback = self._hooks.get(callback_id) if isinstance(callback_id, str) else None
        if callback is None:
            raise CallbackError(f"No hook callback found for ID: {callback_id}")
        given = body.get("input")
        try:
            output = callback(given, body.get("tool_use_id"), {"signal": signal})
            if isawaitable(output):
                output = await _outcome(output)
            return _hook_payload(output, callback)
        except Exception as error:
            event = given.get("hook_event_name") if isinstance(given, dict) else None
            logger.exception("the %s hook %s raised", event, _name(callback))
            if self._failing_hooks_block and isinstance(event, str) and event not in _NEVER_BLOCKED:
                return _blocked(event, error)
            raise

    async def _permission(self, body: dict[str, Any], signal: CancelSignal) -> dict[str, Any]:
        callback = self._can_use_tool
        if callback is None:
            raise CallbackError("canUseTool callback is not provided")
        given = body.get("input")
        try:
            decision = callback(body.get("tool_name"), given, _permission_context(body, signal))
            if isawaitable(decision):
                decision = await _outcome(decision)
            return _permission_payload(decision, given)
        except Exception:
            logger.exception("the permission callback %s raised", _name(callback))
            raise

    async def _mcp(self, body: dict[str, Any]) -> dict[str, Any]:
        name, message = body.get("server_name"), body.get("message")
        if not name or not isinstance(message, dict) or not message:
            raise CallbackError("Missing server_name or message for MCP request")
        endpoint = self._servers.get(name)
        if endpoint is None:
            return _mcp_error(message, -32601, f"Server '{name}' not found")
        try:
            return {"mcp_response": await endpoint.handle(message)}
        except Exception as error:
            logger.exception("the in-process MCP server %r failed on %s", name, message.get("method"))
            return _mcp_error(message, -32603, str(error))


async def _outcome(awaitable: Awaitable[Any]) -> Any:
    """What a callback comes to.  A cancellation of something that it awaited is a failure, not the end of our task."""
    try:
        return await awaitable
    except BaseException as error:
        if is_stray_cancellation(error):
            raise CallbackError("it awaited something that was cancelled") from error
        raise


def _name(callback: Callable[..., Any]) -> str:
    return getattr(callback, "__qualname__", None) or repr(callback)


def _hook_payload(output: Any, callback: Callable[..., Any]) -> dict[str, Any]:
    if output is None:
        logger.debug("the hook %s returned None: no opinion", _name(callback))
        return {}
    if not isinstance(output, dict):
        raise TypeError(f"a hook returns a dict or None, not {type(output).__name__}: {_name(callback)}")
    return {(_RENAMED.get(key) or key): value for key, value in output.items()}


def _blocked(event: str, error: Exception) -> dict[str, Any]:
    """The output that says no for a hook that could not say anything."""
    reason = f"The hook failed: {error}"
    if event == "PreToolUse":
        return {
            "hookSpecificOutput": {
                "hookEventName": event,
                "permissionDecision": "deny",
                "permissionDecisionReason": reason,
            }
        }
    if event == "PermissionRequest":
        return {"hookSpecificOutput": {"hookEventName": event, "decision": {"behavior": "deny", "message": reason}}}
    return {"decision": "block", "reason": reason}


def _permission_context(body: dict[str, Any], signal: CancelSignal) -> ToolPermissionContext:
    suggestions: list[PermissionUpdate] = []
    for suggestion in body.get("permission_suggestions") or ():
        try:
            suggestions.append(PermissionUpdate.from_dict(suggestion))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            logger.warning("left out a permission suggestion that is not understood (%r): %r", error, suggestion)
    get = body.get
    return ToolPermissionContext(
        signal,
        suggestions,
        get("tool_use_id"),
        get("agent_id"),
        get("blocked_path"),
        get("decision_reason"),
        get("title"),
        get("display_name"),
        get("description"),
        body,
    )


def _permission_payload(decision: Any, given: Any) -> dict[str, Any]:
    if isinstance(decision, PermissionResultAllow):
        changed = decision.updated_input
        payload = {"behavior": "allow", "updatedInput": given if changed is None else changed}
        if decision.updated_permissions is not None:
            try:
                payload["updatedPermissions"] = [update.to_dict() for update in decision.updated_permissions]
            except (AttributeError, TypeError, ValueError) as error:
                # One bad update makes the CLI refuse the whole answer, so the call is allowed without any of them.
                logger.warning("none of the permission updates were sent, one cannot be: %s", error)
        return payload
    if isinstance(decision, PermissionResultDeny):
        denied: dict[str, Any] = {"behavior": "deny", "message": decision.message}
        return {**denied, "interrupt": True} if decision.interrupt else denied
    raise TypeError(
        "a permission callback returns PermissionResultAllow or PermissionResultDeny, "
        f"not {type(decision).__name__}: {decision!r}"
    )


def _mcp_error(message: dict[str, Any], code: int, text: str) -> dict[str, Any]:
    return {"mcp_response": {"jsonrpc": "2.0", "id": message.get("id"), "error": {"code": code, "message": text}}}
