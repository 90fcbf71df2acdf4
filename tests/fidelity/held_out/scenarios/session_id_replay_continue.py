from _util import *
DOC = "a given session id, uuids and replay, a custom command; continued in a second process with another uuid and a hook; its id asked for again in a third"
FILES = {".claude/commands/hail.md": "Hail $ARGUMENTS\n"}
MODEL = [[T("First.")], [T("Hailed.")], [Bash("b1", "echo on")], [T("Went on.")]]
async def drive(sdk, make_options, log):
    s = "78787878-7878-4878-8878-787878787878"
    u = lambda n: f"23232323-2323-4323-8323-23232323232{n}"
    extra = {"replay-user-messages": None}
    await converse(sdk, log, make_options(session_id=s, extra_args=extra), [user("first", uuid=u(1))], [user("/hail Ada", uuid=u(2))])
    await converse(sdk, log, make_options(continue_conversation=True, extra_args=extra, hooks=on(sdk, log, "PreToolUse")), [user("go on", uuid=u(3))])
    await converse(sdk, log, make_options(session_id=s), "again")
