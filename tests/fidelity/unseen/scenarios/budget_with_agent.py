from _util import *
DOC = "max_budget_usd reached after a foreground agent's work; the next prompt of the same client"
MODEL = [
    [Agent("a1", "SUB count", "counter")],
    {"match": "You count things.", "content": [TU("r1", "Read", file_path="/project/list.txt")]},
    {"match": "You count things.", "content": [T("Three.")], "usage": {"input_tokens": 400000, "output_tokens": 9000}},
    [T("There are three."), Bash("b1", "echo three")],
    [T("Unreached?")],
    [T("Still here?")],
]
FILES = {"list.txt": "a\nb\nc\n"}
async def drive(sdk, make_options, log):
    D = sdk.AgentDefinition
    options = make_options(max_budget_usd=0.5, model="claude-sonnet-4-5", agents={"counter": D(description="Counts", prompt="You count things.", tools=["Read"])}, hooks=on(sdk, log, "Stop"))
    await converse(sdk, log, options, "count the list", "and now?")
