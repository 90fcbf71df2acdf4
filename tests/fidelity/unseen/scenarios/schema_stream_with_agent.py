from _util import *
DOC = "structured output with partial messages after a foreground agent's work, then the same client without tools"
SCHEMA = {"type": "object", "properties": {"answer": {"type": "string", "enum": ["yes", "no"]}}, "required": ["answer"]}
MODEL = [
    [Agent("a1", "SUB decide", "judge")],
    {"match": "You are a judge.", "content": [{"type": "thinking", "thinking": "Weighing."}, T("I say yes.")]},
    [T("The judge says yes."), TU("s1", "StructuredOutput", answer="yes")],
    [TU("s2", "StructuredOutput", answer="maybe")],
    [TU("s3", "StructuredOutput", answer="no")],
]
async def drive(sdk, make_options, log):
    options = make_options(include_partial_messages=True, output_format={"type": "json_schema", "schema": SCHEMA}, agents={"judge": sdk.AgentDefinition(description="Judges", prompt="You are a judge.")})
    await converse(sdk, log, options, "may I?", "and tomorrow?")
