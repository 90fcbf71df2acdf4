"""References: functions that travel to another process by name, `MODULE:QUALNAME`.

Above: `matchers.py`, and the results of a script.  Below: nothing.  On the fake path.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def imported(reference: str) -> Callable[..., Any]:
    """The function that a reference names.  Raises `ValueError` when it cannot be imported."""
    from importlib import import_module
    from operator import attrgetter

    module, _, name = reference.partition(":")
    try:
        found: Callable[..., Any] = attrgetter(name)(import_module(module))
    except Exception as error:
        raise ValueError(f"{reference} cannot be imported: {type(error).__name__}: {error}") from error
    return found


def reference(function: Callable[..., Any]) -> str | None:
    """The reference from which another process imports this very function; None when there is none."""
    module, name = getattr(function, "__module__", "") or "", getattr(function, "__qualname__", "")
    try:
        found = None if module == "__main__" else imported(f"{module}:{name}")
    except ValueError:
        found = None
    return f"{module}:{name}" if found is function else None
