from _util import *
DOC = "set_model to a model the API does not know, bypassPermissions without the flag, an unknown mode, then turns with a tool; max_thinking through by-hand control is not there"
MODEL = [[T("One.")], [Bash("b1", "touch a")], [T("Two.")]]
AUX = {"error": {"status": 404, "type": "not_found_error", "message": "model: gone-model"}}
async def drive(sdk, make_options, log):
    def call(n, f):
        f.__name__ = n
        return f
    await converse(sdk, log, make_options(can_use_tool=permissions(sdk, log)), "one", call("model", lambda c: c.set_model("gone-model")), call("bypass", lambda c: c.set_permission_mode("bypassPermissions")), call("mode", lambda c: c.set_permission_mode("nonsense")), call("accept", lambda c: c.set_permission_mode("acceptEdits")), "two")
