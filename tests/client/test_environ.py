"""The environment that the CLI is started with."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import pytest

from claude_code_sdk.options import ClaudeCodeOptions
from claude_code_sdk.transports._child_environment import child_environment, current_trace_context

OWN = {
    "CLAUDE_CODE_ENTRYPOINT": "sdk-py",
    "CLAUDE_AGENT_SDK_VERSION": "1.2.3",
    "CLAUDE_CODE_SDK_READS_SESSION_STATE": "1",
}
"""What is there without any option."""


def environment(
    parent: Mapping[str, str] = {}, trace_context: Mapping[str, str] | None = None, **options: Any
) -> dict[str, str]:
    return child_environment(
        ClaudeCodeOptions(**options), parent_env=parent, sdk_version="1.2.3", trace_context=trace_context
    )


def test_the_parents_environment_is_inherited() -> None:
    assert environment({"PATH": "/bin", "HOME": "/me"}) == {"PATH": "/bin", "HOME": "/me", **OWN}


def test_the_mark_of_an_outer_session_is_not_inherited() -> None:
    assert environment({"CLAUDECODE": "1"}) == OWN


def test_the_mark_of_an_outer_session_can_be_asked_for() -> None:
    assert environment({"CLAUDECODE": "1"}, env={"CLAUDECODE": "2"})["CLAUDECODE"] == "2"


def test_an_inherited_entrypoint_is_replaced() -> None:
    assert environment({"CLAUDE_CODE_ENTRYPOINT": "cli"}) == OWN


def test_the_entrypoint_can_be_chosen() -> None:
    assert environment(env={"CLAUDE_CODE_ENTRYPOINT": "mine"})["CLAUDE_CODE_ENTRYPOINT"] == "mine"


def test_the_env_option_overrides_the_parent() -> None:
    assert environment({"A": "parent", "B": "parent"}, env={"A": "option"}) == {"A": "option", "B": "parent", **OWN}


def test_the_sdk_version_cannot_be_overridden() -> None:
    assert environment({"CLAUDE_AGENT_SDK_VERSION": "9"}, env={"CLAUDE_AGENT_SDK_VERSION": "8"}) == OWN


def test_the_client_app_is_told() -> None:
    name = "CLAUDE_AGENT_SDK_CLIENT_APP"
    assert environment({name: "outer"}, env={name: "env"}, client_app="mine")[name] == "mine"


def test_an_empty_client_app_opts_out() -> None:
    assert environment(client_app="")["CLAUDE_AGENT_SDK_CLIENT_APP"] == ""


def test_an_unset_client_app_leaves_the_variable_alone() -> None:
    assert environment({"CLAUDE_AGENT_SDK_CLIENT_APP": "outer"})["CLAUDE_AGENT_SDK_CLIENT_APP"] == "outer"


def test_a_derived_client_app_of_an_outer_program_is_removed() -> None:
    name = "CLAUDE_AGENT_SDK_DERIVED_CLIENT_APP"
    assert environment({name: "outer"}, env={name: "env"}) == OWN


@pytest.mark.parametrize("name", ["CLAUDE_CODE_SDK_READS_SESSION_STATE", "Claude_Code_SDK_Reads_Session_State"])
def test_a_choice_about_session_states_is_kept_in_any_case(name: str) -> None:
    env = environment(env={name: "0"})
    assert {key: value for key, value in env.items() if "READS" in key.upper()} == {name: "0"}


def test_file_checkpointing_is_a_variable() -> None:
    env = environment(enable_file_checkpointing=True)
    assert env == {**OWN, "CLAUDE_CODE_ENABLE_SDK_FILE_CHECKPOINTING": "true"}


def test_pwd_is_the_working_directory() -> None:
    assert environment({"PWD": "/old"}, cwd="/project")["PWD"] == "/project"


def test_pwd_is_inherited_without_a_working_directory() -> None:
    assert environment({"PWD": "/old"})["PWD"] == "/old"


def test_neither_the_parents_environment_nor_the_option_is_changed() -> None:
    parent, option = {"CLAUDECODE": "1"}, {"A": "1"}
    environment(parent, env=option, client_app="x")
    assert (parent, option) == ({"CLAUDECODE": "1"}, {"A": "1"})


TRACE = {"traceparent": "00-new", "tracestate": "new", "x-id": "7"}


def test_the_active_span_is_passed_on_in_capitals() -> None:
    assert environment(trace_context=TRACE) == {**OWN, "TRACEPARENT": "00-new", "TRACESTATE": "new", "X-ID": "7"}


def test_an_inherited_trace_state_is_not_paired_with_a_new_parent() -> None:
    inherited = {"TRACEPARENT": "00-old", "TRACESTATE": "old"}
    assert environment(inherited, trace_context={"traceparent": "00-new"}) == {**OWN, "TRACEPARENT": "00-new"}


def test_without_an_active_span_the_inherited_trace_stays() -> None:
    inherited = {"TRACEPARENT": "00-old", "TRACESTATE": "old"}
    assert environment(inherited, trace_context={"baggage": "a=1"}) == {**OWN, **inherited}


def test_trace_variables_of_the_env_option_are_never_touched() -> None:
    chosen = {"TRACEPARENT": "00-mine", "TRACESTATE": "mine"}
    assert environment(trace_context=TRACE, env=chosen) == {**OWN, **chosen, "X-ID": "7"}


def test_the_trace_context_is_what_opentelemetry_injects(monkeypatch: pytest.MonkeyPatch) -> None:
    opentelemetry(monkeypatch, lambda headers: headers.update(TRACE))
    assert current_trace_context() == TRACE


def test_without_opentelemetry_in_use_there_is_no_trace_context_and_nothing_is_imported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "opentelemetry"]:
        monkeypatch.delitem(sys.modules, name)
    assert current_trace_context() == {}
    assert "opentelemetry" not in sys.modules


def test_a_propagator_that_raises_does_not_break_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def inject(headers: dict[str, str]) -> None:
        headers["traceparent"] = "half"
        raise RuntimeError("broken exporter")

    opentelemetry(monkeypatch, inject)
    assert current_trace_context() == {}


def opentelemetry(monkeypatch: pytest.MonkeyPatch, inject: Any) -> None:
    package, propagate = ModuleType("opentelemetry"), ModuleType("opentelemetry.propagate")
    vars(propagate)["inject"] = inject
    vars(package)["propagate"] = propagate
    monkeypatch.setitem(sys.modules, "opentelemetry", package)
    monkeypatch.setitem(sys.modules, "opentelemetry.propagate", propagate)


@pytest.mark.parametrize(
    ("env", "error", "text"),
    [
        ({"A": 1}, TypeError, "env['A'] must be a string with a string value, not 1"),
        ({"A": None}, TypeError, "env['A'] must be a string with a string value, not None"),
        ({7: "x"}, TypeError, "env[7] must be a string with a string value, not 'x'"),
        ({"": "x"}, ValueError, "env: '' cannot be the name of an environment variable"),
        ({"A=B": "x"}, ValueError, "env: 'A=B' cannot be the name of an environment variable"),
        ({"A\0": "x"}, ValueError, "env: 'A\\x00' cannot be the name of an environment variable"),
        ({"A": "x\0y"}, ValueError, "env['A'] contains a NUL character at index 1"),
    ],
)
def test_a_variable_that_no_environment_can_hold_is_refused(env: Any, error: type[Exception], text: str) -> None:
    with pytest.raises(error) as caught:
        environment(env=env)
    assert str(caught.value) == text
