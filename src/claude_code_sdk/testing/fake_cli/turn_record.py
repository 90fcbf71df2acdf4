"""TurnRecord: what a turn of the main thread has come to, as its result tells it."""

from __future__ import annotations

from .usage import turn_usage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ...protocol.events import Frame


class TurnRecord:
    """The record of one turn, which began at `started`; before the first there is one without a prompt.

    - `prompt_id`: the id of what it answers, as hooks are told it; `prompt`: its text.
    - `usage`: as the result has it; `first_usage`: of its first call of the model.
    - `times`: the times of its result that are known.
    - `requested`: whether the host was told that the model is asked; `message_ids`: of messages that it saw begin.
    - `denials`: calls of tools that were refused.
    - `stop_hook_noticed`: whether the host was told that a Stop hook had something against its end.
    - `end_stream`: closes the stream that an interrupt cut.
    """

    def __init__(self, prompt_id: str | None = None, turn_id: str = "", started: float = 0.0, prompt: str = "") -> None:
        self.prompt_id = prompt_id
        self.prompt = prompt
        self.id = turn_id
        self.started = started
        self.usage = turn_usage()
        self.first_usage: Frame | None = None
        self.times: set[str] = set()
        self.requested = False
        self.message_ids: list[str] = []
        self.denials: list[Frame] = []
        self.stop_hook_noticed = False
        self.end_stream: Callable[[], None] | None = None
