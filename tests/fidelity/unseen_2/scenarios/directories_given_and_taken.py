from _util import *
DOC = "a callback that gives a folder for the session, takes it again, replaces rules and adds a deny one; the same Reads and shell lines are tried after each"
FILES = {"~/box/a.txt": "a\n", "~/box/b.txt": "b\n"}
MODEL = [
    [TU("r1", "Read", file_path="/home/user/box/a.txt")], [TU("r2", "Read", file_path="/home/user/box/b.txt")],
    [Bash("b1", "touch t1")], [TU("r3", "Read", file_path="/home/user/box/a.txt")],
    [Bash("b2", "touch t2")], [Bash("b3", "touch t3")], [T("First turn over.")],
    [Bash("b4", "touch t4")], [TU("w1", "Write", file_path="/home/user/box/c.txt", content="c\n")], [T("Second over.")],
]
async def drive(sdk, make_options, log):
    U = sdk.PermissionUpdate
    from importlib import import_module
    R = import_module(sdk.__name__ + ".types").PermissionRuleValue
    plan = {
        "toolu_r1": [U(type="addDirectories", directories=["/home/user/box"], destination="session")],
        "toolu_b1": [U(type="removeDirectories", directories=["/home/user/box"], destination="session"), U(type="addRules", behavior="allow", rules=[R("Bash", "touch t2")], destination="session")],
        "toolu_b3": [U(type="replaceRules", behavior="allow", rules=[R("Write")], destination="session"), U(type="addRules", behavior="deny", rules=[R("Bash", "touch:*")], destination="session")],
    }
    def decide(name, input, context):
        return sdk.PermissionResultAllow(updated_permissions=plan.get(context.tool_use_id))
    await converse(sdk, log, make_options(can_use_tool=permissions(sdk, log, decide)), "go", "go on")
