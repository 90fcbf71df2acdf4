from _util import *
DOC = "file checkpoints kept over two processes: writes, a notebook, a shell line in the first; the second resumes, edits, and rewinds to a prompt of each; an unknown id"
FILES = {"a.txt": "v0\n"}
U1, U2, U3 = ("30000000-0000-4000-8000-00000000000%d" % i for i in (1, 2, 3))
MODEL = [
    [TU("r1", "Read", file_path="/project/a.txt")], [TU("w1", "Write", file_path="/project/a.txt", content="v1\n"), TU("w2", "Write", file_path="/project/new.txt", content="n1\n")], [T("v1.")],
    [TU("e1", "Edit", file_path="/project/a.txt", old_string="v1", new_string="v2"), Bash("b1", "echo by shell > shell.txt")], [T("v2.")],
    [TU("r2", "Read", file_path="/project/a.txt"), TU("e2", "Edit", file_path="/project/a.txt", old_string="v2", new_string="v3")], [T("v3.")],
    [Bash("b2", "cat a.txt shell.txt; ls")], [T("Back.")],
]
async def drive(sdk, make_options, log):
    def opts(**kw):
        return make_options(permission_mode="bypassPermissions", enable_file_checkpointing=True, extra_args={"replay-user-messages": None}, **kw)
    last = None
    async with sdk.ClaudeSDKClient(options=opts()) as c:
        for u, p in ((U1, "one"), (U2, "two")):
            await c.query(feed(user(p, uuid=u)))
            last = await listen(c, log)
    async with sdk.ClaudeSDKClient(options=opts(resume=last.session_id)) as c:
        await c.query(feed(user("three", uuid=U3)))
        await listen(c, log)
        await attempt(log, "rewind 3", c.rewind_files(U3))
        log("file", text=open("/project/a.txt").read())
        await attempt(log, "rewind 1", c.rewind_files(U1))
        log("file", text=open("/project/a.txt").read(), new=os.path.exists("/project/new.txt"), shell=os.path.exists("/project/shell.txt"))
        await attempt(log, "rewind ?", c.rewind_files("30000000-0000-4000-8000-000000000009"))
        await c.query("look")
        await listen(c, log)
    log("client_closed")
ENV = {"IS_SANDBOX": "1"}
