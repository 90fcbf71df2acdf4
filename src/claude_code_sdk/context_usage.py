"""What fills the context window: the answer of `ClaudeSDKClient.get_context_usage()`, as the CLI sends it."""

from typing import Any, NotRequired, TypedDict


class ContextUsageCategory(TypedDict):
    """One kind of content (system prompt, tools, messages, …) and its tokens; `color` is for a display."""

    name: str
    tokens: int
    color: str
    isDeferred: NotRequired[bool]


class ContextUsageResponse(TypedDict):
    """How full the context window is.

    `totalTokens` of `maxTokens` are used, `percentage` (0 to 100) of it; `rawMaxTokens` is the model's own window,
    before the part that is kept free.  `gridRows` is what the CLI draws.
    """

    categories: list[ContextUsageCategory]
    totalTokens: int
    maxTokens: int
    rawMaxTokens: int
    percentage: float
    model: str
    isAutoCompactEnabled: bool
    memoryFiles: list[dict[str, Any]]
    mcpTools: list[dict[str, Any]]
    agents: list[dict[str, Any]]
    gridRows: list[list[dict[str, Any]]]
    autoCompactThreshold: NotRequired[int]
    deferredBuiltinTools: NotRequired[list[dict[str, Any]]]
    systemTools: NotRequired[list[dict[str, Any]]]
    systemPromptSections: NotRequired[list[dict[str, Any]]]
    slashCommands: NotRequired[dict[str, Any]]
    skills: NotRequired[dict[str, Any]]
    messageBreakdown: NotRequired[dict[str, Any]]
    apiUsage: NotRequired[dict[str, Any] | None]
