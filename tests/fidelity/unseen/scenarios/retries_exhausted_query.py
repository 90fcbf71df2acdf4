from _util import *
DOC = "CLAUDE_CODE_MAX_RETRIES 2 and a service that stays down after a tool ran: one-shot, then the session resumed"
ENV = {"CLAUDE_CODE_MAX_RETRIES": "2"}
DOWN = {"error": {"status": 503, "type": "api_error", "message": "Service unavailable"}}
MODEL = [[T("First a tool."), Bash("b1", "echo up")], DOWN, DOWN, DOWN, [T("Up again.")]]
async def drive(sdk, make_options, log):
    s = "45454545-4545-4454-8454-454545454545"
    await ask(sdk, log, "check the service", make_options(session_id=s))
    await ask(sdk, log, "and now?", make_options(resume=s))
