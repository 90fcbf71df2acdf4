"""The vectors of vectors.toml, decoded: a text, the secret in it, the rule that must find it."""

from __future__ import annotations

import codecs
import tomllib
from pathlib import Path
from typing import NamedTuple


class Vector(NamedTuple):
    """`secret` stands in `text`, behind its public beginning `kept`, and is found by `rule`."""

    rule: str
    text: str
    secret: str
    kept: str


def _decoded(text: str) -> str:
    return codecs.decode(text, "rot13")[::-1]


def _read() -> list[Vector]:
    content = tomllib.loads(Path(__file__).with_name("vectors.toml").read_text("utf-8"))
    return [
        Vector(v["rule"], _decoded(v["text"]), _decoded(v["hidden"]), _decoded(v.get("kept", "")))
        for v in content["vector"]
    ]


VECTORS = _read()
IDS = [f"{number}-{vector.rule}" for number, vector in enumerate(VECTORS, 1)]
