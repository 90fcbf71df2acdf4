"""A CLI that has said everything and does not exit; found by `claude_faults` on the README's programs."""

from __future__ import annotations

import anyio
import pytest

from claude_code_sdk import ClaudeCodeOptions, HookMatcher, IdleTimeoutError, Message, ResultMessage, query

from .peers import Peer, assistant, read, result

WAIT = 10.0


async def allow(given: object, tool_use_id: str | None, context: object) -> dict[str, object]:
    return {}


@pytest.mark.requirement("timeouts-are-options")
@pytest.mark.parametrize("hooks", [None, {"PreToolUse": [HookMatcher(hooks=[allow])]}], ids=["plain", "with hooks"])
async def test_a_cli_that_does_not_exit_after_the_end_of_its_input_is_bounded_by_the_idle_timeout(
    hooks: object,
) -> None:
    peer = Peer(lambda frame: [assistant("Hello"), result()], exit_at_eof=None)
    options = ClaudeCodeOptions(idle_timeout=0.05, close_timeout=0.05, hooks=hooks)  # type: ignore[arg-type]
    with anyio.fail_after(WAIT):
        seen, error = await read(query(prompt="go", options=options, transport=peer.transport))
    assert isinstance(seen[-1], ResultMessage)
    assert isinstance(error, IdleTimeoutError)
    assert str(error) == (
        "nothing came from the CLI for 0.05 s (idle_timeout) after the end of its input, and it did not exit"
    )


async def test_agents_in_the_background_may_be_silent_after_the_end_of_the_input() -> None:
    started = {
        "type": "system",
        "subtype": "task_started",
        "task_id": "t",
        "description": "d",
        "task_type": "local_agent",
    }
    peer = Peer(lambda frame: [started, result()], exit_at_eof=None)
    seen: list[Message] = []
    with anyio.move_on_after(0.3) as scope:
        options = ClaudeCodeOptions(idle_timeout=0.05, close_timeout=0.05)
        async for message in query(prompt="go", options=options, transport=peer.transport):
            seen.append(message)
    assert scope.cancelled_caught
    assert isinstance(seen[-1], ResultMessage)
