from _util import *
DOC = "Stop hook blocks three times in a row although stop_hook_active, then a second turn with a system message; UserPromptSubmit adds context"
MODEL = [[T("One.")], [T("Two.")], [T("Three.")], [T("Four.")], [T("Fifth, second turn.")]]
async def drive(sdk, make_options, log):
    n = []
    def stop(i):
        n.append(1)
        return {"decision": "block", "reason": f"again {len(n)}"} if len(n) < 4 else {"systemMessage": "may stop"}
    h = {**on(sdk, log, "Stop", stop), **on(sdk, log, "UserPromptSubmit", specific("UserPromptSubmit", additionalContext="extra context") | {"systemMessage": "prompt seen"})}
    await converse(sdk, log, make_options(hooks=h), "work", "more work")
