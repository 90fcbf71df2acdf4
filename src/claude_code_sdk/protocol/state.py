"""The state machine of a connection, as tables.  This file does not know which role we play.

    host:  IDLE ── initialize ──► STARTING ── its answer ──► OPEN ── end of input ──► HALF_CLOSED ──► CLOSED
    cli:   IDLE ───────────────── its answer ──────────────► OPEN ── end of output ─────────────────► CLOSED

Conversation frames of the CLI change nothing and are legal until it is CLOSED, so they have no row.  Constants instead
of an enum: this is on the fake path.
"""

from __future__ import annotations

HOST = "host"
CLI = "cli"

IDLE = "IDLE"
STARTING = "STARTING"
OPEN = "OPEN"
HALF_CLOSED = "HALF_CLOSED"
CLOSED = "CLOSED"
ERROR = "ERROR"

# Inputs of the machine: what a side sends, as far as it matters here.
INITIALIZE = "initialize"
INITIALIZED = "answer to initialize"
REQUEST = "request"
MESSAGE = "message"
END = "end of input"

TRANSITIONS: dict[tuple[str, str], dict[str, str]] = {
    # (sender, input): {state of the sender before: after}.  What is not here is illegal to send.
    (HOST, INITIALIZE): {IDLE: STARTING},
    # Print mode (no handshake) sends its prompt while IDLE; the CLI keeps a prompt that comes before its answer.
    (HOST, MESSAGE): {IDLE: IDLE, STARTING: STARTING, OPEN: OPEN},
    (HOST, REQUEST): {OPEN: OPEN},
    # Legal after the CLI's end too: a host cannot know that the two ends crossed.
    (HOST, END): {
        IDLE: HALF_CLOSED,
        STARTING: HALF_CLOSED,
        OPEN: HALF_CLOSED,
        HALF_CLOSED: HALF_CLOSED,
        CLOSED: CLOSED,
    },
    (CLI, INITIALIZED): {IDLE: OPEN, OPEN: OPEN},
    # MCP handshakes come before the answer to initialize (wire-facts §0.2).
    (CLI, REQUEST): {IDLE: IDLE, OPEN: OPEN},
    (CLI, MESSAGE): {IDLE: IDLE, OPEN: OPEN},
    (CLI, END): {IDLE: CLOSED, OPEN: CLOSED, CLOSED: CLOSED},
}

JOINT: dict[tuple[str, str], dict[str, str]] = {
    # The other side's state moves with these.
    (CLI, INITIALIZED): {STARTING: OPEN},
    (CLI, END): {IDLE: CLOSED, STARTING: CLOSED, OPEN: CLOSED, HALF_CLOSED: CLOSED},
}

CALLS: dict[str, frozenset[str]] = {
    # Control subtypes that each side may send.  Those of the host are open-ended (`control()` sends any), the ones
    # listed are known to work with CLI 2.1.330; those of the CLI are what this SDK serves.
    HOST: frozenset(
        {
            "initialize",
            "interrupt",
            "set_permission_mode",
            "set_model",
            "set_max_thinking_tokens",
            "rewind_files",
            "mcp_status",
            "mcp_reconnect",
            "mcp_toggle",
            "stop_task",
            "get_context_usage",
            "end_session",
        }
    ),
    CLI: frozenset({"can_use_tool", "hook_callback", "mcp_message"}),
}
