"""Permission updates on their way to and from the wire, the other permission values, and the cancel signal."""

from __future__ import annotations

import dataclasses
from typing import Any

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_code_sdk.permissions import (
    CancelSignal,
    CanUseToolShadowedWarning,
    PermissionResultAllow,
    PermissionResultDeny,
    PermissionRuleValue,
    PermissionUpdate,
    ToolPermissionContext,
)

RULE_TYPES = ["addRules", "replaceRules", "removeRules"]
DIRECTORY_TYPES = ["addDirectories", "removeDirectories"]
DESTINATIONS = ["userSettings", "projectSettings", "localSettings", "session"]


@pytest.mark.parametrize("kind", RULE_TYPES)
def test_rules_go_out_with_their_behavior(kind: Any) -> None:
    update = PermissionUpdate(
        kind, [PermissionRuleValue("Bash", "ls")], behavior="allow", destination="localSettings", mode="plan"
    )

    assert update.to_dict() == {
        "type": kind,
        "destination": "localSettings",
        "rules": [{"toolName": "Bash", "ruleContent": "ls"}],
        "behavior": "allow",
    }


def test_a_rule_for_a_whole_tool_has_no_rule_content_on_the_wire() -> None:
    update = PermissionUpdate("addRules", rules=[PermissionRuleValue("Read")], behavior="deny")

    assert update.to_dict()["rules"] == [{"toolName": "Read"}]


def test_a_mode_goes_out_as_mode() -> None:
    assert PermissionUpdate("setMode", mode="acceptEdits").to_dict() == {
        "type": "setMode",
        "destination": "session",
        "mode": "acceptEdits",
    }


@pytest.mark.parametrize("kind", DIRECTORY_TYPES)
def test_directories_go_out_as_directories(kind: Any) -> None:
    assert PermissionUpdate(kind, directories=["/a"]).to_dict() == {
        "type": kind,
        "destination": "session",
        "directories": ["/a"],
    }


@pytest.mark.parametrize(
    ("update", "missing"),
    [
        (PermissionUpdate("addRules", behavior="allow"), "rules"),
        (PermissionUpdate("removeRules", rules=[]), "behavior"),
        (PermissionUpdate("setMode", rules=[]), "mode"),
        (PermissionUpdate("addDirectories"), "directories"),
    ],
)
def test_an_update_without_what_its_type_needs_is_refused(update: PermissionUpdate, missing: str) -> None:
    with pytest.raises(
        ValueError, match=f"^PermissionUpdate of type '{update.type}' needs `{missing}`, which is None$"
    ):
        update.to_dict()


def test_an_update_of_an_unknown_type_is_refused() -> None:
    update = PermissionUpdate("addMagic")  # type: ignore[arg-type]  # that is the point

    with pytest.raises(ValueError, match=r"^PermissionUpdate\.type is 'addMagic'; it must be one of addRules, "):
        update.to_dict()


rules = st.lists(st.builds(PermissionRuleValue, st.text(), st.none() | st.text()))
destinations = st.sampled_from(DESTINATIONS)
updates = st.one_of(
    st.builds(
        PermissionUpdate,
        st.sampled_from(RULE_TYPES),
        rules=rules,
        behavior=st.sampled_from(["allow", "deny", "ask"]),
        destination=destinations,
    ),
    st.builds(
        PermissionUpdate, st.just("setMode"), mode=st.sampled_from(["default", "plan"]), destination=destinations
    ),
    st.builds(
        PermissionUpdate, st.sampled_from(DIRECTORY_TYPES), directories=st.lists(st.text()), destination=destinations
    ),
)


@given(updates)
def test_an_update_comes_back_from_the_wire_as_it_was(update: PermissionUpdate) -> None:
    assert PermissionUpdate.from_dict(update.to_dict()) == update


def test_a_suggestion_may_have_keys_of_its_own_and_lack_others() -> None:
    assert PermissionUpdate.from_dict({"type": "setMode", "novelty": 1}) == PermissionUpdate("setMode")


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({}, "^permission update without 'type': {}$"),
        ({"type": "addRules", "rules": [{}]}, "^permission update without 'toolName': {'type': 'addRules'"),
        ({"type": "addRules", "rules": ["Bash"]}, "^not a permission update: {'type': 'addRules', 'rules': "),
        ("addRules", "^not a permission update: 'addRules'$"),
    ],
)
def test_what_is_no_update_is_a_value_error(data: Any, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        PermissionUpdate.from_dict(data)


def test_answers_say_their_behavior_first() -> None:
    assert PermissionResultAllow() == PermissionResultAllow("allow", None, None)
    assert PermissionResultDeny() == PermissionResultDeny("deny", "", False)


def test_the_context_has_the_fields_of_the_agent_sdk_and_the_raw_request() -> None:
    names = [field.name for field in dataclasses.fields(ToolPermissionContext)]

    assert names == [
        "signal",
        "suggestions",
        "tool_use_id",
        "agent_id",
        "blocked_path",
        "decision_reason",
        "title",
        "display_name",
        "description",
        "raw",
    ]


def test_the_warning_about_shadowed_callbacks_is_a_user_warning() -> None:
    assert issubclass(CanUseToolShadowedWarning, UserWarning)


def test_a_fresh_signal_is_not_cancelled() -> None:
    signal = CancelSignal()

    assert (signal.cancelled, signal.reason, repr(signal)) == (False, None, "<CancelSignal>")


def test_a_cancelled_signal_tells_its_first_reason() -> None:
    signal = CancelSignal()

    signal._cancel("the CLI withdrew it")
    signal._cancel("the session closed")

    assert (signal.cancelled, signal.reason) == (True, "the CLI withdrew it")
    assert repr(signal) == "<CancelSignal: the CLI withdrew it>"


def test_making_and_cancelling_a_signal_needs_no_event_loop() -> None:
    signal = CancelSignal()
    signal._cancel("withdrawn")

    assert signal._event is None


@pytest.mark.requirement("B35")
async def test_every_waiter_is_woken() -> None:
    signal = CancelSignal()
    woken: list[str] = []

    async def wait(name: str, *, task_status: anyio.abc.TaskStatus[None]) -> None:
        task_status.started()
        await signal.wait()
        woken.append(name)

    with anyio.fail_after(5):
        async with anyio.create_task_group() as tasks:
            await tasks.start(wait, "one")
            await tasks.start(wait, "two")
            signal._cancel("withdrawn")

    assert sorted(woken) == ["one", "two"]


async def test_waiting_for_what_has_happened_returns() -> None:
    signal = CancelSignal()
    signal._cancel("withdrawn")

    with anyio.fail_after(5):
        await signal.wait()


async def test_a_waiter_that_gives_up_leaves_the_signal_usable() -> None:
    signal = CancelSignal()
    with anyio.CancelScope() as scope:
        scope.cancel()
        await signal.wait()
    assert scope.cancelled_caught

    signal._cancel("withdrawn")

    with anyio.fail_after(5):
        await signal.wait()
