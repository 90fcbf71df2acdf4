from _util import *
DOC = "hooks of a settings file beside callbacks of the same events, shown with include_hook_events: context, a block by exit 2, json on stdout"
FILES = {
    "h/context.sh": "#!/bin/sh\necho 'context from the shell'\n",
    "h/block.sh": "#!/bin/sh\necho 'no touching' >&2\nexit 2\n",
    "h/json.sh": "#!/bin/sh\necho '{\"systemMessage\": \"seen by json\", \"suppressOutput\": true}'\n",
    ".claude/settings.json": {"hooks": {"UserPromptSubmit": [{"hooks": [{"type": "command", "command": "/project/h/context.sh"}]}],
                                        "PreToolUse": [{"matcher": "Bash", "hooks": [{"type": "command", "command": "/project/h/block.sh"}]}],
                                        "PostToolUse": [{"matcher": "Read", "hooks": [{"type": "command", "command": "/project/h/json.sh"}]}]}},
    "a.txt": "alpha\n",
}
MODEL = [[Bash("b1", "echo touch")], [TU("r1", "Read", file_path="/project/a.txt")], [T("Done what I could.")]]
async def drive(sdk, make_options, log):
    hooks = {**on(sdk, log, "UserPromptSubmit", {"systemMessage": "prompt noted"}), **on(sdk, log, "PreToolUse", specific("PreToolUse", permissionDecision="allow"), "Bash"), **on(sdk, log, "PostToolUse")}
    await converse(sdk, log, make_options(hooks=hooks, setting_sources=["project"], include_hook_events=True), "go")
