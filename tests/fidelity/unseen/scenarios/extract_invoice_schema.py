from _util import *
DOC = "an extraction: a json schema, an MCP lookup before it, a hook that refuses the first structured answer and a Stop hook"
SCHEMA = {"type": "object", "properties": {"total": {"type": "number"}, "lines": {"type": "array", "items": {"type": "string"}, "minItems": 1}}, "required": ["total", "lines"]}
MODEL = [
    [T("Looking up."), TU("m1", "mcp__erp__invoice", number="A-1")],
    [TU("s1", "StructuredOutput", total=-5, lines=["paper"])],
    [TU("s2", "StructuredOutput", total=5, lines=[])],
    [TU("s3", "StructuredOutput", total=5.5, lines=["paper", "ink"])],
    [T("never")],
]
async def drive(sdk, make_options, log):
    @sdk.tool("invoice", "An invoice", {"number": str})
    async def invoice(args):
        return {"content": [{"type": "text", "text": json.dumps({"number": args["number"], "paper": 3, "ink": 2.5})}]}
    erp = sdk.create_sdk_mcp_server("erp", tools=[invoice])
    def check(i):
        return specific("PreToolUse", permissionDecision="deny", permissionDecisionReason="a total is not negative") if i["tool_input"].get("total", 0) < 0 else {}
    hooks = {**on(sdk, log, "PreToolUse", check, "StructuredOutput"), **on(sdk, log, "PostToolUse"), **on(sdk, log, "Stop")}
    await ask(sdk, log, "extract A-1", make_options(mcp_servers={"erp": erp}, allowed_tools=["mcp__erp__invoice"], hooks=hooks, output_format={"type": "json_schema", "schema": SCHEMA}))
