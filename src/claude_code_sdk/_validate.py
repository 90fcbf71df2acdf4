"""What is wrong with a set of options, said before anything is started.

Each check looks at one option or at one conflict and raises `ValueError` or `TypeError` with the option's name.  Values
that the CLI knows more of with every version (models, modes, efforts, events) are left to it.
Above: the host.  Below: the checks that belong to a part of its own, in `_skills.py`, `_initialize.py` and
`_shadowed_tools.py`.
"""

from __future__ import annotations

import dataclasses
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ._chosen import chosen, concerned
from ._initialize import register_hooks
from ._shadowed_tools import warn_of_shadowed_tools
from ._skills import check_skills
from .options import ClaudeCodeOptions


def validate(options: ClaudeCodeOptions, *, names: Sequence[str] | None = None, platform: str = sys.platform) -> None:
    """Check `options` as a whole.  Starts nothing, changes nothing.

    `names` is what `chosen` says of them, if somebody has asked already; `platform` is as `sys.platform`.

    Raises `ValueError` for values and combinations that cannot work, `TypeError` for values of the wrong kind.  Warns
    with `CanUseToolShadowedWarning` when `can_use_tool` will not be asked about some tools.
    """
    if names is None:
        names = chosen(options)
    if not names:
        return
    for name in names:
        _check_kind(name, getattr(options, name))
    for check in _checks_for(names):
        check.run(options)
    if platform == "win32":
        _no_cmd_metacharacters(options)
    warn_of_shadowed_tools(options)


# One option ------------------------------------------------------------------------------------------------------

_LISTS = dict.fromkeys(("allowed_tools", "disallowed_tools", "betas", "setting_sources", "add_dirs", "plugins"), "list")
_DICTS = dict.fromkeys(("env", "extra_args", "agents"), "dict")
_FUNCTIONS = dict.fromkeys(("can_use_tool", "stderr"), "function")
_WORDS = {**_LISTS, **_DICTS, **_FUNCTIONS}
_LISTS_OF_TEXT = ("allowed_tools", "disallowed_tools", "betas", "setting_sources")
_POSITIVE = (
    "max_budget_usd",
    "max_buffer_size",
    "load_timeout_ms",
    "initialize_timeout",
    "control_timeout",
    "idle_timeout",
    "max_unread_bytes",
    "max_frame_size",
)
_NOT_NEGATIVE = ("max_turns", "max_thinking_tokens", "close_timeout")

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def _check_kind(name: str, value: Any) -> None:
    """What can be said of one value by its name.  `None` is unset, as in 0.0.25."""
    if value is None:
        return
    word = _WORDS.get(name)
    # A string where a list belongs would be taken apart into its letters.
    if word is not None and not _is_a(word, value):
        raise TypeError(f"{name} must be a {word}, not {value!r}")
    if name in _LISTS_OF_TEXT:
        for item in value:
            if not isinstance(item, str):
                raise TypeError(f"{name} must hold strings, not {item!r}")
    if name in _POSITIVE or name in _NOT_NEGATIVE:
        _check_number(name, value, positive=name in _POSITIVE)


def _is_a(word: str, value: object) -> bool:
    if word == "function":
        return callable(value)
    return isinstance(value, (list, tuple) if word == "list" else Mapping)


def _check_number(name: str, value: object, *, positive: bool) -> None:
    if not isinstance(value, int | float):
        raise TypeError(f"{name} must be a number, not {value!r}")
    if not (value > 0 or (value == 0 and not positive)):
        raise ValueError(f"{name} must be {'above 0' if positive else '0 or more'}, not {value!r}")


def _task_budget(options: ClaudeCodeOptions) -> None:
    budget = options.task_budget
    if budget is not None:
        if "total" not in budget:
            raise ValueError("task_budget needs a 'total'")
        _check_number("task_budget['total']", budget["total"], positive=True)


def _system_prompt(options: ClaudeCodeOptions) -> None:
    prompt: Any = options.system_prompt
    needed = {"preset": "preset", "custom": "prompt", "file": "path"}
    if isinstance(prompt, dict):
        kind = prompt.get("type")
        if kind not in needed:
            raise ValueError(f'system_prompt: its type must be "preset", "custom" or "file", not {kind!r}')
        if needed[kind] not in prompt:
            raise ValueError(f"system_prompt of type {kind!r} needs {needed[kind]!r}")
        if prompt.get("append") is not None and options.append_system_prompt is not None:
            raise ValueError("append_system_prompt and the append of system_prompt are both set; use one of them")
    elif not isinstance(prompt, str | None):
        raise TypeError(f"system_prompt must be a string or a dict, not {prompt!r}")


def _tools(options: ClaudeCodeOptions) -> None:
    tools: Any = options.tools
    if isinstance(tools, dict):
        if tools != {"type": "preset", "preset": "claude_code"}:
            raise ValueError(f'tools: the only preset is {{"type": "preset", "preset": "claude_code"}}, not {tools!r}')
    elif not isinstance(tools, list | tuple | None):
        raise TypeError(f"tools must be a list of names or the preset, not {tools!r}")


def _thinking(options: ClaudeCodeOptions) -> None:
    thinking: Any = options.thinking
    if thinking is None:
        return
    if not isinstance(thinking, dict):
        raise TypeError(f"thinking must be a dict with a type, not {thinking!r}")
    if thinking.get("type") not in ("adaptive", "enabled", "disabled"):
        raise ValueError(
            f'thinking: its type must be "adaptive", "enabled" or "disabled", not {thinking.get("type")!r}'
        )
    if thinking["type"] == "enabled" and "budget_tokens" not in thinking:
        raise ValueError('thinking of type "enabled" needs "budget_tokens"')


def _mcp_servers(options: ClaudeCodeOptions) -> None:
    servers: Any = options.mcp_servers
    if not isinstance(servers, dict | str | os.PathLike | None):
        raise TypeError(f"mcp_servers must be a dict, a path or JSON text, not {servers!r}")
    for name, config in servers.items() if isinstance(servers, dict) else ():
        if not isinstance(config, dict):
            raise TypeError(f"mcp_servers[{name!r}] must be a dict, not {config!r}")
        if config.get("type") == "sdk" and config.get("instance") is None:
            raise ValueError(
                f'mcp_servers[{name!r}] is of type "sdk" and has no instance; make it with create_sdk_mcp_server()'
            )


def _agents(options: ClaudeCodeOptions) -> None:
    for name, agent in (options.agents or {}).items():
        if not isinstance(agent, dict) and not dataclasses.is_dataclass(agent):
            raise TypeError(f"agents[{name!r}] must be an AgentDefinition or a dict, not {agent!r}")


def _plugins(options: ClaudeCodeOptions) -> None:
    for plugin in options.plugins or ():
        if not isinstance(plugin, dict):
            raise TypeError(f"plugins: an entry must be a dict, not {plugin!r}")
        if plugin.get("type") != "local":
            raise ValueError(f'plugins: the type must be "local", not {plugin.get("type")!r}')
        if not plugin.get("path"):
            raise ValueError(f"plugins: {plugin!r} has no path")


def _extra_args(options: ClaudeCodeOptions) -> None:
    for name in options.extra_args or ():
        if not name or name.startswith("-"):
            raise ValueError(f"extra_args: {name!r} must be the name of a flag without its leading dashes")


def _skills(options: ClaudeCodeOptions) -> None:
    check_skills(options.skills)


def _hooks(options: ClaudeCodeOptions) -> None:
    register_hooks(options.hooks)


def _session_store(options: ClaudeCodeOptions) -> None:
    if options.session_store is not None:
        raise ValueError("session_store is not supported yet; sessions are kept in the CLI's own files")


# Conflicts -------------------------------------------------------------------------------------------------------


def _permission_prompts(options: ClaudeCodeOptions) -> None:
    if options.can_use_tool is not None and options.permission_prompt_tool_name:
        raise ValueError(
            "can_use_tool and permission_prompt_tool_name are both set, and both answer permission prompts;"
            " use one of them"
        )


def _sessions(options: ClaudeCodeOptions) -> None:
    # What the CLI refuses at its start (seen in 2.1.330).
    if options.session_id:
        if not _UUID.fullmatch(options.session_id):
            raise ValueError(f"session_id must be a UUID, not {options.session_id!r}")
        if (options.resume or options.continue_conversation) and not options.fork_session:
            name = "resume" if options.resume else "continue_conversation"
            raise ValueError(f"session_id names a new session and {name} an old one; both need fork_session=True")
    if options.resume_session_at and not options.resume:
        raise ValueError("resume_session_at needs resume")
    if options.resume_drops_turn is not None and not options.resume_session_at:
        raise ValueError("resume_drops_turn needs resume_session_at")


class Check(NamedTuple):
    """`run` looks at the options named in `reads`, and finds nothing wrong while those are unset."""

    reads: tuple[str, ...]
    run: Callable[[ClaudeCodeOptions], None]


CHECKS = (
    Check(("task_budget",), _task_budget),
    Check(("system_prompt", "append_system_prompt"), _system_prompt),
    Check(("tools",), _tools),
    Check(("thinking",), _thinking),
    Check(("mcp_servers",), _mcp_servers),
    Check(("agents",), _agents),
    Check(("plugins",), _plugins),
    Check(("extra_args",), _extra_args),
    Check(("session_store",), _session_store),
    Check(("can_use_tool", "permission_prompt_tool_name"), _permission_prompts),
    Check(
        ("session_id", "resume", "continue_conversation", "fork_session", "resume_session_at", "resume_drops_turn"),
        _sessions,
    ),
    Check(("skills",), _skills),
    Check(("hooks",), _hooks),
)

_checks_for = concerned(CHECKS)


def _no_cmd_metacharacters(options: ClaudeCodeOptions) -> None:
    # cmd.exe gives these a meaning wherever it gets to see the command line: a wrapper of the CLI is enough.
    for name in ("resume", "resume_session_at", "resume_drops_turn"):  # session_id is a UUID
        found = re.search(r'[&|<>^%!"\r\n]', getattr(options, name) or "")
        if found:
            raise ValueError(f"{name}: {found[0]!r} is not allowed on Windows, where cmd.exe gives it a meaning")
