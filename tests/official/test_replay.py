"""A program written for the official SDK, unchanged, on a recording: what cassettes are for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anyio
import pytest

from claude_code_sdk import use_transport
from claude_code_sdk.cassettes.jsonl import load
from claude_code_sdk.cassettes.mismatch import CassetteMismatch
from claude_code_sdk.cassettes.transport import CassetteTransport

sdk: Any = pytest.importorskip("claude_agent_sdk")

# The official SDK leaves its generators to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

CASSETTE = Path(__file__).parents[2] / "cassettes" / "oneshot_query.jsonl"


async def replay(prompt: str) -> list[Any]:
    options = sdk.ClaudeAgentOptions(cwd="/project")
    with use_transport(CassetteTransport(CASSETTE)), anyio.fail_after(10):
        return [message async for message in sdk.query(prompt=prompt, options=options)]


async def test_the_program_sees_what_was_recorded() -> None:
    messages = await replay("Say hello")
    assert [type(message) for message in messages] == [sdk.SystemMessage, sdk.AssistantMessage, sdk.ResultMessage]
    assert messages[1].content == [sdk.TextBlock("Hello from the scripted model.")]


async def test_another_prompt_is_a_mismatch_that_the_program_cannot_take_for_an_sdk_error() -> None:
    with pytest.raises(CassetteMismatch, match=r'\+ message.content: "Say something else"') as caught:
        await replay("Say something else")
    assert not isinstance(caught.value, sdk.ClaudeSDKError)


async def test_an_answer_that_decides_otherwise_is_raised_at_the_end_at_the_latest() -> None:
    """That SDK answers in tasks of its own, which log what they meet and go on."""

    async def allow(tool: str, given: dict[str, Any], context: Any) -> Any:
        return sdk.PermissionResultAllow(updated_input=given)

    transport = CassetteTransport(CASSETTE.with_name("perm_deny.jsonl"), answers="verify")
    with use_transport(transport), anyio.move_on_after(10):
        try:
            async with sdk.ClaudeSDKClient(sdk.ClaudeAgentOptions(cwd="/project", can_use_tool=allow)) as client:
                await client.query(prompt_of("perm_deny"))
                async for _ in client.receive_response():
                    pass
        except Exception:  # a program that swallows what it is told
            pass
    with pytest.raises(CassetteMismatch, match="host answers can_use_tool") as caught:
        transport.check()
    assert '- response.behavior: "deny"' in str(caught.value)
    assert '+ response.behavior: "allow"' in str(caught.value)


async def test_the_recorded_decision_passes_in_that_sdk_too() -> None:
    async def deny(tool: str, given: dict[str, Any], context: Any) -> Any:
        return sdk.PermissionResultDeny(message=message_of_the_denial())

    transport = CassetteTransport(CASSETTE.with_name("perm_deny.jsonl"), answers="verify")
    with use_transport(transport), anyio.fail_after(10):
        async with sdk.ClaudeSDKClient(sdk.ClaudeAgentOptions(cwd="/project", can_use_tool=deny)) as client:
            await client.query(prompt_of("perm_deny"))
            async for _ in client.receive_response():
                pass
    transport.check()


def frames_of_host(name: str) -> list[dict[str, Any]]:
    (episode,) = load(CASSETTE.with_name(f"{name}.jsonl")).episodes
    return [entry.value for entry in episode.entries if entry.source == "host" and entry.kind == "frame"]


def prompt_of(name: str) -> str:
    (prompt,) = [frame["message"]["content"] for frame in frames_of_host(name) if frame["type"] == "user"]
    return str(prompt)


def message_of_the_denial() -> str:
    (answer,) = [frame["response"] for frame in frames_of_host("perm_deny") if frame["type"] == "control_response"]
    return str(answer["response"]["message"])
