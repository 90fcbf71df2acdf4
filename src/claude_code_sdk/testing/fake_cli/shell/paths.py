"""Paths: which files a command reads or changes, as far as its words say.

The verbs are those of the CLI's refusals ("For security, Claude Code may only concatenate files from …").
"""

from __future__ import annotations

from os.path import isabs, join, normpath

from .line import Simple

READS = {
    "cat": "concatenate files from",
    "head": "read the beginning of files from",
    "tail": "read the end of files from",
    "ls": "list files in",
    "find": "search files in",
    "cd": "change directories to",
    "grep": "search for patterns in files from",
    "rg": "search for patterns in files from",
    "sort": "sort contents of files from",
    "uniq": "filter duplicate lines from files in",
    "wc": "count lines/words/bytes in files from",
    "cut": "extract columns from files in",
    "paste": "merge files from",
    "column": "format files from",
    "tr": "transform text from files in",
    "file": "examine file types in",
    "stat": "read file stats from",
    "diff": "compare files from",
    "awk": "process text from files in",
    "strings": "extract strings from files in",
    "hexdump": "display hex dump of files from",
    "od": "display octal dump of files from",
    "base64": "encode/decode files from",
    "nl": "number lines in files from",
    "jq": "process JSON from files in",
    "sha256sum": "compute SHA-256 checksums for files in",
    "sha1sum": "compute SHA-1 checksums for files in",
    "md5sum": "compute MD5 checksums for files in",
}
"""Commands that read the files named in their words, and what the CLI calls that."""

CHANGES = frozenset(["touch", "mkdir", "rm", "rmdir", "mv", "cp", "sed", "tee"])
"""Commands that create, change or remove them."""

NO_FLAGS = frozenset(["mv", "cp"])
"""Those whose options the CLI does not look through."""

FIRST_IS_NO_PATH = frozenset(["grep", "rg", "sed", "awk", "jq", "tr"])
WITH_VALUE = {
    "head": ("-n", "-c"), "tail": ("-n", "-c"), "grep": ("-e", "-f", "-A", "-B", "-C", "-m"),
    "rg": ("-e", "-f", "-A", "-B", "-C", "-g", "-t"), "sort": ("-k", "-t"), "cut": ("-d", "-f", "-c"),
    "stat": ("-c", "-f"), "sed": ("-e", "-f"),
}  # fmt: skip
"""Options whose value is a word of its own."""


def unwrapped(command: Simple) -> Simple:
    """What a command runs that only limits it, `timeout 5 rm x`: the command within."""
    if command.words[:1] == ["timeout"] and len(command.words) > 2:
        return Simple(command.text, command.bare, command.words[2:], [], command.redirects, command.piped)
    return command


def operands(command: Simple) -> list[str]:
    """The words that are no options, nor values of options."""
    found, skip, plain, word_before = [], False, False, ""
    takes = WITH_VALUE.get(command.name, ())
    for word in command.words[1:]:
        if skip:
            skip = False
            if word_before == "-f" and command.name in ("grep", "rg"):
                found.append(word)
        elif plain or not word.startswith("-") or word == "-":
            found.append(word)
        elif word == "--":
            plain = True
        else:
            skip = word in takes
        word_before = word
    return found


def named_paths(command: Simple, cwd: str, home: str) -> list[str]:
    """Absolute paths of the files that a command is given, in their order."""
    found = operands(command)
    name = command.name
    if name in FIRST_IS_NO_PATH and not {"-e", "-f"}.intersection(command.words):
        found = found[1:]
    if name == "find":
        found = found[: next((n for n, word in enumerate(command.words[1:]) if word.startswith("-")), len(found))]
    if name == "cd" and not found:
        found = ["~"]
    return [absolute(path, cwd, home) for path in found if path != "-"]


def absolute(path: str, cwd: str, home: str) -> str:
    """A path as the shell would take it."""
    if path == "~" or path.startswith("~/"):
        path = home + path[1:]
    for variable in ("$HOME", "$PWD"):
        if path == variable or path.startswith(f"{variable}/"):
            path = (home if variable == "$HOME" else cwd) + path[len(variable) :]
    return normpath(path if isabs(path) else join(cwd, path))
