"""A program written for the official SDK, unchanged, on a script: in process, and as a process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anyio
import pytest

from claude_code_sdk.testing import Script, ScriptError, check_executable, use_script, write_executable

sdk: Any = pytest.importorskip("claude_agent_sdk")

# The official SDK leaves its generators to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

LIMIT = 30.0


async def ask(prompt: str = "Hi", **options: Any) -> str:
    """The program: what the model says last, with a hook that counts and a callback that allows."""
    calls: list[str] = []

    async def count(given: Any, tool_use_id: Any, context: Any) -> dict[str, Any]:
        calls.append(given["tool_name"])
        return {}

    async def allow(tool: str, given: dict[str, Any], context: Any) -> Any:
        return sdk.PermissionResultAllow(updated_input=given)

    settings = sdk.ClaudeAgentOptions(
        hooks={"PreToolUse": [sdk.HookMatcher(matcher="Bash", hooks=[count])]}, can_use_tool=allow, **options
    )
    result = ""
    with anyio.fail_after(LIMIT):
        async with sdk.ClaudeSDKClient(settings) as client:
            await client.query(prompt)
            async for message in client.receive_response():
                if isinstance(message, sdk.ResultMessage):
                    result = message.result
    return f"{result} after {calls}"


def script() -> Script:
    return Script().calls("Bash", command="touch made.txt").returns("").says("Made")


async def test_the_program_meets_the_fake_in_process() -> None:
    answering = script().expects_answer("hook_callback", {}).expects_answer("can_use_tool", {"behavior": "allow"})
    with use_script(answering):
        assert await ask() == "Made after ['Bash']"


async def test_the_program_meets_the_fake_as_a_process(tmp_path: Path) -> None:
    path = write_executable(tmp_path, script())
    assert await ask(cli_path=path) == "Made after ['Bash']"
    check_executable(path, script=script())


async def test_a_script_error_that_the_sdk_swallows_is_raised_at_the_end() -> None:
    denying = script().expects_answer("can_use_tool", {"behavior": "deny"})
    told = "the answer to can_use_tool is not what the script expects"
    with pytest.raises(ScriptError, match=told), use_script(denying, unplayed="ignore"), anyio.move_on_after(5):
        try:
            await ask()
        except Exception:  # a program that swallows what it is told
            pass
