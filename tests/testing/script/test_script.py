"""Scripts: the fluent form, and what a run of one hands out, checks and leaves."""

from __future__ import annotations

import json
import re
import threading
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from claude_code_sdk.testing import (
    ABSENT,
    Result,
    Script,
    ScriptError,
    ScriptFormatError,
    ScriptRun,
    State,
    Turn,
    containing,
    sleep,
    text,
    thinking,
    tool_use,
)

from .functions import listing

FIRST, SECOND = "toolu_01script0000000000000001", "toolu_01script0000000000000002"


def no_request() -> str:
    raise AssertionError("nothing has to be matched")


def said(run: ScriptRun, request: str = "") -> str:
    return str(run.next_turn(lambda: request).content[0]["text"])


# The fluent form


def test_a_text_is_a_turn_of_one_block() -> None:
    assert Script().says("Hello").to_json() == {"script": 1, "turns": [[{"type": "text", "text": "Hello"}]]}


def test_a_call_gets_an_id_and_returns_its_result() -> None:
    script = Script().calls("Bash", command="ls").returns("a.txt", is_error=False)
    assert script.to_json() == {
        "script": 1,
        "turns": [[{"type": "tool_use", "id": FIRST, "name": "Bash", "input": {"command": "ls"}}]],
        "tool_results": {FIRST: {"content": "a.txt", "is_error": False}},
    }


def test_every_keyword_of_a_call_is_input() -> None:
    script = Script().calls("Odd", tool=1, delay=2, id=3, self=4)
    assert script.turns[0].content[0]["input"] == {"tool": 1, "delay": 2, "id": 3, "self": 4}


def test_results_of_several_calls_are_given_in_their_order() -> None:
    script = Script().replies("Both.", tool_use("A"), tool_use("B")).returns("a").returns("b")
    assert {key: result.content for key, result in script.tool_results.items()} == {FIRST: "a", SECOND: "b"}


def test_a_result_without_a_call_is_refused() -> None:
    with pytest.raises(ScriptFormatError, match=r"^\$\.turns\[1\]: returns\(\) follows a reply with a call"):
        Script().calls("A").returns("a").says("done").returns("b")
    with pytest.raises(ScriptFormatError, match=r"^\$\.turns\[0\]: returns\(\) follows"):
        Script().returns("b")


def test_generated_ids_go_around_those_that_are_given() -> None:
    own = {"type": "tool_use", "id": SECOND, "name": "A", "input": {}}
    script = Script().replies(own).calls("B").calls("C")
    ids = [turn.content[0]["id"] for turn in script.turns]
    assert ids[0] == SECOND
    assert len(set(ids)) == 3


def test_thoughts_begin_the_next_reply() -> None:
    script = Script().thinks("First").thinks("then").calls("Bash", command="ls").says("done")
    assert [[block["type"] for block in turn.content] for turn in script.turns] == [
        ["thinking", "thinking", "tool_use"],
        ["text"],
    ]


def test_delays_and_pieces_are_keywords() -> None:
    turn = Script().says("slowly", delay=1, chunk=2, chunk_delay=0.5, hang=3).turns[0]
    assert (turn.delay, turn.chunk, turn.chunk_delay, turn.hang) == (1, 2, 0.5, 3)


def test_a_failure_has_the_type_of_its_status_and_comes_as_often_as_said() -> None:
    script = Script().fails(529, times=2).fails(400, "invalid_request_error", "prompt is too long", repeat=True)
    overloaded = {"error": {"status": 529, "type": "overloaded_error", "message": "scripted error"}}
    too_long = {
        "error": {"status": 400, "type": "invalid_request_error", "message": "prompt is too long"},
        "repeat": True,
    }
    assert script.to_json()["turns"] == [overloaded, overloaded, too_long]


def test_a_stream_breaks_by_a_cut_or_by_an_error() -> None:
    error = {"type": "overloaded_error", "message": "Overloaded"}
    cut, refused = Script().breaks("Half a").breaks("Half a", stream_error=error).turns
    assert (cut.drop, cut.stream_error) == (True, None)
    assert (refused.drop, refused.stream_error) == (False, error)


def test_what_cannot_be_is_refused_where_it_is_written() -> None:
    with pytest.raises(ScriptFormatError, match=r"^\$\.turns\[1\]\.chunk: expected a whole number, 1 or more, not 0$"):
        Script().says("a").says("b", chunk=0)
    with pytest.raises(
        ScriptFormatError, match=r"^\$\.faults\[0\]: an exit needs one of the keys after, before, instead"
    ):
        Script().fault(exit=1)
    with pytest.raises(ScriptFormatError, match=r"^\$\.expect\[0\]\.prompt\[.*no regular expression"):
        Script().expects_prompt({"$regex": "("})


def everything() -> Script:
    return (
        Script(aux=[text("title")], main_without_tools=True)
        .expects_prompt(re.compile("hel+o", re.IGNORECASE))
        .expects_prompt(containing("more"))
        .expects_control("set_model", model=...)
        .expects_control("interrupt")
        .expects_answer("hook_callback", {"decision": "block"}, request={"input": {"hook_event_name": "Stop"}})
        .expects_answer("can_use_tool", error="no")
        .thinks("Hm", signature="c2ln")
        .replies("Wait.", sleep(1), tool_use("Bash", command="ls"), delay=0.5, match="x", usage={"output_tokens": 3})
        .returns([text("a")], is_error=True, tool_use_result=None)
        .answers("Read", "text", matching={"file_path": re.compile("[.]md$")}, tool_use_result={"type": "text"})
        .answers(re.compile("Gl|LS"), listing)
        .command_hook("./check.sh", matching={"tool_name": re.compile("Write|Edit")}, stdout="ok", exit_code=2)
        .mcp_server("gone", error="no such host")
        .mcp_server("files", [{"name": "read", "inputSchema": {"type": "object"}}], delay=1)
        .fails(429, headers={"retry-after": 1})
        .breaks(thinking("Hm"), stream_error={"type": "api_error", "message": "?"})
        .fault(after={"type": "assistant"}, nth=2, exit=3, stderr=["a", "b"])
        .fault(before={"type": "result"}, every=True, stderr="soon")
        .fault(slow_exit=1.5)
    )


def test_both_forms_say_the_same() -> None:
    value = everything().to_json()
    again = Script.from_json(json.loads(json.dumps(value)))
    assert again.to_json() == value
    assert set(value) == {
        "script",
        "turns",
        "aux",
        "main_without_tools",
        "tool_results",
        "answers",
        "command_hooks",
        "mcp_servers",
        "expect",
        "faults",
    }


def test_a_function_travels_by_its_name() -> None:
    value = Script().answers("LS", listing).to_json()
    assert value["answers"] == [{"tool": "LS", "function": "tests.testing.script.functions:listing"}]
    result = Script.from_json(value).begin().result_for("", "LS", {})
    assert result is not None
    assert result.function is not None
    assert result.function({"path": "/x"}) == "listing of /x"


def test_a_closure_that_has_to_travel_is_named() -> None:
    def inner(given: Any) -> str:
        return "x"

    script = Script().answers("LS", listing).answers("LS", inner)
    with pytest.raises(ScriptFormatError) as caught:
        script.to_json()
    assert str(caught.value).startswith(
        "$.answers[1].function: tests.testing.script.test_script:test_a_closure_that_has_to_travel_is_named.<locals>."
        f"inner ({__file__}:"
    )
    assert "it must be a function at the top of a module that is not __main__" in str(caught.value)


@pytest.mark.parametrize("function", [lambda given: "x", partial(listing)])
def test_a_lambda_and_an_object_that_have_to_travel_are_refused(function: Any) -> None:
    with pytest.raises(ScriptFormatError, match="cannot go to another process"):
        Script().calls("LS").returns(function).to_json()


def test_a_function_that_is_not_there_is_a_script_error() -> None:
    run = Script.from_json({"script": 1, "answers": [{"tool": "LS", "function": "no.such:thing"}]}).begin()
    with pytest.raises(ScriptError, match=r"no\.such:thing cannot be imported: ModuleNotFoundError") as caught:
        run.result_for("", "LS", {})
    assert run.verdict is caught.value


# Replies


def test_turns_are_used_up_in_order() -> None:
    run = Script().says("a").says("b").begin()
    assert [said(run), said(run)] == ["a", "b"]


def test_a_turn_for_this_request_goes_first_and_others_wait_for_theirs() -> None:
    run = Script().says("plain").says("for x", match="x").says("for y", match="y").begin()
    assert [said(run, "a y"), said(run, "x and y"), said(run, "x")] == ["for y", "for x", "plain"]


def test_the_request_is_not_asked_for_without_a_match() -> None:
    assert Script().says("a").begin().next_turn(no_request).content == [text("a")]


def test_a_turn_that_repeats_is_never_used_up() -> None:
    run = Script().says("once").says("again", repeat=True).begin()
    assert [said(run) for _ in range(4)] == ["once", "again", "again", "again"]
    assert run.left() == []


def test_a_request_beyond_the_last_turn_is_an_error_that_says_so() -> None:
    run = Script().says("Hello there").begin()
    run.next_turn(no_request)
    with pytest.raises(ScriptError) as caught:
        run.next_turn(no_request)
    assert str(caught.value) == (
        "the script has no reply left for this request of the model\n"
        "\n"
        '  its 1 reply is used up; the last was $.turns[0], "Hello there"\n'
        "  the program went on longer than the script: add a reply, or let one repeat"
    )
    assert run.verdict is caught.value


def test_an_error_names_the_turns_that_wait_for_other_requests() -> None:
    run = Script().says("a", match="tool_result").begin()
    with pytest.raises(ScriptError, match=r"\$\.turns\[0\] for 'tool_result'"):
        run.next_turn(lambda: "hello")


def test_side_calls_have_their_own_reply() -> None:
    assert Script().begin().aux_turn().content == [text("ok")]
    assert Script(aux=[text("title")]).begin().aux_turn().content == [text("title")]


# Results


def test_a_result_is_found_by_id_then_by_input_then_by_function() -> None:
    script = (
        Script()
        .answers("LS", listing)
        .answers("LS", "by input", matching={"path": re.compile("^/a")})
        .calls("LS", path="/a")
        .returns("by id")
    )
    run = script.begin()

    def content(tool_use_id: str, path: str) -> Any:
        result = run.result_for(tool_use_id, "LS", {"path": path, "more": 1})
        assert result is not None
        return result.function or result.content

    assert content(FIRST, "/a") == "by id"
    assert content("toolu_other", "/a") == "by input"
    assert content("toolu_other", "/b") is listing
    assert run.result_for("toolu_other", "Bash", {}) is None


@pytest.mark.parametrize(
    ("returned", "content"), [("x", "x"), ([text("x")], [text("x")]), (None, ""), (Result("x"), "x")]
)
def test_a_function_may_return_several_things(returned: Any, content: Any) -> None:
    result = Result.of(returned)
    assert (result.content, result.is_error, result.tool_use_result) == (content, None, ABSENT)


def test_a_function_may_return_the_keys_of_a_result() -> None:
    result = Result.of({"content": "x", "is_error": True, "tool_use_result": None})
    assert (result.content, result.is_error, result.tool_use_result) == ("x", True, None)


def test_what_is_no_result_is_a_script_error() -> None:
    with pytest.raises(ScriptError, match="expected text, a list of blocks, or a dict with content, is_error"):
        Result.of(3)


def test_a_command_hook_may_depend_on_its_input() -> None:
    run = Script().command_hook("lint", exit_code=2, matching={"tool_name": "Write"}).begin()
    assert run.command_hook("lint", {"tool_name": "Read"}) is None
    assert run.command_hook("lint", {"tool_name": "Write", "cwd": "/"}) is not None


def test_a_server_with_an_error_has_failed() -> None:
    run = Script().mcp_server("ext", error="gone").begin()
    assert run.mcp_server("ext") == {"tools": [], "status": "failed", "error": "gone"}


def test_command_hooks_and_servers_are_what_the_script_says() -> None:
    script = Script().command_hook(re.compile("check"), exit_code=2, stderr="no").mcp_server("files", status="failed")
    run = script.begin()
    assert run.command_hook("./check.sh --all", {}) == {"command": {"$regex": "check"}, "exit_code": 2, "stderr": "no"}
    assert run.command_hook("true", {}) is None
    assert run.mcp_server("files") == {"tools": [], "status": "failed"}
    assert run.mcp_server("other") is None


# Expectations


def test_prompts_are_expected_in_order_and_more_are_no_fault() -> None:
    run = Script().expects_prompt("Hello").expects_prompt(re.compile("bye")).begin()
    run.saw_prompt("Hello")
    run.saw_prompt([{"type": "text", "text": "Good"}, {"type": "image"}, {"type": "text", "text": "bye"}])
    run.saw_prompt("more")
    assert run.left() == []


def test_another_prompt_is_shown_beside_the_expected_one() -> None:
    run = Script().expects_prompt("Hello").begin()
    with pytest.raises(ScriptError) as caught:
        run.saw_prompt("Good morning")
    assert str(caught.value) == (
        'the prompt is not what the script expects\n\n  $.expect[0]\n    - "Hello"\n    + "Good morning"'
    )
    assert run.verdict is caught.value


def test_a_control_request_is_compared_by_the_members_that_are_named() -> None:
    run = Script().expects_control("set_model", model="opus").begin()
    run.saw_control("interrupt", {"subtype": "interrupt"})
    with pytest.raises(ScriptError) as caught:
        run.saw_control("set_model", {"subtype": "set_model", "model": "haiku", "more": 1})
    assert str(caught.value) == (
        "the control request set_model is not what the script expects\n"
        "\n"
        "  $.expect[0]\n"
        '    - model: "opus"\n'
        '    + model: "haiku"'
    )


def test_an_answer_is_judged_by_the_expectation_for_its_request() -> None:
    stop, before = ({"input": {"hook_event_name": name}} for name in ("Stop", "PreToolUse"))
    script = Script().expects_answer("hook_callback", {"decision": "block"}, request=stop)
    run = script.expects_answer("hook_callback", {"continue": False}, request=before).begin()
    run.saw_answer("hook_callback", before, {"continue": False, "stopReason": "x"}, None)
    assert len(run.left()) == 1
    with pytest.raises(ScriptError, match="the answer to hook_callback is not what the script expects"):
        run.saw_answer("hook_callback", stop, {}, None)


def test_an_error_in_place_of_an_answer_is_a_fault_unless_it_is_expected() -> None:
    with pytest.raises(ScriptError, match=r'\+ the error: "it failed"'):
        Script().expects_answer("can_use_tool").begin().saw_answer("can_use_tool", {}, None, "it failed")
    expecting = Script().expects_answer("can_use_tool", error=containing("failed"))
    expecting.begin().saw_answer("can_use_tool", {}, None, "it failed")
    with pytest.raises(ScriptError, match=r'- the error: \{"\$contains": "failed"\}'):
        expecting.begin(State()).saw_answer("can_use_tool", {}, {"behavior": "allow"}, None)


def test_what_is_left_is_a_readable_line_each() -> None:
    script = Script().says("Hello").calls("Bash", command="ls").fails(500)
    script.expects_prompt("Hi").expects_control("interrupt").expects_answer("can_use_tool", {"behavior": "deny"})
    assert script.left() == [
        '$.turns[0]: "Hello"',
        "$.turns[1]: a call of Bash",
        "$.turns[2]: an API error 500",
        '$.expect[0]: the prompt "Hi"',
        "$.expect[1]: the control request interrupt",
        '$.expect[2]: the answer to can_use_tool {"payload": {"behavior": "deny"}}',
    ]


# State


def test_runs_of_one_script_follow_one_another() -> None:
    script = Script().says("a").says("b")
    first, second = script.begin(), script.begin()
    assert (first.number, second.number) == (1, 2)
    assert (said(first), said(second)) == ("a", "b")


def test_a_state_of_its_own_begins_afresh() -> None:
    script = Script().says("a")
    assert said(script.begin(State())) == said(script.begin(State())) == "a"


def test_processes_share_a_directory(tmp_path: Path) -> None:
    value = Script().says("a").says("b").expects_prompt("x").to_json()
    state = str(tmp_path / "state")
    first = Script.from_json(value).begin(state)
    assert said(first) == "a"
    first.saw_prompt("x")
    second = Script.from_json(value).begin(state)
    assert (second.number, said(second), second.left()) == (2, "b", [])


def test_every_turn_is_used_once_by_processes_that_race(tmp_path: Path) -> None:
    count = 40
    script = Script([[text(str(number))] for number in range(count)])
    runs = [Script.from_json(script.to_json()).begin(str(tmp_path)) for _ in range(4)]
    taken: list[str] = []

    def take(run: ScriptRun) -> None:
        for _ in range(count // len(runs)):
            taken.append(said(run))

    threads = [threading.Thread(target=take, args=(run,)) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(taken, key=int) == [str(number) for number in range(count)]
    assert sorted(run.number for run in runs) == [1, 2, 3, 4]


@pytest.fixture(params=["memory", "directory"])
def state(request: pytest.FixtureRequest, tmp_path: Path) -> State:
    return State() if request.param == "memory" else State(str(tmp_path / "state"))


def test_sessions_are_kept_for_later_runs(state: State) -> None:
    script = Script()
    session = {"cwd": "/a", "messages": [1]}
    script.begin(state).sessions.put("s-1", session)
    session["messages"] = []
    kept = script.begin(state).sessions.get("s-1")
    assert kept == {"cwd": "/a", "messages": [1]}
    assert script.begin(state).sessions.get("s-2") is None


def test_the_latest_session_of_a_directory_is_the_one_that_was_kept_last(state: State) -> None:
    sessions = Script().begin(state).sessions
    assert sessions.latest("/a") is None
    for key, cwd in (("one", "/a"), ("two", "/a"), ("three", "/b"), ("one", "/a")):
        sessions.put(key, {"cwd": cwd})
    assert sessions.ids() == ["two", "three", "one"]
    assert (sessions.latest("/a"), sessions.latest("/b"), sessions.latest("/c")) == ("one", "three", None)


def test_an_id_cannot_lead_out_of_the_directory(state: State) -> None:
    sessions = Script().begin(state).sessions
    with pytest.raises(ValueError, match="cannot be the id of a session"):
        sessions.put("../outside", {})
    assert sessions.get("../outside") is None


def test_a_turn_shows_its_json_form() -> None:
    assert repr(Turn([text("a")], delay=1)) == "Turn({'content': [{'type': 'text', 'text': 'a'}], 'delay': 1})"
