from _util import *
DOC = "system prompt preset with append, a sub-agent with partial messages and forwarded text, two agents in one message, a Stop hook; session state events on"
ENV = {"CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS": "1"}
MODEL = [[T("Delegating."), Agent("a1", "SUB one", "alpha")], {"match": "You are alpha.", "content": [T("Alpha thinks."), Bash("b1", "echo alpha")]}, {"match": "You are alpha.", "content": [T("Alpha done.")]}, [Agent("a2", "SUB two", "beta")], {"match": "You are beta.", "content": [T("Beta done.")]}, [T("Both done.")]]
async def drive(sdk, make_options, log):
    D = sdk.AgentDefinition
    await converse(sdk, log, make_options(system_prompt={"type": "preset", "preset": "claude_code", "append": "Be brief."}, include_partial_messages=True, hooks=on(sdk, log, "Stop"), agents={"alpha": D(description="A", prompt="You are alpha."), "beta": D(description="B", prompt="You are beta.", tools=["Read"])}), "delegate twice")
