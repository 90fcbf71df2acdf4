"""A scenario's recording on the real CLI: its wires in the order of the processes, and the cassette made of them.

Above: the workers of conformance and fidelity.
"""

from __future__ import annotations

from pathlib import Path

from claude_code_sdk.cassettes.importer import import_wires
from claude_code_sdk.cassettes.jsonl import dump

from .places import Places


def wires(folder: Path) -> list[Path]:
    """The wires of a recording, one a CLI process: wire.jsonl, wire.2.jsonl … wire.10.jsonl."""
    return sorted(folder.glob("wire*.jsonl"), key=lambda path: (len(path.name), path.name))


def localised(folder: Path, base: Path, places: Places) -> list[Path]:
    """Copies of the wires in `base`, with our directories in the place of the recorded ones."""
    local = []
    for wire in wires(folder):
        copy = base / wire.name
        text = wire.read_bytes().decode("utf-8", "surrogateescape")
        copy.write_bytes(places.localise(text).encode("utf-8", "surrogateescape"))
        local.append(copy)
    return local


def make_cassette(folder: Path, base: Path, places: Places) -> Path | None:
    """The recording as a cassette; None for a program that never got as far as starting a CLI."""
    local = localised(folder, base, places)
    if not local:
        return None
    path = base / "cassette.jsonl"
    dump(import_wires([str(wire) for wire in local]), path)
    return path
