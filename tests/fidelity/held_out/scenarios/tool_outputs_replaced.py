from _util import *
DOC = "PostToolUse replaces outputs: of Bash, of Read, of an MCP tool with two blocks; a failed tool's cannot be; a system message and context beside"
FILES = {"a.txt": "secret\n"}
MODEL = [[Bash("b1", "echo secret")], [TU("r1", "Read", file_path="/project/a.txt")], [TU("m1", "mcp__kit__greet", name="Ada")], [Bash("b2", "exit 1")], [T("Outputs replaced.")]]
async def drive(sdk, make_options, log):
    @sdk.tool("greet", "Greets", {"name": str})
    async def greet(args):
        return {"content": [{"type": "text", "text": "hi " + args["name"]}]}
    kit = sdk.create_sdk_mcp_server("kit", tools=[greet])
    def post(i):
        n = i["tool_name"]
        if n == "Bash":
            return specific("PostToolUse", updatedToolOutput={"stdout": "hidden", "stderr": "", "interrupted": False, "isImage": False}) | {"systemMessage": "hidden it"}
        if n == "Read":
            return specific("PostToolUse", additionalContext="was read", updatedToolOutput={"type": "text", "file": {"filePath": "/project/a.txt", "content": "hidden\n", "numLines": 2, "startLine": 1, "totalLines": 2}})
        return specific("PostToolUse", updatedMCPToolOutput=[{"type": "text", "text": "bye"}, {"type": "text", "text": "now"}])
    h = {**on(sdk, log, "PostToolUse", post), **on(sdk, log, "PostToolUseFailure", specific("PostToolUseFailure", additionalContext="it fails") | {"systemMessage": "failed"}), **on(sdk, log, "PostToolBatch")}
    await converse(sdk, log, make_options(mcp_servers={"kit": kit}, allowed_tools=["Bash", "mcp__kit"], hooks=h), "go")
