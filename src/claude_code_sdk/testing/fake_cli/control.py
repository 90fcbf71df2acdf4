"""Control: the requests of the host, one coroutine each (wire-facts §6).

    @on("subtype")
    async def _subtype(cli, request): …

A request that is not here is answered with the CLI's own error.
"""

from __future__ import annotations

from .inventory import inventory
from .permissions import Decision

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ...protocol.events import ControlRequest, Frame
    from .process import Process

    Served = Callable[[Process, ControlRequest], Awaitable[None]]

MODES = ("default", "acceptEdits", "bypassPermissions", "plan", "dontAsk", "auto")

SERVED: dict[str, Served] = {}


def on(subtype: str) -> Callable[[Served], Served]:
    def register(served: Served) -> Served:
        SERVED[subtype] = served
        return served

    return register


async def serve(cli: Process, request: ControlRequest) -> None:
    """Answer a request of the host."""
    served = SERVED.get(request.subtype)
    if served is None:
        cli.host.answer(request, error=f"Unsupported control request subtype: {request.subtype}")
    else:
        await served(cli, request)


@on("initialize")
async def _initialize(cli: Process, request: ControlRequest) -> None:
    applied = cli.hooks.register(request.body.get("hooks"))
    cli.agents.defined = request.body.get("agents") or {}
    cli.forwards_subagent_text = bool(request.body.get("forwardSubagentText"))
    cli.start_servers()
    payload: Frame = {
        **inventory("initialize"),
        "agents": cli.agents.listed(),
        "user_output_styles_dir": f"{cli.config_dir}/output-styles",
        "pid": cli.pid,
        "current_permission_mode": cli.permissions.mode,
        "session_state": cli.session_state,
    }
    if applied:
        payload["hooks_applied"] = True
    cli.host.answer(request, payload, pending_permission_requests=[], pending_user_dialog_requests=[])


@on("interrupt")
async def _interrupt(cli: Process, request: ControlRequest) -> None:
    cli.withdraw_questions()
    queued = [prompt.uuid for prompt in cli.prompts.waiting if prompt.uuid is not None]
    cli.host.answer(request, {"still_queued": queued})
    cli.stop_turn("interrupt")


@on("set_permission_mode")
async def _set_permission_mode(cli: Process, request: ControlRequest) -> None:
    mode = request.body.get("mode")
    if mode not in MODES:
        cli.host.answer(request, error=f"Invalid permission mode: {mode}", error_code="invalid_mode")
        return
    cli.host.answer(request, {"mode": mode})
    cli.permissions.set_mode(mode)


@on("mcp_status")
async def _mcp_status(cli: Process, request: ControlRequest) -> None:
    cli.host.answer(request, {"mcpServers": cli.servers.listed()})


@on("stop_task")
async def _stop_task(cli: Process, request: ControlRequest) -> None:
    await cli.tasks.stop(str(request.body.get("task_id")))
    cli.prompts.stir()
    cli.host.answer(request, {})


@on("end_session")
async def _end_session(cli: Process, request: ControlRequest) -> None:
    cli.host.answer(request)
    cli.prompts.close()


__all__ = ["Decision", "serve"]
