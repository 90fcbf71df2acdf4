from _util import *
DOC = "rarer built-in tools in bypassPermissions: CronList, CronDelete, SendMessage to nobody, ReportFindings, Monitor with a wrong input, ExitWorktree"
ENV = {"IS_SANDBOX": "1"}
MODEL = [[TU("c1", "CronList")], [TU("c2", "CronDelete", id="nothing")], [TU("m1", "SendMessage", to="nobody", summary="hello there you", message="hello")], [TU("r1", "ReportFindings", findings=[])], [TU("x1", "ExitWorktree", action="keep")], [TU("o1", "Monitor")], [T("Rare tools tried.")]]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(permission_mode="bypassPermissions"), "try")
