"""One line of a cassette: bytes to `Entry` and back.

Above: lines.py and jsonl.py (whole files), the recorder (line by line).  Below: cassette.py, members.py, inventory.py.
On the fake path.
"""

from __future__ import annotations

import re
from json import JSONDecodeError

from .cassette import JSON, Entry, damaged, encode_json
from .inventory import KEY, put_together, take_apart
from .members import members

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .inventory import Inventory
    from .members import Member

OWN_FRAME = re.compile(rb'\{"at":(0|[1-9][0-9]{0,15}),"from":"(host|cli)","frame":(?=\{)')
"""The line of a frame as `encode_entry` writes it, up to the frame's opening brace; it ends with `}}`."""

_OWN_OTHER = re.compile(
    rb'\{"at":(0|[1-9][0-9]{0,15}),"from":"(host|cli)","(spawn|noise|stderr|eof|signal|exit)":(?=[^ ])'
)
"""The same of an entry that is no frame, up to its value; the brace that closes the line follows the value."""

# Nothing in it can backtrack, which a possessive group must not contain before CPython 3.11.5 (its issue 106052).
OWN_CLI_FRAMES = re.compile(rb'(?:\{"at":(?!0[0-9])[0-9]{1,16}+,"from":"cli","frame":\{.*+(?<=\}\})\n)*+')
"""Any number of whole lines, each the frame of the CLI only, as above."""

_SIDES: Mapping[str, tuple[str, ...]] = {
    "spawn": ("host",),
    "frame": ("host", "cli"),
    "noise": ("host", "cli"),
    "stderr": ("cli",),
    "eof": ("host",),
    "signal": ("host",),
    "exit": ("cli",),
}


_EXIT_CODES = 2**32 - 1  # of Windows, which has the larger ones
_SIGNALS = 64


def decode_line(data: bytes, start: int, end: int, number: int, path: str, *, apart: bool = False) -> Entry:
    """The entry of the line `data[start:end]`, which has the 1-based `number` in the file `path`.

    A frame that is stored without its inventories is put together again, unless `apart` is true.

    A frame in our own writing is not decoded; any other line is, also a frame in another valid writing (spaces, another
    order of keys, further keys), and its frame is still the slice that stands there.

    Raises:
        CassetteError: It is damaged, with line and column.
    """
    own = OWN_FRAME.match(data, start)
    if own is None or not data.endswith(b"}}", start, end):
        return _decode_own(data, start, end, number, path) or _decode_other(data, start, end, number, path, apart)
    source: Any = "cli" if own[2] == b"cli" else "host"
    return Entry(source, "frame", at=int(own[1]), number=number, path=path, data=data, start=own.end(), end=end - 1)


def encode_entry(entry: Entry) -> bytes:
    """The line of an entry, without its newline; a frame's own bytes are taken as they are, its inventories too."""
    extra = entry.extra
    if extra and KEY in extra:
        extra = {key: value for key, value in extra.items() if key != KEY}
    return _line(entry, extra, entry.frame_bytes if entry.kind == "frame" else encode_json(entry.value))


def encode_apart(entry: Entry) -> tuple[bytes, Inventory | None]:
    """The line of an entry and its sidecar, if it is one that is stored without its inventories."""
    extra = entry.extra
    if not extra or KEY not in extra or entry.kind != "frame":
        return encode_entry(entry), None
    inventory = take_apart(entry.frame_bytes, version=str(extra[KEY]).rpartition("-")[0], least=1)
    if inventory is None:
        return encode_entry(entry), None
    return _line(entry, {**extra, KEY: inventory.name}, inventory.frame), inventory


def _line(entry: Entry, extra: Mapping[str, Any] | None, body: bytes) -> bytes:
    head = b'{"at":%d,"from":"%b",' % (entry.at, entry.source.encode())
    if extra:
        head += encode_json(extra)[1:-1] + b","
    return b'%b"%b":%b}' % (head, entry.kind.encode(), body)


def _decode_own(data: bytes, start: int, end: int, number: int, path: str) -> Entry | None:
    """An entry that is no frame, if its line is in our own writing and nothing is wrong with it: much faster."""
    own = _OWN_OTHER.match(data, start, end)
    if own is None or data[end - 1 : end] != b"}":
        return None
    source: Any = own[2].decode()
    kind: Any = own[3].decode()
    try:
        value = JSON.decode(data[own.end() : end - 1].decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    if source not in _SIDES[kind] or _wrong(kind, value):
        return None
    return Entry(source, kind, value, at=int(own[1]), number=number, path=path)


def _decode_other(data: bytes, start: int, end: int, number: int, path: str, apart: bool) -> Entry:
    found = read_members(data[start:end], number, path)
    kinds = [kind for kind in _SIDES if kind in found]
    if len(kinds) != 1:
        said = f"two entry kinds in one line: {', '.join(kinds)}" if kinds else "no known entry kind in the line"
        raise damaged(path, number, 1, f"{said}; a line has exactly one of {', '.join(_SIDES)}")
    kind: Any = kinds[0]
    at, source, value = found.pop("at", None), found.pop("from", None), found.pop(kind)
    if at is None or type(at.value) is not int or at.value < 0:
        raise damaged(path, number, at.column if at else 1, '"at" must be there: whole milliseconds since spawn')
    if source is None or source.value not in _SIDES[kind]:
        sides = " or ".join(f'"{side}"' for side in _SIDES[kind])
        raise damaged(path, number, source.column if source else 1, f'"from" must be {sides} for {kind}')
    wrong = _wrong(kind, value.value)
    if wrong:
        raise damaged(path, number, value.column, wrong)
    extra = {key: member.value for key, member in found.items()} or None
    if kind != "frame":
        return Entry(source.value, kind, value.value, at=at.value, number=number, path=path, extra=extra)
    if extra and KEY in extra and not apart:
        stored = data[start + value.start : start + value.end]
        whole = put_together(stored, extra[KEY], path, number)
        return Entry(source.value, kind, at=at.value, number=number, path=path, extra=extra, data=whole)
    return Entry(
        source.value,
        kind,
        at=at.value,
        number=number,
        path=path,
        extra=extra,
        data=data,
        start=start + value.start,
        end=start + value.end,
    )


def _wrong(kind: str, value: Any) -> str | None:
    """What is wrong with the value of an entry of that kind, or None."""
    if kind == "spawn":
        return _wrong_spawn(value)
    if kind == "frame":
        return None if isinstance(value, dict) else "a frame is a JSON object"
    if kind == "eof":
        return None if value is True else '"eof" is true'
    if kind == "exit":
        fits = type(value) is int and -_SIGNALS <= value <= _EXIT_CODES
        return None if fits else f'"exit" is the exit code, negative for a signal: {-_SIGNALS} to {_EXIT_CODES}'
    return None if isinstance(value, str) else f'"{kind}" is text'


def _wrong_spawn(value: Any) -> str | None:
    if not isinstance(value, dict):
        return '"spawn" is an object with argv, cwd and env'
    argv, cwd, env, files = value.get("argv"), value.get("cwd"), value.get("env", {}), value.get("files", {})
    if not _all_text(argv) or not argv:
        return '"argv" of a spawn is a list of texts, the executable first'
    if cwd is not None and not isinstance(cwd, str):
        return '"cwd" of a spawn is a path or null'
    if not isinstance(env, dict) or not _all_text(list(env.values())):
        return '"env" of a spawn is an object of texts'
    if not isinstance(files, dict) or not _all_text(list(files.values())):
        return '"files" of a spawn is an object of texts'
    return None


def _all_text(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


def read_members(line: bytes, number: int, path: str) -> dict[str, Member]:
    """The members of the JSON object in `line`.

    Raises:
        CassetteError: It is none, with line and column.
    """
    try:
        return members(line)
    except UnicodeDecodeError as error:
        column = len(line[: error.start].decode("utf-8")) + 1
        raise damaged(path, number, column, f"the line is not UTF-8 ({error.reason})") from error
    except JSONDecodeError as error:
        raise damaged(path, number, error.pos + 1, f"the line is not a JSON object: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise damaged(path, number, 1, f"the line is not a JSON object: {error}") from error
