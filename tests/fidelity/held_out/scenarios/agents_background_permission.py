from _util import *
DOC = "a background sub-agent needs a permission after the first result; then its notification turn"
MODEL = [[Agent("a1", "SUB touch", "toucher", background=True)], {"match": "You are a toucher.", "delay": 0.8, "content": [Bash("b1", "touch made")]}, {"match": "You are a toucher.", "content": [T("Touched it.")]},
         [T("It is on its way.")], [T("It is done.")]]
async def drive(sdk, make_options, log):
    async with sdk.ClaudeSDKClient(options=make_options(can_use_tool=permissions(sdk, log), agents={"toucher": sdk.AgentDefinition(description="Touches", prompt="You are a toucher.")})) as c:
        await c.query("touch")
        await until(c, log, results(2))
        await asyncio.sleep(0.3)
