"""The options: their order, defaults and documentation, and how the two classes differ."""

from __future__ import annotations

import dataclasses
import re
from io import StringIO
from typing import Any

import pytest

from claude_code_sdk.option_types import AgentDefinition
from claude_code_sdk.options import ClaudeAgentOptions, ClaudeCodeOptions

# The fields of claude_code_sdk 0.0.25, in its order.
OLD: dict[str, Any] = {
    "allowed_tools": [],
    "system_prompt": None,
    "append_system_prompt": None,
    "mcp_servers": {},
    "permission_mode": None,
    "continue_conversation": False,
    "resume": None,
    "max_turns": None,
    "disallowed_tools": [],
    "model": None,
    "permission_prompt_tool_name": None,
    "cwd": None,
    "settings": None,
    "add_dirs": [],
    "env": {},
    "extra_args": {},
    "debug_stderr": ...,
    "can_use_tool": None,
    "hooks": None,
    "user": None,
    "include_partial_messages": False,
}
# What claude_agent_sdk 0.2.187 has besides.
NEWER: dict[str, Any] = {
    "tools": None,
    "strict_mcp_config": False,
    "session_id": None,
    "max_budget_usd": None,
    "fallback_model": None,
    "betas": [],
    "cli_path": None,
    "max_buffer_size": None,
    "stderr": None,
    "include_hook_events": False,
    "forward_subagent_text": False,
    "verbatim_prompts": False,
    "fork_session": False,
    "resume_session_at": None,
    "resume_drops_turn": None,
    "agents": None,
    "setting_sources": None,
    "skills": None,
    "sandbox": None,
    "plugins": [],
    "max_thinking_tokens": None,
    "thinking": None,
    "effort": None,
    "output_format": None,
    "enable_file_checkpointing": False,
    "session_store": None,
    "session_store_flush": "batched",
    "load_timeout_ms": 60_000,
    "task_budget": None,
    "client_app": None,
}
OURS: dict[str, Any] = {
    "initialize_timeout": 60.0,
    "control_timeout": 60.0,
    "idle_timeout": None,
    "close_timeout": 5.0,
    "max_unread_bytes": 134_217_728,
    "max_frame_size": 67_108_864,
    "keep_background": False,
    "failing_hooks_block": False,
}
ALL = {**OLD, **NEWER, **OURS}


@pytest.mark.requirement("B36")
def test_the_fields_of_0_0_25_come_first_and_newer_ones_follow() -> None:
    assert [field.name for field in dataclasses.fields(ClaudeCodeOptions)] == [*OLD, *NEWER, *OURS]


@pytest.mark.parametrize("name", [name for name in ALL if name != "debug_stderr"])
def test_defaults_are_those_of_the_older_sdks(name: str) -> None:
    assert getattr(ClaudeCodeOptions(), name) == ALL[name]


def test_debug_stderr_is_the_stderr_of_the_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    now = StringIO()
    monkeypatch.setattr("sys.stderr", now)

    assert ClaudeCodeOptions().debug_stderr is now


@pytest.mark.parametrize("name", [name for name, value in ALL.items() if isinstance(value, list | dict)])
def test_two_options_share_no_list_or_dict(name: str) -> None:
    assert getattr(ClaudeCodeOptions(), name) is not getattr(ClaudeCodeOptions(), name)


@pytest.mark.parametrize("name", ALL)
def test_every_field_is_documented(name: str) -> None:
    assert f"`{name}`" in (ClaudeCodeOptions.__doc__ or "")


@pytest.mark.parametrize("name", [name for name in ALL if re.search("timeout|_size|_bytes|_ms$|_usd", name)])
@pytest.mark.requirement("B34")
def test_every_quantity_is_documented_with_its_unit(name: str) -> None:
    doc = " ".join((ClaudeCodeOptions.__doc__ or "").split())

    [item] = [item for item in re.split(r" - (?=`)|(?<=\.) {1,2}(?=`)", doc) if f"`{name}`" in item]

    assert re.search(r"seconds|bytes|milliseconds|dollars|MiB|the same under its older name", item)


def test_the_agent_options_are_options_with_the_same_fields() -> None:
    options = ClaudeAgentOptions(allowed_tools=["Read"], effort="low")

    assert isinstance(options, ClaudeCodeOptions)
    assert dataclasses.fields(options) == dataclasses.fields(ClaudeCodeOptions)


def test_only_the_agent_options_take_an_unset_system_prompt_for_an_empty_one() -> None:
    assert (ClaudeCodeOptions._unset_system_prompt_is_empty, ClaudeAgentOptions._unset_system_prompt_is_empty) == (
        False,
        True,
    )


def test_replacing_a_field_keeps_the_class() -> None:
    assert type(dataclasses.replace(ClaudeAgentOptions(), model="m")) is ClaudeAgentOptions


def test_the_two_classes_are_never_equal_as_they_mean_different_things() -> None:
    assert ClaudeAgentOptions() != ClaudeCodeOptions(debug_stderr=ClaudeAgentOptions().debug_stderr)


def test_a_subagent_needs_only_a_description_and_a_prompt() -> None:
    agent = AgentDefinition("reads notes", "You read notes.")

    assert {name: value for name, value in vars(agent).items() if value is not None} == {
        "description": "reads notes",
        "prompt": "You read notes.",
    }


def test_a_subagent_has_the_fields_of_the_wire_in_the_order_of_the_agent_sdk() -> None:
    assert [field.name for field in dataclasses.fields(AgentDefinition)] == [
        "description",
        "prompt",
        "tools",
        "disallowedTools",
        "model",
        "skills",
        "memory",
        "mcpServers",
        "initialPrompt",
        "maxTurns",
        "background",
        "effort",
        "permissionMode",
    ]
