from _util import *
DOC = "continue false from PreToolUse (two tools in the message), then from Stop with a reason, then from UserPromptSubmit with a system message: a turn each"
MODEL = [[Bash("b1", "echo one"), Bash("b2", "touch two.txt")], [T("Stopped by Stop.")], [T("unsaid")]]
async def drive(sdk, make_options, log):
    pre = {"continue_": False, "stopReason": "pre stops"}
    stop = {"continue_": False, "stopReason": "stop stops", "systemMessage": "stop says"}
    def prompt(i):
        return {"continue_": False, "stopReason": "prompt stops", "systemMessage": "prompt says"} if i["prompt"] == "three" else {}
    await converse(sdk, log, make_options(allowed_tools=["Bash"], hooks={**on(sdk, log, "PreToolUse", pre), **on(sdk, log, "Stop", stop), **on(sdk, log, "UserPromptSubmit", prompt)}), "one", "two", "three")
