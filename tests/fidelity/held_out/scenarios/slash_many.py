from _util import *
DOC = "local slash commands by themselves: /usage, /status, /permissions, /model, /compact with nothing to compact, a space behind the slash, /clear with a word"
MODEL = [[T("Answer.")]] + [[T(f"Spare {i}.")] for i in range(8)]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(model="claude-sonnet-4-5"), "/usage", "/status", "/permissions", "/model claude-opus-5-5", "/compact", "/ cost", "/clear now", "hello")
