from _util import *
DOC = "which Bash commands run unasked in default mode: pipes of readers, find, grep, git log, env, sed without -i, head of a file outside, cd and ls, xargs, for loops"
FILES = {"a.txt": "b\na\n", "sub/c.txt": "c\n"}
CMDS = ["cat a.txt | sort | head -1", "find . -name '*.txt' | sort", "grep -r a . | wc -l", "sed s/a/b/ a.txt", "cd sub && ls", "pwd", "echo a.txt | xargs cat", "for i in 1 2; do echo $i; done", "find . -name x -delete", "wc -l a.txt", "head -1 /etc/passwd", "echo $HOME", "git log", "test -f a.txt && echo yes", "sort a.txt -o b.txt", "awk '{print}' a.txt"]
MODEL = [[Bash(f"b{i}", c)] for i, c in enumerate(CMDS)] + [[T("Read only.")]]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(), "look")
