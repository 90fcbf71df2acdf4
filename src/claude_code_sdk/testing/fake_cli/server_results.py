"""Server results: what an MCP tool's answer becomes for the model: blocks of its API, notes, files for what is large.

Nothing is written; files are only named (sessions of CLI 2.1.330 with results of many sizes).
"""

from __future__ import annotations

from ...protocol.later import json
from .tools.base import Ran

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...protocol.events import Frame
    from .process import Process

FIRST_OF_SCHEMA = ("type", "properties", "required")
"""In which order the CLI has the keys of a schema that it took over; the others follow as they came."""

SCHEMA_NOTE = (
    "\n\nThis tool's input schema was not in your prompt when you called it. The input schema is: {schema}\nIf your "
    "input does not match this schema, correct it and call the tool again. If it matches, the error above has another "
    'cause. If the corrected call fails the same way, call ToolSearch with query "select:{name}" to load the tool, '
    "then call it again."
)
"""What the CLI adds to the first error of a tool whose schema the model was not sent: all MCP tools."""

LARGEST = 50_000
"""Letters of a result, as indented JSON, beyond which the model is given the beginning and the name of a file."""

TEXT_BLOCK = {"type", "text"}
LONGEST_ESCAPE = len("\\u0000")
AROUND_TEXT = 64
"""More letters than indented JSON has around the text of a block, the ends of the list included."""

PREVIEW = 2000
PERSISTED = (
    "<persisted-output>\nOutput too large ({size:.1f}KB). Full output saved to: {path}\n\nPreview (first 2KB):\n"
    "{preview}\n...\n</persisted-output>"
)
NO_OUTPUT = "({name} completed with no output)"
KINDS = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp"}


def succeeded(cli: Process, server: str, name: str, tool_use_id: str, content: list[Frame]) -> Ran:
    """The result of a call that went well."""
    blocks = [block for given in content for block in _blocks(cli, server, given)]
    if not blocks:
        return Ran(NO_OUTPUT.format(name=name), result=[])
    images = any(block["type"] == "image" for block in blocks)
    text = "" if images or _are_short(blocks) else json.dumps(blocks, indent=2, ensure_ascii=False)
    if len(text) <= LARGEST:
        return Ran(blocks, result=blocks)
    path = f"{_folder(cli)}/{tool_use_id}.json"
    return Ran(PERSISTED.format(size=len(text) / 1024, path=path, preview=_beginning(text)), result=blocks)


def failed(text: str, name: str, schema: Any) -> Ran:
    """The result of one that did not; `schema` is what the tool takes, None when the model was told before."""
    note = ""
    if schema is not None:
        shown = {key: schema[key] for key in FIRST_OF_SCHEMA if key in schema} | schema
        note = SCHEMA_NOTE.format(schema=json.dumps(shown, separators=(",", ":"), ensure_ascii=False), name=name)
    return Ran(text + note, is_error=True, result=f"Error: {text}")


def _blocks(cli: Process, server: str, given: Frame) -> list[Frame]:
    """A content block of MCP as blocks of the model's API."""
    if given.get("type") == "image":
        kind = given.get("mimeType", "")
        source = {"type": "base64", "media_type": kind, "data": given.get("data")}
        path = (
            f"{_folder(cli)}/mcp-{server}-blob-{cli.frames.milliseconds()}-{cli.mint.blob()}.{KINDS.get(kind, 'bin')}"
        )
        return [{"type": "image", "source": source}, {"type": "text", "text": f"[Image: source: {path}]"}]
    return [{"type": "text", "text": given.get("text", "")} if given.get("type") == "text" else given]


def _are_short(blocks: list[Frame]) -> bool:
    """Whether they are texts that cannot be too large, as most are; only the rest is written out to be measured."""
    if not all(block.keys() == TEXT_BLOCK and isinstance(block["text"], str) for block in blocks):
        return False
    return sum(len(block["text"]) * LONGEST_ESCAPE + AROUND_TEXT for block in blocks) <= LARGEST


def _folder(cli: Process) -> str:
    return f"{cli.paths.project_dir}/{cli.session.id}/tool-results"


def _beginning(text: str) -> str:
    """The first letters, up to the end of a line if there is one in their second half."""
    start = text[:PREVIEW]
    end = start.rfind("\n")
    return start[:end] if end > PREVIEW // 2 else start
