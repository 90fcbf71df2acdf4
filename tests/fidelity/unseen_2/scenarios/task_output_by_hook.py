from _util import *
DOC = "a background shell line; hooks hand its id to TaskOutput (not blocking, then blocking) and to TaskStop; a wrong id between; partial messages"
MODEL = [
    [Bash("b1", "echo started; sleep 1.2; echo ended", run_in_background=True)],
    [TU("o1", "TaskOutput", task_id="LAST", block=False, timeout=1000)],
    [TU("o2", "TaskOutput", task_id="LAST", block=True, timeout=8000)],
    [TU("o3", "TaskOutput", task_id="nosuch", block=False, timeout=1000), TU("s1", "TaskStop", task_id="nosuch")],
    [T("It ended by itself.")],
    [Bash("b2", "sleep 50", run_in_background=True)],
    [TU("s2", "TaskStop", task_id="LAST")],
    [T("Stopped it.")],
    [T("spare")],
]
async def drive(sdk, make_options, log):
    last = []
    def keep(i):
        r = i["tool_response"]
        if isinstance(r, dict) and r.get("backgroundTaskId"):
            last.append(r["backgroundTaskId"])
        return {}
    give = lambda i: specific("PreToolUse", permissionDecision="allow", updatedInput={**i["tool_input"], "task_id": last[-1]}) if i["tool_input"].get("task_id") == "LAST" else specific("PreToolUse", permissionDecision="allow")
    hooks = {"PostToolUse": [sdk.HookMatcher(matcher="Bash", hooks=[hook(log, keep, "post")])], "PreToolUse": [sdk.HookMatcher(matcher="TaskOutput|TaskStop", hooks=[hook(log, give, "pre")])]}
    async with sdk.ClaudeSDKClient(options=make_options(hooks=hooks, allowed_tools=["Bash"], include_partial_messages=True)) as c:
        await c.query("watch it")
        await listen(c, log)
        await until_quiet(c, log, 1.5)
        await c.query("another one, stop it")
        await listen(c, log)
        await until_quiet(c, log, 1.5)
    log("client_closed")
