"""FakeCLI: an `Engine` that acts out a script as the real CLI would.

Above: a driver (`InProcessTransport`, or `serve_stdio` in a fake executable).  Below: a `Process` and its kernel.
Bytes and signals of the host wake coroutines of the kernel, and what they have to say is the engine's next actions.  On
the fake path.
"""

from __future__ import annotations

from os import getcwd

from ...protocol.engine import Exit, NeedData, Write, WriteErr
from .inventory import VERSION
from .launch import Launch, LaunchError
from .launch_checks import check
from .process import Process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...protocol.command import Command
    from ...protocol.engine import Action
    from ..script import ScriptRun
    from .wire import Json

SIGINT, SIGTERM, SIGHUP = 2, 15, 1

HELP = "Usage: claude [options] [command] [prompt]"

ENDED_BY = {SIGTERM: 143, SIGHUP: 129}
"""Exit codes of signals that end the real CLI at once (wire-facts §10)."""


class FakeCLI:
    """Plays the CLI by the script of `run`: one process of it.

    - `moment`: seconds that the first prompt waits for others to come with it, on top of a few looks; a host in another
      process needs them to write a second one.
    - `json`: how lines are read and written; by default by the standard library, which is there at once.

    `receive_data` and `next_action` raise `ScriptError` when the program does not do what the script expects, or when
    the model is called more often than the script has replies.
    """

    def __init__(self, run: ScriptRun, *, moment: float = 0.0, json: Json | None = None) -> None:
        self._run = run
        self._moment = moment
        self._json = json
        self._process: Process | None = None
        self._refused: list[Action] = []
        self._killed: int | None = None
        self._ended_at = 0
        self.verdict: Exception | None = None

    @property
    def at(self) -> int:
        """Milliseconds that have passed by the clock of the frames, which begins at `frames.EPOCH`."""
        return self._ended_at if self._process is None else self._process.frames.elapsed

    @property
    def over(self) -> bool:
        """Whether the run has ended, or has not begun."""
        return self._process is None or self._process.exit_code is not None

    def open(self, command: Command) -> None:
        """The run begins.  A command line that the CLI refuses ends it with its own error."""
        try:
            launch = Launch(command.argv[1:])
            if launch.has("--version") or launch.has("--help"):
                said = f"{VERSION} (Claude Code)" if launch.has("--version") else HELP
                self._refused = [Write(f"{said}\n".encode()), Exit(0)]
                return
            warnings = check(launch, command.cwd or getcwd())
        except LaunchError as error:
            self._refused = [*(WriteErr(line) for line in str(error).split("\n")), Exit(1)]
            return
        self._process = process = Process(self._run, command, launch, self._moment, self._json)
        for warning in warnings:
            process.host.complain(warning)
        process.begin()

    def receive_data(self, data: bytes) -> None:
        process = self._process
        if process is not None and process.exit_code is None:
            if not process.launch.streams_in:
                process.hear_text(data)
                return
            for event in process.host.receive(data):
                process.hear(event)

    def receive_signal(self, number: int) -> None:
        process = self._process
        if process is None:
            return
        if number == SIGINT:
            process.stop_turn("interrupt")
            process.prompts.close()
            self._killed = 0 if self._killed is None else self._killed
        else:
            if number == SIGTERM:
                process.tasks.end_with_process()
            process.exit_code = self._killed = ENDED_BY.get(number, -number)

    def receive_result(self, call_id: int, value: Any, error: BaseException | None) -> None:
        if self._process is not None:
            self._process.called(call_id, value, error)

    def next_action(self, now: float) -> Action:
        if self._refused:
            return self._refused.pop(0)
        process = self._process
        assert process is not None, "the engine is not open"
        if process.actions:
            return process.actions.popleft()
        until = None
        if process.exit_code is None:
            try:
                until = process.kernel.run(now)
            except Exception as error:
                self.verdict = error
                raise
            if process.actions:
                return process.actions.popleft()
        if process.exit_code is not None:
            process.kernel.close()
            return Exit(process.exit_code if self._killed is None else self._killed)
        return NeedData(until)

    def close(self) -> None:
        """The host is gone."""
        self._ended_at = self.at
        process, self._process = self._process, None
        if process is not None:
            process.kernel.close()
