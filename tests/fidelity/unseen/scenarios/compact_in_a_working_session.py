from _util import *
DOC = "a session with tools is compacted with instructions between turns, cleared later; hooks of both; the mode and the model stay"
AUX = {"content": [{"type": "text", "text": "<summary>Read a file, all well.</summary>"}]}
FILES = {"a.txt": "alpha\n"}
MODEL = [[TU("r1", "Read", file_path="/project/a.txt")], [T("Alpha.")], [T("<summary>We read alpha.</summary>")], [TU("e1", "Edit", file_path="/project/a.txt", old_string="alpha", new_string="beta")], [T("Beta.")], [T("Fresh.")]]
async def drive(sdk, make_options, log):
    hooks = {}
    for event in ("PreCompact", "PostCompact", "SessionStart", "SessionEnd", "UserPromptSubmit"):
        hooks |= on(sdk, log, event)
    await converse(sdk, log, make_options(hooks=hooks, permission_mode="acceptEdits", model="claude-sonnet-4-5"), "read a", "/compact keep the file names", "edit a", "/clear", "who are you?")
