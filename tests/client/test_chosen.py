"""Which options a program chose, and that the tables which ask for it name all that they read."""

from __future__ import annotations

import dataclasses
from contextlib import suppress
from typing import Any

import pytest

from claude_code_sdk import ClaudeAgentOptions, ClaudeCodeOptions
from claude_code_sdk._argv import TABLE, Row
from claude_code_sdk._chosen import chosen, concerned
from claude_code_sdk._validate import CHECKS, Check

FIELDS = [field.name for field in dataclasses.fields(ClaudeCodeOptions)]


@pytest.mark.parametrize("kind", [ClaudeCodeOptions, ClaudeAgentOptions])
def test_nothing_is_chosen_by_default(kind: type[ClaudeCodeOptions]) -> None:
    assert set(chosen(kind())) <= {"debug_stderr"}  # which is the stderr of the moment


def test_what_differs_from_its_default_is_chosen_in_the_order_of_the_interface() -> None:
    options = ClaudeCodeOptions(keep_background=True, tools=[], model="", allowed_tools=["Read"], debug_stderr=None)
    assert chosen(options) == ["allowed_tools", "model", "debug_stderr", "tools", "keep_background"]


def test_a_list_that_was_filled_after_the_options_were_made_is_chosen() -> None:
    options = ClaudeCodeOptions(debug_stderr=None)
    options.allowed_tools.append("Read")
    assert chosen(options) == ["allowed_tools", "debug_stderr"]


def test_an_attribute_that_is_no_option_is_not_chosen() -> None:
    options = ClaudeCodeOptions(debug_stderr=None)
    options.note = "the program's own"  # type: ignore[attr-defined]
    assert chosen(options) == ["debug_stderr"]


def test_a_subclass_may_keep_an_option_elsewhere() -> None:
    class Options(ClaudeCodeOptions):
        @property
        def model(self) -> Any:
            return "opus"

        @model.setter
        def model(self, value: Any) -> None: ...

    assert chosen(Options(debug_stderr=None)) == ["model", "debug_stderr"]


def test_what_reads_a_chosen_option_is_concerned_once_and_in_its_order() -> None:
    rows = [Check((), print), Check(("a", "b"), print), Check(("c",), print), Check(("b",), print)]
    assert concerned(rows)(["b", "a", "d"]) == [rows[1], rows[3]]


class Spy(ClaudeAgentOptions):
    """Notes which options are looked at."""

    def __getattribute__(self, name: str) -> Any:
        if name in FIELDS:
            vars(self).setdefault("_seen", set()).add(name)
        return super().__getattribute__(name)


FULL: dict[str, Any] = {
    "system_prompt": {"type": "preset", "preset": "claude_code", "append": "text"},
    "append_system_prompt": "text",
    "tools": ["Read"],
    "allowed_tools": ["Read"],
    "skills": ["pdf"],
    "max_turns": 1,
    "settings": '{"a": 1}',
    "sandbox": {"enabled": True},
    "session_id": "0" * 8 + "-0000-0000-0000-" + "0" * 12,
    "resume": "x",
    "fork_session": True,
    "resume_session_at": "x",
    "thinking": {"type": "adaptive", "display": "summarized"},
    "max_thinking_tokens": 1,
    "mcp_servers": {"a": {"type": "stdio"}},
    "agents": {"a": {"prompt": ""}},
    "plugins": [{"type": "local", "path": "x"}],
    "extra_args": {"a": None},
    "permission_prompt_tool_name": "x",
    "task_budget": {"total": 1},
    "output_format": {"type": "json_schema", "schema": {}},
}


@pytest.mark.parametrize("given", [{}, FULL], ids=["defaults", "full"])
@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.reads[0])
def test_a_row_of_the_command_line_names_what_it_reads(row: Row, given: dict[str, Any]) -> None:
    options = Spy(**given)
    list(row.make(options))
    assert vars(options)["_seen"] <= set(row.reads)


@pytest.mark.parametrize("given", [{}, FULL], ids=["defaults", "full"])
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.run.__name__)
def test_a_check_names_what_it_reads(check: Check, given: dict[str, Any]) -> None:
    options = Spy(**given)
    with suppress(ValueError):  # two options that do not go together: both have been looked at by then
        check.run(options)
    assert vars(options)["_seen"] <= set(check.reads)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.reads[0])
def test_a_row_gives_nothing_while_its_options_are_unset(row: Row) -> None:
    assert list(row.make(ClaudeCodeOptions())) == []
