"""Ways to damage a cassette, a reading of the format that says where it is damaged, and programs that replay one.

`damaged_lines` is written from docs/explanation/cassette-format.md and shares nothing with the reader under test.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import anyio
from hypothesis import strategies as st

from claude_code_sdk import (
    ClaudeCodeOptions,
    ClaudeSDKClient,
    PermissionResult,
    PermissionResultAllow,
    ToolPermissionContext,
    query,
)
from claude_code_sdk.cassettes.jsonl import dumps
from claude_code_sdk.transports.base import Transport

from ..client.peers import assistant, result
from .playing import ARGV, answer, asks_for, cassette, cli, eof, exits, handshake, host, noise, prompt, spawn, stderr

PATH = "cassettes/test_it.jsonl"

ASKED = [
    spawn("--permission-prompt-tool", "stdio"),
    *handshake(),
    host(prompt("one")),
    cli(assistant("first", uuid="u1")),
    cli(asks_for("ask_1", command="ls")),
    host(answer("ask_1", {"behavior": "allow", "updatedInput": {"command": "ls"}})),
    cli(assistant("grüße, \u2028 and \U0001f600", uuid="u2")),
    cli(result(result="first", uuid="u3")),
    host(prompt("two")),
    stderr("a warning"),
    cli(assistant("second", uuid="u4")),
    cli(result(result="second", uuid="u5")),
    eof(),
    exits(),
]
ONE_SHOT = [
    spawn(),
    *handshake("req_1_ffff0000"),
    host(prompt("go")),
    eof(),
    noise("Welcome!"),
    *(cli(assistant(f"part {number}", uuid=f"v{number}")) for number in range(4)),
    cli(result(result="gone", uuid="v9")),
    exits(),
]
WHOLE = dumps(cassette(ASKED, ONE_SHOT, path=PATH))
"""Two episodes, which `program` plays to their ends."""

WHOLE_ONE_SHOT = dumps(cassette(ONE_SHOT, path=PATH))
"""The second one alone, for a process; its flags, and what its host says before it closes the input."""
ONE_SHOT_FLAGS = ARGV[1:]
ONE_SHOT_SAID = b"".join(
    entry.frame_bytes + b"\n" for entry in ONE_SHOT if entry.source == "host" and entry.kind == "frame"
)


NOISE = "a line that is no JSON object"

# ---------------------------------------------------------------- programs


async def program(transport: Transport, seen: list[Any]) -> None:
    """Plays `WHOLE`; adds to `seen` what it is told, as `told` would."""

    async def allow(tool: str, given: dict[str, Any], context: ToolPermissionContext) -> PermissionResult:
        return PermissionResultAllow(updated_input=given)

    async with ClaudeSDKClient(ClaudeCodeOptions(can_use_tool=allow), transport=transport) as client:
        for text in ("one", "two"):
            await client.query(text)
            await note(client.receive_response(), seen)
    await note(query(prompt="go", transport=transport), seen)


async def note(messages: AsyncIterator[Any], seen: list[Any]) -> None:
    async for message in messages:
        if set(message.raw) == {"line", "size", "reason"}:
            seen.append(NOISE)
        elif not _is_control(message.raw):
            seen.append(message.raw)


def run(backend: str, transport: Transport, seen: list[Any]) -> None:
    """The program on an event loop of its own; a replay that hangs is a `TimeoutError`."""

    async def bounded() -> None:
        with anyio.fail_after(10):
            await program(transport, seen)

    anyio.run(bounded, backend=backend)


def told(lines: list[bytes]) -> list[Any]:
    """What a program is told by an episode with these lines: frames, `NOISE` for any other line, no control frames."""
    said = b""
    for entry in map(json.loads, lines):
        if entry["from"] == "cli" and "frame" in entry:
            said += json.dumps(entry["frame"]).encode() + b"\n"
        elif entry["from"] == "cli" and "noise" in entry:
            said += entry["noise"].encode("utf-8", "surrogatepass") + (b"" if entry.get("torn") else b"\n")
    found = [_frame(line) for line in said.split(b"\n") if line.strip()]
    return [frame for frame in found if frame == NOISE or not _is_control(frame)]


def _frame(line: bytes) -> Any:
    try:
        frame = json.loads(line.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return NOISE
    return frame if isinstance(frame, dict) else NOISE


def _is_control(frame: dict[str, Any]) -> bool:
    return str(frame.get("type")).startswith("control_")


# ---------------------------------------------------------------- where a file is damaged

_SIDES = {
    "spawn": ("host",),
    "frame": ("host", "cli"),
    "noise": ("host", "cli"),
    "stderr": ("cli",),
    "eof": ("host",),
    "signal": ("host",),
    "exit": ("cli",),
}
_FRAME_LAST = re.compile(rb'\{"at":(0|[1-9][0-9]{0,15}),"from":"(host|cli)","frame":\{')


class Pairs(list[tuple[str, Any]]):
    """A JSON object, with keys that stand there twice."""

    def of(self, key: str) -> Any:
        return next((value for name, value in self if name == key), None)


def damaged_lines(data: bytes) -> set[int]:
    """Numbers of the lines that are damaged by themselves, and of the first one that stands in the wrong place."""
    lines = data.split(b"\n")
    if lines[-1] == b"" and len(lines) > 1:
        lines.pop()
    found = {number for number, line in enumerate(lines, 1) if _kind(line, first=number == 1) is None}
    inside = False
    for number, line in enumerate(lines[1:], 2):
        kind = _kind(line)
        if kind == "spawn":
            inside = True
        elif kind is not None and not inside:
            found.add(number)
            break
        elif kind == "exit":
            inside = False
        elif kind is None and not _looks_like_a_frame(line):
            break  # whether it began or ended an episode is not known
    return found


def _kind(line: bytes, *, first: bool = False) -> str | None:
    """The kind of an entry, `"header"` for a header, `None` for a damaged line."""
    value = _decoded(line)
    if not isinstance(value, Pairs) or len({key for key, _ in value}) < len(value):
        return None
    if first:
        version = value.of("cassette")
        return "header" if type(version) is int and version == 1 else None
    kinds = [key for key, _ in value if key in _SIDES]
    at = value.of("at")
    if len(kinds) != 1 or type(at) is not int or at < 0 or value.of("from") not in _SIDES[kinds[0]]:
        return None
    if kinds == ["frame"] and _looks_like_a_frame(line) and value[-1][0] != "frame":
        return None
    return kinds[0] if _says_what_it_should(kinds[0], value.of(kinds[0])) else None


def _looks_like_a_frame(line: bytes) -> bool:
    return _FRAME_LAST.match(line) is not None and line.endswith(b"}}")


def _decoded(line: bytes) -> Any:
    def refuse(constant: str) -> None:
        raise ValueError(constant)

    try:
        return json.loads(line.decode("utf-8"), object_pairs_hook=Pairs, parse_constant=refuse)
    except (ValueError, RecursionError):
        return None


def _says_what_it_should(kind: str, value: Any) -> bool:
    if kind == "frame":
        return isinstance(value, Pairs)
    if kind == "eof":
        return value is True
    if kind == "exit":
        return type(value) is int and -64 <= value < 2**32
    if kind != "spawn":
        return isinstance(value, str)
    if not isinstance(value, Pairs):
        return False
    spawned = dict(value)
    argv, env, files = spawned.get("argv"), spawned.get("env", Pairs()), spawned.get("files", Pairs())
    return (
        isinstance(argv, list)
        and not isinstance(argv, Pairs)
        and len(argv) > 0
        and all(isinstance(item, str) for item in argv)
        and isinstance(spawned.get("cwd"), str | None)
        and all(isinstance(o, Pairs) and all(isinstance(text, str) for _, text in o) for o in (env, files))
    )


# ---------------------------------------------------------------- ways to damage one


@st.composite
def truncated(draw: st.DrawFn, whole: bytes) -> bytes:
    """Cut anywhere, or where it is likely to go unnoticed: at the end of a line, at the end of a frame."""
    ends = [at.end() for at in re.finditer(rb"\n|\}\}|\"", whole)]
    return whole[: draw(st.one_of(st.integers(0, len(whole) - 1), st.sampled_from(ends)))]


@st.composite
def without_last_lines(draw: st.DrawFn, whole: bytes) -> bytes:
    lines = whole.splitlines(keepends=True)
    return b"".join(lines[: draw(st.integers(1, len(lines) - 1))])


@st.composite
def bits_flipped(draw: st.DrawFn, whole: bytes) -> bytes:
    changed = bytearray(whole)
    for _ in range(draw(st.integers(1, 3))):
        changed[draw(st.integers(0, len(whole) - 1))] ^= 1 << draw(st.integers(0, 7))
    return bytes(changed)


@st.composite
def bytes_put(draw: st.DrawFn, whole: bytes) -> bytes:
    """Bytes that editors, transfers and merges leave behind, put over others or between them."""
    at = draw(st.integers(0, len(whole)))
    put = draw(st.sampled_from(_PUT))
    return whole[:at] + put + whole[at + draw(st.sampled_from([0, 0, 1, len(put), 200])) :]


_PUT = [
    b"\0",
    b"\0" * 512,
    b"\n",
    b"\r\n",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xc3",
    b"\\ud83d",
    b"\x1b[0m",
    b"<<<<<<< HEAD\n",
    b"{",
    b"}",
    b"}}",
    b'"',
    b",",
    b"[" * 100_000,
    b'{"a":' * 2_000,
    b"9" * 5_000,
    b"1e999",
    b"NaN",
    b'{"cassette":1}\n',
]


@st.composite
def lines_moved(draw: st.DrawFn, whole: bytes) -> bytes:
    """Lines dropped, said twice, exchanged, or put elsewhere."""
    lines = whole.splitlines(keepends=True)
    for _ in range(draw(st.integers(1, 3))):
        one, other = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
        deed = draw(st.sampled_from(["drop", "again", "exchange", "move"]))
        if deed == "drop" and len(lines) > 1:
            del lines[one]
        elif deed == "again":
            lines.insert(other, lines[one])
        elif deed == "exchange":
            lines[one], lines[other] = lines[other], lines[one]
        elif deed == "move":
            lines.insert(other, lines.pop(one))
    return b"".join(lines)


@st.composite
def encoded_otherwise(draw: st.DrawFn, whole: bytes) -> bytes:
    ways = [
        whole.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + whole,
        whole.decode().encode("utf-16"),
        whole.decode().encode("utf-16-le"),
        whole.decode().encode("latin-1", "replace"),
        whole.removesuffix(b"\n"),
        whole + b"\n",
        whole.replace(b"\n", b""),
        whole.replace(b"\n", b"\r"),
        whole.replace(b":", b": "),
    ]
    return draw(st.sampled_from(ways))


odd_values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.sampled_from([10**400, -1, 0, 256, -9, -200, 1.5, 1e300, "", "host", "cli", "SIGTERM", "\ud83d", "x\ny", "\0"]),
    st.sampled_from([[], {}, [[]], {"type": "user"}, ["claude"], {"argv": ["claude"]}, {"request": {"subtype": []}}]),
)


@st.composite
def fields_changed(draw: st.DrawFn, whole: bytes) -> bytes:
    """A field of an entry, or one inside it, with a value of another type; or a field taken away or added."""
    lines = whole.splitlines()
    for _ in range(draw(st.integers(1, 2))):
        number = draw(st.integers(0, len(lines) - 1))
        entry = json.loads(lines[number])
        inside = draw(st.sampled_from(_objects(entry)))
        key = draw(st.sampled_from([*inside, "frame", "exit", "spawn", "at", "from", "type", "torn", "files", "uuid"]))
        if draw(st.booleans()) and key in inside:
            del inside[key]
        else:
            inside[key] = draw(odd_values)
        lines[number] = json.dumps(entry, separators=(",", ":")).encode()
    return b"".join(line + b"\n" for line in lines)


def _objects(value: Any) -> list[dict[str, Any]]:
    """The object itself and all inside it."""
    found: list[dict[str, Any]] = [value] if isinstance(value, dict) else []
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [*found, *(one for item in items for one in _objects(item))]


def damaged(whole: bytes = WHOLE) -> st.SearchStrategy[bytes]:
    """`whole` damaged in one way or in two."""
    ways = (truncated, without_last_lines, bits_flipped, bytes_put, lines_moved, encoded_otherwise, fields_changed)
    once = st.one_of(*(way(whole) for way in ways))
    return st.one_of(once, once, st.one_of(bits_flipped(whole), lines_moved(whole)).flatmap(_again))


def _again(once: bytes) -> st.SearchStrategy[bytes]:
    return st.one_of(truncated(once), bits_flipped(once), bytes_put(once), lines_moved(once)) if once else st.just(once)
