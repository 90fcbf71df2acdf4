from _util import *
DOC = "a UserPromptSubmit hook that blocks, stops, adds context and titles; a Stop hook that blocks once with a tool after it; messages displayed"
MODEL = [[T("An allowed answer.")], [Bash("b1", "echo proof")], [T("With proof.")], [T("Last.")]]
async def drive(sdk, make_options, log):
    def on_prompt(i):
        p = i["prompt"]
        if "password" in p:
            return {"decision": "block", "reason": "no passwords please"}
        if "halt" in p:
            return {"continue_": False, "stopReason": "halted by policy"}
        if "title" in p:
            return specific("UserPromptSubmit", additionalContext="Name it well.", sessionTitle="A fine talk")
        return {}
    stops = []
    def on_stop(i):
        stops.append(1)
        return {"decision": "block", "reason": "prove it"} if len(stops) == 1 else {}
    hooks = {**on(sdk, log, "UserPromptSubmit", on_prompt), **on(sdk, log, "Stop", on_stop), **on(sdk, log, "MessageDisplay")}
    await converse(sdk, log, make_options(hooks=hooks), "my password is x", "give it a title", "please halt", "last one")
