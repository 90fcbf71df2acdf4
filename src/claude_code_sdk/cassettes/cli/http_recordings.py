"""Recorded HTTP of tools, `<test>.http.yaml`, as the subcommands take it: read, told, shown.

Above: `scan`, `scrub`, `show`.  Below: `testing/http_file.py`, which needs PyYAML and is loaded when there is a file.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from ...errors import CassetteError
from .folding import fold
from .look import QUIET, count, visible, wrapped

if TYPE_CHECKING:
    from ...testing.http_file import HttpFile
    from ...testing.http_yaml import Interaction

SUFFIX = ".http.yaml"

_LABEL = 10
_INDENT = 2


def read(path: str) -> HttpFile:
    """The file.  Raises `CassetteError` if it cannot be read, or is damaged."""
    try:
        from ...testing.http_file import HttpFile
    except ImportError as error:
        raise CassetteError(f"{path}: {error}") from error
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise CassetteError(f"{path}: cannot be read: {error.strerror}") from error
    return HttpFile(data, path)


def counted(number: int) -> str:
    """`1 recording of HTTP`."""
    return count(number, "recording of HTTP", "recordings of HTTP")


def as_json(file: HttpFile) -> dict[str, Any]:
    """What `show --json` prints of it."""
    return {"http": file.path, "requests": [_interaction_as_json(one) for one in file.interactions]}


def _interaction_as_json(one: Interaction) -> dict[str, Any]:
    return {
        "line": one.line,
        "method": one.method,
        "uri": one.uri,
        "headers": one.headers,
        "body": _body_as_json(one.body),
        "response": {
            "line": one.response_line,
            "status": int(one.status) if one.status.isdecimal() else one.status,
            "reason": one.reason,
            "headers": one.response_headers,
            "body": _body_as_json(one.response_body),
        },
    }


def _body_as_json(body: str | bytes | None) -> object:
    return {"base64": b64encode(body).decode()} if isinstance(body, bytes) else body


def print_http(out: Console, file: HttpFile, *, full: bool) -> None:
    """The requests and responses, for people."""
    interactions = file.interactions
    out.print(Text(visible(file.path), "bold"))
    out.print(Text(f"HTTP, {count(len(interactions), 'request')}", QUIET))
    width = max((len(str(one.response_line)) for one in interactions), default=1)
    for one in interactions:
        out.print()
        _print_row(out, one.line, width, "request", f"{one.method} {one.uri}", full=full)
        _print_body(out, width, one.body, full=full)
        said = ", ".join(filter(None, [f"{one.status} {one.reason}".strip(), _content_type(one)]))
        _print_row(out, one.response_line, width, "response", said, full=full)
        _print_body(out, width, one.response_body, full=full)


def _content_type(one: Interaction) -> str:
    found = [values for name, values in one.response_headers.items() if name.lower() == "content-type"]
    return ", ".join(value for values in found for value in values)


def _print_body(out: Console, width: int, body: str | bytes | None, *, full: bool) -> None:
    if body:
        text = body if isinstance(body, str) else f"({count(len(body), 'byte')} that are no text)"
        _print_row(out, None, width, "", text, full=full)


def _print_row(out: Console, line: int | None, width: int, label: str, text: str, *, full: bool) -> None:
    indent = _INDENT + width + 2 + _LABEL + 2
    lines = wrapped(visible(text).strip("\n").expandtabs(4), out, indent=indent)
    rest = None if full else fold(lines)
    gutter = Text.assemble((f"  {line or '':>{width}}  ", QUIET), (f"{label:<{_LABEL}}  ", "cyan" if label else ""))
    out.print(gutter + Text(lines[0]))
    for more in lines[1:]:
        out.print(Text(" " * indent + more))
    if rest:
        out.print(Text(" " * indent + rest, QUIET))
