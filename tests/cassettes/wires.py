"""What the tests of import and order share: wire files in a few words, and the skeleton of an episode."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from claude_code_sdk.cassettes.cassette import Entry, Episode
from claude_code_sdk.cassettes.importer import import_wires

ARGV = ["claude", "--output-format", "stream-json", "--verbose", "--input-format", "stream-json"]


def meta(event: str, **fields: Any) -> dict[str, Any]:
    return {"dir": "meta", "line": {"event": event, **fields}}


def spawned(argv: list[str] | None = None, **fields: Any) -> dict[str, Any]:
    return meta("spawn", **{"argv": argv or ARGV, "cwd": "/work/app", "env": {}, **fields})


def to_cli(line: str) -> dict[str, Any]:
    return {"dir": "to_cli", "line": line}


def from_cli(line: str) -> dict[str, Any]:
    return {"dir": "from_cli", "line": line}


def write_wire(path: Path, *records: dict[str, Any]) -> str:
    """A wire file in which a hundredth of a second passes from record to record."""
    lines = [json.dumps({"t": 5.0 + 0.01 * number, **record}) for number, record in enumerate(records)]
    path.write_text("".join(f"{line}\n" for line in lines))
    return str(path)


def imported(path: Path, *records: dict[str, Any], **options: Any) -> Episode:
    """The episode of a wire file with these records."""
    return import_wires([write_wire(path, *records)], **options).episodes[0]


def name_of(entry: Entry) -> str:
    """An entry without its ids, times and texts, by the fields that say what it is."""
    if entry.kind != "frame":
        return f"{entry.source} {entry.kind}"
    frame = entry.value
    request = frame.get("request") or {}
    hook, message = request.get("input") or {}, request.get("message") or {}
    said = (
        frame["type"],
        frame.get("subtype") or request.get("subtype"),
        frame.get("state"),
        request.get("server_name"),
        message.get("method"),
        hook.get("hook_event_name"),
    )
    return f"{entry.source} " + "/".join(str(part) for part in said if part)


def skeleton(episode: Episode) -> list[str]:
    """Names of the entries; an answer is named after its request."""
    names: dict[str, str] = {}
    found = []
    for entry in episode.entries:
        name = name_of(entry)
        if entry.kind == "frame":
            frame = entry.value
            if frame["type"] == "control_request":
                names[frame["request_id"]] = name
            elif frame["type"] == "control_response":
                name = f"{entry.source} answers {names.get(frame['response']['request_id'], '?')}"
        found.append(name)
    return found
