from _util import *
DOC = "a sub-agent calls a sub-agent of its own; hooks and a permission in the inner one; forwarded text"
MODEL = [[Agent("a1", "SUB outer", "outer")], {"match": "You are the outer one.", "content": [T("Passing it on."), Agent("a2", "SUB inner", "inner")]}, {"match": "You are the inner one.", "content": [Bash("b1", "touch made.txt")]}, {"match": "You are the inner one.", "content": [T("Inner done.")]}, {"match": "You are the outer one.", "content": [T("Outer done.")]}, [T("All done.")]]
async def drive(sdk, make_options, log):
    D = sdk.AgentDefinition
    h = {**on(sdk, log, "SubagentStart"), **on(sdk, log, "SubagentStop"), **on(sdk, log, "PostToolUse", matcher="Bash")}
    await converse(sdk, log, make_options(can_use_tool=permissions(sdk, log), hooks=h, agents={"outer": D(description="Outer", prompt="You are the outer one."), "inner": D(description="Inner", prompt="You are the inner one.")}), "pass it on")
