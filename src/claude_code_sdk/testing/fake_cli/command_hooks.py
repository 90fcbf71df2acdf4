"""Command hooks: those of settings files and plugins.  No command is ever run.

What a command prints is what the script says, else what the command plainly says itself, also in a shell script that
it names (`hook_shell.py`), else nothing; stderr then says that it is not known.  Above: `hooks.py`.  Where a text of
the CLI has no place beside it, it was seen in sessions of CLI 2.1.330 with command hooks that end with 0, 1, 2 and 3,
in time or not, with JSON that is right or wrong.
"""

from __future__ import annotations

from ...protocol.later import json, re
from .command_output import Printed
from .hook_matcher import matches
from .wire import dumps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...protocol.events import Frame
    from .found_files import FoundFiles
    from .hook_answers import Verdict
    from .process import Process

DEFAULT_TIMEOUT = 600.0
"""Seconds that a command may take when its hook does not say (Claude Code's documentation of hooks)."""

SILENT = frozenset(["Notification", "PreCompact", "PostCompact", "SessionEnd"])
"""Events whose hooks no frames are about, even if the host wants to hear of hooks."""

TOLD_BY_PRINTING = frozenset(["UserPromptSubmit", "SessionStart"])
"""Events after which the model is told what a command printed."""

REFUSABLE = frozenset(["PreToolUse", "UserPromptSubmit", "Stop", "SubagentStop", "PreCompact"])
"""Events that a command can say no to with exit code 2."""

PLUGIN_ROOT = r"\$\{CLAUDE_PLUGIN_ROOT\}|\$CLAUDE_PLUGIN_ROOT\b"
"""What a command has in place of its plugin's folder.  The CLI shows the folder, but not when it compacts."""

NO_STDERR = "No stderr output"
OF_PLUGIN = "\n\nThis hook comes from the {} plugin."
LATE = "A hook didn't answer in time, so it didn't check this action."
USELESS = "A hook gave no usable answer, so it didn't check this action."
REFUSED, CANCELLED = 2, 1

NOT_KNOWN = (
    "fake-claude: what the hook command {command!r} ({event}) would do cannot be read from it, and nothing is run: it "
    "is taken to succeed in silence. Say what it does in the script: "
    "Script.command_hook({command!r}, stdout=..., stderr=..., exit_code=...)"
)


class CommandHook:
    """One command, and when it would run.

    - `plugin`: the plugin that it is from, such as "box@inline", with its folder `root`; "" for settings files.
    - `shown`: the command as the model and the user are told of it.
    """

    __slots__ = ("command", "event", "matcher", "plugin", "root", "shown", "timeout")

    def __init__(
        self, event: str, matcher: str | None, command: str, timeout: float, plugin: str = "", root: str = ""
    ) -> None:
        self.event = event
        self.matcher = matcher
        self.command = command
        self.timeout = timeout
        self.plugin = plugin
        self.root = root
        self.shown = re.sub(PLUGIN_ROOT, lambda _: root, command) if root else command


def hooks_in(hooks: Any, plugin: str = "", root: str = "") -> list[CommandHook]:
    """The command hooks that the `hooks` of a settings file or a plugin list; what is not understood is left out."""
    found: list[CommandHook] = []
    for event, entries in hooks.items() if isinstance(hooks, dict) else ():
        for entry in entries if isinstance(entries, list) else ():
            if not isinstance(entry, dict) or not isinstance(entry.get("hooks"), list):
                continue
            for hook in entry["hooks"]:
                if isinstance(hook, dict) and hook.get("type") == "command" and isinstance(hook.get("command"), str):
                    timeout = hook.get("timeout")
                    seconds = float(timeout) if isinstance(timeout, (int, float)) else DEFAULT_TIMEOUT
                    found.append(CommandHook(event, entry.get("matcher"), hook["command"], seconds, plugin, root))
    return found


class CommandHooks:
    """The command hooks of a process, which are known as it starts."""

    def __init__(self, cli: Process) -> None:
        self._cli = cli
        self._all: list[CommandHook] = []
        self._noticed: list[CommandHook] = []  # the user was told that they are of no use
        self._not_known: set[str] = set()  # commands that were complained of
        self._found: FoundFiles | None = None  # as the commands left them that were followed
        if not cli.launch.has("--bare") and cli.settings.get("disableAllHooks") is not True:
            for layer in cli.settings.layers:
                self._all += hooks_in(layer.content.get("hooks"))
            for plugin in cli.plugins.all:
                self._all += plugin.hooks()

    def about(self, event: str, name: str | None = None) -> list[CommandHook]:
        """Those of an event that are about `name`, the same command once."""
        if not self._all:
            return []
        fitting = [hook for hook in self._all if hook.event == event and matches(hook.matcher, name)]
        return list({(hook.command, hook.plugin): hook for hook in reversed(fitting)}.values())[::-1]

    async def run(self, hook: CommandHook, given: Frame, about: str | None, tool_use_id: str, verdict: Verdict) -> None:
        """What happens when one would run: its frames, and what it comes to."""
        from .hook_schema import WRONG_EVENT, fault, not_valid  # the start-up without such hooks is not to wait for it

        cli = self._cli
        name = f"{hook.event}:{about}" if about and hook.event != "SubagentStop" else hook.event
        marks: Frame = {"hook_id": cli.mint.uuid(), "hook_name": name, "hook_event": hook.event}
        shown = hook.event == "SessionStart" or (cli.launch.has("--include-hook-events") and hook.event not in SILENT)
        if shown:
            cli.frames.system("hook_started", **marks)
        printed = self._printed(hook, given)
        in_time = printed.seconds <= hook.timeout
        await cli.kernel.sleep(printed.seconds if in_time else hook.timeout)
        await cli.kernel.idle(1)
        outcome = "error" if printed.exit_code else "success"
        complaint = ""
        answer: Frame | None = None
        if not in_time:
            printed, outcome = Printed(exit_code=CANCELLED), "cancelled"
        elif printed.exit_code == 0:
            answer = _json(printed.stdout)
            if answer is not None and (event := _event_of(answer)) not in (None, hook.event):
                text = WRONG_EVENT.format(expected=hook.event, got=event, stdout=json.dumps(answer, indent=2))
                printed, outcome, answer, complaint = Printed(stderr=text, exit_code=1), "error", None, text
            elif answer is not None and (what := fault(answer)) is not None:
                outcome, complaint, answer = "error", not_valid(answer, what), None
        if shown:
            output = printed.stdout + printed.stderr
            stderr = printed.stderr or complaint
            cli.frames.system(
                "hook_response",
                **marks,
                output=output,
                stdout=printed.stdout,
                stderr=stderr,
                exit_code=printed.exit_code,
                outcome=outcome,
            )
        if not in_time or complaint:
            self._no_verdict(hook, tool_use_id, verdict, in_time)
        else:
            _judge(hook, about, printed, answer, verdict)

    def _printed(self, hook: CommandHook, given: Frame) -> Printed:
        said = self._cli.run.command_hook(hook.command, given)
        if said is not None:
            delay = said.get("delay", 0.0)
            return Printed(said.get("stdout", ""), said.get("stderr", ""), said.get("exit_code", 0), delay)
        from .found_files import FoundFiles  # the start-up of a session without such hooks is not to wait for them
        from .hook_shell import follow

        self._found = self._found or FoundFiles(self._cli.files.was_read)
        env = {**self._cli.env, "CLAUDE_PROJECT_DIR": self._cli.cwd, "PWD": self._cli.cwd}
        if hook.root:
            env["CLAUDE_PLUGIN_ROOT"] = hook.root
        printed = follow(hook.command, dumps(given).decode(), env, self._found)
        if printed is None and hook.command not in self._not_known:
            self._not_known.add(hook.command)
            self._cli.host.complain(NOT_KNOWN.format(command=hook.command, event=hook.event))
        return printed or Printed()

    def _no_verdict(self, hook: CommandHook, tool_use_id: str, verdict: Verdict, in_time: bool) -> None:
        """A command was too slow or answered with what is no answer: it counts for nothing."""
        if hook.event == "PreToolUse" and hook not in self._noticed:
            self._noticed.append(hook)
            about = {"hook_event": hook.event, "tool_use_id": tool_use_id, "timed_out": not in_time}
            content = USELESS if in_time else LATE
            self._cli.frames.system(
                "informational", content=content, level="warning", tag="hook_no_verdict", hook_no_verdict=about
            )
        verdict.problem = verdict.problem or in_time


def _judge(hook: CommandHook, about: str | None, printed: Printed, answer: Frame | None, verdict: Verdict) -> None:
    """What a command that ended in time comes to."""
    said = printed.stderr
    if printed.exit_code == REFUSED and hook.event in REFUSABLE:
        shown = said or NO_STDERR
        if hook.plugin:
            shown = shown.strip() + OF_PLUGIN.format(hook.plugin)
        verdict.refuse(hook.event, hook.command, f"[{hook.shown}]: {shown}", said.strip())
    elif printed.exit_code != 0:
        verdict.problem = True
    elif answer is not None:
        verdict.add(hook.event, about, answer, hook.command)
    else:
        verdict.notes.append((hook.command, printed.stdout.strip()))
        if hook.event in TOLD_BY_PRINTING and printed.stdout.strip():
            verdict.context.append(printed.stdout.strip())


def _json(stdout: str) -> Frame | None:
    """The answer that a command printed, None where it printed none."""
    try:
        value = json.loads(stdout)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _event_of(answer: Frame) -> Any:
    specific = answer.get("hookSpecificOutput")
    return specific.get("hookEventName") if isinstance(specific, dict) else None
