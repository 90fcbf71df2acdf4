from _util import *
DOC = "hooks that raise, answer nonsense or are too slow (timeout 1 s): PreToolUse, PostToolUse, Stop; the tools and turns go on or not"
MODEL = [[Bash("b1", "echo raise")], [Bash("b2", "echo nonsense")], [Bash("b3", "echo slow")], [T("Failed hooks.")], [T("Second.")]]
async def drive(sdk, make_options, log):
    async def pre(i, t, x):
        c = i["tool_input"]["command"]
        log("hook", name="pre", command=c)
        if "raise" in c:
            raise ValueError("hook broke")
        if "slow" in c:
            await anyio.sleep(10)
        return {"decision": "perhaps"} if "nonsense" in c else {}
    async def stop(i, t, x):
        log("hook", name="stop")
        raise RuntimeError("stop broke")
    h = {"PreToolUse": [sdk.HookMatcher(hooks=[pre], timeout=1)], "Stop": [sdk.HookMatcher(hooks=[stop])]}
    await converse(sdk, log, make_options(allowed_tools=["Bash"], hooks=h), "go")
