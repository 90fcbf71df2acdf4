"""Turn: from a prompt to the result (wire-facts §3).

running ─► UserPromptSubmit ─► init ─► { model ─► tools } … ─► Stop ─► result ─► idle
"""

from __future__ import annotations

from .commands import blank, command_in, serve_command
from .hook_answers import Verdict
from .init_frame import emit_init
from .kernel import Stopped, done
from .limits import over_agent_turns, over_budget, over_turns
from .model import call, tell_of_request
from .model_errors import ApiFailure, failed_agent, tell_failure
from .permissions import NO_CHECK_STOPPED
from .prompt_hooks import ask_about_expansion, ask_to_stop, blocked_expansion, blocked_prompt, tell_of_failure
from .result import Outcome, emit_result
from .rules import Rule
from .sessions import keep_session
from .stops import Stops
from .tasks import INTERRUPTED
from .tool_run import ToolRuns
from .turn_record import TurnRecord

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .process import Process
    from .prompts import Prompt
    from .stream import Reply
    from .thread import Thread

INTERRUPTED_FOR_TOOL = "[Request interrupted by user for tool use]"

DIAGNOSTIC = "[ede_diagnostic] result_type=user last_content_type=n/a stop_reason={}"
UNCHECKED = "prompt_check: the turn was stopped before its prompt was checked"


class MainTurn:
    """One turn of the main thread."""

    def __init__(self, cli: Process, prompts: list[Prompt]) -> None:
        self._cli = cli
        self._prompts = prompts
        self._conversation = Conversation(cli, cli.main)

    async def play(self) -> None:
        cli = self._cli
        if not cli.session.stuck:
            cli.session.deferred = None
        self._begin()
        cli.session.enter("running")
        cli.queued.begin(self._prompts)
        await self._play()

    async def go_on(self, *, interrupted: bool) -> None:
        """Play on after a call that was put off and has run, or was `interrupted`: what was denied counts."""
        denials = self._cli.turn.denials
        self._begin()
        self._cli.turn.denials = denials
        await self._play(interrupted=interrupted)

    async def _play(self, *, interrupted: bool = False) -> None:
        cli = self._cli
        if cli.frames.mirror is not None:
            cli.frames.mirror.prompts(self._prompts)
        cli.first_turn_began.set()
        try:
            if interrupted:
                emit_init(cli)
                self._conversation.begun = True
                raise Stopped("interrupt")
            outcome = await self._answer()
        except Stopped:
            outcome = self._interrupted()
        self.end(outcome)

    def end(self, outcome: Outcome) -> None:
        """Close the turn."""
        cli = self._cli
        if self._prompts and self._prompts[0].origin is not None:
            outcome.fields["origin"] = self._prompts[0].origin
        cli.permissions.rules.replace("allow", "command", [])
        if cli.frames.mirror is not None:
            cli.frames.mirror.end_turn()
        outcome.fields |= cli.queued.ends()
        emit_result(cli, outcome)
        cli.queued.ended(cancelled=outcome.cancels)
        keep_session(cli)
        if not cli.prompts.next_is_the_hosts:
            cli.session.enter("idle")

    async def _answer(self) -> Outcome:
        """Answer the prompts: by the CLI itself, or by the model."""
        cli = self._cli
        if cli.session.stuck:
            from .deferred import stuck

            return stuck(cli)
        command = command_in(cli, self._prompts)
        if command is not None:
            return await serve_command(command)
        if all(prompt.is_blank for prompt in self._prompts):
            await cli.servers.settled()
            emit_init(cli)
            return blank(cli)
        blocked = await self._prompt_hooks()
        if blocked is not None:
            return blocked
        spent = over_budget(cli)
        if spent is not None:
            tell_of_request(cli)  # the costs are looked at when it is on its way
            return spent
        return await self._conversation.run()

    def _begin(self) -> None:
        cli = self._cli
        text = "\n".join(prompt.text for prompt in self._prompts)
        cli.turn = TurnRecord(cli.mint.uuid(), cli.mint.uuid(), cli.kernel.now, text)
        cli.permissions.begin_turn()
        cli.main.user_frames = 0
        cli.main.last_text = ""
        cli.main.stand_in = None
        cli.main.exchanges += 1
        if cli.structured_output is not None:
            cli.structured_output.begin_turn()

    async def _prompt_hooks(self) -> Outcome | None:
        """Ask the UserPromptSubmit hooks, begin the turn, and say how it ended if they do not let the prompt pass."""
        cli = self._cli
        text = cli.turn.prompt
        verdict, expansion, command = Verdict(), Verdict(), None
        if self._prompts[0].origin is None:
            try:
                verdict = await cli.hooks.run("UserPromptSubmit", cli.main, {"prompt": text, **cli.session.titled})
                command = cli.custom_commands.named(text) if self._prompts[0].is_command else None
                if command is not None and not (verdict.blocks or verdict.stops):
                    expansion = await ask_about_expansion(cli, text, command)
            except Stopped:
                emit_init(cli)
                raise
            cli.session.take_title(verdict)
        await cli.servers.settled()
        if command is not None:
            cli.main.stand_in = command.model
        emit_init(cli)
        blocked = blocked_prompt(cli, text, verdict) or blocked_expansion(cli, text, expansion)
        if blocked is not None:
            return blocked
        cli.notify(verdict.notices)
        cli.notify(expansion.notices)
        cli.queued.replay(self._prompts, None if command is None else command.call)
        for prompt in self._prompts:
            cli.main.say("user", prompt.content if command is None else command.text)
            if prompt.uuid is not None:
                cli.main.mark(prompt.uuid)
        if command is not None:
            cli.permissions.rules.add("allow", [Rule(tool, "command") for tool in command.allowed_tools])
            cli.main.load(command.kept.name, "", command.filled)
        for context in [*verdict.context, *expansion.context]:
            cli.main.say("user", context)
        return None

    def _interrupted(self) -> Outcome:
        """The frames of an interrupt, after those of the tools that it broke off."""
        cli, conversation = self._cli, self._conversation
        in_tool = conversation.in_tools
        text = INTERRUPTED_FOR_TOOL if in_tool else INTERRUPTED
        cli.tell(cli.main, [{"type": "text", "text": text}])
        cli.main.say("user", text)
        if cli.turn.end_stream is not None:
            cli.turn.end_stream()
        cli.tasks.tell_killed(text)
        return Outcome(
            subtype="error_during_execution",
            is_error=True,
            terminal_reason="aborted_tools" if in_tool else "aborted_streaming",
            stop_reason=conversation.stop_reason,
            errors=[DIAGNOSTIC.format(conversation.stop_reason or "null") if conversation.begun else UNCHECKED],
            num_turns=None if conversation.begun else 0,
            cancels=True,
        )


class Conversation:
    """The loop of a thread: the model, its tools, the model again.  A sub-agent runs it too."""

    def __init__(self, cli: Process, thread: Thread) -> None:
        self._cli = cli
        self._thread = thread
        self._runs: ToolRuns | None = None
        self.begun = False
        self.in_tools = False
        self.stop_reason: str | None = None  # of the last reply that came whole

    async def run(self) -> Outcome:
        """Run to the end of the turn.  Stopped, the tools that run end with their last frames first."""
        outcome = await self._run()
        await tell_of_failure(self._cli, self._thread, outcome)
        return outcome

    async def _run(self) -> Outcome:
        cli, thread = self._cli, self._thread
        self.begun = True
        stops = Stops(cli, thread)
        rounds = 0  # of tools
        stop_hook_active = False
        while True:
            try:
                reply = await self._call()
            except ApiFailure as failure:
                return tell_failure(cli, thread, failure) if thread.is_main else failed_agent(thread, failure)
            spent = over_budget(cli, reply) if thread.is_main else None
            if spent is not None:
                await self._stop_tools("abandoned")
                return spent
            refused = reply.stop_reason == "refusal"
            if not reply.calls_tools or refused:
                running = await self._stop_tools("refused") if refused else False
                odd = stops.after(reply, running)
                if isinstance(odd, Outcome):
                    return odd
                if odd:
                    continue
                must_answer = self._must_answer()
                try:
                    verdict = await ask_to_stop(cli, thread, stop_hook_active)
                except Stopped:
                    if not thread.is_main:
                        raise
                    verdict = Verdict()  # the reply is whole: only the hooks are not waited for
                if verdict.blocks or must_answer:
                    stop_hook_active = True
                    continue
                reason = "stop_hook_prevented" if verdict.stops else "completed"
                return Outcome(thread.last_text, stop_reason=reply.stop_reason, terminal_reason=reason)
            if reply.cut is not None:
                stops.lost_connection()
            ended = await self._tools(reply)
            if ended is not None:
                return ended
            if thread.is_main and cli.structured_output is not None:
                ended = cli.structured_output.ends()
                if ended is not None:
                    if not ended.is_error:
                        thread.last_text = ""
                        await ask_to_stop(cli, thread, stop_hook_active)
                    return ended
            rounds += 1
            ended = over_turns(cli, rounds) if thread.is_main else over_agent_turns(thread, rounds)
            if ended is not None:
                return ended
            if thread.is_main:
                self._fold()

    def _must_answer(self) -> bool:
        """Whether the model is told that the turn has no structured output yet."""
        tool = self._cli.structured_output
        return tool is not None and self._thread.is_main and tool.enforce(self._cli, self._thread)

    def _fold(self) -> None:
        """Tell the model what the user wrote meanwhile."""
        prompts = self._cli.prompts.fold()
        self._cli.queued.fold(prompts)
        for prompt in prompts:
            self._thread.say("user", prompt.content)

    async def _call(self) -> Reply:
        """Call the model; its tools start while it streams."""
        cli, thread = self._cli, self._thread
        self._runs = runs = ToolRuns(cli, thread)
        if thread.is_main:
            cli.permissions.begin_reply()
        self.in_tools = False

        try:
            reply = await call(cli, thread, runs.start)
        except Stopped:
            await self._stop_tools("interrupt")
            raise
        self.in_tools, self.stop_reason = reply.calls_tools, reply.stop_reason
        return reply

    async def _tools(self, reply: Reply) -> Outcome | None:
        """Wait for the tools of a message; how the turn ends if one of them ends it."""
        cli, thread, runs = self._cli, self._thread, self._runs
        assert runs is not None
        finished = await runs.finish()
        batch = [
            {
                "tool_name": run.name,
                "tool_input": run.given,
                "tool_use_id": run.id,
                "tool_response": run.block.get("content"),
            }
            for run in finished
            if run.block
        ]
        ends = any(run.ends_turn for run in finished)
        if batch and not ends and cli.hooks.has("PostToolBatch"):
            batch_id = f"hook-{cli.mint.uuid()}"
            await cli.hooks.run("PostToolBatch", thread, {"tool_calls": batch}, tool_use_id=batch_id)
        if any(run.rejected for run in finished):
            raise Stopped("rejected")
        if any(run.overspent for run in finished):
            return over_budget(cli, reply)
        if thread.is_main and any(run.stops_turn for run in finished):
            return self._stopped_by_check(reply)
        if ends:
            return Outcome("", stop_reason=reply.stop_reason, terminal_reason="hook_stopped")
        deferred = [run for run in finished if run.deferred]
        if deferred:
            from .deferred import put_off

            return put_off(cli, deferred[-1])
        return None

    def _stopped_by_check(self, reply: Reply) -> Outcome:
        """How a turn ends in which too much was refused because it cannot be checked (sessions of CLI 2.1.330)."""
        self._cli.frames.system("informational", content=NO_CHECK_STOPPED, level="warning")
        return Outcome(
            subtype="error_during_execution",
            is_error=True,
            terminal_reason="aborted_streaming",
            stop_reason=reply.stop_reason,
            errors=[DIAGNOSTIC.format(reply.stop_reason), NO_CHECK_STOPPED],
            stopped_by_permission_check=True,
        )

    async def _stop_tools(self, reason: str) -> bool:
        """End the tools that run, each with the last frames that the reason asks for; whether there were any."""
        tasks = [] if self._runs is None else self._runs.stop(reason)
        for task in tasks:
            await done(task)
        return bool(tasks)
