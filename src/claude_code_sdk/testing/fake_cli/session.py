"""Session: what a conversation has come to, over all its turns."""

from __future__ import annotations

from .result import no_subagents
from .usage import Usage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...protocol.events import Frame
    from .hook_answers import Verdict
    from .process import Process


class Session:
    """The session that a process is in.

    - `state`: `idle`, `running` or `requires_action`, as hosts that ask for it are told.
    - `requests`: calls of the model.  `result_index`: results so far.
    - `checkpoints`: uuids of prompts that files can be rewound to.
    - `deferred`: the call that a hook put off, with which its last turn ended; `stuck`: its tool is not there.
    - `subagent_stats`, `safety_stops`: as results have them.
    """

    def __init__(self, cli: Process, session_id: str) -> None:
        self._cli = cli
        self.id = session_id
        self.title: str | None = None
        self.state = "idle"
        self.requests = 0
        self.usage = Usage()
        self.result_index = 0
        self.last_is_error = False
        self.safety_stops = 0
        self.subagent_stats: Frame = no_subagents()
        self.checkpoints: set[str] = set()
        self.deferred: Frame | None = None
        self.stuck = False

    def rename(self, session_id: str) -> None:
        """From now on the session has this id."""
        self.id = self._cli.frames.session_id = session_id

    def begin_anew(self, session_id: str) -> None:
        """Begin another conversation in this process: nothing is known of what was said."""
        self.rename(session_id)
        main = self._cli.main
        main.history, main.points, main.last_usage, main.exchanges = [], {}, {}, 0
        main.loaded, main.after_reply = {}, []
        self.usage = Usage()
        self._cli.turn.prompt_id = None

    def enter(self, state: str, *, again: bool = False) -> None:
        """The state may have changed; hosts that read it are told, of the same state only `again`."""
        cli = self._cli
        if (state == self.state and not again) or (state == "idle" and self._works_on):
            return
        self.state = state
        if cli.env.get("CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS") == "1":
            cli.frames.system("session_state_changed", state=state)
        elif cli.env.get("CLAUDE_CODE_SDK_READS_SESSION_STATE") == "1":
            cli.frames.system("session_state_changed", state=state, sdk_host_only=True)

    @property
    def _works_on(self) -> bool:
        """Whether the session stays busy between turns: a sub-agent works, or the end waits for a command."""
        cli = self._cli
        return cli.tasks.agents_live or (cli.prompts.closed and cli.tasks.background_live)

    @property
    def transcript(self) -> str:
        """The file that the real CLI writes it to."""
        return self._cli.paths.transcript(self.id)

    @property
    def titled(self) -> Frame:
        """The title, as hooks are told it."""
        return {} if self.title is None else {"session_title": self.title}

    def take_title(self, verdict: Verdict) -> None:
        """A hook gives the session a title."""
        title = next((made["sessionTitle"] for made in verdict.specific if made.get("sessionTitle")), None)
        if title is not None and title != self.title:
            self.title = title
            self._cli.frames.system("session_title_changed", title=title)
