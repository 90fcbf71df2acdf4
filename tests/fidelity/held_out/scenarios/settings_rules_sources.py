from _util import *
DOC = "rules from user, project, local and flag settings together: allow, deny, ask; default mode set in settings; a trusted folder"
FILES = {"~/.claude.json": {"projects": {"/project": {"hasTrustDialogAccepted": True}}}, "~/.claude/settings.json": {"permissions": {"allow": ["Bash(touch user*)", "WebSearch"], "deny": ["Bash(touch user-no)"]}},
         ".claude/settings.json": {"permissions": {"allow": ["Bash(touch proj:*)", "Write(out/**)"], "ask": ["Bash(touch proj ask)"]}}, ".claude/settings.local.json": {"permissions": {"allow": ["Bash(mkdir:*)"], "deny": ["Read(/private/**)"]}}, "private/x.txt": "x\n"}
MODEL = [[Bash("b1", "touch user-ok")], [Bash("b2", "touch user-no")], [Bash("b3", "touch proj ok")], [Bash("b4", "touch proj ask")], [Bash("b5", "mkdir local")], [Bash("b6", "rmdir local")], [TU("w1", "Write", file_path="/project/out/a.txt", content="a\n")], [TU("w2", "Write", file_path="/project/b.txt", content="b\n")],
         [TU("r1", "Read", file_path="/project/private/x.txt")], [T("Rules from everywhere.")]]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(can_use_tool=permissions(sdk, log, lambda n, i, c: "callback: no"), settings=json.dumps({"permissions": {"allow": ["Bash(rmdir local)"]}})), "go")
