"""Run: what happened in the sessions of a program, from scripts, cassettes and processes alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_code_sdk import (
    AssistantMessage,
    ClaudeCodeOptions,
    ClaudeSDKClient,
    HookMatcher,
    ResultMessage,
    SystemMessage,
    TextBlock,
    UserMessage,
    query,
)
from claude_code_sdk.cassettes.cassette import Entry
from claude_code_sdk.cassettes.use_cassette import use_cassette
from claude_code_sdk.errors import CassetteError, CassetteNotFound
from claude_code_sdk.testing import (
    HookCall,
    McpCall,
    ObservedEngine,
    PermissionRequest,
    Run,
    Script,
    ToolCall,
    WireLog,
    observe,
    use_script,
    write_executable,
)
from claude_code_sdk.testing.scripted_cli import fake_cli_for

from ...cassettes.playing import answer, cli, host, prompt, refusal, request, says, spawn
from .office import LIMIT, SCRIPT, no_rm, office, options

ROOT = Path(__file__).parents[3]
DENIAL = {"hookEventName": "PreToolUse", "permissionDecision": "deny", "permissionDecisionReason": "no rm here"}


@pytest.fixture(params=["on its transport", "at its engine", "as a process"])
async def run(request: pytest.FixtureRequest, tmp_path: Path, anyio_backend: str) -> Run:
    """The run of the program on its script, observed there."""
    if request.param == "on its transport":
        with use_script(SCRIPT), observe() as run:
            await office()
        return run
    if request.param == "at its engine":
        log = WireLog()
        with use_script(SCRIPT, make_engine=lambda run: ObservedEngine(fake_cli_for(run), log)):
            await office()
        return Run.of(log)
    await office(cli_path=write_executable(tmp_path, SCRIPT, wire=tmp_path / "wire"))
    return Run.from_directory(tmp_path / "wire")


async def test_tool_calls_have_what_the_model_wrote_and_what_it_got(run: Run) -> None:
    assert run.tool_calls == [
        ToolCall("Bash", {"command": "rm -rf build"}, result="PreToolUse:Bash hook error: no rm here", is_error=True),
        ToolCall("Bash", {"command": "touch made.txt"}, result="(Bash completed with no output)"),
        ToolCall("mcp__tools__greet", {"name": "Alice"}, result="Hello Alice"),
    ]
    assert len({call.id for call in run.tool_calls}) == 3


async def test_hook_calls_have_the_input_of_the_tool_and_what_the_hook_decided(run: Run) -> None:
    assert run.hook_calls == [
        HookCall(
            "PreToolUse",
            "Bash",
            {"command": "rm -rf build"},
            output={"hookSpecificOutput": DENIAL},
            decision="deny",
            reason="no rm here",
        ),
        HookCall("PreToolUse", "Bash", {"command": "touch made.txt"}),
    ]
    first = run.hook_calls[0]
    assert first.tool_use_id == run.tool_calls[0].id
    assert first.given["hook_event_name"] == "PreToolUse"
    assert first.given["tool_input"] == {"command": "rm -rf build"}


async def test_permission_requests_have_the_decision_and_the_input_that_the_callback_put_in_its_place(run: Run) -> None:
    assert run.permission_requests == [
        PermissionRequest(
            "Bash", {"command": "touch made.txt"}, decision="allow", updated_input={"command": "touch other.txt"}
        ),
        PermissionRequest("mcp__tools__greet", {"name": "Alice"}, decision="allow"),
    ]
    assert [request.tool_use_id for request in run.permission_requests] == [call.id for call in run.tool_calls[1:]]


async def test_mcp_calls_have_what_the_server_got_and_gave(run: Run) -> None:
    assert run.mcp_calls == [McpCall("tools", "greet", {"name": "Alice"}, result="Hello Alice")]


async def test_the_conversation_is_there_as_texts_and_as_messages(run: Run) -> None:
    assert run.prompts == ["Tidy up"]
    assert run.text == "Done"
    kinds = [type(message) for message in run.messages]
    assert kinds == [SystemMessage, *[AssistantMessage, UserMessage] * 3, AssistantMessage, ResultMessage]
    assert run.messages[-2].content == [TextBlock("Done")]  # type: ignore[union-attr]
    assert isinstance(run.result, ResultMessage)
    assert run.result.result == "Done"


async def test_cost_command_line_and_stderr_are_there(run: Run) -> None:
    assert run.result is not None
    assert run.cost == run.result.total_cost_usd
    assert run.cost > 0
    assert run.argv[1:4] == ["--output-format", "stream-json", "--verbose"]
    assert run.stderr == ""
    assert run.interrupts == 0
    assert run.sessions[0].exit_code == 0


async def test_a_run_and_its_sessions_say_in_short_what_they_have(run: Run) -> None:
    counted = "1 prompt, 3 tool calls, 2 hook calls, 2 permission requests"
    assert repr(run) == f"<run of 1 session: {counted}>"
    assert repr(run.sessions[0]) == f"<session 1: {counted}>"


async def test_sessions_are_told_apart_and_counted_together() -> None:
    script = Script().says("one").calls("Read", file_path="a").returns("text").says("two")
    with use_script(script), observe() as run:
        await office("first")
        await office("second")
    assert [session.prompts for session in run.sessions] == [["first"], ["second"]]
    assert [session.text for session in run.sessions] == ["one", "two"]
    assert [session.number for session in run.sessions] == [1, 2]
    assert (run.prompts, run.text) == (["first", "second"], "one\ntwo")
    assert [call.name for call in run.sessions[1].tool_calls] == ["Read"]
    assert run.sessions[0].tool_calls == []
    assert run.result is not None
    assert run.result.result == "two"
    assert run.cost == sum(session.cost for session in run.sessions)


async def test_a_run_can_be_asked_while_it_goes_on() -> None:
    seen: list[tuple[int, list[str]]] = []
    with use_script(Script().says("one").says("two")), observe() as run:
        assert (run.sessions, run.prompts, run.result, run.argv, run.cost) == ([], [], None, [], 0.0)
        with anyio.fail_after(LIMIT):
            async with ClaudeSDKClient(options()) as client:
                for prompt in ("a", "b"):
                    await client.query(prompt)
                    async for _ in client.receive_response():
                        pass
                    seen.append((len(run.prompts), [session.text for session in run.sessions]))
    assert seen == [(1, ["one"]), (2, ["one\ntwo"])]


async def test_a_session_that_is_not_over_has_no_exit_code() -> None:
    with use_script(Script()), observe() as run:
        with anyio.fail_after(LIMIT):
            async with ClaudeSDKClient(ClaudeCodeOptions()):
                assert run.sessions[0].exit_code is None
        assert run.sessions[0].exit_code == 0


async def test_a_crash_leaves_its_stderr_and_exit_code() -> None:
    script = Script().says("Hello").fault(exit=3, after={"type": "assistant"}, stderr=["it broke"])
    with use_script(script, unplayed="ignore"), observe() as run, pytest.raises(Exception, match="exit code"):
        await office()
    assert run.sessions[0].exit_code == 3
    assert run.stderr == "it broke"


async def test_interrupts_are_counted() -> None:
    with use_script(Script().says("one")), observe() as run:
        with anyio.fail_after(LIMIT):
            async with ClaudeSDKClient(ClaudeCodeOptions()) as client:
                await client.query("a")
                async for _ in client.receive_response():
                    pass
                await client.interrupt()
    assert run.interrupts == 1


async def test_what_sub_agents_do_is_told_apart() -> None:
    run = Run.of_cassette(ROOT / "cassettes" / "agents_subagent.jsonl")
    assert [(call.name, call.agent) for call in run.tool_calls] == [("Agent", None), ("Read", "reader")]
    assert run.tool_calls[1].agent_id is not None
    hooks = [(call.event, call.tool, call.agent) for call in run.hook_calls]
    assert ("PreToolUse", "Read", "reader") in hooks
    assert ("PreToolUse", "Agent", None) in hooks
    assert ("SubagentStart", None, "reader") in hooks
    assert {call.agent_id for call in run.hook_calls if call.agent} == {run.tool_calls[1].agent_id}
    assert run.text == "Delegating.\nThe subagent says alpha."


def test_the_text_is_that_of_the_main_conversation() -> None:
    run = Run.of([spawn(), cli(says("Look at this")), cli(says("alpha", parent_tool_use_id="t1")), cli(says("Done"))])
    assert run.text == "Look at this\nDone"


async def test_a_cassette_is_read_without_a_program() -> None:
    run = Run.of_cassette(ROOT / "cassettes" / "hook_pretool_deny.jsonl")
    run.assert_hook_called("PreToolUse", tool="Bash", decision="deny", times=1)
    assert run.result is not None


async def test_a_cassette_that_is_missing_or_damaged_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CassetteNotFound):
        Run.of_cassette(tmp_path / "none.jsonl")
    (tmp_path / "torn.jsonl").write_text('{"cassette":1}\n{"at":0,')
    with pytest.raises(CassetteError, match=r"torn\.jsonl:2"):
        Run.of_cassette(tmp_path / "torn.jsonl")


SEED = ROOT / "tests" / "seed" / "cassettes" / "ask_with_options.jsonl"


async def calculate(**further: Any) -> None:
    """The program of that cassette."""
    options = ClaudeCodeOptions(system_prompt="You are a terse calculator", max_turns=1, **further)
    with anyio.fail_after(LIMIT):
        async for _ in query(prompt="What is 2 + 2?", options=options):
            pass


async def test_a_replayed_cassette_has_the_facts_of_the_replay(tmp_path: Path) -> None:
    with use_cassette(SEED), observe() as run:
        await calculate()
    await calculate(cli_path=write_executable(tmp_path, cassette=SEED, wire=tmp_path / "wire"))
    as_a_process = Run.from_directory(tmp_path / "wire")
    for each in (run, as_a_process, Run.of_cassette(SEED)):
        each.assert_prompt("What is 2 + 2?", times=1)
        each.assert_result(is_error=False)
        assert each.sessions[0].exit_code == 0
    assert run.text == as_a_process.text == Run.of_cassette(SEED).text
    assert [type(message) for message in run.messages] == [type(message) for message in as_a_process.messages]


async def test_a_session_that_is_recorded_is_observed_too(tmp_path: Path) -> None:
    cli_path = write_executable(tmp_path, SCRIPT)
    with use_cassette(tmp_path / "made.jsonl", record_mode="all"), observe() as run:
        await office(cli_path=cli_path)
    recorded = Run.of_cassette(tmp_path / "made.jsonl")
    assert run.tool_calls == recorded.tool_calls
    assert run.hook_calls == recorded.hook_calls
    run.assert_result("Done")


# What went wrong


async def hooked(hook: Any, script: Script, **further: Any) -> Run:
    matcher = HookMatcher(matcher="Bash", hooks=[hook], **further)
    with use_script(script), observe() as run:
        await office(hooks={"PreToolUse": [matcher]})
    return run


async def test_a_hook_that_raised_is_failed_with_its_text() -> None:
    async def broken(given: Any, tool_use_id: str | None, context: Any) -> Any:
        raise ValueError("the policy file is gone")

    run = await hooked(broken, Script().calls("Bash", command="ls").returns("a").says("Done"))
    (call,) = run.hook_calls
    assert (call.status, call.decision, call.output) == ("failed", None, {})
    run.assert_hook_called("PreToolUse", status="failed", error=lambda text: "the policy file is gone" in text)


async def test_a_hook_that_took_too_long_is_withdrawn() -> None:
    async def slow(given: Any, tool_use_id: str | None, context: Any) -> Any:
        await anyio.sleep_forever()

    run = await hooked(slow, Script().calls("Bash", command="ls").says("Done"), timeout=0.05)
    (call,) = run.hook_calls
    assert (call.status, call.decision, call.error) == ("withdrawn", None, None)


async def test_a_permission_request_that_the_cli_takes_back_is_withdrawn() -> None:
    script = Script().calls("mcp__tools__greet", name="Alice").says("Done")
    script = script.fault(withdraw=True, after={"type": "control_request", "request": {"subtype": "can_use_tool"}})

    async def never(name: str, given: Any, context: Any) -> Any:
        await anyio.sleep_forever()

    with use_script(script, unplayed="ignore"), observe() as run:
        await office(can_use_tool=never)
    (request,) = run.permission_requests
    assert (request.tool, request.status, request.decision) == ("mcp__tools__greet", "withdrawn", None)


async def test_a_permission_callback_that_raised_is_failed() -> None:
    async def broken(name: str, given: Any, context: Any) -> Any:
        raise ValueError("no rules loaded")

    with use_script(Script().calls("mcp__tools__greet", name="Alice").says("Done")), observe() as run:
        await office(can_use_tool=broken)
    run.assert_permission("mcp__tools__greet", status="failed", decision=None)
    assert "no rules loaded" in str(run.permission_requests[0].error)


async def test_a_denial_has_its_message() -> None:
    with use_script(Script().calls("Write", file_path="a", content="b").says("Done")), observe() as run:
        await office()
    run.assert_permission("Write", decision="deny", message="read only")
    run.assert_tool_called("Write", is_error=True)


async def test_an_error_of_a_tool_is_one_of_the_mcp_call_and_of_the_tool_call() -> None:
    with use_script(Script().calls("mcp__tools__greet", name="nobody").says("Done")), observe() as run:
        await office()
    (call,) = run.mcp_calls
    assert call.is_error
    assert "nobody is there" in str(call.result)
    run.assert_tool_called("mcp__tools__greet", {"name": "nobody"}, is_error=True)


async def test_hooks_of_events_without_a_tool_have_what_the_event_says() -> None:
    async def heard(given: Any, tool_use_id: str | None, context: Any) -> Any:
        return {"decision": "block", "reason": "not today"} if "delete" in given.get("prompt", "") else {}

    with use_script(Script().says("Hello")), observe() as run:
        await office("hello", "delete all", hooks={"UserPromptSubmit": [HookMatcher(hooks=[heard])]})
    assert run.hook_calls == [
        HookCall("UserPromptSubmit", input={"prompt": "hello"}),
        HookCall(
            "UserPromptSubmit",
            input={"prompt": "delete all"},
            output={"decision": "block", "reason": "not today"},
            decision="block",
            reason="not today",
        ),
    ]


def server_asked(number: int, **params: Any) -> Entry:
    message = {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": params}
    return cli(request(f"m{number}", "mcp_message", server_name="tools", message=message))


def test_errors_of_the_mcp_protocol_and_missing_answers_are_told_apart() -> None:
    error = {"jsonrpc": "2.0", "id": 1, "error": {"code": -32602, "message": "Unknown tool: greet"}}
    run = Run.of(
        [
            spawn(),
            server_asked(1, name="greet", arguments={}),
            host(answer("m1", {"mcp_response": error})),
            server_asked(2, name="greet", arguments={}),
            host(refusal("m2", "no such server")),
            server_asked(3, name="greet"),
        ]
    )
    assert run.mcp_calls == [
        McpCall("tools", "greet", {}, is_error=True, status="failed", error="Unknown tool: greet"),
        McpCall("tools", "greet", {}, is_error=True, status="failed", error="no such server"),
        McpCall("tools", "greet", {}, status="unanswered"),
    ]


def test_the_permission_requests_of_a_sub_agent_have_its_type() -> None:
    started = {"type": "system", "subtype": "task_started", "task_id": "a1", "tool_use_id": "t1"}
    run = Run.of(
        [
            spawn(),
            cli({**started, "subagent_type": "reader"}),
            cli(request("p1", "can_use_tool", tool_name="Bash", input={}, agent_id="a1", tool_use_id="t2")),
            cli(request("p2", "can_use_tool", tool_name="Bash", input={}, agent_id="a2")),
        ]
    )
    assert [(asked.agent, asked.agent_id) for asked in run.permission_requests] == [("reader", "a1"), ("a2", "a2")]
    run.assert_permission("Bash", agent="reader", status="unanswered", times=1)


KEYS = (
    *("type", "subtype", "message", "content", "request", "request_id", "response", "input", "tool_name", "tool_input"),
    *("hook_event_name", "server_name", "method", "params", "name", "id", "tool_use_id", "task_id", "subagent_type"),
    *("error", "text", "result", "total_cost_usd", "parent_tool_use_id", "agent_id", "behavior"),
)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from(["", "a", "user", "assistant", "system", "result"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=12,
)


@given(st.lists(st.tuples(st.sampled_from(["type", "request", "response"]), JSON, JSON, st.booleans()), max_size=5))
def test_frames_that_nobody_expects_never_stop_the_reading(frames: list[tuple[str, Any, Any, bool]]) -> None:
    subtypes = ["hook_callback", "can_use_tool", "mcp_message", "interrupt"]
    entries = [spawn(), host(prompt("hi"))]
    for number, (kind, one, other, ours) in enumerate(frames):
        frame = {"type": one, "message": other, "subtype": other}
        if kind == "request":
            body = {**(one if isinstance(one, dict) else {}), "subtype": subtypes[number % 4], "input": other}
            frame = {"type": "control_request", "request_id": "r", "request": body}
        elif kind == "response":
            frame = {"type": "control_response", "response": {"request_id": "r", "subtype": one, "response": other}}
        entries.append((host if ours else cli)(frame))
    run = Run.of(entries)
    assert run.prompts[0] == "hi"
    told = [run.messages, run.tool_calls, run.hook_calls, run.permission_requests, run.mcp_calls, run.result, run.cost]
    assert len(repr(told)) > 0


def test_the_program_of_these_tests_has_the_hook_that_is_asked_for() -> None:
    assert options().hooks == {"PreToolUse": [HookMatcher(matcher="Bash", hooks=[no_rm])]}
