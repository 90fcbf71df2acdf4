"""Cost report: what `/cost` says, the tokens and dollars of the process in the CLI's layout."""

from __future__ import annotations

from .models import known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .process import Process

UNKNOWN_MODELS = " (costs may be inaccurate due to usage of unknown models)"
NAME_WIDTH = 20


def cost_report(cli: Process) -> str:
    """The whole text; times are whole seconds of the driver's clock."""
    usage = cli.session.usage
    guessed = UNKNOWN_MODELS if any(known(name) is None for name in usage.models) else ""
    lines = [
        f"Estimated cost:        {_dollars(usage.cost)}{guessed}",
        f"Total duration (API):  {usage.api_ms // 1000}s",
        f"Total duration (wall): {round(cli.kernel.now - cli.started)}s",
        "Total code changes:    0 lines added, 0 lines removed",
    ]
    if not usage.models:
        return "\n".join([*lines, "Usage:                 0 input, 0 output, 0 cache read, 0 cache write"])
    lines.append("Usage by model:")
    for name, entry in usage.models.items():
        counts = (
            f"{_count(entry['inputTokens'])} input, {_count(entry['outputTokens'])} output, "
            f"{_count(entry['cacheReadInputTokens'])} cache read, "
            f"{_count(entry['cacheCreationInputTokens'])} cache write"
        )
        lines.append(f"{name:>{NAME_WIDTH}}:  {counts} ({_dollars(entry['costUSD'])})")
    requests = f"{usage.requests} request{'' if usage.requests == 1 else 's'}"
    lines.append(
        f"Prompt cache (main):   {requests} · 0% of input tokens from cache · no misses · "
        "no prompt caching reported by the API"
    )
    return "\n".join(lines)


def _dollars(amount: float) -> str:
    return f"${amount:.4f}" if amount < 0.5 else f"${amount:.2f}"


def _count(tokens: int) -> str:
    if tokens < 1000:
        return str(tokens)
    for size, letter in ((1_000_000, "m"), (1_000, "k")):
        if tokens >= size:
            return f"{tokens / size:.1f}".removesuffix(".0") + letter
    return str(tokens)
