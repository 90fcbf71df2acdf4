from _util import *
DOC = "a callback before the shell: changes the command, applies the suggestions, denies, raises; the same lines come again"
MODEL = [
    [Bash("b1", "touch one.txt", "Make one")],
    [Bash("b2", "touch two.txt && echo two", "Make two")],
    [Bash("b3", "touch two.txt && echo two", "Make two again")],
    [Bash("b4", "touch three.txt", "Make three"), Bash("b5", "echo free"), Bash("b6", "touch four.txt")],
    [T("That is all I could do.")],
    [Bash("b7", "touch one.txt", "Make one again"), Bash("b8", "touch boom.txt")],
    [T("Done.")],
]
async def drive(sdk, make_options, log):
    def decide(name, input, context):
        command = input["command"]
        if command == "touch one.txt":
            return sdk.PermissionResultAllow(updated_input={**input, "command": "echo instead of one"})
        if command.startswith("touch two"):
            return sdk.PermissionResultAllow(updated_permissions=context.suggestions)
        if "three" in command:
            return "three is unlucky"
        if "boom" in command:
            raise ValueError("the approval service is down")
    await converse(sdk, log, make_options(can_use_tool=permissions(sdk, log, decide)), "make files", "again")
