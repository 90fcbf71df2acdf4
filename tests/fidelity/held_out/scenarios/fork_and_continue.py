from _util import *
DOC = "four processes: a session with a given id and a uuid prompt; resumed; forked with a new id; continued (which one?)"
MODEL = [[Bash("b1", "echo first")], [T("First.")], [T("Second.")], [T("Forked.")], [T("Continued.")]]
async def drive(sdk, make_options, log):
    s = "12121212-1212-4212-8212-121212121212"
    await ask(sdk, log, "start", make_options(session_id=s, allowed_tools=["Bash"]))
    await ask(sdk, log, "resume", make_options(resume=s))
    await ask(sdk, log, "fork", make_options(resume=s, fork_session=True, session_id="34343434-3434-4434-8434-343434343434"))
    await ask(sdk, log, "continue", make_options(continue_conversation=True))
