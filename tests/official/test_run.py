"""What happened in a program of the official SDK: the same facts as of ours, in process and as a process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anyio
import pytest

from claude_code_sdk.cassettes.use_cassette import use_cassette
from claude_code_sdk.testing import HookCall, McpCall, PermissionRequest, Run, ToolCall, observe, use_script
from claude_code_sdk.testing import write_executable as executable

from ..testing.run.office import LIMIT, SCRIPT, no_rm

sdk: Any = pytest.importorskip("claude_agent_sdk")

# The official SDK leaves its generators to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


async def may_use(name: str, given: dict[str, Any], context: Any) -> Any:
    return sdk.PermissionResultAllow(updated_input={"command": "touch other.txt"} if name == "Bash" else given)


async def office(**further: Any) -> None:
    """The program of `testing/run/office.py`, with this SDK."""

    @sdk.tool("greet", "Greet somebody", {"name": str})  # type: ignore[untyped-decorator]
    async def greet(given: dict[str, Any]) -> dict[str, Any]:
        return {"content": [{"type": "text", "text": f"Hello {given['name']}"}]}

    options = sdk.ClaudeAgentOptions(
        hooks={"PreToolUse": [sdk.HookMatcher(matcher="Bash", hooks=[no_rm])]},
        can_use_tool=may_use,
        mcp_servers={"tools": sdk.create_sdk_mcp_server("tools", tools=[greet])},
        **further,
    )
    with anyio.fail_after(LIMIT):
        async with sdk.ClaudeSDKClient(options) as client:
            await client.query("Tidy up")
            async for _ in client.receive_response():
                pass


def check(run: Run) -> None:
    assert run.prompts == ["Tidy up"]
    assert run.text == "Done"
    assert run.tool_calls == [
        ToolCall("Bash", {"command": "rm -rf build"}, result="PreToolUse:Bash hook error: no rm here", is_error=True),
        ToolCall("Bash", {"command": "touch made.txt"}, result="(Bash completed with no output)"),
        ToolCall("mcp__tools__greet", {"name": "Alice"}, result="Hello Alice"),
    ]
    assert run.hook_calls == [
        HookCall("PreToolUse", "Bash", {"command": "rm -rf build"}, output=..., decision="deny", reason="no rm here"),
        HookCall("PreToolUse", "Bash", {"command": "touch made.txt"}),
    ]
    assert run.permission_requests == [
        PermissionRequest(
            "Bash", {"command": "touch made.txt"}, decision="allow", updated_input={"command": "touch other.txt"}
        ),
        PermissionRequest("mcp__tools__greet", {"name": "Alice"}, decision="allow"),
    ]
    assert run.mcp_calls == [McpCall("tools", "greet", {"name": "Alice"}, result="Hello Alice")]
    run.assert_result("Done", is_error=False, cost_below=1)
    assert "--input-format" in run.argv


async def test_a_run_in_process_has_the_facts() -> None:
    with use_script(SCRIPT), observe() as run:
        await office()
    check(run)


async def test_a_run_as_a_process_on_the_sdks_own_transport_has_the_facts(tmp_path: Path) -> None:
    await office(cli_path=executable(tmp_path, SCRIPT, wire=tmp_path / "wire"))
    check(Run.from_directory(tmp_path / "wire"))


async def test_a_hook_that_raised_is_failed_with_its_text() -> None:
    async def broken(given: Any, tool_use_id: str | None, context: Any) -> Any:
        raise ValueError("the policy file is gone")

    options = sdk.ClaudeAgentOptions(hooks={"PreToolUse": [sdk.HookMatcher(matcher="Bash", hooks=[broken])]})
    with use_script(SCRIPT, unplayed="ignore"), observe() as run, anyio.fail_after(LIMIT):
        async with sdk.ClaudeSDKClient(options) as client:
            await client.query("Tidy up")
            async for _ in client.receive_response():
                pass
    run.assert_hook_called("PreToolUse", status="failed", error=lambda text: "the policy file is gone" in text)


SEED = Path(__file__).parents[1] / "seed" / "cassettes" / "ask_with_options.jsonl"


async def calculate(**further: Any) -> None:
    options = sdk.ClaudeAgentOptions(system_prompt="You are a terse calculator", max_turns=1, **further)
    with anyio.fail_after(LIMIT):
        async for _ in sdk.query(prompt="What is 2 + 2?", options=options):
            pass


async def test_a_cassette_that_is_replayed_has_the_facts_in_process_and_as_a_process(tmp_path: Path) -> None:
    with use_cassette(SEED), observe() as run:
        await calculate()
    await calculate(cli_path=executable(tmp_path, cassette=SEED, wire=tmp_path / "wire"))
    for each in (run, Run.from_directory(tmp_path / "wire")):
        assert len(each.sessions) == 1
        each.assert_prompt("What is 2 + 2?", times=1)
        each.assert_result(Run.of_cassette(SEED).text, is_error=False)
