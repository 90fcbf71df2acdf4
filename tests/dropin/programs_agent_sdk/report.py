"""One question with most of what can be asked for, and everything that comes back."""

import anyio

from claude_code_sdk import (
    AgentDefinition,
    AssistantMessage,
    ClaudeAgentOptions,
    HookEventMessage,
    Message,
    RateLimitEvent,
    ResultMessage,
    SystemInitData,
    SystemMessage,
    TaskNotificationMessage,
    TaskProgressMessage,
    TaskStartedMessage,
    TaskUpdatedMessage,
    TextBlock,
    ThinkingBlock,
    ToolResultBlock,
    ToolUseBlock,
    UserMessage,
    query,
)
from claude_code_sdk.types import StreamEvent, SystemPromptPreset, ThinkingConfigEnabled

PROMPT: SystemPromptPreset = {"type": "preset", "preset": "claude_code", "append": "Answer in JSON."}
THINKING: ThinkingConfigEnabled = {"type": "enabled", "budget_tokens": 2000}

OPTIONS = ClaudeAgentOptions(
    tools=["Read", "Bash"],
    allowed_tools=["Read"],
    disallowed_tools=["WebSearch"],
    system_prompt=PROMPT,
    setting_sources=["project"],
    agents={
        "reviewer": AgentDefinition(description="Reviews", prompt="You review.", tools=["Read"], model="haiku"),
    },
    max_budget_usd=0.5,
    thinking=THINKING,
    effort="low",
    output_format={"type": "json_schema", "schema": {"type": "object"}},
    include_partial_messages=True,
    include_hook_events=True,
    fallback_model="haiku",
    sandbox={"enabled": True, "network": {"allowLocalBinding": True}},
    plugins=[{"type": "local", "path": "./plugin"}],
)


def say(message: Message) -> str | None:
    match message:
        case StreamEvent(event={"type": "content_block_delta", "delta": {"text": text}}):
            return f"… {text}"
        case AssistantMessage(content=blocks, error=error):
            words = [block.text for block in blocks if isinstance(block, TextBlock)]
            words += [f"({block.thinking})" for block in blocks if isinstance(block, ThinkingBlock)]
            words += [f"{block.name} {block.input}" for block in blocks if isinstance(block, ToolUseBlock)]
            return f"assistant {message.message_id} {message.usage}: {' '.join(words)}{f' [{error}]' if error else ''}"
        case UserMessage(content=[ToolResultBlock(tool_use_id=call, content=content)], tool_use_result=details):
            return f"user {message.uuid}: {call} gave {content!r}, {details}"
        case TaskStartedMessage():
            return f"task {message.task_id}: {message.description} ({message.task_type})"
        case TaskProgressMessage():
            return f"task {message.task_id}: {message.usage['total_tokens']} tokens, {message.last_tool_name}"
        case TaskUpdatedMessage():
            return f"task {message.task_id}: {message.status}"
        case TaskNotificationMessage(status=status, summary=summary):
            return f"task {message.task_id}: {status}, {summary}"
        case HookEventMessage():
            return f"hook {message.hook_event_name}: {message.subtype}"
        case SystemMessage(subtype="init", data=data):
            init: SystemInitData = data  # type: ignore[assignment]
            return f"init {init['model']} in {init['cwd']}"
        case SystemMessage():
            return f"system {message.subtype}"
        case RateLimitEvent(rate_limit_info=info):
            return f"limit {info.rate_limit_type}: {info.status}, resets at {info.resets_at}"
        case ResultMessage():
            used = {model: usage["costUSD"] for model, usage in (message.model_usage or {}).items()}
            return f"result {message.subtype}, {message.stop_reason}: {message.structured_output} for {used}"
    return None


async def main() -> None:
    async for message in query(prompt="Review the code.", options=OPTIONS):
        text = say(message)
        if text:
            print(text)


if __name__ == "__main__":
    anyio.run(main)
