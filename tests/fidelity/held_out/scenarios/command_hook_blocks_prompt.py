from _util import *
DOC = "a UserPromptSubmit command hook exits 2 for one prompt, answers JSON block for another; a Stop command hook exits 2 once; no hook events asked for"
FILES = {"~/.claude/settings.json": {"hooks": {"UserPromptSubmit": [{"hooks": [{"type": "command", "command": """p=$(cat); case "$p" in *secret*) echo 'no secrets' >&2; exit 2;; *"as json"*) echo '{"decision": "block", "reason": "json block"}';; esac"""}]}],
    "Stop": [{"hooks": [{"type": "command", "command": """p=$(cat); case "$p" in *'"stop_hook_active":false'*) echo 'keep going' >&2; exit 2;; esac"""}]}]}}}
MODEL = [[T("Once.")], [T("Twice.")]]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(), "a secret", "as json", "plain")
