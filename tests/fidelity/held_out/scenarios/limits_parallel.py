from _util import *
DOC = "max_turns=2 with two tools a message; a second prompt after the limit; denials count too"
MODEL = [[Bash("b1", "echo one"), Bash("b2", "touch no")], [Bash("b3", "echo three"), TU("r1", "Read", file_path="/project/none.txt")], [T("Second prompt.")]]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(max_turns=2), "go", "more")
