from _util import *
DOC = "set_model (good, refused, None), set_permission_mode to each mode, get_context_usage, get_mcp_status, stop_task, toggle and reconnect of unknown servers, between turns"
MODEL = [[T("One.")], {"match": "\"gone-model\"", "error": {"status": 404, "type": "not_found_error", "message": "model: gone-model"}, "repeat": True}, [Bash("b1", "touch x")], [T("Two.")], [T("Three.")]]
async def drive(sdk, make_options, log):
    def call(n, f):
        f.__name__ = n
        return f
    await converse(sdk, log, make_options(can_use_tool=permissions(sdk, log)), "one",
        call("set_model", lambda c: c.set_model("claude-sonnet-4-5")), call("mode_accept", lambda c: c.set_permission_mode("acceptEdits")), "two",
        call("set_model_none", lambda c: c.set_model(None)), call("mode_plan", lambda c: c.set_permission_mode("plan")), call("mode_dontask", lambda c: c.set_permission_mode("dontAsk")), call("mode_auto", lambda c: c.set_permission_mode("auto")), call("mode_default", lambda c: c.set_permission_mode("default")), call("mode_default_again", lambda c: c.set_permission_mode("default")),
        call("status", lambda c: c.get_mcp_status()), call("stop", lambda c: c.stop_task("nothing")), call("toggle", lambda c: c.toggle_mcp_server("nobody", True)), call("reconnect", lambda c: c.reconnect_mcp_server("nobody")),
        "three", call("rewind", lambda c: c.rewind_files("77777777-7777-4777-8777-777777777777")))
