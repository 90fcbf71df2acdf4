"""Queued: what becomes of prompts that carry a uuid, and the prompts that the host gets back (wire-facts §3).

The host is told when such a prompt is queued, when a turn takes it up, and when it is done with; the turn's first
answer and its result name it.  With `--replay-user-messages` every prompt comes back as the model gets it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...protocol.events import Frame
    from .process import Process
    from .prompts import Prompt


class Queued:
    """The prompts of a session on their way."""

    def __init__(self, cli: Process) -> None:
        self._cli = cli
        self._known: set[str] = set()
        self._unannounced: list[str] = []  # came while nothing ran: their turn's beginning tells of them
        self._own: list[str] = []  # of the prompts that the turn began with
        self._folded: list[str] = []  # of those that joined it
        self._deferred: str | None = None  # what the turn of a call that was put off is called
        self._unnamed: set[str] = set()  # kinds of frames whose first one still has to name the prompts

    def heard(self, prompt: Prompt, busy: bool) -> bool:
        """A prompt has come; whether it is taken: a uuid that came before is not, and nobody is told."""
        if prompt.uuid is None:
            return True
        if prompt.uuid in self._known:
            return False
        self._known.add(prompt.uuid)
        if busy:
            self._tell(prompt.uuid, "queued")
        else:
            self._unannounced.append(prompt.uuid)
        return True

    def begin(self, prompts: list[Prompt]) -> None:
        """A turn takes up prompts."""
        self._own, self._folded = _uuids(prompts), []
        for uuid in self._own:
            if uuid in self._unannounced:
                self._unannounced.remove(uuid)
                self._tell(uuid, "queued")
        for uuid in self._own:
            self._tell(uuid, "started")
        while self._unannounced:
            self._tell(self._unannounced.pop(0), "queued")
        self._unnamed = {"status", "message_start", "assistant"} if self._own else set()

    def begin_deferred(self) -> None:
        """The turn of a call that was put off begins: it counts as a prompt that nobody wrote."""
        self._deferred = self._cli.mint.uuid()
        self._tell(self._deferred, "started")

    def replay(self, prompts: list[Prompt], text: str | None = None) -> None:
        """Give prompts back to a host that wants them; `text` is what a command comes back as."""
        if not self._cli.launch.has("--replay-user-messages"):
            return
        for prompt in prompts:
            if prompt.is_shown:
                own = {} if prompt.uuid is None else {"uuid": prompt.uuid}
                self._cli.frames.user(prompt.content if text is None else text, {}, **own, isReplay=True)

    def fold(self, prompts: list[Prompt]) -> None:
        """Prompts join the turn that runs."""
        self.replay(prompts)
        uuids = _uuids(prompts)
        for uuid in uuids:
            self._tell(uuid, "started")
        if uuids and not self._own and not self._folded:
            self._unnamed = {"status", "message_start", "assistant"}
        self._folded += uuids

    def answered(self, kind: str) -> Frame:
        """What the first frame of a kind says of the prompts that it answers; others say nothing."""
        if kind not in self._unnamed:
            return {}
        self._unnamed.remove(kind)
        named = self._named(self._own or self._folded)
        if kind == "status":
            del named["user_message_uuid"]
        elif kind == "message_start":
            named["owed_rows"] = []
        return named

    def ends(self) -> Frame:
        """The turn ends: those that joined it are done with.  Returns what its result says of prompts."""
        for uuid in self._folded:
            self._tell(uuid, "completed")
        uuids = self._own + self._folded
        return {**self._named(uuids), **({"user_message_uuid": self._own[-1]} if self._own else {})}

    def requested(self) -> Frame:
        """What the result of a turn that began with such a prompt says of its first request to the model."""
        usage = self._cli.turn.first_usage
        if not self._own or not usage:
            return {}
        return {
            "request_sent_wall_ms": self._cli.frames.milliseconds(),
            "first_request_input_tokens": usage["input_tokens"],
            "first_request_cache_read_input_tokens": usage["cache_read_input_tokens"],
        }

    def ended(self, *, cancelled: bool) -> None:
        """After the result: what the turn began with is done with."""
        for uuid in self._own if self._deferred is None else [self._deferred]:
            self._tell(uuid, "cancelled" if cancelled else "completed")
        self._own, self._folded, self._deferred = [], [], None

    @property
    def own(self) -> list[str]:
        """The uuids of the prompts that the turn began with."""
        return self._own

    def _named(self, uuids: list[str]) -> Frame:
        return {"user_message_uuid": uuids[-1], "user_message_uuids": uuids.copy()} if uuids else {}

    def _tell(self, uuid: str, state: str) -> None:
        frames = self._cli.frames
        frame = {"type": "command_lifecycle", "command_uuid": uuid, "state": state, "uuid": frames.mint.uuid()}
        frames.emit(frame | {"session_id": frames.session_id})


def _uuids(prompts: list[Prompt]) -> list[str]:
    return [prompt.uuid for prompt in prompts if prompt.uuid is not None]
