"""Shortens what a recorded CLI says about itself, so that a cassette stays readable and small.

A CLI lists every command, agent, model, skill and plugin that it has, with a description of each, in its answer to the
handshake and in every `init` message.  Nothing of that is about the program that was recorded.  `slim` keeps the first
two of each list and blanks the descriptions; names of tools, capabilities and all other frames stay as they were.

    python cassettes/slim.py CASSETTE.jsonl ...

Replays of a slimmed cassette are unaffected: only what a program reads out of those lists is shorter.
"""

from __future__ import annotations

import sys
from typing import Any

from claude_code_sdk.cassettes.cassette import Cassette, Entry, Episode
from claude_code_sdk.cassettes.jsonl import dump, load

KEPT = 2
"""Members that are kept of each list."""

LISTS = (
    "agents",
    "available_output_styles",
    "commands",
    "models",
    "plugins",
    "skills",
    "slash_commands",
    "terminal_slash_commands",
)
PROSE = ("description", "argumentHint")


def slim(cassette: Cassette) -> Cassette:
    """`cassette` with short inventories; a new object."""
    episodes = [
        Episode([_slim_entry(entry) for entry in episode.entries], number=episode.number)
        for episode in cassette.episodes
    ]
    return Cassette(cassette.path, cassette.header, episodes)


def _slim_entry(entry: Entry) -> Entry:
    inventory = _inventory(entry.value) if entry.kind == "frame" and entry.source == "cli" else None
    if inventory is None:
        return entry
    for name in LISTS:
        if isinstance(inventory.get(name), list):
            inventory[name] = [_without_prose(item) for item in inventory[name][:KEPT]]
    return Entry(entry.source, entry.kind, entry.value, at=entry.at, extra=entry.extra)


def _inventory(frame: dict[str, Any]) -> dict[str, Any] | None:
    """The dict in `frame` that has the CLI's lists, or None."""
    if frame.get("type") == "system" and frame.get("subtype") == "init":
        return frame
    payload = frame.get("response", {}).get("response") if frame.get("type") == "control_response" else None
    return payload if isinstance(payload, dict) and "commands" in payload else None


def _without_prose(item: Any) -> Any:
    return {key: "" if key in PROSE else value for key, value in item.items()} if isinstance(item, dict) else item


if __name__ == "__main__":
    for path in sys.argv[1:]:
        dump(slim(load(path)), path)
