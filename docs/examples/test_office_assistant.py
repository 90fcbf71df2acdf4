"""How a program is tested: on a recording of the real CLI, with nothing to install, no key and no network.

    pytest docs/examples/test_office_assistant.py

The fixture `claude_cassette` replays the recording for every `query()` and client of a test; the program is not changed
for it.  `answers="verify"`: what hooks, permission callbacks and tools answer must be what it was when the recording
was made, or the test fails and shows the difference.
"""

from __future__ import annotations

import pytest
from office_assistant import assistant

from claude_code_sdk import AssistantMessage, ResultMessage, TextBlock, ToolResultBlock, UserMessage

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.claude_cassette("cassettes/office_assistant.jsonl", answers="verify"),
    pytest.mark.usefixtures("claude_cassette"),
]


async def tool_results() -> dict[str, ToolResultBlock]:
    """Run the assistant; what each tool call gave, by the id of the call."""
    return {
        block.tool_use_id: block
        async for message in assistant()
        if isinstance(message, UserMessage) and not isinstance(message.content, str)
        for block in message.content
        if isinstance(block, ToolResultBlock)
    }


async def test_a_visitor_is_greeted_by_our_own_tool() -> None:
    results = await tool_results()
    assert results["toolu_greet"].content == [{"type": "text", "text": "Welcome, Ada!"}]


async def test_nothing_is_deleted_and_the_model_is_told_why() -> None:
    denied = (await tool_results())["toolu_delete"]
    assert denied.is_error
    assert "this office deletes nothing" in str(denied.content)


async def test_the_assistant_says_what_happened() -> None:
    messages = [message async for message in assistant()]
    blocks = [block for message in messages if isinstance(message, AssistantMessage) for block in message.content]
    said = [block.text for block in blocks if isinstance(block, TextBlock)]
    assert said[-1] == "Ada is greeted and noted in visitors.txt; the build folder was not deleted."
    assert isinstance(messages[-1], ResultMessage)
    assert not messages[-1].is_error
