from _util import *
DOC = "a session in acceptEdits with an MCP tool and a model; resumed without them (mode, model back to default?), then resumed at a message"
MODEL = [[TU("w1", "Write", file_path="/project/a.txt", content="a\n"), TU("m1", "mcp__kit__greet", name="Ada")], [T("First.")], [TU("w2", "Write", file_path="/project/b.txt", content="b\n")], [T("Second.")], [TU("r1", "Read", file_path="/project/a.txt")], [T("Third.")]]
async def drive(sdk, make_options, log):
    @sdk.tool("greet", "Greets", {"name": str})
    async def greet(args):
        return {"content": [{"type": "text", "text": "hi"}]}
    kit = sdk.create_sdk_mcp_server("kit", tools=[greet])
    s = "56565656-5656-4656-8656-565656565656"
    m = await ask(sdk, log, "start", make_options(session_id=s, permission_mode="acceptEdits", model="claude-sonnet-4-5", mcp_servers={"kit": kit}, allowed_tools=["mcp__kit"]))
    await ask(sdk, log, "more", make_options(resume=s))
    await ask(sdk, log, "fork", make_options(resume=s, fork_session=True, max_turns=1))
