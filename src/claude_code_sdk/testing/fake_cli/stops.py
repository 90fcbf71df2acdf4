"""Stops: what the CLI does when the model's reply is no proper end: cut off, refused, empty (wire-facts §8).

The model is told why and asked again, so many times in a turn; then the turn ends, mostly with an error of the CLI's
own.  Above: `turn.py`.  The texts are the CLI's, and so are the numbers; read from CLI 2.1.330.
"""

from __future__ import annotations

from . import synthetic
from .models import display_name, model
from .result import Outcome
from .stream import REQUEST_ID

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .process import Process
    from .stream import Reply
    from .thread import Thread

CONTINUATIONS = 3
"""So many times in a turn a reply that was cut off is to be continued."""

OUT_OF_TOKENS = frozenset({"max_tokens", "model_context_window_exceeded"})

CUT_OFF = (
    "Your response above was cut off mid-stream. Resume directly from where it stops — no apology, no recap. "
    "If none of it "
    "survived, answer the request from the start."
)
TOKEN_LIMIT = (
    "Output token limit hit. Resume directly — no apology, no recap of what you were doing. Pick up "
    "mid-thought if that is "
    "where the cut happened. Break remaining work into smaller pieces."
)
NOTHING_VISIBLE = "[Your previous response had no visible output. Please continue and produce a user-visible response.]"
REFUSED = (
    "Your response above was stopped by a safety classifier — this is not a tool or API error. The rest of it "
    "was withheld, "
    "and tool calls in it that had not finished did not run. Do not produce that content again, even reworded."
)
REFUSED_WHILE_RUNNING = (
    ' Exception: a tool call whose result reads "Interrupted" was already running when the response was stopped; it '
    "may have partially or fully completed."
)
CONNECTION_LOST = "API Error: Connection lost mid-response. The response above may be incomplete."
TOO_MANY_TOKENS = (
    "API Error: Claude's response exceeded the {} output token maximum. To configure this behavior, set the "
    "CLAUDE_CODE_MAX_OUTPUT_TOKENS environment variable."
)
FLAGGED = (
    "API Error: {0}'s safeguards flagged this message (https://www.anthropic.com/legal/aup). This sometimes "
    "happens with "
    "safe, normal conversations. Claude Code can't respond to this message with {0}.\n\nTry rephrasing the "
    "request in a "
    "new session or change your model.\n\nLearn more: "
    "https://support.claude.com/en/articles/8106465\n\nRequest ID: {1}\n\n"
    "Message ID: {2}"
)


class Stops:
    """The odd stops of one turn of a thread."""

    def __init__(self, cli: Process, thread: Thread) -> None:
        self._cli = cli
        self._thread = thread
        self._cuts = 0
        self._token_limits = 0
        self._refusals = 0
        self._nudged = False

    def lost_connection(self) -> None:
        """The stream broke after a tool call, which runs all the same; the user is told of it at once."""
        self._say(CONNECTION_LOST, stop_reason="tool_use", stop_sequence=None, **_CONNECTION_FAILED)

    def after(self, reply: Reply, interrupted: bool = False) -> Outcome | bool:
        """What follows a reply that calls no tool that is to run: True to ask again, False when it is an end like
        any other, or how the turn ends.  `interrupted`: tools of it ran when it was refused.
        """
        if reply.cut is not None:
            self._cuts += 1
            return self._go_on(CUT_OFF) if self._cuts <= CONTINUATIONS else self._lost()
        if reply.stop_reason == "refusal":
            return self._refused(reply, interrupted)
        if reply.stop_reason in OUT_OF_TOKENS:
            self._token_limits += 1
            return self._go_on(TOKEN_LIMIT) if self._token_limits <= CONTINUATIONS else self._too_long()
        if not reply.says_something and not self._nudged:
            self._nudged = True
            return self._go_on(NOTHING_VISIBLE)
        return False

    def _go_on(self, text: str, **fields: Any) -> bool:
        self._cli.tell(self._thread, [{"type": "text", "text": text}], isSynthetic=True, **fields)
        self._thread.say("user", text)
        return True

    def _refused(self, reply: Reply, interrupted: bool) -> Outcome | bool:
        cli, name = self._cli, display_name(self._thread.answering)
        self._refusals += 1
        cli.session.safety_stops += 1
        if self._refusals == 1:
            content = f"{name}'s safeguards stopped the response above · continuing once with that noted"
            cli.frames.system("informational", content=content, level="notice")
            text = REFUSED + (REFUSED_WHILE_RUNNING if interrupted else "")
            return self._go_on(text, refused_message_id=reply.message_id)
        cli.frames.system(
            "model_refusal_no_fallback",
            original_model=self._thread.answering,
            request_id=REQUEST_ID,
            api_refusal_category=reply.stop_details.get("category"),
            api_refusal_explanation=reply.stop_details.get("explanation"),
            refused_user_message_uuid=cli.queued.own[-1] if cli.queued.own else cli.mint.uuid(),
            content="",
        )
        text = FLAGGED.format(name, REQUEST_ID, reply.message_id)
        self._say(
            text,
            stop_reason="refusal",
            error="invalid_request",
            request_id=REQUEST_ID,
            is_api_error_message=True,
            refused_message_id=reply.message_id,
        )
        return _ended(text, "invalid_request", stop_reason="refusal")

    def _too_long(self) -> Outcome:
        text = TOO_MANY_TOKENS.format(model(self._thread.answering).max_output)
        kind = "max_output_tokens"
        cut = {"cut": "output_limit"}
        self._say(text, error=kind, is_api_error_message=True, api_error=kind, api_error_params=cut)
        return _ended(text, kind, api_error=kind)

    def _lost(self) -> Outcome:
        self._say(CONNECTION_LOST, **_CONNECTION_FAILED)
        return _ended(CONNECTION_LOST, "server_error", api_error=_CONNECTION_FAILED["api_error"])

    def _say(self, text: str, **fields: Any) -> None:
        synthetic.say(self._cli, self._thread, text, **self._thread.marks, **fields)


_CONNECTION_FAILED = {"error": "server_error", "is_api_error_message": True, "api_error": "connection_failed"}


def _ended(text: str, failure: str, stop_reason: str = "stop_sequence", **fields: Any) -> Outcome:
    return Outcome(text, is_error=True, terminal_reason="api_error", stop_reason=stop_reason, failure=failure, **fields)
