from _util import *
DOC = "what can_use_tool is told about Bash: compound lines, redirects, cd outside, pipes, rm, npm, git, environment, substitution; all denied"
MODEL = [[Bash("b1", "git status && git push origin main")], [Bash("b2", "echo hi > out.txt")], [Bash("b3", "cd /tmp && touch x")], [Bash("b4", "npm run test:unit -- --watch")],
         [Bash("b5", "rm -rf build")], [Bash("b6", "cat /etc/passwd")], [Bash("b7", "FOO=1 python3 -c 'print(1)'")], [Bash("b8", "echo $(touch y)")], [Bash("b9", "ls | tee z.txt")], [Bash("b10", "curl -s http://example.com")],
         [Bash("b11", "cp a.txt /tmp/b.txt; mkdir q")], [Bash("b12", "git status")], [T("None ran.")]]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(can_use_tool=permissions(sdk, log, lambda n, i, c: "no: " + i["command"].split()[0])), "go")
