"""What a program observed, written down as the harness that recorded it does.

Above: the workers of conformance and fidelity.
"""

from __future__ import annotations

import dataclasses
import os
import time
from typing import Any

from .places import Places

CLIP = 4000
"""Characters of a string that an observation keeps whole, as in the harness."""


class Observations:
    """What the program observed, in the harness's form: `log(kind, …)`, `log.message(m)`, `log.error(where, e)`."""

    def __init__(self, places: Places) -> None:
        self.items: list[dict[str, Any]] = []
        self.cwd, self.home = str(places.project), str(places.home)
        self.cli = ""  # for programs that start the CLI themselves
        self.api: Any = None  # for programs that look at the stand-in for the model
        self._started = time.monotonic()

    def __call__(self, kind: str, **fields: Any) -> None:
        values = {name: jsonable(value) for name, value in fields.items()}
        self.items.append({"t": round(time.monotonic() - self._started, 4), "kind": kind, **values})

    def message(self, message: Any, **extra: Any) -> Any:
        self("message", message=message, **extra)
        return message

    def error(self, where: str, error: BaseException) -> None:
        self("exception", where=where, error=error)


def jsonable(value: Any, depth: int = 0) -> Any:
    """A value as the harness writes it down."""
    if depth > 12:
        return repr(value)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        long = {"__long_str__": len(value), "head": value[:200], "tail": value[-200:]}
        return value if len(value) <= CLIP else long
    if isinstance(value, dict):
        return {str(key): jsonable(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [jsonable(item, depth + 1) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in dataclasses.fields(value)]
        return _object(value, {name: getattr(value, name, None) for name in names}, depth)
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, BaseException):
        return _error(value)
    attributes = getattr(value, "__dict__", None)
    if attributes:
        return _object(value, {name: item for name, item in attributes.items() if not name.startswith("_")}, depth)
    return repr(value)


def _object(value: Any, attributes: dict[str, Any], depth: int) -> dict[str, Any]:
    return {"__class__": type(value).__name__, **{name: jsonable(item, depth + 1) for name, item in attributes.items()}}


def _error(error: BaseException) -> dict[str, Any]:
    described: dict[str, Any] = {"__class__": type(error).__name__, "str": str(error)[:CLIP]}
    for name in ("exit_code", "stderr", "data", "line", "original_error", "errors", "subtype"):
        if hasattr(error, name):
            described[name] = jsonable(getattr(error, name), 8)
    return described
