from _util import *
DOC = "a plugin that brings a stdio server, a Stop command hook that blocks once, a command with arguments and a file mention; hook events shown, then its status"
FILES = {
    "plug/.claude-plugin/plugin.json": {"name": "garden", "version": "0.3.0", "description": "A garden", "author": {"name": "Ada"}},
    "plug/.mcp.json": {"mcpServers": {"pump": {"command": "/usr/bin/python3", "args": ["${CLAUDE_PLUGIN_ROOT}/server.py"]}}},
    "plug/server.py": STDIO_SERVER,
    "plug/hooks/hooks.json": {"hooks": {"Stop": [{"hooks": [{"type": "command", "command": "${CLAUDE_PLUGIN_ROOT}/once.sh"}]}], "PostToolUse": [{"matcher": "mcp__.*", "hooks": [{"type": "command", "command": "echo watered"}]}]}},
    "plug/once.sh": "#!/bin/sh\nif [ -e /project/once ]; then exit 0; fi\ntouch /project/once\necho 'water twice' >&2\nexit 2\n",
    "plug/commands/water.md": "---\ndescription: waters a bed\nargument-hint: BED LITRES\n---\nWater bed $1 with $2 litres.\n",
}
MODEL = [
    [TU("m1", "mcp__plugin_garden_pump__echo", s="bed 4")],
    [T("Watered.")],
    [TU("m2", "mcp__plugin_garden_pump__fail")],
    [T("The pump failed the second time.")],
    [T("spare")],
]
async def drive(sdk, make_options, log):
    options = make_options(plugins=[{"type": "local", "path": "/project/plug"}], include_hook_events=True, setting_sources=["project"], allowed_tools=["mcp__plugin_garden_pump"])
    async def get_mcp_status(c):
        return await c.get_mcp_status()
    await converse(sdk, log, options, "/garden:water 4 20", get_mcp_status, "thanks")
