"""Read-only commands: those that run without asking, as far as their options stay among the harmless ones.

The names and options are those that CLI 2.1.330 was seen to let pass, or to ask about, in the default mode.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .line import Simple

# fmt: off
ALWAYS = frozenset([
    "ls", "cat", "head", "tail", "wc", "grep", "rg", "pwd", "cd", "whoami", "id", "uname", "true", "false", "test",
    "[", "[[", "which", "type", "stat", "file", "du", "df", "cut", "tr", "diff", "basename", "dirname", "realpath",
    "readlink", "printf", "echo", "seq", "nl", "rev", "tac", "paste", "fold", "expand", "unexpand", "comm", "cmp",
    "strings", "hexdump", "od", "base64", "md5sum", "sha1sum", "sha256sum", "jq", "ps", "free", "uptime", "lsof",
    "netstat", "ss", "ip", "nproc", "arch", "locale", "cal", "man", "history", "help", "sleep", "expr", "numfmt",
    "groups", "pgrep", "tsort", "column", "info",
])
# fmt: on
"""With any options, except those of `NOT_WITH`."""

ALONE = frozenset(["hostname", "ifconfig"])
"""Only without operands."""

NOT_WITH = {
    "sort": re.compile(r"-[a-zA-Z]*o.*|--output.*|--compress-program.*|-T.*"),
    "tree": re.compile(r"-[a-zA-Z]*o.*|--output.*|-R"),
    "date": re.compile(r"-[a-zA-Z]*s.*|--set.*"),
    "rg": re.compile(r"--pre.*|--files.*|--hostname-bin.*|-z|--search-zip"),
    "file": re.compile(r"-[a-zA-Z]*C.*|--compile.*"),
    "hostname": re.compile(r"-[bF].*|--file.*|--boot.*"),
    "jq": re.compile(r"-f|--from-file.*|--rawfile.*|--slurpfile.*|-L.*"),
}
"""Options with which the user is asked."""

GIT = frozenset([
    "status", "log", "diff", "show", "blame", "rev-parse", "ls-files", "describe", "reflog", "shortlog", "grep",
    "cat-file", "merge-base", "for-each-ref", "rev-list", "ls-remote",
])  # fmt: skip
DOCKER = frozenset(["ps", "images", "logs", "inspect"])
VERSIONS = {"node": ("-v", "--version"), "python": ("--version",), "python3": ("--version",)}
XARGS = frozenset(["echo", "printf", "wc", "grep"])
"""What `xargs` may run."""

FIND_ACTS = frozenset(
    ["-delete", "-exec", "-execdir", "-ok", "-okdir", "-fprint", "-fprint0", "-fprintf", "-fls", "-files0-from"]
)
_GIT_CHANGES = re.compile(r"-[a-zA-Z]*[dDmMcCfu].*|--(delete|move|copy|force|set-upstream.*|edit.*|unset.*)")
_SED_LINES = re.compile(r"\d+(,\d+)?p")


def only_reads(command: Simple) -> bool:
    """Whether a command is one that runs without asking, as far as its name and options say.

    Assignments before it are another matter.
    """
    words = command.words
    if not words:
        return True
    return _reads(words)


def _reads(words: list[str]) -> bool:
    name, rest = words[0], words[1:]
    options = [word for word in rest if word.startswith("-")]
    operands = [word for word in rest if not word.startswith("-")]
    forbidden = NOT_WITH.get(name)
    if forbidden is not None and any(forbidden.fullmatch(option) for option in options):
        return False
    if name in ALWAYS or name in ("sort", "tree"):
        return True
    if name in ALONE:
        return not operands
    if name == "uniq":
        return not operands and bool(options)
    if name == "date":
        return all(word.startswith("+") for word in operands) or "-d" in options
    if name == "find":
        return not FIND_ACTS.intersection(options)
    if name == "sed":
        if options == ["-n"]:
            return bool(operands) and _SED_LINES.fullmatch(operands[0]) is not None
        return not options and len(operands) == 1 and operands[0].startswith("s")
    if name == "git":
        return _git_reads(rest)
    if name == "docker":
        return bool(rest) and rest[0] in DOCKER
    if name in VERSIONS:
        return len(rest) == 1 and rest[0] in VERSIONS[name]
    if name == "xargs":
        return not rest or rest[0] in XARGS
    if name == "timeout":
        return len(rest) > 1 and rest[0].replace(".", "", 1).rstrip("smhd").isdigit() and _reads(rest[1:])
    return False


def _git_reads(rest: list[str]) -> bool:
    if not rest:
        return False
    subcommand, rest = rest[0], rest[1:]
    operands = [word for word in rest if not word.startswith("-")]
    if subcommand in GIT:
        return not any(word.startswith("--output") for word in rest)
    if subcommand in ("branch", "tag"):
        changing = any(_GIT_CHANGES.fullmatch(word) for word in rest)
        listing = any(word in ("-l", "--list") for word in rest)
        return not changing and (not operands or listing)
    if subcommand == "remote":
        return not operands
    if subcommand in ("stash", "worktree"):
        return operands[:1] == ["list"] or (subcommand == "stash" and operands[:1] == ["show"])
    if subcommand == "config":
        return rest[:1] == ["--get"]
    return False
