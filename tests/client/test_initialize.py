"""The body of the `initialize` request and the ids of hook callbacks."""

from __future__ import annotations

from typing import Any

import pytest

from claude_code_sdk._command import LARGE_VALUE, LARGE_VALUE_WINDOWS
from claude_code_sdk._initialize import initialize_body, register_hooks
from claude_code_sdk.hooks.matcher import HookMatcher
from claude_code_sdk.option_types import AgentDefinition
from claude_code_sdk.options import ClaudeCodeOptions


async def first(*_: Any) -> dict[str, Any]:
    return {}


async def second(*_: Any) -> dict[str, Any]:
    return {}


async def third(*_: Any) -> dict[str, Any]:
    return {}


def body(platform: str = "linux", **options: Any) -> dict[str, Any]:
    return initialize_body(ClaudeCodeOptions(**options), None, platform=platform)


# Hooks


def test_callbacks_are_numbered_over_all_events_in_the_order_in_which_they_are_written() -> None:
    hooks = {
        "PreToolUse": [HookMatcher("Bash", [first, second]), HookMatcher(None, [third])],
        "Stop": [HookMatcher(hooks=[first])],
    }
    wire, callbacks = register_hooks(hooks)
    assert wire == {
        "PreToolUse": [
            {"matcher": "Bash", "hookCallbackIds": ["hook_0", "hook_1"]},
            {"matcher": None, "hookCallbackIds": ["hook_2"]},
        ],
        "Stop": [{"matcher": None, "hookCallbackIds": ["hook_3"]}],
    }
    assert callbacks == {"hook_0": first, "hook_1": second, "hook_2": third, "hook_3": first}


def test_timeout_and_on_failure_are_sent_when_set() -> None:
    wire, _ = register_hooks({"PreToolUse": [HookMatcher("Bash", [first], timeout=2.5, on_failure="continue")]})
    assert wire == {
        "PreToolUse": [{"matcher": "Bash", "hookCallbackIds": ["hook_0"], "timeout": 2.5, "onFailure": "continue"}]
    }


def test_a_dict_with_the_fields_of_a_matcher_is_a_matcher() -> None:
    hooks: dict[str, Any] = {"Stop": ({"matcher": "x", "hooks": [first], "timeout": 1, "on_failure": "block"},)}
    assert register_hooks(hooks) == (
        {"Stop": [{"matcher": "x", "hookCallbackIds": ["hook_0"], "timeout": 1, "onFailure": "block"}]},
        {"hook_0": first},
    )


@pytest.mark.parametrize("hooks", [None, {}, {"Stop": []}])
def test_without_matchers_there_are_no_hooks(hooks: Any) -> None:
    assert register_hooks(hooks) == (None, {})


def test_an_event_without_matchers_is_left_out() -> None:
    wire, _ = register_hooks({"Stop": [], "PreCompact": [HookMatcher(hooks=[first])]})
    assert wire == {"PreCompact": [{"matcher": None, "hookCallbackIds": ["hook_0"]}]}


def test_an_event_that_this_sdk_does_not_know_is_sent_as_it_is() -> None:
    wire, _ = register_hooks({"OfTomorrow": [HookMatcher()]})
    assert wire == {"OfTomorrow": [{"matcher": None, "hookCallbackIds": []}]}


@pytest.mark.parametrize(
    ("hooks", "error", "text"),
    [
        ([], TypeError, "hooks must be a dict of events to lists of HookMatcher, not list"),
        ({"Stop": first}, TypeError, "hooks['Stop'] must be a list of HookMatcher, not function"),
        ({"Stop": HookMatcher()}, TypeError, "hooks['Stop'] must be a list of HookMatcher, not HookMatcher"),
        ({"Stop": [HookMatcher(), first]}, TypeError, "hooks['Stop'][1] must be a HookMatcher, not function"),
        ({"Stop": [{"hooks": ["x"]}]}, TypeError, "hooks['Stop'][0].hooks must hold functions, not 'x'"),
        ({"Stop": [{"hooks": first}]}, TypeError, "hooks['Stop'][0].hooks must be a list of functions, not function"),
        ({"Stop": [{"timeout": 0}]}, ValueError, "hooks['Stop'][0].timeout must be above 0 seconds, not 0"),
        ({"Stop": [{"timeout": "5"}]}, TypeError, "hooks['Stop'][0].timeout must be a number of seconds, not '5'"),
        (
            {"Stop": [{"on_failure": "blok"}]},
            ValueError,
            "hooks['Stop'][0].on_failure must be \"continue\" or \"block\", not 'blok'",
        ),
    ],
)
def test_hooks_of_another_shape_are_refused(hooks: Any, error: type[Exception], text: str) -> None:
    with pytest.raises(error) as caught:
        register_hooks(hooks)
    assert str(caught.value) == text


# The body


def test_without_options_only_hooks_are_sent_and_they_are_null() -> None:
    assert body() == {"hooks": None}


def test_the_registered_hooks_are_sent() -> None:
    wire, _ = register_hooks({"Stop": [HookMatcher(hooks=[first])]})
    assert initialize_body(ClaudeCodeOptions(), wire) == {"hooks": wire}


def test_agents_are_sent_without_what_is_not_set() -> None:
    agents = {
        "short": AgentDefinition("d", "p"),
        "long": AgentDefinition("d", "p", tools=[], disallowedTools=["Bash"], maxTurns=2, background=False),
        "dict": {"description": "d", "prompt": "p", "model": None},
    }
    assert body(agents=agents)["agents"] == {
        "short": {"description": "d", "prompt": "p"},
        "long": {
            "description": "d",
            "prompt": "p",
            "tools": [],
            "disallowedTools": ["Bash"],
            "maxTurns": 2,
            "background": False,
        },
        "dict": {"description": "d", "prompt": "p"},
    }


PRESET = {"type": "preset", "preset": "claude_code"}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"agents": {}}, {}),
        ({"skills": ["pdf"]}, {"skills": ["pdf"]}),
        ({"skills": []}, {"skills": []}),
        ({"skills": "all"}, {}),
        ({"forward_subagent_text": True}, {"forwardSubagentText": True}),
        ({"system_prompt": "text"}, {}),
        ({"system_prompt": PRESET}, {}),
        ({"system_prompt": {**PRESET, "exclude_dynamic_sections": True}}, {"excludeDynamicSections": True}),
        ({"system_prompt": {**PRESET, "exclude_dynamic_sections": False}}, {"excludeDynamicSections": False}),
        ({"system_prompt": {**PRESET, "exclude_dynamic_sections": None}}, {}),
        ({"system_prompt": {**PRESET, "snapshot": False}}, {"systemPromptSnapshot": False}),
        ({"system_prompt": {"type": "custom", "prompt": "p", "snapshot": True}}, {"systemPromptSnapshot": True}),
        ({"system_prompt": {"type": "custom", "prompt": "p", "exclude_dynamic_sections": True}}, {}),
        ({"system_prompt": {"type": "file", "path": "p", "snapshot": True}}, {}),
        ({"output_format": {"type": "json_schema", "schema": {"type": "object"}}}, {}),
    ],
)
def test_an_option_becomes_its_field(options: dict[str, Any], expected: dict[str, Any]) -> None:
    assert body(**options) == {"hooks": None, **expected}


def test_a_schema_too_large_for_the_command_line_is_sent() -> None:
    schema = {"type": "object", "description": "x" * LARGE_VALUE}
    assert body(output_format={"type": "json_schema", "schema": schema})["jsonSchema"] == schema


def test_what_is_too_large_depends_on_the_platform_of_the_command() -> None:
    schema = {"type": "object", "description": "x" * LARGE_VALUE_WINDOWS}
    output_format = {"type": "json_schema", "schema": schema}
    assert "jsonSchema" in body("win32", output_format=output_format)
    assert "jsonSchema" not in body("linux", output_format=output_format)
