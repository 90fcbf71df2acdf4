"""Deferred: a tool call that a hook put off, which the process that resumes the session runs (sessions of CLI 2.1.330).

The process does not wait for a prompt: it runs the call and has the model go on in a turn of its own.  A call whose
tool is not there any more keeps the session from going on.  Above: `process.py`, `turn.py`.  Below: `tool_run.py`.
"""

from __future__ import annotations

from .hook_attachments import hook_attachments
from .kernel import Stopped
from .prompts import Prompt
from .result import Outcome
from .tool_run import ToolRun
from .tools.base import Ran
from .turn import MainTurn
from .turn_record import TurnRecord

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...protocol.events import Frame
    from .hook_answers import Verdict
    from .process import Process

GO_ON = "Continue from where you left off."
"""What the CLI prompts the model with when the call has run."""

UNAVAILABLE = "tool_deferred_unavailable"
"""Why a turn ends whose call has no tool."""

KEPT = (
    "{} isn't available, so its deferred call didn't run. Reconnect the tool and resume, or resume with a prompt and "
    "CLAUDE_CODE_DROP_UNAVAILABLE_DEFERRED_TOOL=1 to drop the call and continue."
)
DROPPED = "{} isn't available, so this deferred call was dropped without running."
DROP = "CLAUDE_CODE_DROP_UNAVAILABLE_DEFERRED_TOOL"

ABORTED = "Tool permission request aborted"
"""What the model is told of a call that an interrupt broke off before it ran."""


class DeferredTurn:
    """The turn with which a process goes on where the call was put off."""

    def __init__(self, cli: Process, use: Frame) -> None:
        self._cli = cli
        self._use = use

    async def play(self) -> None:
        """Run the call as soon as it is known what the servers offer, and have the model go on."""
        cli = self._cli
        cli.session.enter("running")
        cli.turn = TurnRecord(started=cli.kernel.now)
        cli.main.user_frames = 0
        run, interrupted = ResumedRun(cli, self._use), False
        try:
            await cli.servers_started
            await cli.servers.settled()
            cli.queued.begin_deferred()
            await cli.greeted
            await cli.first_moment()
            run = ResumedRun(cli, self._use)  # which finds the tool now
            if not run.is_known:
                MainTurn(cli, []).end(self._without_tool())
                return
            await run.play([])
        except Stopped as stopped:
            interrupted = True
            if not run.block and not run.deferred:
                run.break_off(stopped)
        run.attach()
        if run.deferred:
            MainTurn(cli, []).end(put_off(cli, run, terminal_reason=None))
            return
        cli.session.deferred = None
        cli.main.say("user", [run.block] if run.block else [])
        for text in run.follow_ups:
            cli.main.say("user", text)
        await MainTurn(cli, [Prompt.unseen(GO_ON)]).go_on(interrupted=interrupted)

    def _without_tool(self) -> Outcome:
        cli, use = self._cli, self._use
        if not cli.env.get(DROP):
            cli.session.stuck = True
            return stuck(cli)
        cli.session.deferred = None
        text = DROPPED.format(use["name"])
        block = {"type": "tool_result", "content": text, "is_error": True, "tool_use_id": use["id"]}
        cli.tell(cli.main, [block], tool_use_result=f"Error: {text}")
        cli.main.say("user", [block])
        return _unavailable(use, "")


class ResumedRun(ToolRun):
    """The call itself; what its hooks come to the host is told in `attachment` frames."""

    def __init__(self, cli: Process, use: Frame) -> None:
        super().__init__(cli, cli.main, use)
        self._attachments: list[Frame] = []  # that the host has not been told yet

    @property
    def is_known(self) -> bool:
        """Whether its tool is there."""
        return self._tool is not None

    def attach(self) -> None:
        """Tell the host what hooks came to, as far as it does not know it."""
        told, self._attachments = self._attachments, []
        for frame in told:
            self._cli.frames.emit(frame)

    async def _hook(self, event: str, fields: Frame) -> Verdict:
        verdict = await super()._hook(event, fields)
        self._attachments += hook_attachments(self._cli, event, self, verdict)
        return verdict

    def _tell(self, ran: Ran) -> None:
        after = [frame for frame in self._attachments if frame["attachment"]["hookEvent"] != "PreToolUse"]
        self._attachments = [frame for frame in self._attachments if frame not in after]
        self.attach()
        super()._tell(ran)
        self._attachments = after

    def break_off(self, stopped: Stopped) -> None:
        if self._running:
            super().break_off(stopped)
            return
        decision = {"decision": "reject", "source": "user_abort"}
        self._meta = {"non_execution_kind": "permission-rule", "permission_decision": decision}
        self._tell(Ran(ABORTED, is_error=True, result=f"Error: {ABORTED}"))
        while stopped.afterwards:
            stopped.afterwards.pop(0)()


def put_off(cli: Process, run: ToolRun, terminal_reason: str | None = "tool_deferred") -> Outcome:
    """How a turn ends with a call that a hook put off; the session keeps it."""
    cli.session.deferred = use = {"id": run.id, "name": run.name, "input": run.given}
    return Outcome("", stop_reason="tool_deferred", terminal_reason=terminal_reason, deferred_tool_use=use)


def stuck(cli: Process) -> Outcome:
    """How each turn ends while the call is kept whose tool is not there."""
    use = cli.session.deferred
    assert use is not None
    return _unavailable(use, KEPT.format(use["name"]))


def _unavailable(use: Frame, text: str) -> Outcome:
    return Outcome(
        text,
        is_error=True,
        stop_reason=UNAVAILABLE,
        terminal_reason=UNAVAILABLE,
        cancels=True,
        deferred_tool_use=use,
    )
