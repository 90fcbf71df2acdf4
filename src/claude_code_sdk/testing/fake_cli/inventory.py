"""Inventory: what CLI 2.1.330 says of itself, its commands, tools, models and agents, in `data/`.

Facts read from recordings of the real CLI.  Loaded once a process, when the first session starts.
"""

from __future__ import annotations

import json
from pathlib import PurePath

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

VERSION = "2.1.330"

_loaded: dict[str, Any] = {}


def inventory(part: str) -> dict[str, Any]:
    """A part: `"initialize"`, the answer to the handshake, or `"init"`, the frame that begins a turn."""
    if not _loaded:
        path = PurePath(__file__).parent / "data" / f"cli-{VERSION}.json"
        with open(path, encoding="utf-8") as file:
            _loaded.update(json.load(file))
    found: dict[str, Any] = _loaded[part]
    return found
