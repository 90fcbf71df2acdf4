"""Usage: tokens, costs and times of a session, as results report them.

`usage` of a result is the turn's; `total_cost_usd` and `modelUsage` are the process's (wire-facts §3).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...protocol.events import Frame

# Dollars for a million tokens, in and out, as CLI 2.1.330 counts them.
PRICES = {"opus": (4.0, 20.0), "sonnet": (2.0, 10.0), "haiku": (1.0, 5.0)}
CONTEXT_WINDOW = 1_000_000
MAX_OUTPUT_TOKENS = 128_000


def price(model: str) -> tuple[float, float]:
    return next((prices for name, prices in PRICES.items() if name in model), PRICES["opus"])


class Usage:
    """Adds up what the calls of the model took."""

    def __init__(self) -> None:
        self.models: dict[str, dict[str, Any]] = {}
        self.since_last: dict[str, dict[str, Any]] = {}
        self.api_ms = 0

    def add(self, model: str, usage: Frame, output_tokens: int) -> None:
        """A call that ended."""
        dollars = self._cost(model, usage, output_tokens)
        for table in (self.models, self.since_last):
            entry = table.setdefault(model, _empty_model(model))
            entry["inputTokens"] += usage.get("input_tokens", 0)
            entry["outputTokens"] += output_tokens
            entry["cacheReadInputTokens"] += usage.get("cache_read_input_tokens", 0)
            entry["cacheCreationInputTokens"] += usage.get("cache_creation_input_tokens", 0)
            entry["costUSD"] += dollars

    @property
    def cost(self) -> float:
        """Dollars of the whole process."""
        return float(sum(entry["costUSD"] for entry in self.models.values()))

    def take_since_last(self) -> dict[str, dict[str, Any]]:
        taken, self.since_last = self.since_last, {}
        return taken

    def _cost(self, model: str, usage: Frame, output_tokens: int) -> float:
        into, out = price(model)
        return float((usage.get("input_tokens", 0) * into + output_tokens * out) / 1_000_000)


def _empty_model(model: str) -> dict[str, Any]:
    return {
        "inputTokens": 0,
        "outputTokens": 0,
        "cacheReadInputTokens": 0,
        "cacheCreationInputTokens": 0,
        "webSearchRequests": 0,
        "costUSD": 0.0,
        "contextWindow": CONTEXT_WINDOW,
        "maxOutputTokens": MAX_OUTPUT_TOKENS,
        "thinkingTokens": 0,
        "cacheCreationEphemeral5mInputTokens": 0,
        "cacheCreationEphemeral1hInputTokens": 0,
        "canonicalModel": model,
        "provider": "firstParty",
        "costBasis": "list",
    }


def turn_usage() -> dict[str, Any]:
    """The `usage` of a turn that has not called the model."""
    return {
        "input_tokens": 0,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0,
        "output_tokens": 0,
        "output_tokens_details": {"thinking_tokens": 0},
        "server_tool_use": {"web_search_requests": 0, "web_fetch_requests": 0},
        "service_tier": "standard",
        "cache_creation": {"ephemeral_1h_input_tokens": 0, "ephemeral_5m_input_tokens": 0},
        "inference_geo": "",
        "iterations": [],
        "speed": "standard",
        "fallback_credit": None,
    }


def add_to_turn(total: dict[str, Any], usage: Frame, output_tokens: int) -> None:
    """Count a call into the `usage` of its turn."""
    for name in ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"):
        total[name] += usage.get(name, 0)
    total["output_tokens"] += output_tokens
