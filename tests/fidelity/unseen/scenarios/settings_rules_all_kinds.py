from _util import *
DOC = "settings with allow, ask and deny rules for the shell, files and MCP, and a default mode; a callback that hears only the asked ones"
FILES = {"secrets/key.txt": "k\n", "docs/a.md": "a\n"}
SETTINGS = {"permissions": {"defaultMode": "acceptEdits", "allow": ["Bash(touch ok:*)", "mcp__kit__add"], "ask": ["Bash(echo careful:*)", "Write(docs/**)"], "deny": ["Read(secrets/**)", "Bash(cat secrets/*)", "mcp__kit__drop"]}}
MODEL = [
    [Bash("b1", "touch ok1"), Bash("b2", "echo careful now"), Bash("b3", "cat secrets/key.txt")],
    [TU("r1", "Read", file_path="/project/secrets/key.txt"), TU("w1", "Write", file_path="/project/docs/b.md", content="b\n"), TU("w2", "Write", file_path="/project/free.txt", content="f\n")],
    [TU("m1", "mcp__kit__add", a=1, b=2), TU("m2", "mcp__kit__drop", table="all"), TU("m3", "mcp__kit__other")],
    [Bash("b4", "touch ok2 && touch other")],
    [T("Rules tried.")],
]
async def drive(sdk, make_options, log):
    @sdk.tool("add", "Adds", {"a": int, "b": int})
    async def add(args):
        return {"content": [{"type": "text", "text": str(args["a"] + args["b"])}]}
    @sdk.tool("drop", "Drops", {"table": str})
    async def drop(args):
        log("tool", name="drop")
        return {"content": [{"type": "text", "text": "dropped"}]}
    @sdk.tool("other", "Other", {})
    async def other(args):
        return {"content": [{"type": "text", "text": "other"}]}
    kit = sdk.create_sdk_mcp_server("kit", tools=[add, drop, other])
    await converse(sdk, log, make_options(settings=json.dumps(SETTINGS), mcp_servers={"kit": kit}, can_use_tool=permissions(sdk, log)), "try the rules")
