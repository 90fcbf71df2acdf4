from claude_code_sdk import ClaudeCodeOptions, ResultMessage, query

OPTIONS = ClaudeCodeOptions(tools=[], idle_timeout=60)


async def title_of(text: str) -> str:
    """A title for a text."""
    title = ""
    async for message in query(prompt=f"A title for: {text}", options=OPTIONS):
        if isinstance(message, ResultMessage):
            title = message.result or ""
    if not title:
        raise ValueError("no title")
    return title
