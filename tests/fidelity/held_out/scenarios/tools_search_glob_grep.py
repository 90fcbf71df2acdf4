from _util import *
DOC = "Glob and Grep (listed by tools=[...]): files, content with lines, count, no match, a bad pattern"
FILES = {"a.txt": "one\ntwo\n", "sub/b.txt": "two again\n", "sub/c.py": "x = 2\n"}
MODEL = [[TU("g1", "Glob", pattern="**/*.txt")], [TU("g2", "Glob", pattern="*.nothing")],
         [TU("s1", "Grep", pattern="again")], [TU("s2", "Grep", pattern="two", output_mode="content", **{"-n": True}, path="/project/a.txt")],
         [TU("s3", "Grep", pattern="two", output_mode="count", path="/project/sub")], [TU("s4", "Grep", pattern="zzz", output_mode="content")],
         [T("Searched.")]]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(tools=["Glob", "Grep", "Read"]), "search")
