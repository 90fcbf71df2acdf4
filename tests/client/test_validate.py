"""What is wrong with a set of options is said before anything is started."""

from __future__ import annotations

import unicodedata
import warnings
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_code_sdk._validate import validate
from claude_code_sdk.hooks.matcher import HookMatcher
from claude_code_sdk.options import ClaudeAgentOptions, ClaudeCodeOptions
from claude_code_sdk.permissions import CanUseToolShadowedWarning

ID = "11111111-2222-4333-8444-AAAAAAAAAAAA"
PRESET = {"type": "preset", "preset": "claude_code"}


async def callback(*_: Any) -> Any:
    raise AssertionError("not called")


@pytest.mark.parametrize("kind", [ClaudeCodeOptions, ClaudeAgentOptions])
def test_the_defaults_are_valid(kind: type[ClaudeCodeOptions]) -> None:
    validate(kind())


@pytest.mark.parametrize(
    "options",
    [
        {"can_use_tool": callback},
        {"permission_prompt_tool_name": "mcp__a__b"},
        {"session_id": ID},
        {"session_id": ID, "resume": ID, "fork_session": True},
        {"resume": "a title", "continue_conversation": True},
        {"resume": ID, "resume_session_at": ID, "resume_drops_turn": ""},
        {"max_turns": 0, "max_thinking_tokens": 0, "close_timeout": 0, "idle_timeout": 0.5},
        {"mcp_servers": Path("/m.json")},
        {"mcp_servers": {"a": {"command": "x"}, "b": {"type": "sdk", "name": "b", "instance": object()}}},
        {"system_prompt": {**PRESET, "append": "x"}},
        {"system_prompt": PRESET, "append_system_prompt": "x"},
        {"system_prompt": "a", "append_system_prompt": "x"},
        {"tools": PRESET, "allowed_tools": ("Read",), "setting_sources": ()},
        {"thinking": {"type": "enabled", "budget_tokens": 1024}},
        {"hooks": {"OfTomorrow": [HookMatcher(hooks=[callback])]}},
        {"skills": ["pdf", "plugin:skill", "with space", r"a\b"]},
        {"extra_args": {"debug": None}},
    ],
    ids=lambda options: "-".join(options) or "none",
)
def test_options_that_go_together_are_valid(options: dict[str, Any]) -> None:
    validate(ClaudeCodeOptions(**options))


WRONG: list[tuple[dict[str, Any], type[Exception], str]] = [
    (
        {"can_use_tool": callback, "permission_prompt_tool_name": "t"},
        ValueError,
        (
            "can_use_tool and permission_prompt_tool_name are both set, and both answer permission prompts;"
            " use one of them"
        ),
    ),
    (
        {"session_store": object()},
        ValueError,
        "session_store is not supported yet; sessions are kept in the CLI's own files",
    ),
    (
        {"mcp_servers": {"kit": {"type": "sdk", "name": "kit"}}},
        ValueError,
        "mcp_servers['kit'] is of type \"sdk\" and has no instance; make it with create_sdk_mcp_server()",
    ),
    ({"mcp_servers": {"kit": "serve"}}, TypeError, "mcp_servers['kit'] must be a dict, not 'serve'"),
    ({"mcp_servers": ["x"]}, TypeError, "mcp_servers must be a dict, a path or JSON text, not ['x']"),
    ({"plugins": [{"type": "git", "path": "/p"}]}, ValueError, "plugins: the type must be \"local\", not 'git'"),
    ({"plugins": [{"type": "local"}]}, ValueError, "plugins: {'type': 'local'} has no path"),
    ({"plugins": ["/p"]}, TypeError, "plugins: an entry must be a dict, not '/p'"),
    ({"hooks": [HookMatcher()]}, TypeError, "hooks must be a dict of events to lists of HookMatcher, not list"),
    ({"session_id": "mine"}, ValueError, "session_id must be a UUID, not 'mine'"),
    (
        {"session_id": ID, "resume": ID},
        ValueError,
        "session_id names a new session and resume an old one; both need fork_session=True",
    ),
    (
        {"session_id": ID, "continue_conversation": True},
        ValueError,
        "session_id names a new session and continue_conversation an old one; both need fork_session=True",
    ),
    ({"resume_session_at": ID}, ValueError, "resume_session_at needs resume"),
    ({"resume": ID, "resume_drops_turn": ID}, ValueError, "resume_drops_turn needs resume_session_at"),
    ({"max_turns": -1}, ValueError, "max_turns must be 0 or more, not -1"),
    ({"max_turns": "3"}, TypeError, "max_turns must be a number, not '3'"),
    ({"max_thinking_tokens": -1}, ValueError, "max_thinking_tokens must be 0 or more, not -1"),
    ({"max_budget_usd": 0.0}, ValueError, "max_budget_usd must be above 0, not 0.0"),
    ({"max_budget_usd": float("nan")}, ValueError, "max_budget_usd must be above 0, not nan"),
    ({"max_buffer_size": 0}, ValueError, "max_buffer_size must be above 0, not 0"),
    ({"max_frame_size": 0}, ValueError, "max_frame_size must be above 0, not 0"),
    ({"max_unread_bytes": -1}, ValueError, "max_unread_bytes must be above 0, not -1"),
    ({"load_timeout_ms": 0}, ValueError, "load_timeout_ms must be above 0, not 0"),
    ({"initialize_timeout": 0}, ValueError, "initialize_timeout must be above 0, not 0"),
    ({"control_timeout": -1.5}, ValueError, "control_timeout must be above 0, not -1.5"),
    ({"idle_timeout": 0}, ValueError, "idle_timeout must be above 0, not 0"),
    ({"close_timeout": -1}, ValueError, "close_timeout must be 0 or more, not -1"),
    ({"task_budget": {"total": 0}}, ValueError, "task_budget['total'] must be above 0, not 0"),
    ({"task_budget": {}}, ValueError, "task_budget needs a 'total'"),
    ({"system_prompt": 7}, TypeError, "system_prompt must be a string or a dict, not 7"),
    (
        {"system_prompt": {"type": "text"}},
        ValueError,
        'system_prompt: its type must be "preset", "custom" or "file", not \'text\'',
    ),
    ({"system_prompt": {"type": "file"}}, ValueError, "system_prompt of type 'file' needs 'path'"),
    ({"system_prompt": {"type": "custom"}}, ValueError, "system_prompt of type 'custom' needs 'prompt'"),
    (
        {"system_prompt": {**PRESET, "append": "a"}, "append_system_prompt": "b"},
        ValueError,
        "append_system_prompt and the append of system_prompt are both set; use one of them",
    ),
    ({"tools": "Bash"}, TypeError, "tools must be a list of names or the preset, not 'Bash'"),
    (
        {"tools": {"type": "preset", "preset": "other"}},
        ValueError,
        (
            'tools: the only preset is {"type": "preset", "preset": "claude_code"},'
            " not {'type': 'preset', 'preset': 'other'}"
        ),
    ),
    ({"thinking": "adaptive"}, TypeError, "thinking must be a dict with a type, not 'adaptive'"),
    (
        {"thinking": {"type": "on"}},
        ValueError,
        'thinking: its type must be "adaptive", "enabled" or "disabled", not \'on\'',
    ),
    ({"thinking": {"type": "enabled"}}, ValueError, 'thinking of type "enabled" needs "budget_tokens"'),
    ({"allowed_tools": "Read"}, TypeError, "allowed_tools must be a list, not 'Read'"),
    ({"disallowed_tools": "Read"}, TypeError, "disallowed_tools must be a list, not 'Read'"),
    ({"betas": "b"}, TypeError, "betas must be a list, not 'b'"),
    ({"add_dirs": "/d"}, TypeError, "add_dirs must be a list, not '/d'"),
    ({"setting_sources": "user"}, TypeError, "setting_sources must be a list, not 'user'"),
    ({"allowed_tools": [b"Read"]}, TypeError, "allowed_tools must hold strings, not b'Read'"),
    ({"env": ["A=1"]}, TypeError, "env must be a dict, not ['A=1']"),
    ({"extra_args": ["--x"]}, TypeError, "extra_args must be a dict, not ['--x']"),
    ({"agents": ["a"]}, TypeError, "agents must be a dict, not ['a']"),
    ({"agents": {"a": "prompt"}}, TypeError, "agents['a'] must be an AgentDefinition or a dict, not 'prompt'"),
    (
        {"extra_args": {"--debug": None}},
        ValueError,
        "extra_args: '--debug' must be the name of a flag without its leading dashes",
    ),
    ({"can_use_tool": "yes"}, TypeError, "can_use_tool must be a function, not 'yes'"),
    ({"stderr": "file"}, TypeError, "stderr must be a function, not 'file'"),
    ({"skills": "pdf"}, TypeError, "skills must be a list of names or \"all\", not 'pdf'; did you mean ['pdf']?"),
    ({"skills": ("pdf",)}, TypeError, "skills must be a list of names or \"all\", not ('pdf',)"),
    ({"skills": [7]}, TypeError, "skills: a name must be a string, not 7"),
    ({"skills": [" "]}, ValueError, "skills: ' ' is blank"),
    ({"skills": ["a "]}, ValueError, "skills: 'a ' begins or ends with white space"),
    ({"skills": ["a),Bash(*"]}, ValueError, "skills: 'a),Bash(*' contains ')'"),
    ({"skills": ["a,b"]}, ValueError, "skills: 'a,b' contains ','"),
    ({"skills": ["a\x85b"]}, ValueError, r"skills: 'a\x85b' contains '\x85'"),
    ({"skills": ["a\ud800"]}, ValueError, r"skills: 'a\ud800' contains '\ud800'"),
    ({"skills": ["a\ufeffb"]}, ValueError, r"skills: 'a\ufeffb' contains '\ufeff'"),
    ({"skills": ["*"]}, ValueError, "skills: '*' is a wildcard"),
    ({"skills": ["a:*"]}, ValueError, "skills: 'a:*' is a wildcard"),
    ({"skills": ["a *"]}, ValueError, "skills: 'a *' is a wildcard"),
    ({"skills": ["/a"]}, ValueError, "skills: '/a' begins with a slash; write the name without it"),
    ({"skills": ["a\\\\b"]}, ValueError, r"skills: 'a\\\\b' contains a doubled or trailing backslash"),
    ({"skills": ["a\\"]}, ValueError, r"skills: 'a\\' contains a doubled or trailing backslash"),
]


@pytest.mark.parametrize(("options", "error", "text"), WRONG, ids=lambda value: value if isinstance(value, str) else "")
def test_a_wrong_option_is_named(options: dict[str, Any], error: type[Exception], text: str) -> None:
    with pytest.raises(error) as caught:
        validate(ClaudeCodeOptions(**options))
    assert str(caught.value) == text


@given(st.text(max_size=6))
def test_a_skill_that_is_accepted_stays_inside_its_rule(name: str) -> None:
    try:
        validate(ClaudeCodeOptions(skills=[name]))
    except ValueError:
        return
    assert not set(name) & set("(),")
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in name)
    assert name == name.strip() != ""
    assert not name.endswith("*") or name[-2:-1] not in ("", ":", " ")


@pytest.mark.parametrize("field", ["resume", "resume_session_at", "resume_drops_turn"])
@pytest.mark.parametrize("character", list('&|<>^%!"\r\n'))
def test_on_windows_characters_that_cmd_reads_are_refused(field: str, character: str) -> None:
    options = ClaudeCodeOptions(resume="r", resume_session_at="at")
    setattr(options, field, f"a{character}b")
    validate(options, platform="linux")
    with pytest.raises(ValueError) as caught:
        validate(options, platform="win32")
    assert str(caught.value) == (f"{field}: {character!r} is not allowed on Windows, where cmd.exe gives it a meaning")


# can_use_tool that is not asked


def warned(**options: Any) -> list[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        validate(ClaudeCodeOptions(can_use_tool=callback, **options))
    assert all(warning.category is CanUseToolShadowedWarning for warning in caught)
    return [str(warning.message) for warning in caught]


def test_a_tool_that_is_allowed_as_a_whole_is_warned_of() -> None:
    (text,) = warned(allowed_tools=["Read", "Write()", "Edit( * )", " Bash(*) ", "Read(*)"])
    assert text == (
        "can_use_tool will not be called for Read, Write, Edit, Bash: allowed_tools allows them without asking."
        " Leave a tool out of allowed_tools to be asked about it"
    )


@pytest.mark.parametrize("rule", ["Bash(ls:*)", "Read(/etc/**)", "", "  ", "Read(", "Read)", "(*)", "Read Write"])
def test_a_rule_for_some_calls_or_none_is_not_warned_of(rule: str) -> None:
    assert warned(allowed_tools=[rule]) == []


def test_all_skills_are_the_skill_tool() -> None:
    (text,) = warned(skills="all")
    assert text.startswith("can_use_tool will not be called for Skill: ")


def test_a_listed_skill_is_not_the_whole_tool() -> None:
    assert warned(skills=["pdf"]) == []


def test_bypassing_permissions_is_warned_of_once() -> None:
    assert warned(permission_mode="bypassPermissions", allowed_tools=["Read"]) == [
        'can_use_tool will not be called for any tool: permission_mode="bypassPermissions" allows all of them'
    ]


def test_without_a_callback_there_is_nothing_to_warn_of() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        validate(ClaudeCodeOptions(permission_mode="bypassPermissions", allowed_tools=["Read"]))


def test_the_warning_points_at_the_program() -> None:
    with pytest.warns(CanUseToolShadowedWarning) as caught:
        validate(ClaudeCodeOptions(can_use_tool=callback, allowed_tools=["Read"]))
    assert caught[0].filename == __file__
