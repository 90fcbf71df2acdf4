"""What a secret looks like."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

RULES_DATE = "2026-11-23"
"""The version of the rule set; it goes into the header of a cassette."""


class Rule:
    """One kind of secret: a `name`, and the regular expression `pattern` that finds it in text.

    - `pattern`: what its group `secret` matches is replaced, or all that it matches if it has no such group.
    - `literals`: texts of which one stands wherever the pattern matches, in any case of letters; without them the
      pattern is tried on every frame.
    - `shape`: makes the pseudonym from the secret and its number in the episode.
    """

    __slots__ = ("literals", "name", "pattern", "shape")

    def __init__(
        self,
        name: str,
        pattern: str,
        *,
        literals: Sequence[str] = (),
        shape: Callable[[str, int], str] | None = None,
    ) -> None:
        self.name = name
        self.pattern = pattern
        self.literals = tuple(literals)
        self.shape = shape


RULES: tuple[Rule, ...] = ()
