from _util import *
DOC = "inputs changed by a hook, then by the callback, for Bash, Write and an MCP tool; the callback sees the hook's; one with a deny after the change"
MODEL = [[Bash("b1", "touch one")], [TU("w1", "Write", file_path="/project/a.txt", content="model\n")], [TU("m1", "mcp__kit__greet", name="Model")], [Bash("b2", "touch two")], [T("Changed on the way.")]]
async def drive(sdk, make_options, log):
    @sdk.tool("greet", "Greets", {"name": str})
    async def greet(args):
        log("tool", args=args)
        return {"content": [{"type": "text", "text": "hi " + args["name"]}]}
    kit = sdk.create_sdk_mcp_server("kit", tools=[greet])
    def change(text):
        return {k: (v.replace("one", "hook1").replace("two", "hook2").replace("model", "hook").replace("Model", "Hook") if k in ("command", "content", "name") else v) for k, v in text.items()}
    def pre(i):
        return specific("PreToolUse", updatedInput=change(i["tool_input"]))
    def decide(name, input, context):
        if input.get("command") == "touch hook2":
            return "not two"
        return sdk.PermissionResultAllow(updated_input={k: (v.replace("hook", "callback").replace("Hook", "Callback") if k in ("command", "content", "name") else v) for k, v in input.items()})
    await converse(sdk, log, make_options(mcp_servers={"kit": kit}, can_use_tool=permissions(sdk, log, decide), hooks=on(sdk, log, "PreToolUse", pre)), "go")
    log("files", names=sorted(os.listdir("/project")), text=open("/project/a.txt").read())
