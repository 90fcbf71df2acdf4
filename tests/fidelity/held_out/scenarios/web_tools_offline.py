from _util import *
DOC = "WebFetch, WebSearch, Monitor, TaskOutput, KillShell/TaskStop and other rarer tools where nothing can be reached"
ENV = {"IS_SANDBOX": "1"}
MODEL = [[TU("f1", "WebFetch", url="http://localhost:1/x", prompt="what")], [TU("f2", "WebFetch", url="not a url", prompt="what")], [TU("k1", "TaskStop", task_id="nothing")], [TU("o1", "TaskOutput", task_id="nothing")], [TU("k2", "KillShell", shell_id="nothing")], [TU("s1", "Skill", skill="no-such-skill")], [TU("t1", "ToolSearch", query="select:WebFetch", max_results=3)], [TU("t2", "ToolSearch", query="zzzz nothing")], [T("Nothing reached.")]]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(permission_mode="bypassPermissions"), "reach out")
