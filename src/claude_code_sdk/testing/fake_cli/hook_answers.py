"""Hook answers: what callbacks of one event say, checked and put together (wire-facts §5).

answers of callbacks, outputs of command hooks ──► Verdict.add ──► what becomes of the prompt, the call, the turn
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ...protocol.events import Frame

STRICTEST = {"deny": 3, "defer": 2, "ask": 2, "allow": 1}
"""Which decision wins, whatever the order of the answers."""

BLOCKED = "Blocked by hook"
"""The reason of a hook that gives none."""

CALLBACK = "callback"
"""What a callback is called where commands are called by what they are."""

_WORDS = {"permissionDecision": STRICTEST, "decision": ("approve", "block")}


class Verdict:
    """What the answers of one event come to.

    - `decision`, `reason`: of a PreToolUse, the strictest.
    - `blocks`: somebody said `decision: block`; `stops`: somebody said `continue: false`, for `stop_reason`.
    - `updated_input`, `updated_output`: what the tool gets and gives instead; the last to answer wins.
    - `context`: what the model is told beside.
    - `notices`: `informational` frames that are due, as their fields.
    - `failure`: why a hook failed that may not fail; `timed_out`: the hook that did not answer in time.
    - `gone`: the host ended its input before it answered.
    - `specific`: the `hookSpecificOutput` of each answer.
    - `notes`: who answered, the callback or a command, and what it had to say, or "".
    - `blocked_by`: who blocks, as it is told of a compaction; `bare_reason`: the reason without who said it.
    - `asked`: how many hooks there were.
    - `problem`: a command ended with an error that counts for nothing.
    - `on_block`: called with the reason of each answer that blocks, as it comes.
    """

    def __init__(self, on_block: Callable[[str], object] | None = None) -> None:
        self.on_block = on_block
        self.decision: str | None = None
        self.reason = ""
        self.blocks = False
        self.stops = False
        self.stop_reason = ""
        self.updated_input: Frame | None = None
        self.updated_output: Any = None
        self.context: list[str] = []
        self.notices: list[Frame] = []
        self.failure: str | None = None
        self.timed_out: float | None = None
        self.gone = False
        self.specific: list[Frame] = []
        self.notes: list[tuple[str, str]] = []
        self.blocked_by = ""
        self.bare_reason: str | None = None
        self.asked = 0
        self.problem = False

    @property
    def shown_reason(self) -> str:
        """The reason as the model and the user are told it."""
        return self.reason or BLOCKED

    def add(self, event: str, about: str | None, answer: Frame, by: str = CALLBACK) -> None:
        """Take one answer in; `by` is a callback or a command."""
        specific = answer.get("hookSpecificOutput")
        specific = specific if isinstance(specific, dict) else {}
        self.specific.append(specific)
        self.notes.append((by, answer.get("systemMessage") or ""))
        if answer.get("decision") == "block":
            self.blocked_by = self.blocked_by or f"[{by}]"
        self._decide(event, answer, specific)
        if "updatedInput" in specific:
            self.updated_input = specific["updatedInput"]
        for name in ("updatedToolOutput", "updatedMCPToolOutput"):
            if name in specific:
                self.updated_output = specific[name]
        if answer.get("continue") is False:
            self.stops, self.stop_reason = True, answer.get("stopReason") or ""
        if answer.get("systemMessage"):
            self.say(event, about, answer["systemMessage"])
        if specific.get("additionalContext"):
            self.context.append(specific["additionalContext"])

    def refuse(self, event: str, by: str, text: str, bare: str) -> None:
        """A command says no, by its exit code; `text` is what the model is told, `bare` what it said itself."""
        if event == "PreToolUse":
            self.decision, self.reason = "deny", text
        else:
            self._block(text, bare or None)
        self.blocked_by = self.blocked_by or f"[{by}]: {bare or text.partition(': ')[2]}"

    def _block(self, reason: str, bare: str | None) -> None:
        if not self.blocks:
            self.blocks, self.reason, self.bare_reason = True, reason, bare
        if self.on_block is not None:
            self.on_block(reason or BLOCKED)

    def say(self, event: str, about: str | None, message: str) -> None:
        """A word of a hook to the user."""
        name = f"{event}:{about}" if about else event
        self.notices.append({"content": f"{name} says: {message}", "level": "notice"})

    def _decide(self, event: str, answer: Frame, specific: Frame) -> None:
        decision, reason = specific.get("permissionDecision"), specific.get("permissionDecisionReason")
        if answer.get("decision") == "block":
            self._block(answer.get("reason") or "", answer.get("reason") or "")
            if event == "PreToolUse":
                decision, reason = "deny", answer.get("reason")
        elif answer.get("decision") == "approve" and event == "PreToolUse":
            decision, reason = "allow", answer.get("reason")
        if decision in STRICTEST and STRICTEST[decision] >= STRICTEST.get(self.decision or "", 0):
            self.decision, self.reason = decision, reason or ""


def is_valid(answer: Frame) -> bool:
    """Whether the CLI takes an answer; it refuses whole answers with a word that it does not know."""
    specific = answer.get("hookSpecificOutput")
    if specific is not None and not isinstance(specific, dict):
        return False
    for key, words in _WORDS.items():
        given = (specific or {}).get(key) if key == "permissionDecision" else answer.get(key)
        if given is not None and given not in words:
            return False
    texts = ("systemMessage", "reason", "stopReason")
    return all(isinstance(answer.get(key), (str, type(None))) for key in texts)
