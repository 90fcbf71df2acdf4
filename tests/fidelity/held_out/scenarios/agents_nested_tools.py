from _util import *
DOC = "a sub-agent with its own tools and model: a tool it may not use, a Read, an unknown sub-agent called from it, its error; hooks see agent ids"
FILES = {"a.txt": "one\n"}
MODEL = [[Agent("a1", "SUB look", "looker")],
         {"match": "You are a looker.", "content": [Bash("b1", "touch no")]}, {"match": "You are a looker.", "content": [TU("r1", "Read", file_path="/project/a.txt")]},
         {"match": "You are a looker.", "content": [Agent("a2", "deeper", "looker")]}, {"match": "You are a looker.", "content": [T("Saw one.")]},
         [Agent("a3", "SUB none", "nobody")], [T("All looked at.")]]
async def drive(sdk, make_options, log):
    h = {**on(sdk, log, "PreToolUse"), **on(sdk, log, "SubagentStart"), **on(sdk, log, "SubagentStop"), **on(sdk, log, "PostToolUse", matcher="Agent"), **on(sdk, log, "Stop")}
    await converse(sdk, log, make_options(hooks=h, agents={"looker": sdk.AgentDefinition(description="Looks", prompt="You are a looker.", tools=["Read"], model="haiku")}), "look")
