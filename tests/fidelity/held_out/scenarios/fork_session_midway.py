from _util import *
DOC = "resume_session_at cuts a forked session behind the first answer; the old one then goes on by continue"
MODEL = [[T("First.")], [T("Second.")], [T("Branch.")], [T("Main line.")]]
async def drive(sdk, make_options, log):
    first = None
    session = None
    async with sdk.ClaudeSDKClient(options=make_options()) as c:
        for p in ("one", "two"):
            await c.query(p)
            async for m in c.receive_response():
                log.message(m)
                session = getattr(m, "session_id", None) or session
                if p == "one" and type(m).__name__ == "AssistantMessage":
                    first = m.uuid
    await ask(sdk, log, "branch", make_options(resume=session, fork_session=True, extra_args={"resume-session-at": first}))
    await ask(sdk, log, "main", make_options(resume=session))
