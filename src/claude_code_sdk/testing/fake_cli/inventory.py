"""Inventory: what CLI 2.1.330 says of itself, its commands, tools, models and agents, in `data/`.

Facts read from recordings of the real CLI.  Loaded once a process, when the first session starts.
"""

from __future__ import annotations

from os.path import dirname, join

from ...protocol.bare_json import loads
from .wire import prepared

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

VERSION = "2.1.330"

SHORT = (str, int, bool, type(None))

_loaded: dict[str, Any] = {}
_frames: dict[str, dict[str, Any]] = {}
_tools: dict[str, Any] = {}


def inventory(part: str) -> dict[str, Any]:
    """A part: `"initialize"`, the answer to the handshake, or `"init"`, the frame that begins a turn."""
    if not _loaded:
        with open(join(dirname(__file__), "data", f"cli-{VERSION}.json"), encoding="utf-8") as file:
            _loaded.update(loads(file.read()))
    found: dict[str, Any] = _loaded[part]
    return found


def fields(part: str) -> dict[str, Any]:
    """A part as the fields of a frame: its lists and objects are prepared."""
    if part not in _frames:
        _frames[part] = {
            key: value if isinstance(value, SHORT) else prepared(f"{part}.{key}", value)
            for key, value in inventory(part).items()
            if key not in ("type", "subtype")
        }
    return _frames[part]


def tool_schemas() -> dict[str, Any]:
    """What is known of the built-in tools' inputs: `schemas` by name, and which are `deferred`.

    Loaded when the first tool is called.
    """
    if not _tools:
        with open(join(dirname(__file__), "data", f"tools-{VERSION}.json"), encoding="utf-8") as file:
            _tools.update(loads(file.read()))
    return _tools
