"""What is wrong with one cassette: damage, missing ends, and what the installed SDK does not understand.

Above: `claude-cassette check`.  Below: the loader, and the SDK's own parser, so that "understood" means what programs
will see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson

from ..._parse import PARSERS, parse_message
from ...blocks import UnknownBlock
from ...errors import CassetteError, MessageParseError
from ...messages import UnknownMessage
from ...protocol.state import CALLS, CLI
from ..cassette import Cassette, Entry
from ..entry_line import decode_line
from ..jsonl import loads
from ..members import members

DAMAGED, CUT_OFF, PROBLEM, UNKNOWN = "damaged", "cut off", "problem", "unknown"

WITHOUT_CLASS = frozenset({"keep_alive", "command_lifecycle"})
"""Frames that this release knows and has no class for: nothing that a program would act on."""

CONTROL = frozenset({"control_request", "control_response", "control_cancel_request"})

BLOCKS_WITHOUT_CLASS = frozenset(
    {
        "bash_code_execution_tool_result",
        "code_execution_tool_result",
        "container_upload",
        "document",
        "image",
        "mcp_tool_result",
        "mcp_tool_use",
        "redacted_thinking",
        "search_result",
        "text_editor_code_execution_tool_result",
        "web_fetch_tool_result",
        "web_search_tool_result",
    }
)
"""Blocks of the model API that this release knows and gives to programs as `UnknownBlock`."""

HOST_FRAMES = CONTROL | {"user", "keep_alive"}

_PLACE = re.compile(r"^(?P<path>.*?):(?P<line>\d+):(?P<column>\d+): (?P<text>.*)$", re.DOTALL)


class Finding(NamedTuple):
    """Something wrong in the file `path`, at the 1-based `line` and `column` (in characters)."""

    path: str
    line: int
    column: int
    kind: str
    text: str


class Inspection:
    """What was looked at, and what was found."""

    def __init__(self) -> None:
        self.episodes = 0
        self.entries = 0
        self.findings: list[Finding] = []

    def __iadd__(self, other: Inspection) -> Inspection:
        self.episodes += other.episodes
        self.entries += other.entries
        self.findings += other.findings
        return self


def inspect(path: str) -> Inspection:
    """Everything that is wrong with the cassette in the file `path`, in the order of the file."""
    found = Inspection()
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        found.findings.append(Finding(path, 1, 1, DAMAGED, f"the cassette cannot be read: {error.strerror}"))
        return found
    try:
        cassette = loads(data, path=path)
    except CassetteError as error:
        found.findings += _damaged_lines(data, path, error)
        return found
    found.episodes = len(cassette.episodes)
    found.entries = sum(len(episode.entries) for episode in cassette.episodes)
    found.findings += _findings(cassette, data)
    return found


def _damaged_lines(data: bytes, path: str, first: CassetteError) -> Iterator[Finding]:
    """The damage that the loader met, and that of each line behind it: it stops at the first."""
    finding = _damage(path, first)
    yield finding
    if finding.line == 1:  # of another version, or no cassette: its lines mean nothing here
        return
    start = 0
    for number, line in enumerate(data.split(b"\n"), 1):
        if number > finding.line and line:
            try:
                decode_line(data, start, start + len(line), number, path).check(orjson.loads)
            except CassetteError as error:
                yield _damage(path, error)
        start += len(line) + 1


def _damage(path: str, error: CassetteError) -> Finding:
    """A `CassetteError` as a finding; one about the file as a whole is at its first line."""
    text = str(error)
    place = _PLACE.match(text)
    if place is not None:
        return Finding(place["path"], int(place["line"]), int(place["column"]), DAMAGED, place["text"])
    return Finding(path, 1, 1, DAMAGED, text.removeprefix(f"{path}: "))


def _findings(cassette: Cassette, data: bytes) -> Iterator[Finding]:
    lines: list[bytes] = []
    if not cassette.episodes:
        yield Finding(cassette.path, 1, 1, CUT_OFF, "the cassette has no episode")
    for episode in cassette.episodes:
        entry = None
        for entry in episode.entries:
            try:
                entry.check(orjson.loads)
                entry.value  # noqa: B018  # a number that only `json` refuses
            except CassetteError as error:
                yield _damage(entry.path, error)
                continue
            if entry.kind == "frame":
                for kind, text in _frame(entry):
                    lines = lines or data.split(b"\n")
                    column = members(lines[entry.number - 1])["frame"].column
                    yield Finding(entry.path, entry.number, column, kind, text)
        if entry is not None and entry.kind != "exit":
            what = f"episode {episode.number} ends here without an exit: its recording was cut off"
            yield Finding(cassette.path, entry.number, 1, CUT_OFF, what)


def _frame(entry: Entry) -> Iterator[tuple[str, str]]:
    frame = entry.value
    yield from _host_frame(frame) if entry.source == "host" else _cli_frame(frame)


def _host_frame(frame: dict[str, Any]) -> Iterator[tuple[str, str]]:
    kind = frame.get("type")
    if not isinstance(kind, str) or kind not in HOST_FRAMES:
        yield UNKNOWN, f"a host does not send frames of type {_quoted(kind)}"


def _cli_frame(frame: dict[str, Any]) -> Iterator[tuple[str, str]]:
    kind = frame.get("type")
    if isinstance(kind, str) and kind in CONTROL:
        yield from _control(kind, frame)
        return
    if isinstance(kind, str) and kind in WITHOUT_CLASS:
        return
    problems: list[MessageParseError] = []
    message = parse_message(frame, on_problem=problems.append)
    for problem in problems:
        yield PROBLEM, str(problem)
    if isinstance(message, UnknownMessage) and not problems:
        yield UNKNOWN, f"frame type {_quoted(kind)}; this release knows {', '.join(sorted(PARSERS))}"
    content = getattr(message, "content", None)
    for index, block in enumerate(content if isinstance(content, list) else ()):
        without_class = isinstance(block, UnknownBlock) and block.type not in BLOCKS_WITHOUT_CLASS
        if without_class and not any(problem.data is block.raw for problem in problems):
            yield UNKNOWN, f"block type {_quoted(block.type)} (message.content[{index}] in {_a(kind)} frame)"


def _control(kind: str, frame: dict[str, Any]) -> Iterator[tuple[str, str]]:
    inner = frame.get("response") if kind == "control_response" else frame
    if not isinstance(inner, dict) or not isinstance(inner.get("request_id"), str):
        yield PROBLEM, f"{kind} frame has no `request_id`"
    elif kind == "control_request":
        request = frame.get("request")
        subtype = request.get("subtype") if isinstance(request, dict) else None
        if subtype not in CALLS[CLI]:
            yield UNKNOWN, f"request subtype {_quoted(subtype)}; this release serves {', '.join(sorted(CALLS[CLI]))}"


def _a(noun: object) -> str:
    return f"an {noun}" if noun == "assistant" else f"a {noun}"


def _quoted(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else "(none)"
