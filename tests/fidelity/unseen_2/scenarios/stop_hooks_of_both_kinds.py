from _util import *
DOC = "a Stop command hook in settings and a Stop callback that both block once; SubagentStop blocks by JSON; a prompt that a command hook gives context to; a system message in the end"
FILES = {"~/.claude/settings.json": {"hooks": {
    "Stop": [{"hooks": [{"type": "command", "command": "/project/h/stop.sh"}]}],
    "SubagentStop": [{"hooks": [{"type": "command", "command": "/project/h/sub.sh"}]}],
    "UserPromptSubmit": [{"hooks": [{"type": "command", "command": "echo '{\"hookSpecificOutput\": {\"hookEventName\": \"UserPromptSubmit\", \"additionalContext\": \"It rains.\"}}'"}]}]}},
    "h/stop.sh": "#!/bin/sh\nif [ -e /project/s1 ]; then echo '{\"systemMessage\": \"stop allowed\"}'; exit 0; fi\ntouch /project/s1\necho 'say it louder' >&2\nexit 2\n",
    "h/sub.sh": "#!/bin/sh\nif [ -e /project/s2 ]; then exit 0; fi\ntouch /project/s2\necho '{\"decision\": \"block\", \"reason\": \"more detail\"}'\n"}
MODEL = [
    [Agent("a1", "SUB tell", "teller")],
    {"match": "You tell.", "content": [T("Little.")]},
    {"match": "You tell.", "content": [T("Much more.")]},
    [T("done")], [T("DONE")], [T("DONE!")], [T("Second prompt.")],
]
async def drive(sdk, make_options, log):
    n = []
    def once(i):
        n.append(1)
        return {"decision": "block", "reason": "add a mark"} if len(n) == 1 else {}
    agents = {"teller": sdk.AgentDefinition(description="Tells", prompt="You tell.")}
    await converse(sdk, log, make_options(agents=agents, hooks={"Stop": [sdk.HookMatcher(hooks=[hook(log, once, "Stop", delay=0.9)])]}, setting_sources=["user"]), "tell", "and now")
