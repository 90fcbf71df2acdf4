from claude_code_sdk import ClaudeCodeOptions, ResultMessage, query

PROMPT = "Answer with the one word that says who this issue is for: billing, login or other."


async def triage(issue: str) -> str:
    """The team that an issue is for."""
    team = "other"
    async for message in query(prompt=issue, options=ClaudeCodeOptions(system_prompt=PROMPT, tools=[])):
        if isinstance(message, ResultMessage) and not message.is_error:
            team = message.result or team
    return team
