"""Messages: what a session yields, one per frame of the CLI.

Above: `_parse.py`, which makes them from frames.  Below: `blocks.py`.  `system_messages.py` has the typed kinds of
`SystemMessage`.  They are plain dataclasses in the field order of `claude_code_sdk` 0.0.25 with newer fields appended
(sdk-spec §1.6); programs that construct them by keyword need not care.

Every message has `raw`, the frame it was made from, shared and not copied: what has no field here is found there.
It takes no part in comparison and `repr`.  A message made by hand has an empty one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, NotRequired, Required, TypedDict

from .blocks import ContentBlock

AssistantMessageError = Literal[
    "authentication_failed", "billing_error", "rate_limit", "invalid_request", "server_error", "unknown"
]
"""Why the CLI wrote an assistant message itself instead of the model."""

MessageOriginKind = Literal[
    "human",
    "channel",
    "peer",
    "task-notification",
    "coordinator",
    "unclassified",
    "observer",
    "auto-continuation",
    "observer-activity",
]
TaskNotificationOriginSubkind = Literal["scheduled-trigger", "peer-send-message"]

MessageOrigin = TypedDict(
    "MessageOrigin",
    {
        "kind": Required[MessageOriginKind],
        "server": str,
        "from": str,
        "name": str,
        "fromSession": str,
        "senderTaskId": str,
        "body": str,
        "verifiedPeerPid": int,
        "subkind": TaskNotificationOriginSubkind,
    },
    total=False,
)
"""Where a prompt came from.  The kinds are those known today: newer CLIs may send others, with keys of their own."""


class ModelUsage(TypedDict):
    """What one model used during the CLI process so far: tokens, searches and US dollars."""

    inputTokens: int
    outputTokens: int
    cacheReadInputTokens: int
    cacheCreationInputTokens: int
    webSearchRequests: int
    costUSD: float
    contextWindow: int
    maxOutputTokens: int
    canonicalModel: NotRequired[str]
    provider: NotRequired[str]


RateLimitStatus = Literal["allowed", "allowed_warning", "rejected"]
RateLimitType = Literal["five_hour", "seven_day", "seven_day_opus", "seven_day_sonnet", "overage"]


class FromFrame:
    """What all messages have in common.  A plain class, so that `raw` is no field: it stays out of `repr`, comparison,
    `dataclasses.asdict` and pattern matching."""

    raw: Mapping[str, Any] = MappingProxyType({})
    """The frame that the message was made from; empty for one made by hand."""


@dataclass
class UserMessage(FromFrame):
    """The user's side: a tool's result, or text that the CLI tells the model (with `raw["isSynthetic"]`).

    Prompts are not repeated, unless `extra_args={"replay-user-messages": None}`.

    - `content`: text, or blocks.
    - `parent_tool_use_id`: the call that started the subagent this belongs to; `None` on the main thread.
    - `uuid`: id of the entry in the transcript; `rewind_files()` takes it.
    - `tool_use_result`: the tool's own result, richer than the block: a dict for built-in tools, a list for MCP tools,
      text for errors.
    - `origin`: where the prompt came from, where the CLI says so.
    """

    content: str | list[ContentBlock]
    parent_tool_use_id: str | None = None
    uuid: str | None = None
    tool_use_result: Any = None
    origin: MessageOrigin | None = None


@dataclass
class AssistantMessage(FromFrame):
    """One block of the model's answer: the CLI sends a message of its own for each block.

    - `content`: the blocks (one, with today's CLI).
    - `model`: the model that wrote it, `<synthetic>` where the CLI did.
    - `parent_tool_use_id`: the call that started the subagent this belongs to; `None` on the main thread.
    - `error`: set when the CLI wrote the message because the API failed.
    - `usage`: tokens as the API counted them when the answer began.
    - `message_id`: the API's id, the same for all blocks of one answer.
    - `stop_reason`: mostly `None`, since blocks are sent before the answer ends; see `ResultMessage.stop_reason`.
    - `user_message_uuid`, `user_message_uuids`: which of the prompts that had a `uuid` this answers.
    """

    content: list[ContentBlock]
    model: str
    parent_tool_use_id: str | None = None
    error: AssistantMessageError | None = None
    usage: dict[str, Any] | None = None
    message_id: str | None = None
    stop_reason: str | None = None
    session_id: str | None = None
    uuid: str | None = None
    user_message_uuid: str | None = None
    user_message_uuids: list[str] | None = None


@dataclass
class SystemMessage:
    """News about the session.

    - `subtype`: `init` once a turn (its `data` is a `SystemInitData`), `status`, `compact_boundary`, …; an open set.
    - `data`: the whole frame.
    """

    subtype: str
    data: dict[str, Any]

    @property
    def raw(self) -> dict[str, Any]:
        """The frame: the same object as `data`."""
        return self.data


@dataclass
class DeferredToolUse:
    """A tool call that a `PreToolUse` hook put off with `permissionDecision: "defer"`."""

    id: str
    name: str
    input: dict[str, Any]


@dataclass
class ResultMessage(FromFrame):
    """The end of a turn.

    - `subtype`: `success`, or `error_during_execution`, `error_max_turns`, `error_max_budget_usd`, ….
    - `duration_ms`, `duration_api_ms`: milliseconds of the turn, and of them waiting for the API.
    - `is_error`: whether the turn failed.  An API failure has `subtype="success"` and `is_error=True`.
    - `num_turns`: how often the model was called, about.
    - `total_cost_usd`, `model_usage`: sums over the CLI process so far.  `usage`: tokens of this turn.
    - `result`: the last text of the answer, or of the failure; `None` for the `error_…` subtypes, which have `errors`.
    - `structured_output`: the answer that `output_format` asked for.
    - `permission_denials`: the calls that were denied, `{"tool_name", "tool_use_id", "tool_input"}` each.
    - `api_error_status`: HTTP status of an API failure.
    - `terminal_reason`: why the turn ended: `completed`, `max_turns`, `api_error`, `aborted_streaming`, ….
    - `user_message_uuid`, `user_message_uuids`: which of the prompts that had a `uuid` this answers.
    """

    subtype: str
    duration_ms: int
    duration_api_ms: int
    is_error: bool
    num_turns: int
    session_id: str
    total_cost_usd: float | None = None
    usage: dict[str, Any] | None = None
    result: str | None = None
    stop_reason: str | None = None
    structured_output: Any = None
    model_usage: dict[str, ModelUsage] | None = None
    permission_denials: list[Any] | None = None
    deferred_tool_use: DeferredToolUse | None = None
    errors: list[str] | None = None
    api_error_status: int | None = None
    uuid: str | None = None
    terminal_reason: str | None = None
    origin: MessageOrigin | None = None
    user_message_uuid: str | None = None
    user_message_uuids: list[str] | None = None


@dataclass
class StreamEvent(FromFrame):
    """A piece of the answer as it is written; sent with `include_partial_messages=True`.

    - `event`: the event of the Messages API as it is (`message_start`, `content_block_delta`, …).
    """

    uuid: str
    session_id: str
    event: dict[str, Any]
    parent_tool_use_id: str | None = None
    user_message_uuid: str | None = None
    user_message_uuids: list[str] | None = None


@dataclass
class RateLimitInfo:
    """How near a subscription is to its limits.

    - `resets_at`, `overage_resets_at`: Unix time in seconds.
    - `utilization`: share of the limit that is used, 0 to 1.
    - `raw`: the object as the CLI sent it.
    """

    status: RateLimitStatus
    resets_at: int | None = None
    rate_limit_type: RateLimitType | None = None
    utilization: float | None = None
    overage_status: RateLimitStatus | None = None
    overage_resets_at: int | None = None
    overage_disabled_reason: str | None = None
    raw: dict[str, Any] = field(default_factory=dict)


@dataclass
class RateLimitEvent(FromFrame):
    """The state of a rate limit changed."""

    rate_limit_info: RateLimitInfo
    uuid: str
    session_id: str


@dataclass
class ConversationResetMessage(FromFrame):
    """The conversation was cleared; `session_id` is the one that ended."""

    new_conversation_id: str
    uuid: str
    session_id: str


@dataclass(init=False, eq=False, repr=False)
class UnknownMessage(FromFrame):
    """A frame without a class of its own, or one that cannot be read as what it says it is.

    - `type`: what the frame calls itself (`keep_alive`, `tool_progress`, …), `""` where it does not.
    - `data`: the frame; the same object as `raw`.
    - `problem`: what is wrong with it; `None` when it is only not known to this version.
    """

    type: str
    problem: str | None = None

    def __init__(self, type: str, data: Any, problem: str | None = None) -> None:  # noqa: A002  # the field's name
        self.type = type
        self.raw = data
        self.problem = problem

    @property
    def data(self) -> Any:
        """The frame."""
        return self.raw

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, UnknownMessage):
            return NotImplemented
        return (self.type, self.raw, self.problem) == (other.type, other.raw, other.problem)

    __hash__ = None  # type: ignore[assignment]  # holds a frame, which is a dict

    def __repr__(self) -> str:
        problem = "" if self.problem is None else f", problem={self.problem!r}"
        return f"UnknownMessage(type={self.type!r}, data={self.raw!r}{problem})"


Message = (
    UserMessage
    | AssistantMessage
    | SystemMessage
    | ResultMessage
    | StreamEvent
    | RateLimitEvent
    | ConversationResetMessage
    | UnknownMessage
)
