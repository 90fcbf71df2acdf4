from _util import *
DOC = "what can_use_tool is told about tools other than Bash: Write, Edit, NotebookEdit, WebFetch, WebSearch, Read outside, Write outside, MCP, Skill; all denied"
FILES = {"a.txt": "one\n", "n.ipynb": {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}}
MODEL = [[TU("w1", "Write", file_path="/project/deep/new.txt", content="x\n")], [TU("r1", "Read", file_path="/project/a.txt")], [TU("e1", "Edit", file_path="/project/a.txt", old_string="one", new_string="two")],
         [TU("n1", "NotebookEdit", notebook_path="/project/n.ipynb", new_source="x", edit_mode="insert", cell_type="code")],
         [TU("f1", "WebFetch", url="https://docs.example.com/page?q=1", prompt="what")], [TU("s1", "WebSearch", query="weather")],
         [TU("r2", "Read", file_path="/etc/hostname")], [TU("w2", "Write", file_path="/tmp/elsewhere/out.txt", content="x\n")], [TU("w3", "Write", file_path="/project/.claude/settings.json", content="{}")],
         [TU("m1", "mcp__kit__greet", name="Ada")], [TU("r3", "Read", file_path="/project/missing.txt")], [TU("w4", "Write", file_path="/project/.git/config", content="x")], [TU("e2", "Edit", file_path="/home/user/.bashrc", old_string="", new_string="x")], [T("None.")]]
async def drive(sdk, make_options, log):
    @sdk.tool("greet", "Greets", {"name": str})
    async def greet(args):
        log("tool", args=args)
        return {"content": [{"type": "text", "text": "hi"}]}
    kit = sdk.create_sdk_mcp_server("kit", tools=[greet])
    await converse(sdk, log, make_options(mcp_servers={"kit": kit}, can_use_tool=permissions(sdk, log, lambda n, i, c: "not " + n)), "go")
