"""Context usage: the answer to `get_context_usage`, what fills the model's context.

Sizes are those of an empty session of CLI 2.1.330, and estimates of what was said since (4 characters a token).
"""

from __future__ import annotations

import json

from .models import window as window_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...protocol.events import Frame
    from .process import Process

MAX_TOKENS = 1_000_000
COMPACT_BUFFER = 33_000
DEFERRED_TOOLS = 5_500
SKILLS = (
    ("dataviz", 482),
    ("update-config", 236),
    ("keybindings-help", 83),
    ("code-review", 283),
    ("simplify", 63),
    ("fewer-permission-prompts", 64),
    ("loop", 115),
    ("claude-api", 390),
    ("workflow-authoring", 84),
    ("run", 123),
    ("plugin-authoring", 92),
    ("init", 22),
    ("security-review", 30),
)
GRID = (10, 20)
"""Rows and columns of the picture that the terminal draws."""

LETTERS_A_TOKEN = 4


def context_usage(cli: Process) -> Frame:
    """The whole answer."""
    skills = sum(tokens for _, tokens in SKILLS)
    messages = len(json.dumps(cli.main.history)) // LETTERS_A_TOKEN if cli.main.history else 1_000
    used = skills + messages
    window = window_of(cli.main.model)
    free = window - used - COMPACT_BUFFER
    categories = [
        _category("system_tools_deferred", "System tools (deferred)", DEFERRED_TOOLS, "inactive", "deferred"),
        _category("skills", "Skills", skills, "warning", "used"),
        _category("messages", "Messages", messages, "purple_FOR_SUBAGENTS_ONLY", "used"),
        _category("autocompact_buffer", "Autocompact buffer", COMPACT_BUFFER, "inactive", "buffer"),
        _category("free_space", "Free space", free, "promptBorder", "free"),
    ]
    listed = [{"name": name, "source": "built-in", "tokens": tokens} for name, tokens in SKILLS]
    usage = cli.main.last_usage
    kinds = ("input_tokens", "output_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    return {
        "categories": categories,
        "totalTokens": used,
        "maxTokens": window,
        "rawMaxTokens": window,
        "autocompactSource": "model-default" if window >= MAX_TOKENS else "auto",
        "percentage": round(100 * used / window),
        "gridRows": _grid(free, window),
        "model": cli.main.model,
        "memoryFiles": [],
        "mcpTools": [
            {"name": name, "serverName": name.split("__")[1], "tokens": 0} for name in cli.servers.tool_names()
        ],
        "mcpInstructions": [],
        "agents": [],
        "slashCommands": {"totalCommands": len(SKILLS), "includedCommands": len(SKILLS), "tokens": 1_000},
        "skills": {
            "totalSkills": len(SKILLS),
            "includedSkills": len(SKILLS),
            "tokens": skills,
            "skillFrontmatter": listed,
        },
        "autoCompactThreshold": window - COMPACT_BUFFER,
        "isAutoCompactEnabled": True,
        "messageBreakdown": _breakdown(messages),
        "apiUsage": {kind: usage.get(kind, 0) for kind in kinds} if usage else None,
    }


def _category(name: str, shown: str, tokens: int, color: str, kind: str) -> Frame:
    category: Frame = {"id": name, "name": shown, "tokens": tokens, "color": color}
    if kind == "deferred":
        category["isDeferred"] = True
    return category | {"kind": kind}


def _grid(free: int, window: int) -> list[list[Frame]]:
    square: dict[str, Any] = {"color": "promptBorder", "isFilled": True, "categoryName": "Free space"}
    square |= {"tokens": free, "percentage": round(100 * free / window), "squareFullness": 1}
    rows, columns = GRID
    return [[square] * columns for _ in range(rows)]


def _breakdown(messages: int) -> Frame:
    kinds = ["toolCall", "toolResult", "attachment", "assistantMessage", "userMessage", "redirectedContext"]
    counts: Frame = {f"{kind}Tokens": 0 for kind in kinds}
    return counts | {"unattributedTokens": messages, "toolCallsByType": [], "attachmentsByType": []}


SOURCES = {"projectSettings": "Project", "userSettings": "User", "built-in": "Built-in"}


def usage_report(cli: Process) -> tuple[str, Frame]:
    """What `/context` says: as text, and as data."""
    skills = [
        *((name, source, 13) for name, source in cli.custom_commands.listed()),
        *((n, "built-in", t) for n, t in SKILLS),
    ]
    used = sum(tokens for _, _, tokens in skills)
    window = window_of(cli.main.model)
    free = window - used - COMPACT_BUFFER
    rows = [("System tools (deferred)", DEFERRED_TOOLS), ("Skills", used), ("Free space", free)]
    rows.append(("Autocompact buffer", COMPACT_BUFFER))
    lines = [
        f"## Context Usage\n\n**Model:** {cli.main.model}  ",
        f"**Tokens:** {_short(used)} / {_short(window)} ({round(100 * used / window)}%)\n",
        "### Estimated usage by category\n\n| Category | Tokens | Percentage |\n|----------|--------|------------|",
        *(f"| {name} | {_short(tokens)} | {100 * tokens / window:.1f}% |" for name, tokens in rows),
        "\n### Skills\n\n| Skill | Source | Tokens |\n|-------|--------|--------|",
        *(f"| {name} | {SOURCES[source]} | {_about(tokens)} |" for name, source, tokens in skills),
        "",
    ]
    kinds = {
        "System tools (deferred)": "deferred",
        "Skills": "used",
        "Autocompact buffer": "buffer",
        "Free space": "free",
    }
    counts = dict(rows)
    data: Frame = {
        "model": cli.main.model,
        "total_tokens": used,
        "raw_max_tokens": window,
        "percentage": round(100 * used / window),
        "categories": [{"name": name, "tokens": counts[name], "kind": kind} for name, kind in kinds.items()],
        "mcp_tools": [],
        "memory_files": [],
        "agents": [],
        "skills": [{"name": name, "source": source, "tokens": tokens} for name, source, tokens in skills],
    }
    return "\n".join(lines), data


def _short(tokens: int) -> str:
    if tokens >= 1_000_000:
        return f"{tokens / 1_000_000:.1f}".removesuffix(".0") + "m"
    return f"{tokens / 1000:.1f}".removesuffix(".0") + "k" if tokens >= 1000 else str(tokens)


def _about(tokens: int) -> str:
    return "< 20" if tokens < 20 else f"~{round(tokens, -1)}"
