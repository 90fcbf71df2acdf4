"""Alone: one hook, one permission callback or one tool, run as the client would run it, without a CLI.

Above: tests of such functions.  Below: `_callbacks.py` and the in-process servers, through which every request of the
CLI goes, so what is given back is what the CLI would receive; `sample_requests.py`, for what it would have sent;
`official_functions.py`, for functions that are written for the official SDK.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from inspect import isawaitable
from typing import Any

from .._callbacks import Callbacks
from .._json import dumps, loads
from .._mcp_server import serve
from ..errors import ControlRequestError
from ..mcp import SdkMcpTool, create_sdk_mcp_server
from ..permissions import CancelSignal
from ..protocol.events import ControlRequest
from .official_functions import official_server, our_decision
from .sample_requests import OTHER_ID, TOOL_EVENTS, TOOL_USE_ID, hook_input, permission_request

_HOOK, _SERVER = "hook_0", "alone"
_PROTOCOL = "2025-11-25"


async def call_hook(
    hook: Callable[..., Any],
    event: str,
    *,
    tool: str | None = None,
    input: Mapping[str, Any] | None = None,  # noqa: A002  # as hooks call it
    tool_use_id: str | None = None,
    signal: CancelSignal | None = None,
    failing_hooks_block: bool = False,
    **fields: Any,
) -> dict[str, Any]:
    """Run a hook as the CLI's request would, and give back the output that the CLI would receive.

        output = await call_hook(check_command, "PreToolUse", tool="Bash", input={"command": "rm -rf /"})
        assert output["hookSpecificOutput"]["permissionDecision"] == "deny"

    - `event`: its `hook_event_name`.  The input has the fields that the real CLI sends with it.
    - `tool`, `input`: the call that the event is about; by default a plausible one of that tool, or of Bash.
    - `tool_use_id`: by default one as the CLI would have it.
    - `signal`: the hook's `context["signal"]`.
    - `failing_hooks_block`: as in the options.
    - `fields`: replace or add to those of the input, such as `prompt="Hello"` or `tool_response={…}`.

    Raises what the hook raises: the CLI would get the text of it as an error.  `TypeError` or `ValueError` when what it
    returns is no hook output, or cannot be written as JSON.
    """
    call_id = tool_use_id or TOOL_USE_ID
    body = {
        "callback_id": _HOOK,
        "input": hook_input(event, tool, input, call_id, fields),
        "tool_use_id": tool_use_id or _id_beside(event),
    }
    callbacks = Callbacks(hooks={_HOOK: hook}, failing_hooks_block=failing_hooks_block)
    return await _answered(callbacks, "hook_callback", body, signal)


async def call_permission(
    callback: Callable[..., Any],
    tool: str = "Bash",
    input: Mapping[str, Any] | None = None,  # noqa: A002  # as callbacks call it
    *,
    tool_use_id: str = TOOL_USE_ID,
    signal: CancelSignal | None = None,
    **fields: Any,
) -> dict[str, Any]:
    """Ask a permission callback (`can_use_tool`) as the CLI would, and give back the answer that it would receive.

        answer = await call_permission(ask_me, "Bash", {"command": "ls"})
        assert answer == {"behavior": "allow", "updatedInput": {"command": "ls"}}

    - `tool`, `input`: the call in question; by default a plausible one of that tool.
    - `signal`: the `signal` of the callback's context.
    - `fields`: replace or add to those of the request, such as `permission_suggestions=[…]` or `agent_id="…"`.

    The callback may return a decision of either SDK, this one or the official one.

    Raises what the callback raises: the CLI would get the text of it as an error, and deny the call.  `TypeError` when
    what it returns is no decision.
    """

    @wraps(callback)  # its name is in the log when it raises
    async def deciding(*given: Any) -> Any:
        decision = callback(*given)
        return our_decision(await decision if isawaitable(decision) else decision)

    body = permission_request(tool, input, tool_use_id, fields)
    return await _answered(Callbacks(can_use_tool=deciding), "can_use_tool", body, signal)


async def call_tool(
    tool: Any,
    input: Mapping[str, Any] | None = None,  # noqa: A002  # as the tool calls it
    *,
    name: str | None = None,
) -> dict[str, Any]:
    """Call an in-process tool as the CLI would, and give back the result that it would receive.

        result = await call_tool(greet, {"name": "Ann"})
        assert result == {"content": [{"type": "text", "text": "Hello Ann"}], "isError": False}

    - `tool`: what `@tool` of this SDK or of the official one made; or a server, as it stands in `mcp_servers` or as an
      object of the `mcp` package, of which the tool `name` is called.
    - `input`: its arguments; they are checked against its schema, as for the CLI.

    A tool that fails gives a result with `isError: true`.  Raises `ControlRequestError` when the server answers with a
    JSON-RPC error, `TypeError` for what is neither a tool nor a server, or a server without a `name`.
    """
    import anyio

    if isinstance(tool, SdkMcpTool):
        server: Any = create_sdk_mcp_server(_SERVER, tools=[tool])
        name = tool.name
    elif (server := official_server(tool, _SERVER)) is not None:
        name = tool.name
    else:
        server = tool
    if name is None:
        raise TypeError(f"call_tool() takes the name of the tool that is to be called of {server!r}")
    endpoint = serve(server["instance"] if isinstance(server, dict) and "instance" in server else server)
    callbacks = Callbacks(servers={_SERVER: endpoint})

    async def send(method: str, params: dict[str, Any], request_id: int | None = None) -> dict[str, Any]:
        message: dict[str, Any] = {"jsonrpc": "2.0", "method": method, "params": params}
        if request_id is not None:
            message["id"] = request_id
        body = {"server_name": _SERVER, "message": message}
        answer = await _answered(callbacks, "mcp_message", body, None)
        response: dict[str, Any] = answer["mcp_response"]
        return response

    async with anyio.create_task_group() as tasks:
        await endpoint.start(tasks)
        try:
            client = {"name": "claude-code", "version": "2.1.330"}
            await send("initialize", {"protocolVersion": _PROTOCOL, "capabilities": {}, "clientInfo": client}, 0)
            await send("notifications/initialized", {})
            meta = {"claudecode/toolUseId": TOOL_USE_ID, "progressToken": 2}
            response = await send("tools/call", {"name": name, "arguments": dict(input or {}), "_meta": meta}, 2)
        finally:
            with anyio.CancelScope(shield=True):  # bounded: see McpEndpoint.aclose
                await endpoint.aclose()
        tasks.cancel_scope.cancel()
    if "error" in response:
        error = response["error"]
        raise ControlRequestError(f"the server answered with an error: {error.get('message')}", subtype="mcp_message")
    result: dict[str, Any] = response["result"]
    return result


async def _answered(
    callbacks: Callbacks, subtype: str, body: dict[str, Any], signal: CancelSignal | None
) -> dict[str, Any]:
    """The payload of the answer, as the CLI would read it."""
    request = ControlRequest("00000000-0000-4000-8000-000000000001", subtype, loads(dumps(body)))
    payload = await callbacks.answer(request, signal or CancelSignal())
    answer: dict[str, Any] = loads(dumps(payload))
    return answer


def _id_beside(event: str) -> str:
    """The `tool_use_id` that the CLI sends with an event."""
    if event in TOOL_EVENTS:
        return TOOL_USE_ID
    return {"PostToolBatch": f"hook-{OTHER_ID}", "MessageDisplay": f"{OTHER_ID}-0"}.get(event, OTHER_ID)
