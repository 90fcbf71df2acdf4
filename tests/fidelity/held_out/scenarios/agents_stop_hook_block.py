from _util import *
DOC = "SubagentStop blocks once; the sub-agent goes on; partial messages; the PreToolUse of Agent adds context"
MODEL = [[Agent("a1", "SUB say", "sayer")], {"match": "You are a sayer.", "content": [T("Short.")]}, {"match": "You are a sayer.", "content": [T("Longer now.")]}, [T("The sayer said it.")]]
async def drive(sdk, make_options, log):
    def stop(i):
        return {} if i.get("stop_hook_active") else {"decision": "block", "reason": "say more"}
    h = {**on(sdk, log, "SubagentStop", stop), **on(sdk, log, "PreToolUse", specific("PreToolUse", additionalContext="be kind"), "Agent")}
    await converse(sdk, log, make_options(hooks=h, agents={"sayer": sdk.AgentDefinition(description="Says", prompt="You are a sayer.")}), "say")
