from _util import *
DOC = "max_budget_usd used up in the second turn of a client, with usage given by the model; a third prompt after it"
BIG = {"input_tokens": 20000, "output_tokens": 2000, "cache_read_input_tokens": 1000, "cache_creation_input_tokens": 500}
MODEL = [{"content": [T("One.")], "usage": BIG}, {"content": [Bash("b1", "echo two")], "usage": BIG}, {"content": [T("Two.")], "usage": BIG}, {"content": [T("Three.")], "usage": BIG}]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(max_budget_usd=0.25), "one", "two", "three")
