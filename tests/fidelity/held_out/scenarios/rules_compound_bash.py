from _util import *
DOC = "rules with contents through allowed_tools and disallowed_tools: prefixes, exact commands, compound lines, a deny inside an allow, WebFetch domains, MCP servers, paths"
FILES = {"secrets/key.txt": "k\n", "src/m.py": "x = 1\n", "doc/a.md": "a\n", "pub.txt": "p\n"}
MODEL = [[Bash("b1", "touch one && touch two")], [Bash("b2", "touch three && mkdir four")], [Bash("b3", "touch five > log.txt")], [Bash("b4", "mkdir exact")], [Bash("b5", "mkdir exact2")], [Bash("b6", "touch no-entry")], [Bash("b7", "touchy")],
         [TU("r1", "Read", file_path="/project/secrets/key.txt")], [TU("r2", "Read", file_path="/project/pub.txt")], [TU("r3", "Read", file_path="/project/src/m.py")],
         [TU("e1", "Edit", file_path="/project/src/m.py", old_string="x = 1", new_string="x = 2")], [TU("w1", "Write", file_path="/project/src/new.py", content="y\n")], [TU("w2", "Write", file_path="/project/doc/b.md", content="y\n")],
         [TU("m1", "mcp__kit__greet", name="Ada")], [TU("m2", "mcp__box__open", name="Bob")], [Bash("b8", "cat secrets/key.txt")], [Bash("b9", "npm run test:unit")], [Bash("b10", "npm run build")], [T("Rules done.")]]
async def drive(sdk, make_options, log):
    def server(n, t):
        @sdk.tool(t, "Says", {"name": str})
        async def f(args):
            log("tool", args=args)
            return {"content": [{"type": "text", "text": t + " " + args["name"]}]}
        return sdk.create_sdk_mcp_server(n, tools=[f])
    await converse(sdk, log, make_options(mcp_servers={"kit": server("kit", "greet"), "box": server("box", "open")},
        allowed_tools=["Bash(touch:*)", "Bash(mkdir exact)", "Edit(src/**)", "mcp__kit", "mcp__box__*", "Bash(npm run test:*)"],
        disallowed_tools=["Bash(touch no-entry)", "Read(./secrets/**)"]), "go")
