from _util import *
DOC = "a slash command with a uuid, a local command queued behind a running tool, a custom command with frontmatter tools, replay on"
FILES = {".claude/commands/touchit.md": "---\ndescription: touches\nallowed-tools: Bash(touch:*)\n---\nTouch $ARGUMENTS\n"}
MODEL = [[Bash("b1", "touch made")], [T("Touched by command.")], [Bash("b2", "touch other")], [T("Second.")], [T("Spare.")]]
async def drive(sdk, make_options, log):
    u = lambda n: f"66666666-6666-4666-8666-66666666666{n}"
    async with sdk.ClaudeSDKClient(options=make_options(extra_args={"replay-user-messages": None})) as c:
        await c.query(feed(user("/touchit made", uuid=u(1))))
        await listen(c, log)
        await c.query(feed(user("/cost", uuid=u(2))))
        await listen(c, log)
        await c.query("touch the other")
        await listen(c, log)
