from _util import *
DOC = "a fallback model takes over in the second turn after a tool; the third turn; set_model between"
ENV = {"CLAUDE_CODE_MAX_RETRIES": "4"}
BUSY = {"status": 529, "type": "overloaded_error", "message": "busy"}
MODEL = [[T("One.")], [Bash("b1", "echo two")], {"error": BUSY}, {"error": BUSY}, {"error": BUSY}, [T("Two.")], [T("Three.")], [T("Four.")], [T("Five.")]]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(model="claude-opus-5-5", fallback_model="claude-sonnet-4-5"), "one", "two", "three")
