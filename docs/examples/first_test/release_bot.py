from claude_code_sdk import ClaudeAgentOptions, HookMatcher, ResultMessage, query


async def no_force(given, tool_use_id, context):
    """A hook: history is not rewritten."""
    if "--force" not in given["tool_input"]["command"]:
        return {}
    return {
        "hookSpecificOutput": {
            "hookEventName": "PreToolUse",
            "permissionDecision": "deny",
            "permissionDecisionReason": "never with --force",
        }
    }


async def release(version):
    """What the agent says when it has released a version."""
    options = ClaudeAgentOptions(
        allowed_tools=["Bash"], hooks={"PreToolUse": [HookMatcher(matcher="Bash", hooks=[no_force])]}
    )
    async for message in query(prompt=f"Release {version}", options=options):
        if isinstance(message, ResultMessage):
            return message.result
