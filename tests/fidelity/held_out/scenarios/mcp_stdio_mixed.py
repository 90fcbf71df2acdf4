from _util import *
DOC = "a stdio server beside an SDK server: calls to both, an error, a deny rule on one tool, mcp status, toggled off and on"
FILES = {"server.py": STDIO_SERVER}
MODEL = [[TU("m1", "mcp__local__echo", s="ping"), TU("m2", "mcp__kit__greet", name="Ada")], [TU("m3", "mcp__local__fail")], [TU("m4", "mcp__local__add", a=1, b=2)], [T("Mixed.")], [TU("m5", "mcp__local__echo", s="off")], [T("It is off.")], [TU("m6", "mcp__local__echo", s="on")], [T("It is on.")]]
async def drive(sdk, make_options, log):
    @sdk.tool("greet", "Greets", {"name": str})
    async def greet(args):
        log("tool", args=args)
        return {"content": [{"type": "text", "text": "hi " + args["name"]}]}
    kit = sdk.create_sdk_mcp_server("kit", tools=[greet])
    def call(n, f):
        f.__name__ = n
        return f
    await converse(sdk, log, make_options(mcp_servers={"local": {"command": "/usr/bin/python3", "args": ["/project/server.py"]}, "kit": kit}, allowed_tools=["mcp__local__*", "mcp__kit__greet"], disallowed_tools=["mcp__local__add"]),
        "mix", call("status", lambda c: c.get_mcp_status()), call("off", lambda c: c.toggle_mcp_server("local", False)), call("status_off", lambda c: c.get_mcp_status()), "while off", call("on", lambda c: c.toggle_mcp_server("local", True)), call("reconnect", lambda c: c.reconnect_mcp_server("local")), "when on")
