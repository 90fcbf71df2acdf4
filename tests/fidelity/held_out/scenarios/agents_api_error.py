from _util import *
DOC = "the API fails inside a foreground sub-agent (no retries), then a sub-agent hits its own maxTurns"
ENV = {"CLAUDE_CODE_MAX_RETRIES": "0"}
MODEL = [[Agent("a1", "SUB fail", "failer")], {"match": "You are a failer.", "error": {"status": 500, "type": "api_error", "message": "broken"}},
         [Agent("a2", "SUB loop", "looper")], {"match": "You are a looper.", "content": [Bash("b1", "echo 1")]}, {"match": "You are a looper.", "content": [Bash("b2", "echo 2")]}, {"match": "You are a looper.", "content": [Bash("b3", "echo 3")]}, [T("Both tried.")]]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(agents={"failer": sdk.AgentDefinition(description="Fails", prompt="You are a failer."), "looper": sdk.AgentDefinition(description="Loops", prompt="You are a looper.", maxTurns=2)}), "try")
