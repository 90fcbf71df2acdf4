from _util import *
DOC = "updated_permissions of several kinds and destinations: addRules session, addDirectories, deny rule, setMode, removeRules, projectSettings; and interrupt with deny at the end"
FILES = {"~/other/h.txt": "h\n", "~/other/i.txt": "i\n"}
MODEL = [[Bash("b1", "touch one")], [Bash("b2", "touch two")], [TU("r1", "Read", file_path="/home/user/other/h.txt")], [TU("r2", "Read", file_path="/home/user/other/i.txt")], [Bash("b3", "mkdir d")], [Bash("b4", "mkdir d")], [Bash("b5", "touch three")], [TU("w1", "Write", file_path="/project/a.txt", content="a\n")], [TU("w2", "Write", file_path="/project/b.txt", content="b\n")], [TU("f1", "WebSearch", query="weather")], [T("unsaid")]]
async def drive(sdk, make_options, log):
    def decide(name, input, context):
        key = input.get("command") or input.get("file_path") or name
        U, V = sdk.PermissionUpdate, None
        from importlib import import_module
        for m in (sdk.__name__ + ".types",):
            V = getattr(import_module(m), "PermissionRuleValue")
        ups = {"touch one": [U(type="addRules", rules=[V(tool_name="Bash", rule_content="touch:*")], behavior="allow", destination="session")],
               "/home/user/other/h.txt": [U(type="addDirectories", directories=["/home/user/other"], destination="session")],
               "mkdir d": [U(type="addRules", rules=[V(tool_name="Bash", rule_content="mkdir:*")], behavior="deny", destination="session"), U(type="removeRules", rules=[V(tool_name="Bash", rule_content="touch:*")], behavior="allow", destination="session")],
               "touch three": [U(type="addRules", rules=[V(tool_name="WebFetch")], behavior="allow", destination="projectSettings")],
               "/project/a.txt": [U(type="setMode", mode="acceptEdits", destination="session")]}.get(key)
        if key == "WebSearch":
            return sdk.PermissionResultDeny(message="stop it", interrupt=True)
        return sdk.PermissionResultAllow(updated_permissions=ups)
    await converse(sdk, log, make_options(can_use_tool=permissions(sdk, log, decide)), "go")
    log("settings", text=open("/project/.claude/settings.json").read() if os.path.exists("/project/.claude/settings.json") else None)
