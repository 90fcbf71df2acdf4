from _util import *
DOC = "a schema with nested objects: a permission refused before it, thinking beside the answer, a bad first try; the session resumed without a schema, then with another one"
A = {"type": "object", "properties": {"person": {"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer", "minimum": 0}}, "required": ["name", "age"]}}, "required": ["person"]}
B = {"type": "object", "properties": {"ok": {"type": "boolean"}}, "required": ["ok"], "additionalProperties": False}
MODEL = [
    [{"type": "thinking", "thinking": "Write first, then answer."}, TU("w1", "Write", file_path="/project/p.json", content="{}")],
    [TU("s1", "StructuredOutput", person={"name": "Ada", "age": -1})],
    [{"type": "thinking", "thinking": "Not negative."}, T("Here it is."), TU("s2", "StructuredOutput", person={"name": "Ada", "age": 36})],
    [TU("s3", "StructuredOutput", ok=True)],
    [T("No schema now.")],
    [T("Sure: ok.")],
    [TU("s4", "StructuredOutput", ok=True, extra=1)],
    [TU("s5", "StructuredOutput", ok=False)],
]
async def drive(sdk, make_options, log):
    cb = permissions(sdk, log, lambda name, input, context: "no files")
    r = await ask(sdk, log, later("who?", make_options()), make_options(output_format={"type": "json_schema", "schema": A}, can_use_tool=cb))
    await ask(sdk, log, "again, freely", make_options(resume=r.session_id))
    await ask(sdk, log, "ok?", make_options(resume=r.session_id, output_format={"type": "json_schema", "schema": B}, max_turns=4, hooks=on(sdk, log, "PostToolUse")))
