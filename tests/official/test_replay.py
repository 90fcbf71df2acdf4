"""A program written for the official SDK, unchanged, on a recording: what cassettes are for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anyio
import pytest

from claude_code_sdk import use_transport
from claude_code_sdk.cassettes.mismatch import CassetteMismatch
from claude_code_sdk.cassettes.transport import CassetteTransport

sdk: Any = pytest.importorskip("claude_agent_sdk")

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
