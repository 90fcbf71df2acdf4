"""Control: the requests of the host, one coroutine each (wire-facts §6).

    @on("subtype")
    async def _subtype(cli, request): …

A request that is not here is answered with the CLI's own error.
"""

from __future__ import annotations

from .control_servers import mcp_reconnect, mcp_status, mcp_toggle
from .inventory import fields, inventory
from .models import DEFAULT, named
from .permissions import SET_MODES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ...protocol.events import ControlRequest, Frame
    from .process import Process

    Served = Callable[[Process, ControlRequest], Awaitable[None]]

SERVED: dict[str, Served] = {"mcp_status": mcp_status, "mcp_toggle": mcp_toggle, "mcp_reconnect": mcp_reconnect}


def on(subtype: str) -> Callable[[Served], Served]:
    def register(served: Served) -> Served:
        SERVED[subtype] = served
        return served

    return register


async def serve(cli: Process, request: ControlRequest) -> None:
    """Answer a request of the host."""
    served = SERVED.get(request.subtype)
    if served is None:
        text = f"Unsupported control request subtype: {request.subtype}"
        cli.host.answer(request, error=text, error_code="unsupported_request")
    else:
        await served(cli, request)


@on("initialize")
async def _initialize(cli: Process, request: ControlRequest) -> None:
    await cli.session_begun()
    applied = cli.hooks.register(request.body.get("hooks"))
    cli.agents.define(request.body.get("agents") or {})
    cli.forwards_subagent_text = bool(request.body.get("forwardSubagentText"))
    cli.start_servers(request.body)
    await cli.kernel.idle()  # they are asked before the answer
    again, cli.initialized = cli.initialized, True
    payload: Frame = {
        **fields("initialize"),
        "agents": cli.agents.listed(),
        "user_output_styles_dir": f"{cli.paths.config_dir}/output-styles",
        "output_style": cli.settings.output_style,
        "pid": cli.pid,
        "current_permission_mode": cli.permissions.mode,
        "session_state": cli.session.state,
    }
    if cli.custom_commands.all:
        payload["commands"] = cli.custom_commands.described_among(inventory("initialize")["commands"])
    if applied:
        payload["hooks_applied"] = True
    cli.host.answer(request, payload, pending_permission_requests=[], pending_user_dialog_requests=[])
    cli.greeted.set()
    if again:
        cli.frames.system("background_tasks_changed", tasks=cli.tasks.listed_in_background())


@on("interrupt")
async def _interrupt(cli: Process, request: ControlRequest) -> None:
    cli.withdraw_questions()
    cli.tasks.interrupt()
    queued = [prompt.uuid for prompt in cli.prompts.waiting if prompt.uuid is not None]
    cli.host.answer(request, {"still_queued": queued})
    cli.stop_turn("interrupt")


@on("set_permission_mode")
async def _set_permission_mode(cli: Process, request: ControlRequest) -> None:
    mode = request.body.get("mode")
    if mode not in SET_MODES:
        text = f"Cannot set permission mode: must be one of {', '.join(SET_MODES)}"
        cli.host.answer(request, error=text, error_code="invalid_mode")
        return
    if mode == "bypassPermissions" and not cli.launch.may_bypass_permissions:
        text = "Cannot set permission mode to bypassPermissions because the session was not launched with "
        cli.host.answer(request, error=f"{text}--dangerously-skip-permissions", error_code="bypass_not_launched")
        return
    cli.host.answer(request, {"mode": mode})
    cli.permissions.set_mode(mode)


@on("set_model")
async def _set_model(cli: Process, request: ControlRequest) -> None:
    name = request.body.get("model")
    if name is not None:
        cli.session.requests += 1  # the CLI tries the name out with a call of its own
        if cli.run.aux_turn().error:
            cli.host.answer(request, error=f"Model '{name}' not found")
            return
    cli.main.model = named(name) or DEFAULT
    if cli.main.history:
        text = f"<local-command-stdout>Set model to `{cli.main.model}`</local-command-stdout>"
        cli.frames.user(text, {}, isReplay=True)
    cli.host.answer(request, {"model": cli.main.model})


@on("set_max_thinking_tokens")
async def _set_max_thinking_tokens(cli: Process, request: ControlRequest) -> None:
    cli.host.answer(request)


@on("get_context_usage")
async def _get_context_usage(cli: Process, request: ControlRequest) -> None:
    from .context_usage import context_usage

    cli.host.answer(request, context_usage(cli))


@on("get_settings")
async def _get_settings(cli: Process, request: ControlRequest) -> None:
    applied: Frame = {"model": cli.main.model, "effort": "high", "advisor": None, "ultracode": False}
    applied |= {"ultracodeRequested": False, "ultracodeAvailable": True, "ultrathinkAvailable": False}
    applied |= {"outsideFileToolReadsBlocked": False, "outsideFileToolWritesBlocked": False}
    applied |= {"outsideBlocksCountLaunchFoldersOnly": False, "launchEnvLeftOwnFilesInPlace": True}
    answer = {"effective": {}, "sources": [], "served_settings_state": "ineligible", "applied": applied}
    cli.host.answer(request, answer)


@on("rewind_files")
async def _rewind_files(cli: Process, request: ControlRequest) -> None:
    if cli.env.get("CLAUDE_CODE_ENABLE_SDK_FILE_CHECKPOINTING") != "true":
        cli.host.answer(request, error="File rewinding is not enabled.")
    elif request.body.get("user_message_id") not in cli.session.checkpoints:
        cli.host.answer(request, error="No file checkpoint found for this message.")
    else:
        cli.host.answer(request, {"canRewind": True, "skippedLinks": 0})


@on("stop_task")
async def _stop_task(cli: Process, request: ControlRequest) -> None:
    stopped = cli.tasks.stop(str(request.body.get("task_id")))
    cli.prompts.stir()
    cli.host.answer(request, {})
    if stopped is not None:
        cli.tasks.tell_stopped(stopped)
    if stopped is not None and cli.session.state == "idle":
        cli.session.enter("idle", again=True)


@on("end_session")
async def _end_session(cli: Process, request: ControlRequest) -> None:
    cli.host.answer(request)
    cli.prompts.close()


__all__ = ["serve"]
