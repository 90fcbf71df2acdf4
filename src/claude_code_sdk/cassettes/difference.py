"""Where two JSON values differ.

Above: `lanes.py` (host frames), `argv.py` (values of flags), `answers.py` (decisions); their findings are printed by
`mismatch.py`.  Below: nothing.  `null` equals missing, because SDKs differ in which of the two they write.  On the fake
path.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    Difference: TypeAlias = tuple[str, Any, Any]
    """Path of the differing value, what was recorded, what is live; either may be `MISSING`."""


class _Missing:
    __slots__ = ()

    def __repr__(self) -> str:
        return "MISSING"


MISSING = _Missing()


def differences(
    recorded: Any,
    live: Any,
    same_text: Callable[[str, str], bool] | None = None,
    path: str = "",
) -> list[Difference]:
    """The differing leaves, in recorded order, then what only the live value has.  Empty when both mean the same.

    `same_text` may declare two unequal strings the same (ids that were mapped).
    """
    found: list[Difference] = []
    _walk(recorded, live, same_text, path, found)
    return found


def _walk(
    recorded: Any, live: Any, same_text: Callable[[str, str], bool] | None, path: str, found: list[Difference]
) -> None:
    if isinstance(recorded, dict) and isinstance(live, dict):
        prefix = f"{path}." if path else ""
        names = (
            _same_keys(recorded, live, same_text) if same_text is not None and recorded.keys() != live.keys() else {}
        )
        taken = set(names.values())
        for key in (*recorded, *(key for key in live if key not in recorded and key not in taken)):
            one, other = recorded.get(key), live.get(names.get(key, key))
            if one is None and other is None:
                continue
            _walk(MISSING if one is None else one, MISSING if other is None else other, same_text, prefix + key, found)
    elif isinstance(recorded, list) and isinstance(live, list):
        for index in range(max(len(recorded), len(live))):
            one = recorded[index] if index < len(recorded) else MISSING
            other = live[index] if index < len(live) else MISSING
            _walk(one, other, same_text, f"{path}[{index}]", found)
    elif isinstance(recorded, str) and isinstance(live, str):
        if recorded != live if same_text is None else not same_text(recorded, live):
            found.append((path, recorded, live))
    elif type(recorded) is not type(live) or recorded != live:  # Python takes True, 1 and 1.0 for equal
        found.append((path, recorded, live))


def _same_keys(recorded: dict[str, Any], live: dict[str, Any], same_text: Callable[[str, str], bool]) -> dict[str, str]:
    """Recorded keys that the live value has as another text which means the same."""
    left = [key for key in live if key not in recorded]
    names: dict[str, str] = {}
    for key in recorded:
        found = next((other for other in left if same_text(key, other)), None) if key not in live else None
        if found is not None:
            left.remove(found)
            names[key] = found
    return names
