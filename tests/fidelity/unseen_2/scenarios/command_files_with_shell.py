from _util import *
DOC = "custom commands that run a shell line, mention a file and a folder, name a model, forbid the model's call; the model calls one as a Skill; a prompt hook sees what was typed"
FILES = {
    "notes.txt": "buy milk\n", "docs/a.md": "A\n", "docs/b.md": "B\n",
    ".claude/commands/brief.md": "---\ndescription: briefs\nallowed-tools: Bash(cat:*)\n---\nNotes: !`cat notes.txt`\nSee @notes.txt and say $ARGUMENTS\n",
    ".claude/commands/fast.md": "---\ndescription: quick\nmodel: claude-haiku-4-5\n---\nBe quick about $1, not $2.\n",
    ".claude/commands/hidden.md": "---\ndescription: hidden\ndisable-model-invocation: true\n---\nHidden.\n",
    ".claude/commands/bad.md": "---\ndescription: bad\n---\nRuns !`cat missing.txt`\n",
}
MODEL = [[T("Milk.")], [T("Quick.")], [TU("k1", "Skill", skill="fast", args="tea coffee"), TU("k2", "Skill", skill="hidden")], [T("Called one.")], [T("spare")], [T("Folder.")]]
async def drive(sdk, make_options, log):
    hooks = {**on(sdk, log, "UserPromptSubmit"), **on(sdk, log, "UserPromptExpansion"), **on(sdk, log, "PostToolUse")}
    await converse(sdk, log, make_options(setting_sources=["project"], hooks=hooks), "/brief it all", "/fast tea", "call them", "/bad", "look at @docs")
