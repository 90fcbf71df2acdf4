from _util import *
DOC = "a stream that breaks in a tool call's block, one that breaks after a complete tool call, an SSE overloaded error after text; all with partial messages; retries"
ENV = {"CLAUDE_CODE_MAX_RETRIES": "1"}
MODEL = [{"content": [T("Let me look."), Bash("b1", "echo one")], "drop": True}, [T("Kept going.")],
         {"content": [], "stream_error": {"type": "overloaded_error", "message": "busy"}}, [T("After nothing.")],
         {"content": [T("Half")], "stream_error": {"type": "api_error", "message": "broke"}}, [T("After half.")]]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(include_partial_messages=True, allowed_tools=["Bash"]), "one", "two", "three")
