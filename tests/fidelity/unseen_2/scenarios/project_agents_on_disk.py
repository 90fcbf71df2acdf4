from _util import *
DOC = "agents of the project's and of the user's files beside one of the options with the same name; tools, model and a body of theirs; called in turn, the last by a name with capitals"
FILES = {
    ".claude/agents/librarian.md": "---\nname: librarian\ndescription: Knows the files\ntools: Read, Grep\nmodel: haiku\n---\nYou are the librarian.\n",
    "~/.claude/agents/critic.md": "---\nname: critic\ndescription: Criticises\n---\nYou are the critic of the user.\n",
    ".claude/agents/broken.md": "no frontmatter here\n",
    "books.txt": "Emma\nIvanhoe\n",
}
MODEL = [
    [T("Asking."), Agent("a1", "SUB list the books", "librarian")],
    {"match": "You are the librarian.", "content": [TU("r1", "Read", file_path="/project/books.txt"), Bash("b1", "cat books.txt")]},
    {"match": "You are the librarian.", "content": [T("Emma and Ivanhoe.")]},
    [Agent("a2", "SUB criticise", "critic")],
    {"match": "You are the critic of the options.", "content": [T("Too short a list.")]},
    [Agent("a3", "SUB", "broken"), Agent("a4", "SUB", "Librarian")],
    {"match": "You are the librarian.", "content": [T("Again?")]},
    [T("Two books.")],
]
async def drive(sdk, make_options, log):
    agents = {"critic": sdk.AgentDefinition(description="Criticises better", prompt="You are the critic of the options.", model="sonnet")}
    hooks = {**on(sdk, log, "SubagentStart"), **on(sdk, log, "SubagentStop")}
    await converse(sdk, log, make_options(agents=agents, setting_sources=["user", "project"], hooks=hooks, model="claude-opus-4-5"), "which books are there?")
