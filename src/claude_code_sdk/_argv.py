"""Options -> arguments: one table row per flag of the CLI, in the order in which they are emitted (sdk-spec §2.1).

A row turns the options into the arguments it stands for, none when its option is not set.  Nothing here knows about
processes, limits or files; `_command.py` above makes a `Command` of the arguments.

The CLI reads a flag with a mandatory value greedily: the next item is its value even when it begins with a dash
(tried with 2.1.330).  A flag whose value is optional does not, so those rows, and the ones that the CLI may treat so in
another version, write `--flag=value` as one item: a value can then never become a flag.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Literal, NamedTuple

from ._chosen import chosen, concerned
from ._settings import merged_settings
from ._skills import allowed_tools, setting_sources
from .options import ClaudeCodeOptions


class FileForm(NamedTuple):
    """How a value travels as a file: the flag that takes a path, and the file's name."""

    flag: str
    name: str


IN_INITIALIZE: Literal["initialize"] = "initialize"
"""Of a large value that has no file form: the `initialize` request carries it instead."""


class Argument(NamedTuple):
    """One flag and its value.

    `option` is the field it comes from, `joined` writes `--flag=value` as one item, and `large` says how a value
    travels that is too large for a command line.
    """

    option: str
    flag: str
    value: str | None = None
    joined: bool = False
    large: FileForm | Literal["initialize"] | None = None


class Row(NamedTuple):
    """`make` has the arguments; it looks at the options named in `reads`, and gives none while those are unset."""

    reads: tuple[str, ...]
    make: Callable[[ClaudeCodeOptions], Iterable[Argument]]


SYSTEM_PROMPT_FILE = FileForm("--system-prompt-file", "system-prompt.txt")
APPEND_SYSTEM_PROMPT_FILE = FileForm("--append-system-prompt-file", "append-system-prompt.txt")
SETTINGS_FILE = FileForm("--settings", "settings.json")
MCP_CONFIG_FILE = FileForm("--mcp-config", "mcp-config.json")


def arguments(options: ClaudeCodeOptions, names: Sequence[str] | None = None) -> list[Argument]:
    """Every argument that `options` ask for, in order.

    `names` is what `chosen` says of them, if somebody has asked already.  Raises `CLIConnectionError` for settings that
    are not JSON.
    """
    names = chosen(options) if names is None else names
    if options._unset_system_prompt_is_empty:
        names = (*names, "system_prompt")
    return [argument for row in _rows_for(names) for argument in row.make(options)]


def json_schema(options: ClaudeCodeOptions) -> Any:
    """The schema of `output_format`, or `None`."""
    output = options.output_format
    return output.get("schema") if isinstance(output, dict) and output.get("type") == "json_schema" else None


def json_text(option: str, value: Any) -> str:
    """`value` as JSON.  Raises `TypeError` or `ValueError` with the option's name when it has none."""
    try:
        return json.dumps(value, allow_nan=False)
    except TypeError as error:
        raise TypeError(f"{option} cannot be written as JSON: {error}") from error
    except ValueError as error:
        raise ValueError(f"{option} cannot be written as JSON: {error}") from error


# Kinds of rows ---------------------------------------------------------------------------------------------------


def _text(value: object) -> str:
    # A `str` subclass (an Enum's member, say) is passed as the text it is, not as its `str()`.
    return value if isinstance(value, str) else str(value)


def _value(flag: str, field: str, *, joined: bool = False, keep_empty: bool = False) -> Row:
    """`--flag value`; nothing for `None`, nor for an empty value unless `keep_empty`."""

    def make(options: ClaudeCodeOptions) -> Iterator[Argument]:
        value = getattr(options, field)
        if value or (keep_empty and value is not None):
            yield Argument(field, flag, _text(value), joined)

    return Row((field,), make)


def _switch(flag: str, field: str) -> Row:
    def make(options: ClaudeCodeOptions) -> Iterator[Argument]:
        if getattr(options, field):
            yield Argument(field, flag)

    return Row((field,), make)


def _commas(flag: str, field: str) -> Row:
    """`--flag a,b`; nothing for an empty list."""

    def make(options: ClaudeCodeOptions) -> Iterator[Argument]:
        value = getattr(options, field)
        if value:
            yield Argument(field, flag, ",".join(value))

    return Row((field,), make)


# Rows of their own -----------------------------------------------------------------------------------------------


def _system_prompt(options: ClaudeCodeOptions) -> Iterator[Argument]:
    prompt: Any = options.system_prompt
    match prompt:
        case None:
            # No flag at all leaves the CLI's own prompt in place.
            if options._unset_system_prompt_is_empty:
                yield Argument("system_prompt", "--system-prompt", "")
        case str(text) | {"type": "custom", "prompt": text}:
            yield Argument("system_prompt", "--system-prompt", text, large=SYSTEM_PROMPT_FILE)
        case {"type": "file", "path": path}:
            yield Argument("system_prompt", "--system-prompt-file", _text(path))
        case {"append": str(text)}:
            yield Argument("system_prompt", "--append-system-prompt", text, large=APPEND_SYSTEM_PROMPT_FILE)


def _append_system_prompt(options: ClaudeCodeOptions) -> Iterator[Argument]:
    if options.append_system_prompt:
        text = options.append_system_prompt
        yield Argument("append_system_prompt", "--append-system-prompt", text, large=APPEND_SYSTEM_PROMPT_FILE)


def _allowed_tools(options: ClaudeCodeOptions) -> Iterator[Argument]:
    tools = allowed_tools(options)
    if tools:
        yield Argument("allowed_tools", "--allowedTools", ",".join(tools))


def _tools(options: ClaudeCodeOptions) -> Iterator[Argument]:
    if options.tools is not None:
        preset = isinstance(options.tools, dict)
        yield Argument("tools", "--tools", "default" if preset else ",".join(options.tools))


def _task_budget(options: ClaudeCodeOptions) -> Iterator[Argument]:
    if options.task_budget is not None:
        yield Argument("task_budget", "--task-budget", _text(options.task_budget["total"]))


def _permission_prompt_tool(options: ClaudeCodeOptions) -> Iterator[Argument]:
    # "stdio" makes the CLI ask over the control protocol.
    tool = "stdio" if options.can_use_tool else options.permission_prompt_tool_name
    if tool:
        yield Argument("permission_prompt_tool_name", "--permission-prompt-tool", tool)


def _settings(options: ClaudeCodeOptions) -> Iterator[Argument]:
    value = options.settings
    if options.sandbox is not None:
        value = json_text("sandbox", merged_settings(value, options.sandbox))
    if value:
        yield Argument("settings", "--settings", value, large=SETTINGS_FILE)


def _add_dirs(options: ClaudeCodeOptions) -> Iterator[Argument]:
    for path in options.add_dirs or ():
        yield Argument("add_dirs", "--add-dir", _text(path))


def _mcp_servers(options: ClaudeCodeOptions) -> Iterator[Argument]:
    servers = options.mcp_servers
    if not servers:
        return
    if isinstance(servers, dict):
        configs = {name: _mcp_server(config) for name, config in servers.items()}
        value = json_text("mcp_servers", {"mcpServers": configs})
    else:
        value = _text(servers)
    yield Argument("mcp_servers", "--mcp-config", value, large=MCP_CONFIG_FILE)


def _mcp_server(config: Any) -> Any:
    # The instance of an in-process server stays here; the CLI only learns that there is one.
    if config.get("type") == "sdk":
        return {key: value for key, value in config.items() if key != "instance"}
    return config


def _session_mirror(options: ClaudeCodeOptions) -> Iterator[Argument]:
    if options.session_store is not None:
        yield Argument("session_store", "--session-mirror")


def _setting_sources(options: ClaudeCodeOptions) -> Iterator[Argument]:
    sources = setting_sources(options)
    if sources is not None:  # an empty list asks for no source at all
        yield Argument("setting_sources", "--setting-sources", ",".join(sources), joined=True)


def _plugins(options: ClaudeCodeOptions) -> Iterator[Argument]:
    for plugin in options.plugins or ():
        yield Argument("plugins", "--plugin-dir", _text(plugin["path"]))


def _extra_args(options: ClaudeCodeOptions) -> Iterator[Argument]:
    for name, given in (options.extra_args or {}).items():
        value = None if given is None else _text(given)
        yield Argument(f"extra_args[{name!r}]", f"--{name}", value, joined=value is not None and value.startswith("-"))


def _thinking(options: ClaudeCodeOptions) -> Iterator[Argument]:
    thinking: Any = options.thinking
    if thinking is None:
        if options.max_thinking_tokens is not None:
            yield Argument("max_thinking_tokens", "--max-thinking-tokens", _text(options.max_thinking_tokens))
        return
    kind = thinking["type"]
    if kind == "enabled":
        yield Argument("thinking", "--max-thinking-tokens", _text(thinking["budget_tokens"]))
    else:
        yield Argument("thinking", "--thinking", kind)
    if kind != "disabled" and thinking.get("display") is not None:
        yield Argument("thinking", "--thinking-display", thinking["display"])


def _output_format(options: ClaudeCodeOptions) -> Iterator[Argument]:
    schema = json_schema(options)
    if schema is not None:
        yield Argument("output_format", "--json-schema", json_text("output_format", schema), large=IN_INITIALIZE)


TABLE: tuple[Row, ...] = (
    Row(("system_prompt",), _system_prompt),
    Row(("append_system_prompt",), _append_system_prompt),
    Row(("tools",), _tools),
    Row(("allowed_tools", "skills"), _allowed_tools),
    _value("--max-turns", "max_turns"),
    _value("--max-budget-usd", "max_budget_usd", keep_empty=True),
    _commas("--disallowedTools", "disallowed_tools"),
    Row(("task_budget",), _task_budget),
    _value("--model", "model"),
    _value("--fallback-model", "fallback_model"),
    _commas("--betas", "betas"),
    Row(("can_use_tool", "permission_prompt_tool_name"), _permission_prompt_tool),
    _value("--permission-mode", "permission_mode"),
    _switch("--continue", "continue_conversation"),
    _value("--resume", "resume", joined=True),
    _value("--session-id", "session_id", joined=True),
    Row(("settings", "sandbox"), _settings),
    Row(("add_dirs",), _add_dirs),
    Row(("mcp_servers",), _mcp_servers),
    _switch("--include-partial-messages", "include_partial_messages"),
    _switch("--include-hook-events", "include_hook_events"),
    _switch("--strict-mcp-config", "strict_mcp_config"),
    _switch("--fork-session", "fork_session"),
    _value("--resume-session-at", "resume_session_at", joined=True),
    # An empty guard is passed on: the CLI refuses it, while dropping it would drop the guard.
    _value("--resume-drops-turn", "resume_drops_turn", joined=True, keep_empty=True),
    Row(("session_store",), _session_mirror),
    Row(("setting_sources", "skills"), _setting_sources),
    Row(("plugins",), _plugins),
    Row(("extra_args",), _extra_args),
    Row(("thinking", "max_thinking_tokens"), _thinking),
    _value("--effort", "effort", keep_empty=True),
    Row(("output_format",), _output_format),
)

_rows_for = concerned(TABLE)
