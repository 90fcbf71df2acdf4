from _util import *
DOC = "hooks that are late, raise, or answer nonsense, on matchers that overlap; on_failure block for one; a slow one after the tool"
MODEL = [[Bash("b1", "echo late")], [TU("r1", "Read", file_path="/project/a.txt")], [TU("g1", "Write", file_path="/project/b.txt", content="b\n")], [Bash("b2", "echo last")], [T("Survived.")]]
FILES = {"a.txt": "alpha\n"}
async def drive(sdk, make_options, log):
    late = iter([3, 0])
    async def slow(i, tool_use_id, context):
        log("hook", name="slow", tool=i["tool_name"])
        await asyncio.sleep(next(late))
        return {}
    async def broken(i, tool_use_id, context):
        log("hook", name="broken", tool=i["tool_name"])
        raise KeyError("policy")
    H = sdk.HookMatcher
    hooks = {"PreToolUse": [H(matcher="Bash", hooks=[slow], timeout=1), H(matcher="Read", hooks=[broken]), H(matcher="Write", hooks=[broken], on_failure="block"), H(matcher=None, hooks=[hook(log, None, "all")])],
             "PostToolUse": [H(matcher="Bash|Read", hooks=[hook(log, {"systemMessage": "after"}, "post"), broken])]}
    await converse(sdk, log, make_options(hooks=hooks, permission_mode="acceptEdits"), "go")
