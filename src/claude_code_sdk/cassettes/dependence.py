"""Which CLI entries cannot depend on a host entry: the rules behind the canonical order.

Above: canonical.py, which lets a host entry stand later by passing entries that `Dependence.passes` allows.  Below:
survey.py, facts.py.  Every rule says what is *known to be independent*; whatever no rule knows counts as dependent and
keeps the recorded order.  Sources: wire-facts §§2-7 and §10 (CLI 2.1.330), stated where a rule is used.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .facts import Facts
    from .survey import Survey

# Requests of the host whose effect begins with their answer.
_ANSWERED_AT_ONCE = frozenset(
    f"request/{subtype}"
    for subtype in (
        "get_context_usage",
        "mcp_status",
        "rewind_files",
        "set_max_thinking_tokens",
        "set_model",
        "set_permission_mode",
        "stop_task",
    )
)

# What comes between an interrupt and its answer is the turn that it has not reached yet, and these are not.
_INTERRUPT_CAUSES = frozenset({"cancel", "answer", "mcp/notifications/cancelled", "exit", "stderr", "noise"})

# A turn runs and ends the same whether its input has ended or not (requests apart, see canonical.py).
_TURN = frozenset(
    {
        "assistant",
        "command_lifecycle:completed",
        "command_lifecycle:queued",
        "command_lifecycle:started",
        "result",
        "stream_event",
        "system/api_retry",
        "system/informational",
        "system/init",
        "system/model_fallback",
        "system/permission_denied",
        "system/session_state_changed:idle",
        "system/session_state_changed:requires_action",
        "system/session_state_changed:running",
        "system/status",
        "system/thinking_tokens",
        "user",
    }
)

HANDSHAKE = frozenset(
    f"mcp/{method}"
    for method in (
        "initialize",
        "notifications/initialized",
        "prompts/list",
        "resources/list",
        "resources/templates/list",
        "tools/list",
    )
)

# What a turn begins with, before it waits for the MCP servers.
_TURN_BEGINS = frozenset(
    {
        "command_lifecycle:queued",
        "command_lifecycle:started",
        "system/session_state_changed:idle",
        "system/session_state_changed:running",
    }
)

# What the end of a turn leaves to be said after its result, when the next prompt may be there already.
_TURN_IS_OVER = frozenset({"command_lifecycle:completed", "system/session_state_changed:idle"})


class Dependence:
    """The rules, for one episode."""

    __slots__ = ("_answers", "_initialize", "_survey")

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        known = survey.known.values()
        self._answers = {facts.request_id for facts in known if facts.name == "answer"}
        self._initialize = {facts.request_id for facts in known if facts.name == "request/initialize"}

    def passes(self, host: Facts, request: Facts | None, cli: Facts) -> bool:
        """Whether `cli` is known not to depend on `host`; `request` is what `host` answers, if it is an answer.

        Of `cli` the name is enough, unless `host` is an answer.
        """
        if host.name == "answer":
            return request is not None and self._answer_passes(host, request, cli)
        if host.name == "user":
            return cli.name in _TURN_IS_OVER
        if host.name == "request/interrupt":
            return host.request_id in self._answers and cli.name not in _INTERRUPT_CAUSES
        if host.name in _ANSWERED_AT_ONCE:
            return cli.name in ("assistant", "stream_event", "system/session_state_changed:idle")
        return host.name == "eof" and cli.name in _TURN

    def _answer_passes(self, answer: Facts, request: Facts, cli: Facts) -> bool:
        if request.name == "mcp/initialize":
            # The CLI answers `initialize` without waiting for the servers; their first turn waits.
            opens = cli.name == "answer" and cli.request_id in self._initialize
            return opens or cli.name in _TURN_BEGINS or _of_another_server(request, cli)
        if request.name in HANDSHAKE:
            return cli.name in _TURN_BEGINS or _is_prompt_hook(cli) or _of_another_server(request, cli)
        if _at_once_with(request, cli):
            return True
        if answer.ends_turn:
            return False
        if request.event == "SubagentStart":
            return cli.name == "user" and bool(cli.parent) and not cli.tool
        return bool(request.tool) and self._apart(request.tool, cli)

    def _apart(self, call: str, cli: Facts) -> bool:
        """Whether `cli` is about another tool call than `call`, or about none, and cannot follow from its outcome."""
        announced = self._survey.announcement(call)
        if announced is None:
            return False
        message, agent = announced.message, announced.parent
        if call in cli.announces:
            return True  # a call is announced on its own account; its hook may come first
        if cli.tool:
            # Calls of one message run side by side, or in turn and then this one's result comes first.
            other = self._survey.announcement(cli.tool)
            if other is None or not other.message or cli.tool in (call, agent):
                return False
            return other.message == message or other.parent != agent
        if cli.parent == call:
            return False
        if cli.name in ("assistant", "stream_event"):
            return cli.message == message or cli.parent != agent
        return False


def _of_another_server(request: Facts, cli: Facts) -> bool:
    return cli.name in HANDSHAKE and cli.server != request.server


def _is_prompt_hook(cli: Facts) -> bool:
    return cli.name == "request/hook_callback" and cli.event == "UserPromptSubmit"


def _at_once_with(request: Facts, cli: Facts) -> bool:
    """All callbacks of an event are sent at once, and a permission request together with the hook of that name."""
    if cli.name == "request/hook_callback" and request.name == cli.name and request.event == cli.event:
        return request.tool == cli.tool and request.agent == cli.agent
    pair = {request.name if request.name == "request/can_use_tool" else request.event}
    pair.add(cli.name if cli.name == "request/can_use_tool" else cli.event)
    return pair == {"request/can_use_tool", "PermissionRequest"} and request.tool == cli.tool
