from _util import *
DOC = "a skill of the project called by the model and by the user as a slash command; one that is not there; hooks on Skill"
FILES = {".claude/skills/haiku/SKILL.md": "---\nname: haiku\ndescription: Writes a haiku about a thing\n---\nWrite a haiku about $ARGUMENTS. Count the syllables.\n"}
MODEL = [[TU("k1", "Skill", skill="haiku", args="rain")], [T("Rain on the window.")], [T("Snow on the mountain.")], [TU("k2", "Skill", skill="sonnet")], [T("No sonnets here.")]]
async def drive(sdk, make_options, log):
    hooks = {**on(sdk, log, "PreToolUse", None, "Skill"), **on(sdk, log, "PostToolUse", None, "Skill"), **on(sdk, log, "UserPromptSubmit")}
    await converse(sdk, log, make_options(setting_sources=["project"], skills="all", hooks=hooks), "a haiku about rain", "/haiku snow", "a sonnet")
