"""The recorded directories again in what was recorded here, as if the program had run in /project and /home/user.

The directories here have names of the same length, because the CLI and the model's stand-in cut texts by their length.
A path may be cut in two by that: the pieces of a streamed block are put together, restored, and cut where they were.
Above: `case.py`, `pool.py`.
"""

from __future__ import annotations

import json
import os
import secrets
import string
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..scenarios.places import Places

SHORT = Path("/tmp")
"""Where a name as short as /project can be had."""

PIECES = ("text", "partial_json", "thinking")
"""Keys of a `content_block_delta`'s delta, any of which has a piece of the block."""

ATTEMPTS = 100
"""How many names are tried: others run here, too."""


def new_directory(like: str) -> Path:
    """A new directory whose path is as long as `like`; of any length where /tmp is a link."""
    if SHORT.resolve() != SHORT or len(like) < len("/tmp/a12"):
        return Path(tempfile.mkdtemp()).resolve()
    for _ in range(ATTEMPTS):
        letters = (secrets.choice(string.ascii_letters + string.digits) for _ in range(len(like) - len("/tmp/x")))
        path = SHORT / f"x{''.join(letters)}"
        try:
            os.mkdir(path, 0o700)
        except FileExistsError:
            continue
        return path
    raise FileExistsError(f"{ATTEMPTS} names in {SHORT}, all taken")


def wire(path: Path, places: Places) -> None:
    """Restore a wire.jsonl in place."""
    lines = path.read_bytes().decode("utf-8", "surrogateescape").split("\n")
    records = [json.loads(places.restore(line)) for line in lines if line]
    frames = [_parsed(record) for record in records]
    changed = stitched((frame for frame in frames if isinstance(frame, dict)), places)
    for record, frame in zip(records, frames, strict=True):
        if id(frame) in changed:
            record["line"] = json.dumps(frame)
    path.write_text("".join(json.dumps(record) + "\n" for record in records))


def observations(items: list[dict[str, Any]], places: Places, path: Path) -> None:
    """Write what a program observed, restored."""
    restored = json.loads(places.restore(json.dumps(items)))
    stitched((item["message"] for item in restored if isinstance(item.get("message"), dict)), places)
    text = json.dumps(restored, indent=1, ensure_ascii=False)
    path.write_bytes(text.encode("utf-8", "backslashreplace"))  # a lone surrogate becomes its JSON escape


def stitched(frames: Iterable[dict[str, Any]], places: Places) -> set[int]:
    """Restore in place the paths that pieces of streamed blocks have between them; returns the ids of the frames."""
    changed: set[int] = set()
    block: list[tuple[dict[str, Any], dict[str, Any], str]] = []  # the frame, its delta, the key of the piece

    def restore() -> None:
        whole = "".join(delta[key] for _, delta, key in block)
        restored = places.restore(whole)
        if restored == whole or len(restored) != len(whole):
            return
        start = 0
        for frame, delta, key in block:
            end = start + len(delta[key])
            if delta[key] != restored[start:end]:
                delta[key] = restored[start:end]
                changed.add(id(frame))
            start = end

    for frame in frames:
        event = frame.get("event")
        kind = event.get("type") if isinstance(event, dict) else None
        if kind == "content_block_delta" and isinstance(event, dict):
            delta = event.get("delta") or {}
            block += [(frame, delta, key) for key in PIECES if isinstance(delta.get(key), str)]
        elif kind in ("content_block_start", "content_block_stop"):
            restore()
            block = []
    restore()
    return changed


def _parsed(record: dict[str, Any]) -> Any:
    if record["dir"] != "from_cli" or '"content_block_' not in record["line"]:
        return None
    try:
        return json.loads(record["line"])
    except ValueError:
        return None
