"""The script of a finding: as JSON, and with no more replies and expectations than it takes.

Above: `campaign.py`.  Below: `attempt.py`, which tries whether the shorter one still does it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..script import Script, ScriptFormatError

if TYPE_CHECKING:
    from .attempt import Attempt, Attempts

Json = dict[str, Any]


async def minimal_script(attempts: Attempts, script: Script, attempt: Attempt, kinds: set[str]) -> Json | None:
    """`script` with as few replies at its end as `kinds` take, and without what `attempt` did not use.

    Whatever is left out, an attempt without it has shown that `kinds` are found all the same.  Where attempts take
    real time there is one only.  None where the script has functions that JSON cannot have.
    """
    try:
        whole = script.to_json()
    except ScriptFormatError:
        return None
    best = whole
    for shorter in _shorter(whole, attempt):
        if attempt.ended.blocked:
            break
        again = await attempts.make(Script.from_json(shorter))
        if not kinds <= {kind for kind, _ in attempts.wrong(again)}:
            break
        best = shorter
        if not attempts.in_process:
            break
    return best


def _shorter(whole: Json, attempt: Attempt) -> Iterator[Json]:
    """Ever shorter scripts: without what was not used, then without the last reply, the last two …"""
    used = [turn for number, turn in enumerate(whole["turns"]) if number in attempt.turns or _repeats(turn)]
    expected = [item for number, item in enumerate(whole.get("expect", ())) if number in attempt.expectations]
    for count in range(len(used), -1, -1):
        turns = used[:count]
        calls = {block.get("id") for turn in turns for block in _content(turn)}
        results = {key: result for key, result in whole.get("tool_results", {}).items() if key in calls}
        parts: Json = {"turns": turns, "expect": expected, "tool_results": results}
        short = {key: parts.get(key, part) for key, part in whole.items() if key == "turns" or parts.get(key, part)}
        if short != whole:
            yield short


def _content(turn: Any) -> list[Any]:
    return turn if isinstance(turn, list) else list(turn.get("content") or ())


def _repeats(turn: Any) -> bool:
    return isinstance(turn, dict) and bool(turn.get("repeat"))
