from _util import *
DOC = "tools=['Read', 'Agent', 'Skill'], a skill in the project, a disallowed one; calls to listed and unlisted tools; the system prompt as text"
FILES = {".claude/skills/fold/SKILL.md": "---\nname: fold\ndescription: Folds things\n---\nFold $ARGUMENTS twice.\n", "a.txt": "a\n"}
MODEL = [[TU("r1", "Read", file_path="/project/a.txt")], [Bash("b1", "ls")], [TU("k1", "Skill", skill="fold", args="paper")], [TU("g1", "Glob", pattern="*")], [TU("k2", "Skill", skill="missing")], [T("Folded.")], [T("By command.")]]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(tools=["Read", "Skill"], system_prompt="You fold.", allowed_tools=["Skill(fold)"], can_use_tool=permissions(sdk, log)), "fold it", "/fold a letter")
