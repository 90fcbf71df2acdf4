from _util import *
DOC = "inside a foreground sub-agent: a retried 529, thinking, a tool whose permission nobody gives, an unknown tool, two tools at once; partial messages on"
ENV = {"CLAUDE_CODE_MAX_RETRIES": "2"}
A = {"match": "You are an agent."}
MODEL = [[Agent("a1", "SUB try", "trier")], {**A, "error": {"status": 529, "type": "overloaded_error", "message": "busy"}}, {**A, "content": [{"type": "thinking", "thinking": "Let me think."}, Bash("b1", "touch no.txt")]}, {**A, "content": [TU("x1", "Imaginary", a=1)]}, {**A, "content": [Bash("b2", "echo one"), TU("w1", "Write", file_path="/project/a.txt", content="a\n")]}, {**A, "content": [T("Tried.")]}, [T("It tried.")]]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(include_partial_messages=True, agents={"trier": sdk.AgentDefinition(description="Tries", prompt="You are an agent.")}), "try")
