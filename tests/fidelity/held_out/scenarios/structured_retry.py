from _util import *
DOC = "json schema: a bad call, text instead, a good call with a tool before it; then a second turn that fails five times"
SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"], "additionalProperties": False}
MODEL = [[Bash("b1", "echo 7")], [TU("s1", "StructuredOutput", n="seven")], [TU("s2", "StructuredOutput", n=7)], [T("never asked")],
         {"content": [TU("s3", "StructuredOutput", wrong=1)]}] + [[TU(f"s{i}", "StructuredOutput", wrong=1)] for i in range(4, 12)]
MODEL.pop(3)
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(allowed_tools=["Bash"], output_format={"type": "json_schema", "schema": SCHEMA}), "how many", "again")
