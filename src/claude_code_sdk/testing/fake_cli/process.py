"""Process: one run of the fake CLI, what it knows and what its parts need of each other.

Above: `engine.py`, which feeds it bytes and takes its actions.  Below: everything else in this folder.  It is the one
place where the parts meet; each has its own file.  Parts that the handshake does not need are imported where they are
used: how fast a fake answers it is what it is for.
"""

from __future__ import annotations

from os import getcwd

from ...protocol.engine import Call
from ...protocol.events import Closed, ControlRequest, Noise
from . import models
from .agent_kinds import AgentKinds
from .control import serve
from .custom_commands import CustomCommands
from .file_states import FileStates
from .frames import Frames
from .hooks import Hooks
from .host import Host
from .inventory import VERSION
from .kernel import Future, Kernel, Task
from .launch import Launch
from .mint import Mint
from .offered_tools import OfferedTools
from .paths import Paths
from .permissions import Permissions
from .plugins import Plugins
from .prompts import Prompt, Prompts
from .queued import Queued
from .servers import Servers
from .session import Session
from .session_hooks import session_ends, session_starts
from .sessions import open_session
from .settings import Settings
from .tasks import Tasks
from .thread import ONLY_IN_MAIN, Thread
from .turn_record import TurnRecord
from .wire import Json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections import deque
    from collections.abc import Callable, Sequence
    from typing import Any

    from ...protocol.command import Command
    from ...protocol.engine import Action
    from ...protocol.events import Event, Frame
    from ..script import ScriptRun
    from .structured_output import StructuredOutput
    from .task_list import TaskList
    from .tools import Tool
else:
    from _collections import deque  # `collections` has much besides

FIRST_BREATHS = 3
"""So often the driver looks for more prompts before the first one is answered."""


class Process:
    """A process of the CLI: started with `command`, answered by the script of `run`."""

    def __init__(
        self, run: ScriptRun, command: Command, launch: Launch, moment: float = 0.0, json: Json | None = None
    ) -> None:
        self.run = run
        self.moment = moment
        self.launch = launch
        self.env = command.env
        self.cwd = command.cwd or getcwd()
        self.paths = Paths(self.cwd, self.env)
        self.version = VERSION
        self.pid = 1000 + run.number
        self.kernel = Kernel()
        self.actions: deque[Action] = deque()
        self.mint = Mint(run.number)
        self.host = Host(self.actions, self.mint, run, json or Json())
        self.host.replays_answers = launch.has("--replay-user-messages")
        session_id: str = launch.get("--session-id") or self.mint.session()
        self.frames = Frames(self.host, self.kernel, self.mint, session_id)
        self.settings = Settings(launch, self.env, self.cwd, self.paths.config_dir)
        self.plugins = Plugins(launch, self.cwd)
        self.permissions = Permissions(self)
        self.offered = OfferedTools(self)
        self.files = FileStates(known=run.script.directory is None)
        self.discovered: set[str] = set()  # deferred tools that the model has looked up
        self.shell_cwd = self.cwd
        self.task_lists: dict[str, TaskList] = {}  # what the model has to do, by session
        self.in_worktree = False  # whether EnterWorktree made one
        self.scheduled: dict[str, Frame] = {}  # jobs of CronCreate, by id
        self.hooks = Hooks(self)
        self.servers = Servers(self)
        self.prompts = Prompts()
        self.queued = Queued(self)
        self.text = bytearray()  # what came on stdin where it is no frames
        self.text_began, self.text_ended = Future(), Future()
        self.custom_commands = CustomCommands(self)
        self.started = 0.0
        self.tasks = Tasks(self)
        self.agents = AgentKinds(self)
        self.forwards_subagent_text = False
        model = models.resolve(launch.get("--model") or self.settings.get("model") or models.DEFAULT)
        self.main = Thread(model, system=launch.system_prompt(self.cwd))
        self.exit_code: int | None = None
        self.initialized = False
        self._is_greeted = False  # by `initialize`, which may not have been answered
        self.session = Session(self, session_id)
        self.turn = TurnRecord()
        self.first_turn_began = Future()
        self.spoken_to = Future()  # the host has said what the process may begin with, or will say nothing
        self.servers_started, self.greeted = Future(), Future()
        self.structured_output = _structured_output(launch.json("--json-schema"))
        self._turn_task: Task | None = None
        self.message_of_call: dict[str, str] = {}  # the message of each tool call of the model
        self._calls: dict[int, Future] = {}
        self._warned_of: set[str] = set()  # models
        self._session_begun: Task | None = None  # the hooks of its start

    # The life of the process

    def begin(self) -> None:
        """The process has started."""
        launch = self.launch
        if launch.has("--session-mirror") and not launch.has("--no-session-persistence"):
            from .mirror import Mirror

            self.frames.mirror = Mirror(self)
        if launch.has("--debug-to-stderr"):
            self.host.complain(f"{self.frames.timestamp()} [DEBUG] MDM settings load completed in 0ms")
        if launch.output != "stream-json":
            from .printing import Printed

            self.host.printed = Printed(launch.output, whole=launch.has("--verbose"))
        if open_session(self):
            self.kernel.spawn(self.main_loop() if launch.streams_in else self._print())

    async def _print(self) -> None:
        """Answer the prompt of the command line."""
        from .printing import read_prompt

        text = await read_prompt(self)
        if text is not None:
            prompt = Prompt({"type": "user", "message": {"role": "user", "content": text}})
            self.run.saw_prompt(text)
            self.prompts.add(prompt)
            self.prompts.close()
            self.spoken_to.set()
            await self.main_loop()

    async def main_loop(self) -> None:
        """Turn after turn until the input ends."""
        first = True
        if self.session.deferred is not None:
            await self._resume_deferred(self.session.deferred)
        while True:
            prompts = await self.prompts.take(one=first, busy=lambda: self.tasks.background_live)
            if not prompts:
                break
            await self.session_begun()
            self.start_servers()
            await self.servers.introductions()
            if first:
                await self.first_moment()
            first = False
            from .turn import MainTurn

            self._turn_task = self.kernel.spawn(MainTurn(self, prompts).play())
            await self._turn_task
            self._turn_task = None
        await session_ends(self)
        if self.frames.mirror is not None:
            self.frames.mirror.end()
        self.host.finish()
        self.exit_code = 1 if self.session.last_is_error else 0

    async def _resume_deferred(self, use: Frame) -> None:
        """Go on with the call that was put off, before anybody asks for it; the real CLI has been greeted by then."""
        from .deferred import DeferredTurn

        await self.spoken_to
        if not self._is_greeted:
            await self.session_begun()
            self.start_servers()
            self.greeted.set()
        self._turn_task = self.kernel.spawn(DeferredTurn(self, use).play())
        await self._turn_task
        self._turn_task = None

    async def session_begun(self) -> None:
        """Wait until the hooks of the session's start have run."""
        if self._session_begun is None:
            self._session_begun = self.kernel.spawn(session_starts(self))
        await self._session_begun

    async def first_moment(self) -> None:
        """Until the first turn is on its way more prompts can come: the real CLI takes its time then."""
        if self.moment and not self.prompts.closed:
            await self.kernel.sleep(self.moment)
        for _ in range(FIRST_BREATHS):
            if not self.prompts.closed:
                await self.kernel.breathe()

    def hear_text(self, data: bytes) -> None:
        """Text of the host, or with nothing in it the end of it."""
        self.text += data
        self.text_began.set()
        if not data:
            self.host.gone = True
            self.text_ended.set()

    def hear(self, event: Event) -> None:
        """An event of the host."""
        if isinstance(event, ControlRequest):
            self.run.saw_control(event.subtype, event.body)
            if event.subtype == "initialize":
                self._is_greeted = True
                self.spoken_to.set()
            self.kernel.spawn(serve(self, event))
        elif isinstance(event, Closed):
            self.prompts.close()
            self.spoken_to.set()
        elif isinstance(event, Noise):
            size = len(event.data.decode("utf-8", "replace").rstrip("\n"))
            self.fail(f"Error parsing streaming input line (type=unknown, {size} chars): SyntaxError")
        elif isinstance(event, dict) and event.get("type") == "user":
            message = event.get("message")
            if not isinstance(message, dict) or message.get("role") != "user":
                role = message.get("role", "undefined") if isinstance(message, dict) else "undefined"
                self.fail(f"Error: Expected message role 'user', got '{role}'")
                return
            prompt = Prompt(event)
            if prompt.uuid is not None:
                self.session.checkpoints.add(prompt.uuid)
            self.run.saw_prompt(prompt.content)
            if self.queued.heard(prompt, busy=self._turn_task is not None):
                self.prompts.add(prompt)
            self.spoken_to.set()

    def fail(self, text: str) -> None:
        """Say why on stderr and end with 1."""
        self.host.complain(text)
        self.exit_code = 1

    async def crash(self, exit_code: int, last_words: Sequence[str]) -> None:
        """Die in the middle of things; never returns."""
        for line in last_words:
            self.host.complain(line)
        self.exit_code = exit_code
        await Future()

    def withdraw_questions(self) -> None:
        """Take back what the host was asked about the turn that is being interrupted."""
        for question in self.host.open_questions:
            if question.subtype in ("hook_callback", "can_use_tool"):
                self.host.take_back(question)
        self.servers.cancel_calls("AbortError: remote-cancel")

    @property
    def in_turn(self) -> bool:
        return self._turn_task is not None

    def stop_turn(self, reason: str) -> None:
        if self._turn_task is not None:
            self._turn_task.stop(reason)

    def start_servers(self, initialize: Frame | None = None) -> None:
        """Connect to the MCP servers, once: those of the command line and those that `initialize` names."""
        if not self.servers_started.done:
            self.servers_started.set()
            told = initialize or {}
            named: dict[str, Frame] = {name: {"type": "sdk", "name": name} for name in told.get("sdkMcpServers") or ()}
            self.servers.start(self.launch.mcp_servers | named, told.get("sdkMcpServerManifests") or {})

    # The model

    def warn_of_model(self, name: str) -> None:
        """Say, once, that a model is not known."""
        if name not in self._warned_of:
            self._warned_of.add(name)
            self.host.complain(f'[claude-code:unrecognized_model] {{"model":"{name}","query_source":"sdk"}}')

    async def make_room(self, *, refused: bool = False) -> bool:
        """See to it that the model's context has room for a call; whether one that was `refused` is worth another."""
        from .compaction import compact_if_full, compact_refused

        if refused:
            return await compact_refused(self)
        await compact_if_full(self)
        return True

    # What is said

    def tell(self, thread: Thread, content: list[Frame], **fields: Any) -> None:
        """A `user` frame that the CLI makes in a thread."""
        thread.user_frames += 1
        if thread.shown:
            self.frames.user(content, thread.place, **thread.marks, **fields)

    def notify(self, notices: list[Frame]) -> list[str]:
        """Words to the user that are due; the uuids of their frames."""
        return [self.frames.system("informational", **notice) for notice in notices]

    # Tools

    def find_tool(self, name: str, thread: Thread) -> Tool | None:
        """The tool that the model means, None when there is none of that name."""
        if self.structured_output is not None and name == self.structured_output.name and thread.is_main:
            return self.structured_output
        return self.known_tool(name) if thread.may_call(name) else None

    def known_tool(self, name: str) -> Tool | None:
        """The tool of a name, whoever may call it."""
        return self.offered.find(name)

    def no_such_tool(self, name: str, thread: Thread) -> str:
        if not thread.may_call(name) and self.known_tool(name) is not None:
            text = f"No such tool available: {name}"
            if name in ONLY_IN_MAIN:
                return (
                    f"{text}. {name} is not available inside subagents. Complete the task with the tools provided and "
                    "return findings to the orchestrator."
                )
            return f"{text}. {name} is not among the tools available here. Continue with the tools you have."
        return self.offered.missing(name)

    async def call(self, function: Callable[..., Any], *args: Any) -> Any:
        """Have the driver call a function of the script; what it raises is raised here."""
        number = len(self._calls) + 1
        self._calls[number] = future = Future()
        self.actions.append(Call(number, function, args))
        return await future

    def called(self, number: int, value: Any, error: BaseException | None) -> None:
        """The outcome of a `Call`."""
        if error is None:
            self._calls[number].set(value)
        else:
            self._calls[number].fail(error)


def _structured_output(schema: Any) -> StructuredOutput | None:
    """The tool that the model must answer with, when the host has given a schema."""
    if schema is None:
        return None
    from .structured_output import StructuredOutput

    return StructuredOutput(schema)
