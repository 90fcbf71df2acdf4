"""Live texts beside recorded ones: compared with their secrets replaced, and shown without them.

Above: the matcher, where what was recorded holds a pseudonym; the texts of mismatches.  Below: search.py.  A search is
kept for as long as the environment that it was made for stays the same: making one costs a millisecond.
"""

from __future__ import annotations

import os

from .pseudonyms import Pseudonyms, canonical
from .search import Search

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .rules import Rule

_last: tuple[object, Search] | None = None


def same_scrubbed(
    recorded: str, live: str, *, rules: Sequence[Rule] | None = None, environment: Mapping[str, str] | None = None
) -> bool:
    """Whether `live`, with its secrets replaced, is `recorded`, whose pseudonyms may have other numbers and lengths.

    Both are plain text, not JSON's writing of it.  Equal pseudonyms must stand for equal secrets, different ones for
    different ones.  `rules`: those of the user's that the recording was made with; `environment`: whose secret-looking
    values are secrets, by default that of this process.
    """
    return recorded == live or canonical(recorded) == canonical(_search(rules, environment).replace(live))


def hide(text: str, *, rules: Sequence[Rule] | None = None, environment: Mapping[str, str] | None = None) -> str:
    """`text` with its secrets replaced, for error messages; the pseudonyms are those of this text alone."""
    return _search(rules, environment).replace(text)


def _search(rules: Sequence[Rule] | None, environment: Mapping[str, str] | None) -> Search:
    global _last
    variables = dict(os.environ if environment is None else environment)
    key = (tuple(rules or ()), variables)
    if _last is None or _last[0] != key:
        _last = (key, Search(rules, variables))
    search = _last[1]
    search.pseudonyms = Pseudonyms()
    return search
