from _util import *
DOC = "three query() in one session id: a system prompt file, a turn limit hit by a failing tool, continue with bypass refused and a disallowed tool, verbatim prompts with a slash"
FILES = {"sys.txt": "You speak in short words.\n", "a.txt": "a\n", "b.txt": "b\n"}
MODEL = [
    [T("Trying."), Bash("b0", "ls nowhere")],
    [TU("g1", "Grep", pattern="b", path="/project", output_mode="content"), Bash("b1", "echo x")], [T("By grep.")],
    [T("Verbatim.")],
]
async def drive(sdk, make_options, log):
    S = "99999999-9999-4999-8999-999999999999"
    await ask(sdk, log, "read both", make_options(session_id=S, system_prompt={"type": "file", "path": "/project/sys.txt"}, max_turns=1))
    await ask(sdk, log, "search", make_options(continue_conversation=True, disallowed_tools=["Bash"], permission_mode="dontAsk", stderr=lambda s: log("stderr", line=s)))
    await ask(sdk, log, "/cost and @a.txt", make_options(resume=S, verbatim_prompts=True, setting_sources=[]))
