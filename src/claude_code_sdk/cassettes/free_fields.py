"""What a program may send otherwise than it was recorded, without being told so: one table.

Above: `lanes.py` and `answers.py` act by it, the mutation test of this project reads it, and the page
docs/howto/match-and-verify.md prints it.  Whatever it does not name must be equal to what was recorded (cassette.md,
"Matching").  On the fake path.
"""

from __future__ import annotations

SPAWN = "command"
USER = "user"
REQUEST = "control_request"
ANSWER = "answer"
ERROR = "error answer"
UNHEARD = "answer that is not waited for"
MCP = "answer to an MCP request"
MCP_INITIALIZE = "answer to MCP initialize"
MCP_LIST = "answer to MCP tools/list"
MCP_CALL = "answer to MCP tools/call"
MCP_ERROR = "error answer to an MCP request"
KEEP_ALIVE = "keep_alive"
ANY = "any frame, or the command line"

_RESULT = "response.response.mcp_response.result"

FREE_FIELDS: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    (SPAWN, "argv[0]", (), "the path of the CLI"),
    (SPAWN, "cwd", (), "the working directory; `{{cwd}}` in texts stands for the one of this run"),
    (SPAWN, "env", (), "the environment, and in it the SDK's version and the entrypoint"),
    (USER, "session_id", (), "the CLI ignores what the host says there; not free with `raw`"),
    (REQUEST, "request_id", (), "a counter in one SDK, random in another; the CLI echoes it"),
    (KEEP_ALIVE, "", ("type",), "sent by a clock; the CLI ignores it"),
    (ANY, "an id that the CLI made", (), "any other id of the same kind in its place, always the same one"),
    (ERROR, "response.error", (), "that it is an error counts, not its text"),
    (MCP, "response.response.mcp_response.jsonrpc", (), "part of the envelope"),
    (MCP, "response.response.mcp_response.id", (), "an echo"),
    (MCP_INITIALIZE, f"{_RESULT}.*", (), "name, version and capabilities of the server"),
    (MCP_LIST, f"{_RESULT}.*", (f"{_RESULT}.tools[].name",), "descriptions, schemas, and the order of the tools"),
    (MCP_CALL, f"{_RESULT}.*", (f"{_RESULT}.isError", f"{_RESULT}.content"), "what the model does not read"),
    (MCP_ERROR, "response.response.mcp_response.error.*", (), "that it is an error counts, not its code and text"),
    (
        UNHEARD,
        "",
        ("type", "response.request_id"),
        "acknowledgements of MCP notifications, and answers to requests that the CLI withdrew: present or not",
    ),
)
"""Rows of what is free: in which kind of frame, the path of the field (`""`: the frame as a whole, present or not), the
paths below it that are compared all the same, and why.  `.*` is all that a field holds, but not whether it is there;
`[]` is each item of a list.

The rows about answers hold for `answers="verify"`; otherwise answers are free as a whole.
"""


def free_keys(kind: str) -> tuple[str, ...]:
    """The keys at the top of a frame of that kind that are free."""
    return tuple(path for place, path, _, _ in FREE_FIELDS if place == kind and path and "." not in path)


def as_markdown() -> str:
    """The table for readers."""
    lines = ["| in | free | but compared | because |", "|---|---|---|---|"]
    for place, path, compared, why in FREE_FIELDS:
        field = (f"`{path}`" if " " not in path else path) if path else "all of it"
        kept = ", ".join(f"`{other}`" for other in compared)
        lines.append(f"| {place} | {field} | {kept} | {why} |")
    return "\n".join(lines)
