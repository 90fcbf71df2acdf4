"""The JSON form of a script: what it may have, checked before it is used, and published as JSON Schema.

Above: `script.py`; `docs/reference/script.schema.json` is what `schema()` gives.  Below: `shapes.py`, `patterns.py`.
On the fake path.
"""

from __future__ import annotations

from .fault import ALL_ALONG, SPOILERS
from .patterns import PatternShape
from .shapes import Defined, Either, Flag, Keyed, ListOf, MapOf, Nothing, Number, Record, Shape, Tagged, Text, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

VERSION = 1

_SECONDS = Number("a number of seconds, 0 or more")
_COUNT = Number("a whole number, 0 or more", whole=True)
_POSITIVE = Number("a whole number, 1 or more", minimum=1, whole=True)
_ANY = Shape()
_ANY_MAP = MapOf(_ANY, "an object")
_TEXT = Text()


def _or_null(kind: str, shape: Shape) -> Either:
    return Either({kind: shape, "null": Nothing()})


_PATTERN = Defined("pattern", PatternShape())

_BLOCK = Defined(
    "block",
    Tagged(
        "a content block",
        {
            "text": Record("a text block", {"type": _TEXT, "text": _TEXT}, required=("text",), more=_ANY),
            "thinking": Record(
                "a thinking block",
                {"type": _TEXT, "thinking": _TEXT, "signature": _TEXT},
                required=("thinking",),
                more=_ANY,
            ),
            "tool_use": Keyed(
                "a tool_use block",
                {
                    key: Record(
                        "a tool_use block",
                        {"type": _TEXT, "id": _TEXT, "name": _TEXT, "input": _ANY_MAP, "raw_input": _TEXT},
                        required=("name", key),
                        more=_ANY,
                    )
                    for key in ("raw_input", "input")
                },
            ),
            "sleep": Record("a sleep", {"type": _TEXT, "seconds": _SECONDS}, required=("seconds",)),
        },
        Record("a content block", {"type": _TEXT}, required=("type",), more=_ANY),
    ),
)

_BLOCKS = ListOf(_BLOCK, "a list of content blocks")

_HEADERS = MapOf(
    Either({"string": _TEXT, "number": Number("a number", minimum=-(10**9))}), "an object of headers, text or numbers"
)

_ERROR = Record(
    "an API error",
    {
        "status": Number("an HTTP status from 400 to 599", minimum=400, maximum=599, whole=True),
        "type": _TEXT,
        "message": _TEXT,
        "headers": _HEADERS,
    },
    required=("status",),
)

_EXIT_CODE = Number("an exit code, or a negative signal number", minimum=-64, maximum=255, whole=True)

_CRASH = Record(
    "a crash", {"exit_code": _EXIT_CODE, "stderr": ListOf(_TEXT, "a list of lines")}, required=("exit_code",)
)

_TURN = Defined(
    "turn",
    Either(
        {
            "array": _BLOCKS,
            "object": Record(
                "a turn",
                {
                    "content": _BLOCKS,
                    "stop_reason": _or_null("string", _TEXT),
                    "stop_sequence": _or_null("string", _TEXT),
                    "stop_details": _or_null("object", _ANY_MAP),
                    "usage": _or_null("object", _ANY_MAP),
                    "model": _or_null("string", _TEXT),
                    "headers": _or_null("object", _HEADERS),
                    "delay": _or_null("number", _SECONDS),
                    "chunk": _or_null("number", _POSITIVE),
                    "chunk_delay": _or_null("number", _SECONDS),
                    "error": _or_null("object", _ERROR),
                    "stream_error": _or_null("object", _ANY_MAP),
                    "drop": _or_null("boolean", Flag()),
                    "crash": _or_null("object", _CRASH),
                    "hang": _or_null("number", _SECONDS),
                    "match": _or_null("string", _TEXT),
                    "repeat": _or_null("boolean", Flag()),
                },
            ),
        }
    ),
)

_CONTENT = Either({"string": _TEXT, "array": ListOf(_ANY_MAP, "a list of content blocks")})
_FUNCTION = Text("a function as MODULE:QUALNAME", pattern=r"[A-Za-z_][A-Za-z0-9_.]*:[A-Za-z_][A-Za-z0-9_.]*")


def _result(expected: str, more: dict[str, Shape], required: tuple[str, ...] = ()) -> Record:
    given: dict[str, Shape] = {"content": _CONTENT, "is_error": Flag(), "tool_use_result": _ANY}
    return Record(
        expected,
        {**more, **given, "function": _FUNCTION},
        required=required,
        at_most_one=tuple(("function", key) for key in given),
    )


_RESULT = _result("a result", {})
_ANSWER = _result("an answer", {"tool": _PATTERN, "matching": _PATTERN}, ("tool",))

_EXPECTATION = Keyed(
    "an expectation",
    {
        "prompt": Record("an expected prompt", {"prompt": _PATTERN}, required=("prompt",)),
        "control": Record("an expected control request", {"control": _TEXT, "body": _PATTERN}, required=("control",)),
        "answer": Record(
            "an expected answer",
            {"answer": _TEXT, "request": _PATTERN, "payload": _PATTERN, "error": _PATTERN},
            required=("answer",),
        ),
    },
)

_FRAME_PATTERN = PatternShape('a pattern of a frame, such as {"type": "result"}', objects_only=True)
_AFTER = Either({"number": _COUNT, "object": _FRAME_PATTERN})
_AT = Either({"number": _POSITIVE, "object": _FRAME_PATTERN})
_LINES = Either({"string": _TEXT, "array": ListOf(_TEXT, "a list of lines")})
_WHAT: dict[str, tuple[str, Shape]] = {
    "exit": ("an exit", _EXIT_CODE),
    "line": ("a line that does not belong there", _TEXT),
    "frame": ("a frame that does not belong there", _ANY_MAP),
    "torn": ("a torn line", _COUNT),
    "oversize": ("an oversize line", _POSITIVE),
    "invalid_utf8": ("a line that is no UTF-8", Word(True)),
    "lost": ("a lost frame", Word(True)),
    "late": ("a late frame", _SECONDS),
    "repeated": ("a repeated frame", _POSITIVE),
    "withdraw": ("a withdrawn request", Word(True)),
    "slow_exit": ("a slow exit", _SECONDS),
    "ignore_signals": ("ignored signals", ListOf(Word("SIGTERM", "SIGINT", "SIGHUP"), "a list of signals' names")),
    "stderr": ("lines on stderr", _LINES),
}


def _fault(what: str) -> Record:
    expected, shape = _WHAT[what]
    if what in ALL_ALONG:
        return Record(expected, {what: shape, "process": _POSITIVE}, required=(what,))
    places: dict[str, Shape]
    if what in SPOILERS:
        places = {"instead": _AT}
    elif what in ("repeated", "withdraw"):
        places = {"after": _AT}
    elif what == "stderr":
        places = {"after": _AFTER, "before": _FRAME_PATTERN}
    else:
        places = {"after": _AFTER, "before": _FRAME_PATTERN, "instead": _AT}
    members = {**places, "nth": _POSITIVE, "every": Flag(), "process": _POSITIVE, what: shape}
    if what == "exit":
        members["stderr"] = _LINES
    return Record(expected, members, required=(what,), one_of=(tuple(places),), at_most_one=(("nth", "every"),))


_FAULT = Keyed("a fault", {what: _fault(what) for what in _WHAT})

_COMMAND_HOOK = Record(
    "a command hook",
    {
        "command": _PATTERN,
        "matching": _PATTERN,
        "stdout": _TEXT,
        "stderr": _TEXT,
        "exit_code": _COUNT,
        "delay": _SECONDS,
    },
    required=("command",),
)

_MCP_SERVER = Record(
    "an MCP server",
    {
        "tools": ListOf(
            Record("a tool", {"name": _TEXT}, required=("name",), more=_ANY), "a list of tools as tools/list has them"
        ),
        "info": _ANY_MAP,
        "status": Word("connected", "failed", "needs-auth", "pending"),
        "error": _TEXT,
        "delay": _SECONDS,
    },
)

_SCRIPT = Record(
    "a script",
    {
        "script": Word(VERSION),
        "turns": ListOf(_TURN, "a list of turns"),
        "aux": Either({"array": _TURN, "object": _TURN, "null": Nothing()}),
        "main_without_tools": Flag(),
        "tools": Word("execute"),
        "directory": _TEXT,
        "tool_results": MapOf(_RESULT, "an object of results by tool_use id"),
        "answers": ListOf(_ANSWER, "a list of answers"),
        "command_hooks": ListOf(_COMMAND_HOOK, "a list of command hooks"),
        "mcp_servers": MapOf(_MCP_SERVER, "an object of MCP servers by name"),
        "expect": ListOf(_EXPECTATION, "a list of expectations"),
        "faults": ListOf(_FAULT, "a list of faults"),
    },
    required=("script",),
)

_ITEMS: dict[str, Shape] = {
    "tool_results": _RESULT,
    "answers": _ANSWER,
    "command_hooks": _COMMAND_HOOK,
    "mcp_servers": _MCP_SERVER,
    "expect": _EXPECTATION,
}


def check(value: Any) -> None:
    """Raises `ScriptFormatError`, with the path of the first fault, for what is not the JSON form of a script."""
    _SCRIPT.check(value, "$")


def check_turn(value: Any, path: str) -> None:
    """The same for one turn."""
    _TURN.check(value, path)


def check_fault(value: Any, path: str) -> None:
    """The same for one fault."""
    _FAULT.check(value, path)


def check_member(key: str, value: Any, path: str) -> None:
    """The same for an item of the list or object under `key`."""
    _ITEMS[key].check(value, path)


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a script.

    It accepts what `check` accepts.  `check` knows more: whether a regular expression is one.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A script for the fake Claude Code CLI",
        **_SCRIPT.schema(),
        "$defs": {defined.name: defined.shape.schema() for defined in (_BLOCK, _TURN, _PATTERN)},
    }
