from _util import *
DOC = "one-shot, then two forks of it with other options, then the original resumed with a mode and a model"
MODEL = [
    [TU("w1", "Write", file_path="/project/a.txt", content="a\n")], [T("Wrote a.")],
    [TU("r1", "Read", file_path="/project/a.txt")], [T("Fork one read a.")],
    [TU("e1", "Edit", file_path="/project/a.txt", old_string="a", new_string="b")], [T("Fork two could not.")],
    [Bash("b1", "cat a.txt"), TU("e2", "Edit", file_path="/project/a.txt", old_string="a", new_string="c")], [T("Changed.")],
]
async def drive(sdk, make_options, log):
    first = await ask(sdk, log, "write a", make_options(permission_mode="acceptEdits"))
    s = first.session_id
    await ask(sdk, log, "read it", make_options(resume=s, fork_session=True, system_prompt="You are a fork."))
    await ask(sdk, log, "edit it", make_options(resume=s, fork_session=True, disallowed_tools=["Edit"], session_id="77777777-7777-4777-8777-777777777777"))
    await converse(sdk, log, make_options(resume=s, permission_mode="acceptEdits", model="claude-opus-4-5"), "change it")
