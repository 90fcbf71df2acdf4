"""Usage: tokens, costs and times of a session, as results report them.

`usage` of a result is the turn's; `total_cost_usd` and `modelUsage` are the process's (wire-facts §3).
"""

from __future__ import annotations

from .models import canonical, known, model

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...protocol.events import Frame


class Usage:
    """Adds up what the calls of the model took."""

    def __init__(self) -> None:
        self.models: dict[str, dict[str, Any]] = {}
        self.since_last: dict[str, dict[str, Any]] = {}
        self.api_ms = 0
        self.requests = 0

    def add(self, name: str, usage: Frame, output_tokens: int) -> None:
        """A call of a model that ended."""
        self.requests += 1
        called, about = model(name), _about(name)
        dollars = (usage.get("input_tokens", 0) * called.into + output_tokens * called.out) / 1_000_000
        for table in (self.models, self.since_last):
            if name not in table:
                table[name] = _empty_model(name)
            entry = table[name]
            entry |= about
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


UNTIL_CALLED = ("canonicalModel", "provider", "costBasis")
"""What the entry of a model lacks that an earlier process called, and this one has not."""


def _about(name: str) -> dict[str, Any]:
    basis = "unknown" if known(name) is None else "list"
    return {"canonicalModel": canonical(name), "provider": "firstParty", "costBasis": basis}


def _empty_model(name: str) -> dict[str, Any]:
    return {
        "inputTokens": 0,
        "outputTokens": 0,
        "cacheReadInputTokens": 0,
        "cacheCreationInputTokens": 0,
        "webSearchRequests": 0,
        "costUSD": 0.0,
        "contextWindow": model(name).window,
        "maxOutputTokens": model(name).max_output,
        "thinkingTokens": 0,
        "cacheCreationEphemeral5mInputTokens": 0,
        "cacheCreationEphemeral1hInputTokens": 0,
        **_about(name),
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
