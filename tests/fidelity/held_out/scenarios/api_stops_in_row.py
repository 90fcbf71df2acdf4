from _util import *
DOC = "odd ends of a model message, a turn each: max_tokens after text, max_tokens in a tool call, pause_turn, refusal with details, model_context_window_exceeded, empty content twice, stop_sequence"
MODEL = [{"match": "", "content": []}][:0] + [
    {"content": [T("Cut he")], "stop_reason": "max_tokens"}, [T("re it is.")],
    {"content": [T("Paused.")], "stop_reason": "pause_turn"}, [T("Resumed.")],
    {"content": [T("I will")], "stop_reason": "refusal", "stop_details": {"type": "refusal", "category": "cyber", "explanation": "not that"}}, [T("Never said?")],
    {"content": [T("Window")], "stop_reason": "model_context_window_exceeded"}, [T("After window.")],
    {"content": [T("Stopped")], "stop_reason": "stop_sequence", "stop_sequence": "END"}, [T("spare one")], [T("spare two")]]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(), "one", "two", "three", "four", "five")
