"""Verdict: what of a command line the user has to approve, apart from rules.

Each command of a line is looked at by itself: does it only read, and only where it may?  Does it change files, and may
it there?  What is left needs approval.  Texts and order are those of CLI 2.1.330.  Above: `tools/bash.py`.
"""

from __future__ import annotations

import re
from os.path import basename, dirname, isdir

from .paths import CHANGES, NO_FLAGS, READS, absolute, named_paths, operands, unwrapped
from .read_only import FIND_ACTS, only_reads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .line import Line, Simple

APPROVAL = "This command requires approval"
SUBSHELL = "This command uses shell operators that require approval for safety"
BACKGROUND = (
    "This command uses the `&` background operator, which defers execution past approval-time safety checks. "
    "Approve only if you trust it."
)
CD_AND_GIT = (
    "This command changes directory before running a version-control command, which can pick up untrusted hooks or "
    "repository configuration from the target directory. Approve only if you trust it."
)
CD_AND_WRITE = (
    "Compound command contains cd with write operation - manual approval required to prevent path resolution bypass"
)
CD_AND_WRITE_TOLD = (
    "Commands that change directories and perform write operations require explicit approval to ensure paths are "
    "evaluated correctly. For security, Claude Code cannot automatically determine the final working directory when "
    "'cd' is used in compound commands."
)
CD_AND_REDIRECT = (
    "Compound command contains cd with output redirection - manual approval required to prevent path resolution bypass"
)
CD_AND_REDIRECT_TOLD = CD_AND_WRITE_TOLD.replace("perform write operations", "write via output redirection")
SED_TOLD = "sed command requires approval (contains potentially dangerous operations)"
SED_REASON = "sed command contains operations that require explicit approval (e.g., write commands, execute commands)"
GLOB_WRITE = "Glob patterns are not allowed in write operations. Please specify an exact file path."
TRAVERSAL = (
    "Path contains '..' traversal after a directory segment, which may follow a symlink outside the working directory"
)
JQ_FLAGS = "jq command contains dangerous flags that could execute code or read arbitrary files"
PROC_ENVIRON = "Accesses /proc/*/environ which may expose secrets"

EVALUATE = frozenset(["eval", "source", ".", "exec", "alias", "trap", "let", "command_not_found_handle", "coproc"])
"""Builtins whose arguments are code."""

ZSH = frozenset(["shopt", "zmodload", "emulate", "setopt", "autoload", "zcompile", "sysopen", "ztcp", "zpty"])

SAFE_VARIABLES = frozenset([
    "NODE_ENV", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "CI", "NO_COLOR", "FORCE_COLOR", "TERM", "COLORTERM", "RUST_LOG",
    "RUST_BACKTRACE", "GOOS", "GOARCH", "CGO_ENABLED", "GO111MODULE", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE",
    "PYTEST_DEBUG", "ANTHROPIC_API_KEY", "DEBUG",
])  # fmt: skip
"""Assignments before a command that change nothing of what it may do."""

_JQ_FLAG = re.compile(r"-f|--from-file.*|--rawfile.*|--slurpfile.*|-L.*")
_PROC_ENVIRON = re.compile(r".*/proc/[^/]+/environ.*")

RULE, DIRECTORY, MODE, READING = "rule", "directory", "mode", "reading"
"""What can be offered: a rule for the command, a directory to work in, acceptEdits, a rule for reading a folder."""


class Need:
    """Something that the user has to approve.

    - `command`: whose it is, None where it is the whole line's.
    - `told`: the denial where nobody can be asked.
    - `reason`, `reason_type`: why, None for an ordinary matter of paths.
    - `path`: the file it is about.
    - `offers`: what `can_use_tool` suggests; None: it has no suggestions at all.
    - `alone`: whether nothing is suggested where other commands of the line need approval too.
    - `facts`: what `can_use_tool` says besides.
    """

    __slots__ = ("alone", "command", "facts", "offers", "path", "reason", "reason_type", "told")

    def __init__(
        self,
        command: Simple | None,
        told: str,
        *,
        reason: str | None = None,
        reason_type: str | None = None,
        path: str | None = None,
        offers: tuple[str, ...] | None = (),
        alone: bool = False,
        **facts: object,
    ) -> None:
        self.command = command
        self.told = told
        self.reason = reason
        self.reason_type = reason_type
        self.path = path
        self.offers = offers
        self.alone = alone
        self.facts = facts

    @classmethod
    def other(cls, command: Simple | None, reason: str, offers: tuple[str, ...] | None = (), told: str = "") -> Need:
        """One of the CLI's reasons of type `other`."""
        return cls(command, told or reason, reason=reason, reason_type="other", offers=offers)


class Ground:
    """Where a command line would run, and what may be done there.

    - `cwd`, `home`: absolute; `places`: the working directories.
    - `edits`: whether the mode lets commands change files in them.
    """

    def __init__(self, cwd: str, home: str, places: list[str], edits: bool) -> None:
        self.cwd = cwd
        self.home = home
        self.places = places
        self.edits = edits

    def within(self, path: str) -> bool:
        """Whether a path lies in a working directory."""
        raise NotImplementedError

    def may_read(self, path: str) -> bool:
        """Whether a file may be read, by its place or by a rule."""
        raise NotImplementedError

    def may_write(self, path: str) -> bool:
        """Whether a file may be changed, by the mode or by a rule."""
        raise NotImplementedError

    def guarded(self, path: str) -> str | None:
        """Why a file is changed only if the user says so, None where it is an ordinary one."""
        raise NotImplementedError


def whole_line(line: Line) -> Need | None:
    """What keeps a line from being looked into, so that only a rule for all of Bash allows it."""
    if line.problem:
        return Need.other(None, line.problem)
    for command in line.commands:
        problem = _unreadable(command)
        if problem is not None:
            return Need.other(command, problem)
    return None


def _unreadable(command: Simple) -> str | None:
    name, words = command.name, command.words
    if name in EVALUATE:
        return f"'{name}' evaluates arguments as shell code"
    if name in ZSH:
        return f"Zsh builtin '{name}' can bypass security checks"
    if name == "find":
        act = next((word for word in words if word in FIND_ACTS), None)
        if act is not None:
            return (
                f"find with '{act}' executes commands or modifies files — cannot be auto-allowed by a Bash(find:*) "
                "prefix rule"
            )
    if name == "jq" and any(_JQ_FLAG.fullmatch(word) for word in words):
        return JQ_FLAGS
    return PROC_ENVIRON if any(_PROC_ENVIRON.fullmatch(word) for word in words) else None


def operators(line: Line) -> Need | None:
    """What the way in which commands are joined needs approval for."""
    if line.subshell:
        return Need.other(None, SUBSHELL, None)
    names = [command.name for command in line.commands]
    if "cd" in names and "git" in names:
        return Need.other(None, CD_AND_GIT, None)
    return None


def background(line: Line, *, harmless: bool) -> Need | None:
    """A command that is left to run beside the rest; `harmless`: each would run without asking."""
    if not line.background:
        return None
    if not harmless:
        return Need.other(None, APPROVAL, None)
    return Need(
        None,
        BACKGROUND,
        reason=BACKGROUND,
        reason_type="safetyCheck",
        offers=None,
        classifier_approvable=False,
        suppress_always_allow_rule=True,
    )


def dangerous(line: Line, ground: Ground) -> Need | None:
    """The removal of what nobody would want removed: asked about in every mode."""
    for command in line.commands:
        if command.name not in ("rm", "rmdir"):
            continue
        for path in named_paths(command, ground.cwd, ground.home):
            if _critical(path, ground):
                return Need(
                    command,
                    f"Dangerous {command.name} operation detected: '{path}'\n\nThis command would remove a critical "
                    "system directory. This requires explicit approval and cannot be auto-allowed by permission rules.",
                    reason=f"Dangerous {command.name} operation on critical path: {path}",
                    reason_type="safetyCheck",
                    classifier_approvable=False,
                    suppress_always_allow_rule=True,
                )
    return None


def _critical(path: str, ground: Ground) -> bool:
    return path in ("/", ground.home, ground.cwd) or dirname(path) == "/" or basename(path) == "*"


def path_need(command: Simple, line: Line, ground: Ground) -> Need | None:
    """What of a command's files needs approval."""
    command = unwrapped(command)
    moves = len(line.commands) > 1 and any(other.name == "cd" for other in line.commands)
    for redirect in command.redirects:
        if redirect.writes:
            if moves:
                return Need.other(command, CD_AND_REDIRECT, None, CD_AND_REDIRECT_TOLD)
            path = absolute(redirect.target, ground.cwd, ground.home)
            need = _write(command, path, ground, "Output redirection to", (RULE, DIRECTORY), alone=True)
            if need is not None:
                return need
    if command.name in CHANGES and not (command.name == "sed" and only_reads(command)):
        return _changes(command, ground, moves)
    return _reads(command, ground) if command.name in READS else None


def _changes(command: Simple, ground: Ground, moves: bool) -> Need | None:
    name = command.name
    if name in NO_FLAGS and any(word.startswith("-") for word in command.words[1:]):
        told = (
            f"{name} with flags requires manual approval to ensure path safety. For security, Claude Code cannot "
            f"automatically validate {name} commands that use flags, as some flags like --target-directory=PATH can "
            "bypass path validation."
        )
        return Need.other(command, f"{name} command with flags requires manual approval", (RULE, MODE), told)
    if moves:
        need = Need.other(command, CD_AND_WRITE, (RULE, MODE), CD_AND_WRITE_TOLD)
        need.alone = True
        return need
    if name == "sed" and ground.edits and not _substitutes(command):
        return Need.other(command, SED_REASON, (RULE,), SED_TOLD)
    paths = named_paths(command, ground.cwd, ground.home)
    written, pattern = operands(command), None
    if len(written) >= len(paths):
        pattern = next((word for word in written[len(written) - len(paths) :] if "*" in word or "?" in word), None)
    if pattern is not None:
        need = Need.other(command, GLOB_WRITE, (RULE, DIRECTORY, MODE))
        need.path = pattern
        return need
    needs = [_write(command, path, ground, f"{name} in", (RULE, DIRECTORY, MODE)) for path in paths]
    found = [need for need in needs if need is not None]
    outside = [need for need in found if need.path is not None and not ground.within(need.path)]
    return next(iter(outside or found), None)


def _write(
    command: Simple, path: str, ground: Ground, what: str, offers: tuple[str, ...], alone: bool = False
) -> Need | None:
    inside = ground.within(path)
    guarded = ground.guarded(path)
    if guarded is not None:
        return Need(
            command,
            guarded,
            reason=guarded,
            reason_type="safetyCheck",
            path=path if inside or MODE in offers else None,
            offers=offers[1:] if inside or MODE in offers else None,
            alone=True,
            classifier_approvable=True,
        )
    if ground.may_write(path):
        return None
    places = ", ".join(f"'{place}'" for place in ground.places)
    if inside:
        where = (
            f"The path is inside the working directories for this session ({places}), and Claude Code asks before a "
            "shell command creates, changes or removes files there."
        )
    else:
        where = (
            f"The path is outside the working directories for this session ({places}). Allowing runs the command as "
            "written."
        )
    told = f"{what} '{path}' needs approval. {where}"
    return Need(command, told, path=path, offers=offers, alone=alone or not inside)


def _reads(command: Simple, ground: Ground) -> Need | None:
    odd = next((word for word in operands(command) if "/.." in word.lstrip("./")), None)
    if odd is not None:
        need = Need.other(command, TRAVERSAL, None)
        need.path = odd
        return need
    for path in named_paths(command, ground.cwd, ground.home):
        if not ground.may_read(path):
            places = ", ".join(f"'{place}'" for place in ground.places)
            told = (
                f"{command.name} in '{path}' was blocked. For security, Claude Code may only {READS[command.name]} the "
                f"allowed working directories for this session: {places}."
            )
            return Need(command, told, path=path, offers=() if folder_of(path) == "/" else (RULE, READING))
    return None


def _substitutes(command: Simple) -> bool:
    """Whether `sed` does no more than to replace in a file."""
    options = [word for word in command.words[1:] if word.startswith("-")]
    script = next(iter(operands(command)), "")
    return all(option == "-i" for option in options) and script.startswith("s")


def passes(command: Simple, ground: Ground) -> bool:
    """Whether a command whose files are no matter runs without asking."""
    if not command.words:
        return True
    if any(assigned.partition("=")[0].rstrip("+") not in SAFE_VARIABLES for assigned in command.assigned):
        return False
    if command.name in CHANGES and command.name != "tee" and ground.edits:
        return command.name != "touch" or not any(word in ("-t", "-d", "-r", "--") for word in command.words)
    return only_reads(command)


def folder_of(path: str) -> str:
    """The folder that a suggestion is about: itself, if the path is one."""
    return path if isdir(path) else dirname(path) or "/"
