"""Commands: prompts that begin with a slash and are answered without the model, and those of the project.

Above: `turn.py`.  A command that the CLI answers by itself is a turn without the model: its answer is an `assistant`
frame of its own and the result's text (sessions of CLI 2.1.330).  What is no command goes to the model as it is.
"""

from __future__ import annotations

import re

from . import synthetic
from .compaction import Compaction
from .context_usage import usage_report
from .cost_report import cost_report
from .init_frame import emit_init
from .model_errors import ApiFailure
from .models import DEFAULT, display_name, known, resolve
from .result import Outcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

    from .process import Process
    from .prompts import Prompt

    Served = Callable[["Command"], Awaitable[Outcome]]

# fmt: off
UNAVAILABLE = frozenset([
    "add-dir", "bug", "exit", "export", "help", "hooks", "login", "memory", "permissions", "quit", "release-notes",
    "resume", "skills", "status", "tasks", "vim",
])
# fmt: on
"""Commands that only a terminal has."""

BLANK = "Blank prompt — the message was only whitespace, so nothing was sent to the model."
NOTHING_TO_COMPACT = "Error: No messages to compact"
NOT_ENOUGH = "Not enough messages to compact."
MODELS = (
    "Available: sonnet, opus, haiku, fable, best, sonnet[1m], opus[1m], fable[1m], opusplan, default, or a full "
    "model ID."
)
NOT_RECOGNIZED = (
    '\nClaude Code doesn\'t recognize the model "{0}", so it assumes a context window of 1m tokens. Update Claude '
    "Code, or see https://code.claude.com/docs/en/model-config#correct-the-context-window-for-an-unrecognized-model"
)
AGENTS_GONE = (
    'The /agents wizard has been removed.\n\nAsk Claude to create or update subagents for you (e.g. "create a '
    'code-reviewer subagent that ..."),\nor edit the files directly:\n  • .claude/agents/       (this project)\n  • '
    "~/.claude/agents/     (all projects)\n\nDocs: https://code.claude.com/docs/en/sub-agents"
)
NO_SERVERS = (
    "No MCP servers are configured. Add one with `claude mcp add`.\n"
    "Usage: /mcp [reconnect|enable|disable [<server>|all]]. With no server name, applies to all."
)
EFFORTS = {
    "low": "Quick, straightforward implementation with minimal overhead",
}

_NAME = re.compile(r"/([A-Za-z0-9:_-]+)(?:\s+(.*))?$", re.DOTALL)


class Command:
    """A prompt that is a command: `name` and `args` as they were typed."""

    def __init__(self, cli: Process, prompt: Prompt, name: str, args: str) -> None:
        self.cli = cli
        self.prompt = prompt
        self.name = name
        self.args = args

    def begin(self) -> None:
        """The frame that begins its turn."""
        emit_init(self.cli)

    def answer(self, text: str, *, run: str | None = None, failed: bool = False, **fields: Any) -> None:
        """Say the command's answer; `run` is the command's own name if it was called by another."""
        stream = "stderr" if failed else "stdout"
        beside: dict[str, Any] = {"local_command_source": f"<local-command-{stream}>{text}</local-command-{stream}>"}
        if run != "":
            beside["local_command_run"] = {"command": run or self.name, "args": self.args}
        if failed:
            beside["local_command_outcome"] = {"kind": "failed"}
        synthetic.say(self.cli, self.cli.main, text, stop_reason="end_turn", stop_sequence=None, **beside, **fields)

    def replay(self, name: str | None = None) -> None:
        """Give the command back to a host that wants its prompts."""
        name = name or self.name
        space = " " * 12
        self.cli.queued.replay(
            [self.prompt],
            f"<command-name>/{name}</command-name>\n{space}<command-message>{name}</command-message>\n"
            f"{space}<command-args>{self.args}</command-args>",
        )

    def done(self, text: str = "") -> Outcome:
        """How the turn ends."""
        name = self.name.replace("-", "_")
        return Outcome(text, num_turns=0, terminal_reason=None, stop_reason=None, local_command=name)


def command_in(cli: Process, prompts: list[Prompt]) -> Command | None:
    """The command that a turn's prompts are, None when they are for the model."""
    if len(prompts) != 1 or not prompts[0].is_command:
        return None
    found = _NAME.match(prompts[0].text)
    if found is None or not (found[1] in SERVED or found[1] in UNAVAILABLE):
        return None
    if cli.custom_commands.named(prompts[0].text) is not None:  # a file's own goes before the CLI's
        return None
    return Command(cli, prompts[0], found[1], (found[2] or "").strip())


async def serve_command(command: Command) -> Outcome:
    """Answer a command; how its turn ends."""
    served = SERVED.get(command.name) if command.cli.launch.commands else None
    return await served(command) if served is not None else _unavailable(command)


def blank(cli: Process) -> Outcome:
    """The turn of prompts that are nothing but whitespace."""
    cli.frames.system("informational", content=BLANK, level="warning")
    return Outcome(BLANK, num_turns=0, terminal_reason=None, stop_reason=None)


def _unavailable(command: Command) -> Outcome:
    command.begin()
    text = f"/{command.name} isn't available in this environment."
    command.answer(text, run="", local_command_outcome={"kind": "unavailable_headless"})
    command.replay()
    return Outcome(text, num_turns=0, terminal_reason=None, stop_reason=None)


def _told(name: str, text: Callable[[Command], str], run: str | None = None) -> Served:
    """A command that does no more than say something."""

    async def served(command: Command) -> Outcome:
        said = text(command)
        command.begin()
        command.answer(said, run=run)
        command.replay(run)
        return command.done(said)

    return served


async def _clear(command: Command) -> Outcome:
    cli = command.cli
    await cli.hooks.run("SessionEnd", cli.main, {"reason": "clear"}, about="clear")
    frames, reset = cli.frames, cli.mint.uuid()
    frames.emit(
        {
            "type": "conversation_reset",
            "new_conversation_id": reset,
            "uuid": reset,
            "trigger": "clear",
            "user_message_uuid": command.prompt.uuid or cli.mint.uuid(),
            "timestamp": frames.timestamp(),
            "session_id": frames.session_id,
        }
    )
    frames.system("background_tasks_changed", tasks=[])
    cli.session.begin_anew(cli.mint.session())
    await cli.hooks.run("SessionStart", cli.main, {"source": "clear"}, about="clear")
    command.begin()
    command.replay()
    return command.done()


async def _compact(command: Command) -> Outcome:
    cli = command.cli
    if not cli.main.history and not cli.session.result_index:
        command.begin()
        command.answer(NOTHING_TO_COMPACT, failed=True)
        return command.done()
    if not cli.main.history:  # there were commands
        cli.frames.system("status", status="compacting")
        cli.frames.system("status", status=None, compact_result="failed", compact_error=NOT_ENOUGH)
        command.begin()
        command.answer(NOT_ENOUGH)
        return command.done(NOT_ENOUGH)
    compaction = Compaction(cli, "manual", command.args or None)
    try:
        await compaction.run()
    except ApiFailure as failure:
        compaction.blocked = f"Error during compaction: {failure.text}"
        error = compaction.blocked
        cli.frames.system("status", status=None, compact_result="failed", compact_error=error)
    command.begin()
    if compaction.blocked is not None:
        command.answer(compaction.blocked, failed=True)
        return command.done(compaction.blocked)
    compaction.show()
    notes = "\n".join(compaction.notes)
    cli.frames.user(f"<local-command-stdout>Compacted {notes}</local-command-stdout>", {}, isReplay=True)
    return command.done()


async def _context(command: Command) -> Outcome:
    text, data = usage_report(command.cli)
    command.begin()
    command.answer(text, context_usage=data)
    command.replay()
    return command.done(text)


async def _model(command: Command) -> Outcome:
    main, name = command.cli.main, command.args
    command.begin()
    if name:
        text = f"Set model to `{display_name(resolve(name))}` for this session only"
        text += "" if known(resolve(name)) else NOT_RECOGNIZED.format(name)
        main.model = resolve(name)
    else:
        default = " (default)" if main.model == DEFAULT else ""
        text = f"Current model: `{display_name(main.model)}{default}`\nUsage: /model <name>. {MODELS}"
    command.answer(text)
    command.replay()
    return command.done(text)


async def _rename(command: Command) -> Outcome:
    command.cli.frames.system("session_title_changed", title=command.args)
    return await _told("rename", lambda it: f"Session renamed to: {it.args}")(command)


def _effort(command: Command) -> str:
    about = EFFORTS.get(command.args)
    return f"Set effort level to {command.args} (this session only){f': {about}' if about else ''}"


SERVED: dict[str, Served] = {
    "agents": _told("agents", lambda it: AGENTS_GONE),
    "clear": _clear,
    "color": _told("color", lambda it: f"Session color set to: {it.args}"),
    "compact": _compact,
    "context": _context,
    "cost": _told("cost", lambda it: cost_report(it.cli), run="usage"),
    "effort": _told("effort", _effort),
    "fast": _told("fast", lambda it: "Fast mode unavailable: Fast mode is not available in the Agent SDK"),
    "focus": _told("focus", lambda it: "/focus isn't available here yet"),
    "mcp": _told("mcp", lambda it: NO_SERVERS),
    "model": _model,
    "output-style": _told("output-style", lambda it: f"Output style set to {it.args}"),
    "rename": _rename,
    "usage": _told("usage", lambda it: cost_report(it.cli)),
}
