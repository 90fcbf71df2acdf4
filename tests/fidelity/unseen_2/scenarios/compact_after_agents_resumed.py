from _util import *
DOC = "agents and tools, then /compact with partial messages, a turn, then another process that resumes behind the compaction and compacts again; a prompt queued behind /compact"
FILES = {"a.txt": "alpha\n"}
MODEL = [
    [Agent("a1", "SUB look", "looker")],
    {"match": "You look.", "content": [TU("r1", "Read", file_path="/project/a.txt")]},
    {"match": "You look.", "content": [T("Alpha.")]},
    [T("The agent saw alpha.")],
    [T("<analysis>short</analysis><summary>An agent read alpha.</summary>")],
    [TU("r2", "Read", file_path="/project/a.txt")], [T("After compaction: alpha.")],
    [T("Resumed.")],
    [T("<summary>Twice compacted.</summary>")],
    [T("Queued behind.")],
]
async def drive(sdk, make_options, log):
    agents = {"looker": sdk.AgentDefinition(description="Looks", prompt="You look.", tools=["Read"])}
    hooks = {**on(sdk, log, "PreCompact"), **on(sdk, log, "PostCompact"), **on(sdk, log, "Stop")}
    last = None
    async with sdk.ClaudeSDKClient(options=make_options(agents=agents, hooks=hooks, include_partial_messages=True)) as c:
        for p in ("look", "/compact", "and now?"):
            await c.query(p)
            last = await listen(c, log)
    async with sdk.ClaudeSDKClient(options=make_options(resume=last.session_id, hooks=hooks)) as c:
        await c.query("still there?")
        await listen(c, log)
        await c.query("/compact shorter")
        await listen(c, log)
        await c.query("more?")
        await listen(c, log)
    log("client_closed")
