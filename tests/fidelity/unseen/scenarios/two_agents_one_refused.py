from _util import *
DOC = "two foreground agents in turn: a hook refuses a tool in the first, the callback one in the second; their texts forwarded, with partial messages"
MODEL = [
    [Agent("a1", "SUB clean", "cleaner", description="clean up")],
    {"match": "You clean.", "content": [T("I will remove it."), Bash("b1", "touch trash.txt")]},
    {"match": "You clean.", "content": [T("I may not.")]},
    [Agent("a2", "SUB build", "builder", description="build")],
    {"match": "You build.", "content": [TU("w1", "Write", file_path="/project/out.txt", content="built\n"), TU("w2", "Write", file_path="/project/no.txt", content="no\n")]},
    {"match": "You build.", "content": [T("Built one of two.")]},
    [T("Both agents reported.")],
]
async def drive(sdk, make_options, log):
    D = sdk.AgentDefinition
    guard = lambda i: specific("PreToolUse", permissionDecision="deny", permissionDecisionReason="cleaners look only") if i.get("agent_type") == "cleaner" else {}
    hooks = {**on(sdk, log, "PreToolUse", guard, "Bash"), **on(sdk, log, "SubagentStart"), **on(sdk, log, "SubagentStop")}
    decide = lambda name, input, context: "not that one" if input.get("file_path", "").endswith("no.txt") else None
    options = make_options(agents={"cleaner": D(description="Cleans", prompt="You clean."), "builder": D(description="Builds", prompt="You build.", tools=["Write", "Read"])}, hooks=hooks,
                           can_use_tool=permissions(sdk, log, decide), forward_subagent_text=True, include_partial_messages=True)
    await converse(sdk, log, options, "clean and build")
