from _util import *
DOC = "a settings file with env, a model, additional directories and an output style; a local one over it; the options' env; what the shell sees, Read in the folder, then /clear"
FILES = {
    ".claude/settings.json": {"env": {"COLOUR": "green", "SHAPE": "round"}, "model": "claude-haiku-4-5", "outputStyle": "Explanatory", "permissions": {"additionalDirectories": ["/home/user/more"], "deny": ["Bash(rm:*)"]}},
    ".claude/settings.local.json": {"env": {"COLOUR": "blue"}, "permissions": {"allow": ["Bash(touch ok.txt)"]}},
    "~/.claude.json": {"projects": {"/project": {"hasTrustDialogAccepted": True}}},
    "~/more/x.txt": "more\n",
}
MODEL = [
    [Bash("b1", "printenv COLOUR SHAPE TASTE")], [TU("r1", "Read", file_path="/home/user/more/x.txt")],
    [Bash("b2", "touch ok.txt"), Bash("b3", "rm ok.txt")],
    [T("Seen.")],
    [T("Fresh again.")],
]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(allowed_tools=["Bash(printenv:*)"], setting_sources=["user", "project", "local"], env={"TASTE": "sweet", "COLOUR": "red"}), "look at the environment", "/clear", "hello")
