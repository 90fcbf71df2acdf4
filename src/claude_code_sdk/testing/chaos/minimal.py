"""The script of a finding: as JSON, and with no more replies and expectations than it takes.

Above: `campaign.py`.  Below: `attempt.py`, which tries whether the shorter one still does it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..script import Script, ScriptFormatError

if TYPE_CHECKING:
    from .attempt import Attempt, Attempts

Json = dict[str, Any]


async def minimal_script(attempts: Attempts, script: Script, attempt: Attempt, kinds: set[str]) -> Json | None:
    """What is left of `script` without what `attempt` did not use, if `kinds` are still found then; else all of it.

    None where it has functions that JSON cannot have.
    """
    try:
        whole = script.to_json()
    except ScriptFormatError:
        return None
    short = _without_unused(whole, attempt)
    if short == whole or attempt.ended.blocked:
        return whole
    again = await attempts.make(Script.from_json(short))
    return short if kinds <= {kind for kind, _ in attempts.wrong(again)} else whole


def _without_unused(whole: Json, attempt: Attempt) -> Json:
    turns, expected = attempt.turns, attempt.expectations
    kept = [turn for number, turn in enumerate(whole["turns"]) if number in turns or _repeats(turn)]
    calls = {block.get("id") for turn in kept for block in _content(turn)}
    short = {**whole, "turns": kept}
    parts: Json = {
        "expect": [item for number, item in enumerate(whole.get("expect", ())) if number in expected],
        "tool_results": {key: result for key, result in whole.get("tool_results", {}).items() if key in calls},
    }
    for key, part in parts.items():
        short.pop(key, None)
        if part:
            short[key] = part
    return short


def _content(turn: Any) -> list[Any]:
    return turn if isinstance(turn, list) else list(turn.get("content") or ())


def _repeats(turn: Any) -> bool:
    return isinstance(turn, dict) and bool(turn.get("repeat"))
