"""Which options a program chose: those that differ from their defaults.

Above: `_validate.py` and `_argv.py`, which look at these alone: there are sixty options, a program sets a few, and
going through all of them cost a tenth of a short session in process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from .options import ClaudeAgentOptions, ClaudeCodeOptions

_DEFAULTS = vars(ClaudeCodeOptions())
_KNOWN = (ClaudeCodeOptions, ClaudeAgentOptions)  # these keep every field where `vars` finds it


class Reads(Protocol):
    """Something that looks at the options named in `reads` and has nothing to say while they have their defaults."""

    @property
    def reads(self) -> tuple[str, ...]: ...


_Reads = TypeVar("_Reads", bound=Reads)


def chosen(options: ClaudeCodeOptions) -> list[str]:
    """Names of the fields that do not equal their defaults, in the order of the interface."""
    values = vars(options) if type(options) in _KNOWN else {name: getattr(options, name) for name in _DEFAULTS}
    if values == _DEFAULTS:  # a quarter of what the loop costs
        return []
    return [name for name, unset in _DEFAULTS.items() if values[name] is not unset and values[name] != unset]


def concerned(table: Iterable[_Reads]) -> Callable[[Iterable[str]], list[_Reads]]:
    """Of `table`, in its order, what reads any of the given names."""
    rows = list(table)
    of: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        for name in row.reads:
            of.setdefault(name, []).append(number)

    def select(names: Iterable[str]) -> list[_Reads]:
        return [rows[number] for number in sorted({number for name in names for number in of.get(name, ())})]

    return select
