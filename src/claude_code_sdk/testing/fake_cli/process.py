"""Process: one run of the fake CLI, what it knows and what its parts need of each other.

Above: `engine.py`, which feeds it bytes and takes its actions.  Below: everything else in this folder.  It is the one
place where the parts meet; each has its own file.  Parts that the handshake does not need are imported where they are
used: how fast a fake answers it is what it is for.
"""

from __future__ import annotations

import json
import os
import re
from collections import deque
from os.path import normpath

from ...protocol.engine import Call
from ...protocol.events import Closed, ControlRequest, Noise
from . import models
from .agents import Agents
from .control import serve
from .custom_commands import CustomCommands, named_by_files
from .file_states import FileStates
from .frames import Frames
from .hooks import Hooks
from .host import Host
from .inventory import VERSION, fields
from .kernel import Future, Kernel, Task
from .launch import Launch
from .launch_checks import EFFORTS
from .mint import Mint
from .mirror import Mirror
from .offered_tools import OfferedTools
from .permissions import Permissions
from .plugins import Plugins
from .prompts import Prompt, Prompts
from .queued import Queued
from .result import NO_SUBAGENTS
from .servers import Servers
from .session_hooks import session_ends, session_starts
from .sessions import open_session
from .settings import Settings
from .tasks import Tasks
from .thread import Thread
from .usage import Usage, turn_usage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ...protocol.command import Command
    from ...protocol.engine import Action
    from ...protocol.events import Event, Frame
    from ..script import ScriptRun
    from .hook_answers import Verdict
    from .structured_output import StructuredOutput
    from .tools import Tool

FIRST_BREATHS = 3
"""So often the driver looks for more prompts before the first one is answered."""


class Process:
    """A process of the CLI: started with `command`, answered by the script of `run`."""

    def __init__(self, run: ScriptRun, command: Command, launch: Launch, moment: float = 0.0) -> None:
        self.run = run
        self.moment = moment
        self.launch = launch
        self.env = command.env
        self.cwd = command.cwd or "/"
        self._cwd_slug = re.sub("[^A-Za-z0-9]", "-", self.cwd)
        self.config_dir: str = self.env.get("CLAUDE_CONFIG_DIR") or f"{self.env.get('HOME', '/root')}/.claude"
        # Where the CLI keeps what belongs to the working directory.
        self.project_dir = f"{self.config_dir}/projects/{self._cwd_slug}"
        self.version = VERSION
        self.pid = 1000 + run.number
        self.kernel = Kernel()
        self.actions: deque[Action] = deque()
        self.mint = Mint(run.number)
        self.host = Host(self.actions, self.mint, run)
        self.session_id: str = launch.get("--session-id") or self.mint.session()
        self.frames = Frames(self.host, self.kernel, self.mint, self.session_id)
        self.settings = Settings(launch, self.env, self.cwd, self.config_dir)
        self.plugins = Plugins(launch, self.cwd)
        self.permissions = Permissions(self)
        self.offered = OfferedTools(self)
        self.files = FileStates(known=run.script.directory is None)
        self.discovered: set[str] = set()  # deferred tools that the model has looked up
        self.shell_cwd = self.cwd
        self.scheduled: dict[str, Frame] = {}  # jobs of CronCreate, by id
        self.prompt_text = ""
        self.hooks = Hooks(self)
        self.servers = Servers(self)
        self.prompts = Prompts()
        self.queued = Queued(self)
        self.text = bytearray()  # what came on stdin where it is no frames
        self.text_began, self.text_ended = Future(), Future()
        self.custom_commands = CustomCommands(self)
        self.started = 0.0
        self.tasks = Tasks(self)
        self.agents = Agents(self)
        self.forwards_subagent_text = False
        self.main = Thread(models.resolve(launch.get("--model") or models.DEFAULT), system=self._system_prompt())
        self.exit_code: int | None = None
        self.initialized = False
        self.checkpoints: set[str] = set()  # uuids of prompts that files can be rewound to
        # Of the session
        self.requests = 0  # calls of the model
        self.usage = Usage()
        self.result_index = 0
        self.last_is_error = False
        self.session_state = "idle"
        self.safety_stops = 0
        self.structured_output = _structured_output(launch.json("--json-schema"))
        self.title: str | None = None
        self.subagent_stats: Frame = json.loads(json.dumps(NO_SUBAGENTS))
        # Of the turn
        self.prompt_id: str | None = None
        self.turn_id = ""
        self.turn_began = Future()
        self.turn_started = 0.0
        self.turn_usage = turn_usage()
        self.turn_times: set[str] = set()  # the times of its result that are known
        self.turn_message_ids: list[str] = []  # of messages that the host saw begin
        self.turn_first_usage: Frame | None = None  # of its first call of the model
        self.denials: list[Frame] = []
        self.stop_hook_noticed = False
        self.stream_end: Callable[[], None] | None = None  # closes the stream that an interrupt cut
        self._turn: Task | None = None
        self.calls: dict[str, str] = {}  # the message of each tool call of the model
        self._calls: dict[int, Future] = {}
        self._servers_started = False
        self._warned_of: set[str] = set()  # models
        self._session_begun: Task | None = None  # the hooks of its start

    # The life of the process

    def begin(self) -> None:
        """The process has started."""
        launch = self.launch
        if launch.has("--session-mirror") and not launch.has("--no-session-persistence"):
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
            await self.main_loop()

    async def main_loop(self) -> None:
        """Turn after turn until the input ends."""
        first = True
        while True:
            prompts = await self.prompts.take(one=first, busy=lambda: self.tasks.background_live)
            if not prompts:
                break
            await self.session_begun()
            self.start_servers()
            await self.servers.introductions()
            if first:
                await self._first_moment()
            first = False
            from .turn import MainTurn

            self._turn = self.kernel.spawn(MainTurn(self, prompts).play())
            await self._turn
            self._turn = None
        await session_ends(self)
        if self.frames.mirror is not None:
            self.frames.mirror.end()
        self.host.finish()
        self.exit_code = 1 if self.last_is_error else 0

    async def session_begun(self) -> None:
        """Wait until the hooks of the session's start have run."""
        if self._session_begun is None:
            self._session_begun = self.kernel.spawn(session_starts(self))
        await self._session_begun

    async def _first_moment(self) -> None:
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
            self.kernel.spawn(serve(self, event))
        elif isinstance(event, Closed):
            self.prompts.close()
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
                self.checkpoints.add(prompt.uuid)
            self.run.saw_prompt(prompt.content)
            if self.queued.heard(prompt, busy=self._turn is not None):
                self.prompts.add(prompt)

    def fail(self, text: str) -> None:
        """Say why on stderr and end with 1."""
        self.host.complain(text)
        self.exit_code = 1

    def withdraw_questions(self) -> None:
        """Take back what the host was asked about the turn that is being interrupted."""
        for question in self.host.open_questions:
            if question.subtype in ("hook_callback", "can_use_tool"):
                self.host.take_back(question)
        self.servers.cancel_calls("AbortError: remote-cancel")

    @property
    def in_turn(self) -> bool:
        return self._turn is not None

    def stop_turn(self, reason: str) -> None:
        if self._turn is not None:
            self._turn.stop(reason)

    def start_servers(self, initialize: Frame | None = None) -> None:
        """Connect to the MCP servers, once: those of the command line and those that `initialize` names."""
        if not self._servers_started:
            self._servers_started = True
            told = initialize or {}
            named: dict[str, Frame] = {name: {"type": "sdk", "name": name} for name in told.get("sdkMcpServers") or ()}
            self.servers.start(self.launch.mcp_servers | named, told.get("sdkMcpServerManifests") or {})

    # What the session is

    @property
    def partial(self) -> bool:
        """Whether the host wants the stream's events."""
        return self.launch.has("--include-partial-messages")

    @property
    def asks_by_stdio(self) -> bool:
        """Whether the host can be asked about tools."""
        return bool(self.launch.get("--permission-prompt-tool") == "stdio")

    @property
    def may_bypass_permissions(self) -> bool:
        """Whether the host may switch to bypassPermissions."""
        flags = ("--dangerously-skip-permissions", "--allow-dangerously-skip-permissions")
        return self.launch.mode == "bypassPermissions" or any(map(self.launch.has, flags))

    @property
    def effort(self) -> str:
        """How hard the model is to think."""
        given = self.launch.get("--effort")
        return given if given in EFFORTS else "medium"

    @property
    def thinking_display(self) -> str | None:
        """How the host sees thoughts; None when the model is to have none."""
        if self.launch.get("--thinking") == "disabled":
            return None
        given: str = self.launch.get("--thinking-display", "updates")
        return given

    @property
    def default_model(self) -> str:
        return models.DEFAULT

    @property
    def home(self) -> str:
        return self.env.get("HOME", "/root")

    def absolute(self, path: str) -> str:
        """A path that the model or the user named, from the root."""
        if path == "~" or path.startswith("~/"):
            path = self.home + path[1:]
        return normpath(path if path.startswith("/") else f"{self.cwd}/{path}")

    @property
    def temporary_dir(self) -> str:
        """Where the CLI keeps what only this session needs."""
        return f"/tmp/claude-0/{self._cwd_slug}/{self.session_id}"

    def model_named(self, name: str | None) -> str | None:
        """The model that a name stands for; None for none of its own."""
        return None if name is None or name == "inherit" else models.resolve(name)

    @property
    def transcript_path(self) -> str:
        return f"{self.project_dir}/{self.session_id}.jsonl"

    def _system_prompt(self) -> list[str]:
        texts = []
        for name in ("--system-prompt", "--append-system-prompt"):
            texts.append(self.launch.get(name))
            path = self.launch.get(f"{name}-file")
            if path is not None:
                with open(os.path.join(self.cwd, path), encoding="utf-8", errors="replace") as file:
                    texts.append(file.read())
        return [text for text in texts if text]

    def begin_session(self, session_id: str) -> None:
        """Begin another conversation in this process: nothing is known of what was said."""
        self.rename_session(session_id)
        self.main.history, self.main.points, self.main.last_usage = [], {}, {}
        self.main.exchanges = 0
        self.usage = Usage()
        self.prompt_id = None

    def rename_session(self, session_id: str) -> None:
        """From now on the session has this id."""
        self.session_id = self.frames.session_id = session_id

    @property
    def context_window(self) -> int:
        """Tokens that the model can be asked with."""
        return models.window(self.main.model)

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

    def state(self, state: str, *, again: bool = False) -> None:
        """The session's state may have changed; hosts that read it are told, of the same state only `again`."""
        if (state == self.session_state and not again) or (state == "idle" and self._works_on):
            return
        self.session_state = state
        if self.env.get("CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS") == "1":
            self.frames.system("session_state_changed", state=state)
        elif self.env.get("CLAUDE_CODE_SDK_READS_SESSION_STATE") == "1":
            self.frames.system("session_state_changed", state=state, sdk_host_only=True)

    @property
    def _works_on(self) -> bool:
        """Whether the session stays busy between turns: a sub-agent works, or the end waits for a command."""
        return self.tasks.agents_live or (self.prompts.closed and self.tasks.background_live)

    def emit_init(self, uuids: list[str]) -> None:
        """The frame that begins a turn; `uuids` are those of its prompts."""
        said = fields("init") | {
            "cwd": self.cwd,
            "tools": self.offered.listed(),
            "mcp_servers": self.servers.listed(),
            "agents": self.agents.names,
            "model": self.main.model,
            "per_turn_effort_active": models.model(self.main.model).efforts,
            "permissionMode": self.permissions.mode,
            "memory_paths": {"auto": f"{self.project_dir}/memory/"},
            "original_cwd": self.cwd,
            "additional_directories": self.permissions.directories,
            "messaging_socket_path": f"/tmp/cc-socks/{self.pid}-{self.run.number:08x}.sock",
        }
        said |= named_by_files(self)
        if uuids:
            said["user_message_uuids"] = uuids.copy()
        self.frames.system("init", **said)

    def tell(self, thread: Thread, content: list[Frame], **fields: Any) -> None:
        """A `user` frame that the CLI makes in a thread."""
        thread.user_frames += 1
        if thread.shown:
            self.frames.user(content, thread.place, **thread.marks, **fields)

    @property
    def titled(self) -> Frame:
        """The session's title, as hooks are told it."""
        return {} if self.title is None else {"session_title": self.title}

    def take_title(self, verdict: Verdict) -> None:
        """A hook gives the session a title."""
        title = next((made["sessionTitle"] for made in verdict.specific if made.get("sessionTitle")), None)
        if title is not None and title != self.title:
            self.title = title
            self.frames.system("session_title_changed", title=title)

    def notify(self, notices: list[Frame]) -> None:
        """Words to the user that are due."""
        for notice in notices:
            self.frames.system("informational", **notice)

    def stop_hook_notification(self) -> None:
        """A Stop hook had something against the end of the turn; said once a turn."""
        if not self.stop_hook_noticed:
            self.stop_hook_noticed = True
            text = "stop hook problem · ctrl+o to see"
            self.frames.system("notification", key="stop-hook-error", text=text, priority="immediate")

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
