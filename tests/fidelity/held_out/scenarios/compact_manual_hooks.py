from _util import *
DOC = "/compact with instructions between two turns; PreCompact, PostCompact and SessionStart hooks; the session goes on; a PreCompact that blocks"
MODEL = [[T("A long story. " * 10)], [T("<analysis>a</analysis>\n<summary>They told a story.</summary>")], [T("Goes on.")]]
async def drive(sdk, make_options, log):
    n = []
    def pre(i):
        n.append(1)
        return {"decision": "block", "reason": "not again"} if len(n) > 1 else {"systemMessage": "compacting soon"}
    h = {**on(sdk, log, "PreCompact", pre), **on(sdk, log, "PostCompact"), **on(sdk, log, "SessionStart", specific("SessionStart", additionalContext="fresh start"))}
    await converse(sdk, log, make_options(hooks=h), "tell", "/compact keep the names", "on", "/compact")
