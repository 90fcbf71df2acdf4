"""use_script() and ScriptTransport: where the script is played, and how what went wrong comes out."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import anyio
import pytest

from claude_code_sdk import (
    ClaudeCodeOptions,
    ClaudeSDKClient,
    HookMatcher,
    PermissionResultAllow,
    ProcessError,
    ResultMessage,
    TextBlock,
    create_sdk_mcp_server,
    query,
    tool,
)
from claude_code_sdk.testing import Script, ScriptError, ScriptFormatError, ScriptTransport, State, use_script

LIMIT = 20.0


async def ask(prompt: str = "Hi", **options: Any) -> str | None:
    with anyio.fail_after(LIMIT):
        messages = [message async for message in query(prompt=prompt, options=ClaudeCodeOptions(**options))]
    result = messages[-1]
    assert isinstance(result, ResultMessage)
    return result.result


async def swallow(prompt: str = "Hi") -> None:
    """A program that takes everything for an error that it can live with."""
    try:
        await ask(prompt)
    except Exception:
        return


async def test_query_in_the_block_meets_the_fake() -> None:
    with use_script(Script().says("Hello")):
        assert await ask() == "Hello"


async def test_a_client_in_the_block_meets_the_fake() -> None:
    said = []
    async with use_script(Script().says("one").says("two")):
        with anyio.fail_after(LIMIT):
            async with ClaudeSDKClient() as client:
                for prompt in ("a", "b"):
                    await client.query(prompt)
                    async for message in client.receive_response():
                        said += [b.text for b in getattr(message, "content", ()) if isinstance(b, TextBlock)]
    assert said == ["one", "two"]


async def test_hooks_permissions_and_tools_of_the_program_run() -> None:
    seen: list[str] = []

    @tool("greet", "Greet", {"name": str})
    async def greet(given: dict[str, Any]) -> dict[str, Any]:
        seen.append(f"tool {given['name']}")
        return {"content": [{"type": "text", "text": "Hello Ann"}]}

    async def hook(given: Any, tool_use_id: Any, context: Any) -> dict[str, Any]:
        seen.append(f"hook {given['tool_name']}")
        return {}

    async def allow(name: str, given: Any, context: Any) -> PermissionResultAllow:
        seen.append(f"asked {name}")
        return PermissionResultAllow()

    script = Script().calls("mcp__kit__greet", name="Ann").says("Done").expects_answer("hook_callback", {})
    with use_script(script.expects_answer("can_use_tool", {"behavior": "allow"})):
        options: dict[str, Any] = {
            "mcp_servers": {"kit": create_sdk_mcp_server("kit", tools=[greet])},
            "hooks": {"PreToolUse": [HookMatcher(matcher=None, hooks=[hook])]},
            "can_use_tool": allow,
        }
        with anyio.fail_after(LIMIT):
            async with ClaudeSDKClient(ClaudeCodeOptions(**options)) as client:
                await client.query("Greet Ann")
                async for _ in client.receive_response():
                    pass
    assert seen == ["hook mcp__kit__greet", "asked mcp__kit__greet", "tool Ann"]


async def test_each_call_of_a_decorated_function_has_the_whole_script() -> None:
    @use_script(Script().says("Hello"))
    async def program() -> str | None:
        return await ask()

    assert [await program(), await program()] == ["Hello", "Hello"]


async def test_runs_in_a_block_use_up_one_script() -> None:
    with use_script(Script().says("one").says("two")) as transport:
        assert [await ask(), await ask()] == ["one", "two"]
    assert [run.number for run in transport.runs] == [1, 2]


async def test_runs_in_a_block_may_go_on_at_once() -> None:
    count = 10
    said: set[str | None] = set()

    async def one() -> None:
        said.add(await ask())

    script = Script()
    for number in range(count):
        script.says(str(number))
    with use_script(script):
        async with anyio.create_task_group() as tasks:
            for _ in range(count):
                tasks.start_soon(one)
    assert said == {str(number) for number in range(count)}


async def test_a_state_goes_on_in_the_next_block() -> None:
    script, state = Script().says("one").says("two"), State()
    with use_script(script, state=state, unplayed="ignore"):
        assert await ask() == "one"
    with use_script(script, state=state):
        assert await ask() == "two"


async def test_a_script_may_be_a_file(tmp_path: Path) -> None:
    path = tmp_path / "script.json"
    path.write_text('{"script": 1, "turns": [[{"type": "text", "text": "from a file"}]]}')
    with use_script(path):
        assert await ask() == "from a file"


def test_a_file_that_is_wrong_is_refused_on_entering(tmp_path: Path) -> None:
    path = tmp_path / "script.json"
    path.write_text('{"script": 1, "turns": [3]}')
    block = use_script(path)
    with pytest.raises(ScriptFormatError, match=r"^\$\.turns\[0\]"):
        block.__enter__()


async def test_a_request_beyond_the_script_fails_where_it_is_made() -> None:
    with pytest.raises(ScriptError, match="no reply left"), use_script(Script().says("only")):
        await ask()
        await ask()
        pytest.fail("the second query had a reply")


async def test_a_script_error_that_was_swallowed_is_raised_at_the_end() -> None:
    script = Script().expects_prompt("Hello").says("x")
    with pytest.raises(ScriptError, match="the prompt is not what the script expects"), use_script(script):
        await swallow("Bye")


async def test_another_error_that_ends_the_block_says_what_the_script_said_before() -> None:
    with pytest.raises(KeyError) as caught, use_script(Script()):
        await swallow()
        raise KeyError("of the program")
    assert caught.value.__notes__[0].startswith("before this the script said: the script has no reply left")


async def test_a_script_error_that_ends_the_block_is_said_once() -> None:
    with pytest.raises(ScriptError) as caught, use_script(Script()):
        await ask()
    assert not hasattr(caught.value, "__notes__")


async def test_what_is_left_at_the_end_fails_the_block() -> None:
    script = Script().says("one").says("two").expects_prompt("Hi").expects_control("interrupt")
    with pytest.raises(ScriptError) as caught, use_script(script):
        await ask()
    assert str(caught.value) == (
        "the program ended before its script did\n"
        "\n"
        "  it started 1 run of the CLI; left are\n"
        "\n"
        '    $.turns[1]: "two"\n'
        "    $.expect[1]: the control request interrupt\n"
        "\n"
        '  take out what is too much, or say unplayed="ignore"'
    )


def test_a_program_that_starts_nothing_is_told_so() -> None:
    with pytest.raises(ScriptError, match="it started no run of the CLI"), use_script(Script().says("one")):
        pass


async def test_what_is_left_may_be_ignored() -> None:
    with use_script(Script().says("one").says("two"), unplayed="ignore") as transport:
        await ask()
    assert transport.left() == ['$.turns[1]: "two"']


def test_a_word_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="unplayed='maybe': it is one of fail, ignore"):
        use_script(Script(), unplayed="maybe")  # type: ignore[arg-type]


async def test_a_transport_is_used_without_a_block() -> None:
    transport = ScriptTransport(Script().says("Hello"))
    with anyio.fail_after(LIMIT):
        async with ClaudeSDKClient(transport=transport) as client:
            await client.query("Hi")
            async for _ in client.receive_response():
                pass
    transport.check()


async def test_faults_of_the_script_happen() -> None:
    script = Script().says("Hello").fault(before={"type": "result"}, exit=9, stderr="out of memory")
    with use_script(script), pytest.raises(ProcessError, match="out of memory"):
        await ask()


def test_the_names_are_loaded_when_they_are_asked_for() -> None:
    testing = importlib.import_module("claude_code_sdk.testing")
    assert set(testing.__all__) <= set(dir(testing))
    for name in testing.__all__:
        assert getattr(testing, name) is not None
    with pytest.raises(AttributeError, match=r"^module 'claude_code_sdk\.testing' has no attribute 'Nonsense'$"):
        testing.Nonsense  # noqa: B018  # that it is refused is the point


async def test_without_a_folder_of_its_own_the_cli_works_where_the_program_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    here.mkdir()
    monkeypatch.chdir(here)
    asked: list[str] = []

    async def note(name: str, given: dict[str, Any], context: Any) -> PermissionResultAllow:
        asked.append(given["command"])
        return PermissionResultAllow()

    with use_script(Script().calls("Bash", command="ls").calls("Bash", command=f"ls {elsewhere}").says("Two folders.")):
        await ask(can_use_tool=note)
    assert asked == [f"ls {elsewhere}"]
