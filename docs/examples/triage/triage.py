from claude_code_sdk import ClaudeCodeOptions, ResultMessage, query

PROMPT = "Answer with one word, who this issue is for: billing, login or other."


async def triage(issue: str) -> str:
    """The team that an issue is for."""
    team = "other"
    options = ClaudeCodeOptions(system_prompt=PROMPT, tools=[])
    async for message in query(prompt=issue, options=options):
        if isinstance(message, ResultMessage) and not message.is_error:
            team = message.result or team
    return team
