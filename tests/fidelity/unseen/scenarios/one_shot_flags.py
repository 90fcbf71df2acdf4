from _util import *
DOC = "query() with --print and further flags: an appended prompt, disabled slash commands, a tool rule, effort, a fallback model; a prompt with a slash, then one without"
MODEL = [[{"type": "thinking", "thinking": "Short."}, T("First words."), Bash("b1", "echo hi"), TU("r1", "Read", file_path="/project/none.txt")], [T("Last words.")]]
async def drive(sdk, make_options, log):
    options = make_options(system_prompt="You are terse.", allowed_tools=["Bash(echo:*)"], tools=["Bash", "Read"], effort="low", fallback_model="claude-haiku-4-5", model="claude-sonnet-4-5",
                           extra_args={"print": None, "append-system-prompt": "Answer in English.", "disable-slash-commands": None})
    await ask(sdk, log, "/cost is not a command now", options)
    await ask(sdk, log, "look around", options)
