from _util import *
DOC = "overloaded in the middle of a tool turn with partial messages, a 500 inside an agent, 403 in the second turn, then a good third"
MODEL = [
    [Bash("b1", "echo one")],
    {"error": {"status": 529, "type": "overloaded_error", "message": "Overloaded"}},
    [Agent("a1", "SUB look", "looker")],
    {"match": "You look.", "error": {"status": 500, "type": "api_error", "message": "Internal server error"}},
    {"match": "You look.", "content": [T("Looked.")]},
    [T("One, and looked.")],
    {"error": {"status": 403, "type": "permission_error", "message": "Your key may not use this model."}},
    [T("Back again.")],
]
async def drive(sdk, make_options, log):
    options = make_options(include_partial_messages=True, agents={"looker": sdk.AgentDefinition(description="Looks", prompt="You look.")}, hooks=on(sdk, log, "Stop"))
    await converse(sdk, log, options, "one", "two", "three")
