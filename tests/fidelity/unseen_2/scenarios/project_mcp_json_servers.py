from _util import *
DOC = "servers of .mcp.json approved by settings, one of them broken, beside one in the options; strict for a second client; hooks by a pattern, status asked"
FILES = {".mcp.json": {"mcpServers": {"disk": {"command": "/usr/bin/python3", "args": ["/project/server.py"]}, "gone": {"command": "/project/not-there"}}}, "server.py": STDIO_SERVER,
         ".claude/settings.json": {"enableAllProjectMcpServers": True}, "~/.claude.json": {"projects": {"/project": {"hasTrustDialogAccepted": True}}}}
MODEL = [[TU("m1", "mcp__disk__add", a=2, b=3), TU("m2", "mcp__near__say", s="hi")], [TU("m3", "mcp__gone__x")], [T("Five, and hi.")], [TU("m4", "mcp__disk__add", a=1, b=1)], [T("Not there now.")]]
async def drive(sdk, make_options, log):
    @sdk.tool("say", "Says", {"s": str})
    async def say(args):
        return {"content": [{"type": "text", "text": args["s"].upper()}]}
    near = sdk.create_sdk_mcp_server("near", tools=[say])
    hooks = {**on(sdk, log, "PreToolUse", specific("PreToolUse", permissionDecision="allow", permissionDecisionReason="ours"), "mcp__.*"), **on(sdk, log, "PostToolUse")}
    async def get_mcp_status(c):
        return await c.get_mcp_status()
    await converse(sdk, log, make_options(mcp_servers={"near": near}, hooks=hooks, setting_sources=["project"]), "add and say", get_mcp_status)
    await converse(sdk, log, make_options(strict_mcp_config=True, setting_sources=["project"]), "add again")
