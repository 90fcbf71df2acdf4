"""Live texts beside recorded ones: compared with their secrets replaced, and shown without them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .rules import Rule


def same_scrubbed(
    recorded: str, live: str, *, rules: Sequence[Rule] | None = None, environment: Mapping[str, str] | None = None
) -> bool:
    """Whether `live`, with its secrets replaced, is `recorded`, whose pseudonyms may have other numbers.

    Equal pseudonyms must stand for equal ones.  `environment`: whose secret-looking values are secrets; by default that
    of this process.
    """
    return recorded == live


def hide(text: str, *, rules: Sequence[Rule] | None = None, environment: Mapping[str, str] | None = None) -> str:
    """`text` with its secrets replaced, for error messages."""
    return text
