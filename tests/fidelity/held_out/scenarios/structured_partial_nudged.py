from _util import *
DOC = "json schema with partial messages and a Stop hook: text first (nudged), then the tool with a text block beside it; a second prompt whose tool comes at once"
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}, "tags": {"type": "array", "items": {"type": "string"}}}, "required": ["city"]}
MODEL = [[T("It is Bern.")], [T("In the right form:"), TU("s1", "StructuredOutput", city="Bern", tags=["small", "old"])], [TU("s2", "StructuredOutput", city="Basel")], [T("unused")]]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(include_partial_messages=True, hooks={**on(sdk, log, "Stop"), **on(sdk, log, "PreToolUse")}, output_format={"type": "json_schema", "schema": SCHEMA}), "which city", "and another")
