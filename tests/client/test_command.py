"""Options -> the command line: every flag, the derived values, large values, and what cannot be passed."""

from __future__ import annotations

import copy
import importlib.metadata
import json
import sys
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_code_sdk._command import (
    ARGUMENT_LIMIT_LINUX,
    LARGE_VALUE,
    LARGE_VALUE_WINDOWS,
    PREFIX,
    SUFFIX,
    build_command,
    prepare_command,
)
from claude_code_sdk._validate import validate
from claude_code_sdk.errors import CLIConnectionError
from claude_code_sdk.options import ClaudeAgentOptions, ClaudeCodeOptions
from claude_code_sdk.protocol.command import FILE_TOKEN, Command


def build(options: ClaudeCodeOptions, platform: str = "linux") -> Command:
    return build_command(options, parent_env={}, sdk_version="1.2.3", platform=platform)


def flags(options: ClaudeCodeOptions, platform: str = "linux") -> list[str]:
    """The arguments that the options add to those that are always there."""
    _, *argv = build(options, platform).argv
    head, tail = len(PREFIX), len(argv) - len(SUFFIX)
    assert (*argv[:head], *argv[tail:]) == PREFIX + SUFFIX
    return argv[head:tail]


async def anything(*_: Any) -> Any:
    raise AssertionError("not called")


class Mode(str, Enum):  # noqa: UP042  # a StrEnum would be its text anyway
    PLAN = "plan"


SDK_SERVER: Any = {"type": "sdk", "name": "kit", "instance": object()}
STDIO_SERVER = {"command": "serve", "args": ["-x"]}

GOLDEN: dict[str, tuple[dict[str, Any], list[str]]] = {
    "nothing": ({}, []),
    "system_prompt": ({"system_prompt": "Be brief."}, ["--system-prompt", "Be brief."]),
    "system_prompt empty": ({"system_prompt": ""}, ["--system-prompt", ""]),
    "system_prompt file": (
        {"system_prompt": {"type": "file", "path": "p.md"}},
        ["--system-prompt-file", "p.md"],
    ),
    "system_prompt custom": (
        {"system_prompt": {"type": "custom", "prompt": "Hi", "snapshot": True}},
        ["--system-prompt", "Hi"],
    ),
    "system_prompt preset": ({"system_prompt": {"type": "preset", "preset": "claude_code"}}, []),
    "system_prompt preset and more": (
        {"system_prompt": {"type": "preset", "preset": "claude_code", "append": "More."}},
        ["--append-system-prompt", "More."],
    ),
    "append_system_prompt": ({"append_system_prompt": "More."}, ["--append-system-prompt", "More."]),
    "both prompts": (
        {"system_prompt": "Be brief.", "append_system_prompt": "More."},
        ["--system-prompt", "Be brief.", "--append-system-prompt", "More."],
    ),
    "tools": ({"tools": ["Bash", "Read"]}, ["--tools", "Bash,Read"]),
    "tools none": ({"tools": []}, ["--tools", ""]),
    "tools preset": ({"tools": {"type": "preset", "preset": "claude_code"}}, ["--tools", "default"]),
    "allowed_tools": ({"allowed_tools": ["Read", "Bash(ls:*)"]}, ["--allowedTools", "Read,Bash(ls:*)"]),
    "skills": (
        {"skills": ["pdf", "pdf", "a:b"], "allowed_tools": ["Read", "Skill(a:b)"]},
        ["--allowedTools", "Read,Skill(a:b),Skill(pdf)", "--setting-sources=user,project"],
    ),
    "skills all": ({"skills": "all"}, ["--allowedTools", "Skill", "--setting-sources=user,project"]),
    "skills none": ({"skills": []}, ["--setting-sources=user,project"]),
    "skills with sources": ({"skills": [], "setting_sources": ["local"]}, ["--setting-sources=local"]),
    "max_turns": ({"max_turns": 3}, ["--max-turns", "3"]),
    "max_turns 0 is no limit": ({"max_turns": 0}, []),
    "max_budget_usd": ({"max_budget_usd": 0.5}, ["--max-budget-usd", "0.5"]),
    "disallowed_tools": ({"disallowed_tools": ["Bash", "Edit"]}, ["--disallowedTools", "Bash,Edit"]),
    "task_budget": ({"task_budget": {"total": 9000}}, ["--task-budget", "9000"]),
    "model": ({"model": "sonnet"}, ["--model", "sonnet"]),
    "fallback_model": ({"fallback_model": "haiku"}, ["--fallback-model", "haiku"]),
    "betas": ({"betas": ["context-1m-2025-08-07", "b"]}, ["--betas", "context-1m-2025-08-07,b"]),
    "permission_prompt_tool_name": (
        {"permission_prompt_tool_name": "mcp__a__b"},
        ["--permission-prompt-tool", "mcp__a__b"],
    ),
    "can_use_tool": ({"can_use_tool": anything}, ["--permission-prompt-tool", "stdio"]),
    "permission_mode": ({"permission_mode": "acceptEdits"}, ["--permission-mode", "acceptEdits"]),
    "permission_mode of a program's own enum": ({"permission_mode": Mode.PLAN}, ["--permission-mode", "plan"]),
    "continue_conversation": ({"continue_conversation": True}, ["--continue"]),
    "resume": ({"resume": "-x"}, ["--resume=-x"]),
    "session_id": ({"session_id": "-x"}, ["--session-id=-x"]),
    "settings": ({"settings": "s.json"}, ["--settings", "s.json"]),
    "settings inline": ({"settings": '{"a": 1}'}, ["--settings", '{"a": 1}']),
    "sandbox": ({"sandbox": {"enabled": True}}, ["--settings", '{"sandbox": {"enabled": true}}']),
    "sandbox and settings": (
        {"sandbox": {"enabled": True}, "settings": ' {"a": 1, "sandbox": 0} '},
        ["--settings", '{"a": 1, "sandbox": {"enabled": true}}'],
    ),
    "add_dirs": ({"add_dirs": ["/a", Path("/b")]}, ["--add-dir", "/a", "--add-dir", "/b"]),
    "mcp_servers": (
        {"mcp_servers": {"kit": SDK_SERVER, "out": STDIO_SERVER}},
        [
            "--mcp-config",
            '{"mcpServers": {"kit": {"type": "sdk", "name": "kit"}, "out": {"command": "serve", "args": ["-x"]}}}',
        ],
    ),
    "mcp_servers path": ({"mcp_servers": Path("/m.json")}, ["--mcp-config", "/m.json"]),
    "mcp_servers text": ({"mcp_servers": "{}"}, ["--mcp-config", "{}"]),
    "mcp_servers none": ({"mcp_servers": ""}, []),
    "include_partial_messages": ({"include_partial_messages": True}, ["--include-partial-messages"]),
    "include_hook_events": ({"include_hook_events": True}, ["--include-hook-events"]),
    "strict_mcp_config": ({"strict_mcp_config": True}, ["--strict-mcp-config"]),
    "fork_session": ({"fork_session": True}, ["--fork-session"]),
    "resume_session_at": ({"resume_session_at": "-x"}, ["--resume-session-at=-x"]),
    "resume_drops_turn": ({"resume_drops_turn": ""}, ["--resume-drops-turn="]),
    "session_store": ({"session_store": object()}, ["--session-mirror"]),
    "setting_sources": ({"setting_sources": ["user", "local"]}, ["--setting-sources=user,local"]),
    "setting_sources none": ({"setting_sources": []}, ["--setting-sources="]),
    "plugins": (
        {"plugins": [{"type": "local", "path": "/p"}, {"type": "local", "path": Path("/q")}]},
        ["--plugin-dir", "/p", "--plugin-dir", "/q"],
    ),
    "extra_args": (
        {"extra_args": {"bare": None, "debug": "-x", "name": "n", "empty": ""}},
        ["--bare", "--debug=-x", "--name", "n", "--empty", ""],
    ),
    "thinking adaptive": (
        {"thinking": {"type": "adaptive", "display": "omitted"}},
        ["--thinking", "adaptive", "--thinking-display", "omitted"],
    ),
    "thinking enabled": (
        {"thinking": {"type": "enabled", "budget_tokens": 2000}, "max_thinking_tokens": 5},
        ["--max-thinking-tokens", "2000"],
    ),
    "thinking disabled": (
        {"thinking": {"type": "disabled", "display": "omitted"}, "max_thinking_tokens": 5},
        ["--thinking", "disabled"],
    ),
    "max_thinking_tokens": ({"max_thinking_tokens": 0}, ["--max-thinking-tokens", "0"]),
    "effort": ({"effort": "high"}, ["--effort", "high"]),
    "output_format": (
        {"output_format": {"type": "json_schema", "schema": {"type": "object"}}},
        ["--json-schema", '{"type": "object"}'],
    ),
    "output_format of another type": ({"output_format": {"type": "text", "schema": {}}}, []),
}


@pytest.mark.parametrize("case", GOLDEN)
def test_an_option_becomes_its_flag(case: str) -> None:
    options, expected = GOLDEN[case]
    assert flags(ClaudeCodeOptions(**options)) == expected


def test_an_unset_system_prompt_is_an_empty_one_for_agent_options() -> None:
    assert flags(ClaudeAgentOptions()) == ["--system-prompt", ""]


def test_agent_options_with_the_preset_leave_the_clis_own_prompt_alone() -> None:
    assert flags(ClaudeAgentOptions(system_prompt={"type": "preset", "preset": "claude_code"})) == []


@pytest.mark.parametrize(
    "options",
    [
        {"agents": {"a": object()}},
        {"hooks": {"Stop": []}},
        {"forward_subagent_text": True},
        {"verbatim_prompts": True},
        {"env": {"A": "1"}},
        {"client_app": "x"},
        {"enable_file_checkpointing": True},
        {"cwd": "/"},
        {"user": "nobody"},
        {"stderr": print},
    ],
    ids=lambda options: next(iter(options)),
)
def test_options_that_travel_elsewhere_add_no_flag(options: dict[str, Any]) -> None:
    assert flags(ClaudeCodeOptions(**options)) == []


def test_flags_come_in_the_order_of_the_official_sdk() -> None:
    options = ClaudeAgentOptions(
        output_format={"type": "json_schema", "schema": {}},
        effort="low",
        thinking={"type": "adaptive"},
        extra_args={"zz": None, "aa": None},
        plugins=[{"type": "local", "path": "/p"}],
        setting_sources=[],
        resume_drops_turn="t",
        resume_session_at="m",
        fork_session=True,
        strict_mcp_config=True,
        include_hook_events=True,
        include_partial_messages=True,
        mcp_servers="m",
        add_dirs=["/d"],
        settings="s",
        session_id="i",
        resume="r",
        continue_conversation=True,
        permission_mode="plan",
        permission_prompt_tool_name="p",
        betas=["b"],  # type: ignore[list-item]
        fallback_model="f",
        model="m",
        task_budget={"total": 1},
        disallowed_tools=["D"],
        max_budget_usd=1,
        max_turns=1,
        allowed_tools=["A"],
        tools=["T"],
        append_system_prompt="more",
    )
    names = [item.partition("=")[0] for item in flags(options) if item.startswith("--")]
    assert " ".join(names) == (
        "--system-prompt --append-system-prompt --tools --allowedTools --max-turns --max-budget-usd"
        " --disallowedTools --task-budget --model --fallback-model --betas --permission-prompt-tool"
        " --permission-mode --continue --resume --session-id --settings --add-dir --mcp-config"
        " --include-partial-messages --include-hook-events --strict-mcp-config --fork-session"
        " --resume-session-at --resume-drops-turn --setting-sources --plugin-dir --zz --aa --thinking --effort"
        " --json-schema"
    )


def test_the_executable_is_left_to_the_transport_unless_named() -> None:
    assert build(ClaudeCodeOptions()).argv[0] == "claude"
    assert build(ClaudeCodeOptions(cli_path=Path("/opt/claude"))).argv[0] == "/opt/claude"


def test_folder_user_and_environment_are_those_of_the_options() -> None:
    command = build(ClaudeCodeOptions(cwd=Path("/project"), user="nobody", env={"A": "1"}))
    assert (command.cwd, command.user, command.env["A"], command.env["PWD"]) == ("/project", "nobody", "1", "/project")


def test_none_is_an_unset_list_or_dict_as_in_0_0_25() -> None:
    names = ["allowed_tools", "disallowed_tools", "betas", "add_dirs", "plugins", "extra_args", "env", "mcp_servers"]
    options = ClaudeCodeOptions(**dict.fromkeys(names))  # type: ignore[arg-type]
    validate(options)
    assert build(options) == build(ClaudeCodeOptions())


def test_building_changes_nothing_in_the_options() -> None:
    options = ClaudeCodeOptions(
        allowed_tools=["Read"], skills=["pdf"], mcp_servers={"kit": SDK_SERVER}, sandbox={"enabled": True}
    )
    before = copy.deepcopy({k: v for k, v in vars(options).items() if k not in ("debug_stderr", "mcp_servers")})
    build(options)
    assert {k: vars(options)[k] for k in before} == before
    assert set(SDK_SERVER) == {"type", "name", "instance"}


# Settings and sandbox


def prepared_settings(options: ClaudeCodeOptions) -> Any:
    argv = prepare_command(options, parent_env={}).argv
    return json.loads(argv[argv.index("--settings") + 1])


def test_the_sandbox_is_merged_into_a_settings_file(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_bytes(b'\xef\xbb\xbf{"model": "m"}')
    options = ClaudeCodeOptions(settings="s.json", sandbox={"enabled": True}, cwd=tmp_path)
    assert prepared_settings(options) == {"model": "m", "sandbox": {"enabled": True}}
    assert options.settings == "s.json"


def test_a_settings_file_without_a_sandbox_is_left_to_the_cli() -> None:
    assert "/no/such/file" in prepare_command(ClaudeCodeOptions(settings="/no/such/file"), parent_env={}).argv


def test_a_settings_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    options = ClaudeCodeOptions(settings="none.json", sandbox={}, cwd=tmp_path)
    with pytest.raises(CLIConnectionError, match=r"^Failed to load settings: .*No such file.*none\.json'$"):
        prepare_command(options, parent_env={})


@pytest.mark.parametrize(
    ("text", "problem"), [("{bad", "is not JSON: .*"), ("[1]", r"is not a JSON object but '\[1\]'")]
)
def test_a_settings_file_that_is_not_a_json_object_is_an_error(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "s.json").write_text(text)
    options = ClaudeCodeOptions(settings=str(tmp_path / "s.json"), sandbox={})
    with pytest.raises(CLIConnectionError, match=rf"^Failed to load settings: .*s\.json {problem}$"):
        prepare_command(options, parent_env={})


def test_inline_settings_that_are_not_json_are_an_error_when_a_sandbox_is_merged() -> None:
    with pytest.raises(CLIConnectionError, match=r"^Failed to load settings: the settings option is not JSON: "):
        build(ClaudeCodeOptions(settings="{bad}", sandbox={}))


def test_the_environment_of_this_process_is_the_parents_unless_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OF_THIS_PROCESS", "1")
    assert prepare_command(ClaudeCodeOptions()).env["OF_THIS_PROCESS"] == "1"


def test_the_sdk_tells_its_own_version_unless_told_otherwise() -> None:
    version = importlib.metadata.version("claude-code-sdk-harness")
    assert prepare_command(ClaudeCodeOptions(), parent_env={}).env["CLAUDE_AGENT_SDK_VERSION"] == version


# Large values

LARGE = "x" * (LARGE_VALUE + 1)


@pytest.mark.parametrize(
    ("options", "flag", "name", "content"),
    [
        ({"system_prompt": LARGE}, "--system-prompt-file", "system-prompt.txt", LARGE),
        (
            {"system_prompt": {"type": "custom", "prompt": LARGE}},
            "--system-prompt-file",
            "system-prompt.txt",
            LARGE,
        ),
        (
            {"system_prompt": {"type": "preset", "preset": "claude_code", "append": LARGE}},
            "--append-system-prompt-file",
            "append-system-prompt.txt",
            LARGE,
        ),
        ({"append_system_prompt": LARGE}, "--append-system-prompt-file", "append-system-prompt.txt", LARGE),
        ({"settings": json.dumps({"a": LARGE})}, "--settings", "settings.json", json.dumps({"a": LARGE})),
        ({"sandbox": {"a": LARGE}}, "--settings", "settings.json", json.dumps({"sandbox": {"a": LARGE}})),
        (
            {"mcp_servers": {"a": {"command": LARGE}}},
            "--mcp-config",
            "mcp-config.json",
            json.dumps({"mcpServers": {"a": {"command": LARGE}}}),
        ),
    ],
    ids=["system_prompt", "custom", "preset", "append_system_prompt", "settings", "sandbox", "mcp_servers"],
)
@pytest.mark.requirement("B13", "large-values")
def test_a_large_value_travels_in_a_file(options: dict[str, Any], flag: str, name: str, content: str) -> None:
    command = build(ClaudeCodeOptions(**options))
    assert flags(ClaudeCodeOptions(**options)) == [flag, FILE_TOKEN + name]
    assert command.files == {name: content.encode()}


def test_several_large_values_travel_in_files_of_their_own() -> None:
    command = build(ClaudeCodeOptions(system_prompt=LARGE, append_system_prompt=LARGE + "y"))
    assert command.files == {
        "system-prompt.txt": LARGE.encode(),
        "append-system-prompt.txt": (LARGE + "y").encode(),
    }


def test_a_value_just_below_the_limit_stays_an_argument() -> None:
    command = build(ClaudeCodeOptions(system_prompt="x" * LARGE_VALUE))
    assert "x" * LARGE_VALUE in command.argv
    assert command.files == {}


def test_size_is_counted_in_bytes() -> None:
    prompt = "é" * (LARGE_VALUE // 2 + 1)
    assert build(ClaudeCodeOptions(system_prompt=prompt)).files == {"system-prompt.txt": prompt.encode()}


@pytest.mark.requirement("B13", "large-values")
def test_a_large_schema_is_left_to_initialize() -> None:
    schema = {"type": "object", "description": LARGE}
    command = build(ClaudeCodeOptions(output_format={"type": "json_schema", "schema": schema}))
    assert "--json-schema" not in command.argv
    assert command.files == {}


def test_less_fits_on_windows() -> None:
    options = ClaudeCodeOptions(system_prompt="x" * (LARGE_VALUE_WINDOWS + 1))
    assert build(options, "win32").files
    assert not build(options, "linux").files


def test_all_values_that_can_be_large_fit_on_windows_together() -> None:
    quotes = '"' * (LARGE_VALUE_WINDOWS // 2 - 100)  # each is escaped once in JSON, and that twice for Windows
    options = ClaudeCodeOptions(
        system_prompt='"' * LARGE_VALUE_WINDOWS,
        append_system_prompt='"' * LARGE_VALUE_WINDOWS,
        settings=json.dumps({"a": quotes}),
        mcp_servers={"a": {"command": quotes}},
        output_format={"type": "json_schema", "schema": {"title": quotes}},
    )
    assert not build(options, "win32").files


# What cannot be passed


def test_an_argument_that_linux_refuses_is_an_error_with_the_options_name() -> None:
    value = "x" * ARGUMENT_LIMIT_LINUX
    with pytest.raises(ValueError) as caught:
        build(ClaudeCodeOptions(extra_args={"name": value}))
    assert str(caught.value) == (
        "extra_args['name']: 131072 bytes do not fit into one argument of the CLI; Linux allows 131071"
    )


def test_the_longest_argument_that_linux_takes_is_passed() -> None:
    value = "x" * (ARGUMENT_LIMIT_LINUX - 1)
    assert value in build(ClaudeCodeOptions(model=value)).argv


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's")
def test_the_limit_is_the_one_of_the_system() -> None:
    import subprocess

    longest = "x" * (ARGUMENT_LIMIT_LINUX - 1)
    assert subprocess.run(["/bin/true", longest], check=False).returncode == 0
    with pytest.raises(OSError, match="Argument list too long"):
        subprocess.run(["/bin/true", longest + "x"], check=False)


def test_a_command_line_that_windows_refuses_is_an_error_with_the_longest_options() -> None:
    options = ClaudeCodeOptions(allowed_tools=["x" * 30_000], extra_args={"a": "y" * 5_000, "b": "z"}, model="m")
    with pytest.raises(ValueError) as caught:
        build(options, "win32")
    assert str(caught.value) == (
        "the command line of the CLI has 35108 characters; Windows allows 32767."
        " The longest options: allowed_tools (30000), extra_args['a'] (5000), model (1)"
    )


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"mcp_servers": {"a": {"x": object()}}}, "mcp_servers"),
        ({"sandbox": {"x": object()}}, "sandbox"),
        ({"output_format": {"type": "json_schema", "schema": {"x": object()}}}, "output_format"),
    ],
)
def test_a_value_that_is_not_json_is_an_error_with_the_options_name(options: dict[str, Any], name: str) -> None:
    with pytest.raises(TypeError, match=f"^{name} cannot be written as JSON: Object of type object is not"):
        build(ClaudeCodeOptions(**options))


def test_not_a_number_is_not_json() -> None:
    with pytest.raises(ValueError, match=r"^output_format cannot be written as JSON: Out of range float"):
        build(ClaudeCodeOptions(output_format={"type": "json_schema", "schema": {"x": float("nan")}}))


# Injection, by property.  The fields hold any text; what the CLI reads must be that text under that flag.

FLAGS_OF_FIELDS = {
    "system_prompt": "--system-prompt",
    "append_system_prompt": "--append-system-prompt",
    "model": "--model",
    "fallback_model": "--fallback-model",
    "permission_mode": "--permission-mode",
    "permission_prompt_tool_name": "--permission-prompt-tool",
    "resume": "--resume",
    "session_id": "--session-id",
    "settings": "--settings",
    "mcp_servers": "--mcp-config",
    "resume_session_at": "--resume-session-at",
    "resume_drops_turn": "--resume-drops-turn",
    "effort": "--effort",
}
LISTS = {
    "tools": "--tools",
    "allowed_tools": "--allowedTools",
    "disallowed_tools": "--disallowedTools",
    "betas": "--betas",
    "setting_sources": "--setting-sources",
    "add_dirs": "--add-dir",
}
OPTIONAL_VALUE = {"--resume", "--debug"}
"""Flags whose value may be left out: the next item is taken for it only when it does not begin with a dash."""

NO_VALUE = {"--verbose"}

dashed = st.sampled_from(["-", "--", "--version", "-p", "--dangerously-skip-permissions", "--model=x", "=", ",", ""])
text = st.one_of(dashed, st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))


def read_as_the_cli_does(argv: tuple[str, ...]) -> list[tuple[str, str | None]]:
    """Flags and values in order; an item that is neither is a prompt, which must not happen."""
    read: list[tuple[str, str | None]] = []
    items = list(argv[1:])
    while items:
        item = items.pop(0)
        assert item.startswith("--"), f"{item!r} would be a prompt"
        name, equals, value = item.partition("=")
        if equals:
            read.append((name, value))
        elif name in NO_VALUE or (name in OPTIONAL_VALUE and (not items or items[0].startswith("-"))):
            read.append((name, None))
        else:
            read.append((name, items.pop(0)))
    return read


@given(
    st.fixed_dictionaries({}, optional=dict.fromkeys(FLAGS_OF_FIELDS, text)),
    st.fixed_dictionaries({}, optional=dict.fromkeys(LISTS, st.lists(text, max_size=3))),
    st.none() | text.filter(lambda value: value.startswith("-") or value == "x"),
)
def test_no_text_in_an_option_becomes_a_flag(
    texts: dict[str, str], lists: dict[str, list[str]], debug: str | None
) -> None:
    extra = {} if debug is None else {"debug": debug}
    options = ClaudeCodeOptions(**texts, **lists, extra_args=extra)  # type: ignore[arg-type]
    expected = [(FLAGS_OF_FIELDS[name], value) for name, value in texts.items() if value or name in KEPT_EMPTY]
    for name, values in lists.items():
        if name == "add_dirs":
            expected += [("--add-dir", value) for value in values]
        elif values or name in KEPT_EMPTY:
            expected.append((LISTS[name], ",".join(values)))
    expected += [(f"--{name}", value) for name, value in extra.items()]
    expected += [("--output-format", "stream-json"), ("--input-format", "stream-json")]
    read = read_as_the_cli_does(build(options).argv)
    assert sorted(read, key=repr) == sorted([*expected, ("--verbose", None)], key=repr)


KEPT_EMPTY = {"system_prompt", "resume_drops_turn", "effort", "tools", "setting_sources"}

PLACES_OF_TEXT: dict[str, Any] = {
    **{name: lambda value, name=name: {name: value} for name in FLAGS_OF_FIELDS},
    **{name: lambda value, name=name: {name: ["a", value]} for name in LISTS},
    "cli_path": lambda value: {"cli_path": value},
    "cwd": lambda value: {"cwd": value},
    "plugins": lambda value: {"plugins": [{"type": "local", "path": value}]},
    "extra_args": lambda value: {"extra_args": {"name": value}},
    "extra_args[": lambda value: {"extra_args": {value: None}},
    "system_prompt:": lambda value: {"system_prompt": {"type": "custom", "prompt": value}},
    "env": lambda value: {"env": {"A": value}},
}


@pytest.mark.parametrize("place", PLACES_OF_TEXT)
@given(before=text, after=st.one_of(text, st.just(LARGE)))
def test_a_nul_character_is_refused_with_the_options_name(place: str, before: str, after: str) -> None:
    options = ClaudeCodeOptions(**PLACES_OF_TEXT[place](f"{before}\0{after}"))
    with pytest.raises(ValueError, match=f"^{place.rstrip(':[')}.* NUL character at index") as caught:
        build(options)
    assert "\0" not in str(caught.value)


def test_a_token_for_a_file_cannot_be_smuggled_in() -> None:
    with pytest.raises(ValueError, match=r"^model: a NUL character at index 0 cannot be passed to the CLI$"):
        build(ClaudeCodeOptions(model=FILE_TOKEN + "settings.json"))


def test_text_inside_json_may_contain_anything() -> None:
    assert flags(ClaudeCodeOptions(mcp_servers={"a": {"command": "\0\ud800"}})) == [
        "--mcp-config",
        r'{"mcpServers": {"a": {"command": "\u0000\ud800"}}}',
    ]


def test_a_lone_surrogate_is_refused_with_the_options_name() -> None:
    with pytest.raises(ValueError) as caught:
        build(ClaudeCodeOptions(system_prompt="a\ud83d"))
    assert str(caught.value) == (r"system_prompt: the lone surrogate '\ud83d' at index 1 cannot be passed to the CLI")


def test_a_file_name_that_is_not_utf8_is_passed_as_it_is() -> None:
    name = b"/d/\xff".decode("utf-8", "surrogateescape")
    assert flags(ClaudeCodeOptions(add_dirs=[name])) == ["--add-dir", name]
