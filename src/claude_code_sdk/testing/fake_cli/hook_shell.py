"""Hook shell: what a hook's command would print and how it would end, read from the command without running it.

Understood: `echo`, `printf`, `cat` (the hook's input), `exit`, `true`, `false`, `sleep`, `grep -q`, `test`, `set`,
`touch` and `rm`, variables, `$(…)`, pipes, `;`, `&&`, `||`, `if`, `case`, groups, functions, and redirections; and
scripts of `sh` and `bash` in files, which are read.  No file is written: that one would be there is remembered.
Above: `command_hooks.py`.  Below: `hook_shell_parser.py`, `hook_files.py`, `found_files.py`.
"""

from __future__ import annotations

import re
from fnmatch import translate
from os.path import dirname, join, normpath

from .command_output import Printed
from .found_files import FoundFiles
from .hook_files import Closed, script_in
from .hook_shell_parser import NotUnderstood, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .hook_shell_parser import Node, Redirection, Word

    Sink = Callable[[str], object]

SHELL = "/bin/sh"
"""What the real CLI runs commands in (seen as `$0` by one)."""

STEPS = 1000
"""Commands that are followed before the shell gives up."""

CLOSED = 126
"""How a command ends whose file may not be executed (POSIX shell, exit status for commands)."""

_ESCAPES = {"n": "\n", "t": "\t", "\\": "\\", "r": "\r"}
"""What `echo` and `printf` of the shell that the real CLI runs them in, /bin/sh, make of a backslash and a letter."""

_ESCAPE = re.compile(r"\\(.)")
_FORMAT = re.compile(r"%[sd%]")


def follow(command: str, given: str, env: Mapping[str, str], files: FoundFiles | None = None) -> Printed | None:
    """Follow a command whose input is `given`; None where it has something that is not understood.

    `files` are those that it finds; they are as it leaves them then, if all of it was understood.
    """
    files = FoundFiles() if files is None else files
    attempt = files.attempt()
    try:
        shell = _Shell(given, env, attempt)
        shell.run(parse(command))
    except (NotUnderstood, RecursionError):
        return None
    files.take(attempt)
    return Printed("".join(shell.stdout), "".join(shell.stderr), shell.status, shell.seconds)


class _Exit(Exception):
    """`exit` was reached, or under `set -e` a command that failed."""


class _Shell:
    """One run."""

    def __init__(self, given: str, env: Mapping[str, str], files: FoundFiles) -> None:
        self.stdout: list[str] = []
        self.stderr: list[str] = []
        self.status = 0
        self.seconds = 0.0
        self._env = env
        self._files = files
        self._variables = {**env, "0": SHELL}
        self._functions: dict[str, Node] = {}
        self._input = given
        self._steps = 0
        self._before = 0  # status of the command before
        self._escapes = True  # `echo` knows the backslash: that of bash does not
        self._options = ""  # of `set`: "e", "u"
        self._tested = 0  # commands around, the status of which is looked at

    def run(self, node: Node) -> None:
        try:
            self._run(node, self.stdout.append, self.stderr.append)
        except _Exit:
            pass

    def _run(self, node: Node, out: Sink, err: Sink) -> None:
        kind, *parts = node
        if kind == "list":
            self._list(parts[0], out, err)
        elif kind == "pipe":
            self._pipe(parts[0], out, err)
        elif kind == "if":
            self._if(parts[0], parts[1], out, err)
        elif kind == "case":
            self._case(parts[0], parts[1], out, err)
        elif kind == "group":
            sinks = self._redirected(parts[1], out, err)
            self._run(parts[0], sinks[1], sinks[2])
        elif kind == "function":
            self._functions[parts[0]], self.status = parts[1], 0
        else:
            self._simple(parts[0], parts[1], parts[2], out, err)

    def _list(self, parts: list[tuple[str, Node]], out: Sink, err: Sink) -> None:
        for number, (operator, part) in enumerate(parts, 1):
            if (operator == "&&" and self.status) or (operator == "||" and not self.status):
                continue
            looked_at = parts[number : number + 1] and parts[number][0] != ";"
            self._tested += bool(looked_at)
            self._run(part, out, err)
            self._tested -= bool(looked_at)
            if self.status and "e" in self._options and not self._tested and not looked_at:
                raise _Exit

    def _pipe(self, parts: list[Node], out: Sink, err: Sink) -> None:
        for part in parts[:-1]:
            self._input = self._captured(part, err)
        if len(parts) == 1:
            self._run(parts[0], out, err)
        else:
            self._apart(parts[-1], out, err)

    def _if(self, branches: list[tuple[Node, Node]], otherwise: Node | None, out: Sink, err: Sink) -> None:
        for condition, body in branches:
            self._tested += 1
            self._run(condition, out, err)
            self._tested -= 1
            if self.status == 0:
                self._run(body, out, err)
                return
        self.status = 0
        if otherwise is not None:
            self._run(otherwise, out, err)

    def _case(self, word: Word, branches: list[tuple[list[Word], Node]], out: Sink, err: Sink) -> None:
        value = self._text(word, err)
        self.status = 0
        for patterns, body in branches:
            if any(re.match(self._pattern(pattern, err), value) for pattern in patterns):
                self._run(body, out, err)
                return

    def _captured(self, node: Node, err: Sink) -> str:
        """What a part prints that runs in a shell of its own."""
        printed: list[str] = []
        self._apart(node, printed.append, err)
        return "".join(printed)

    def _apart(self, node: Node, out: Sink, err: Sink) -> None:
        kept, tested = dict(self._variables), self._tested
        try:
            self._run(node, out, err)
        except _Exit:
            pass
        self._variables, self._tested = kept, tested

    # Words

    def _text(self, word: Word, err: Sink) -> str:
        """A word as one text, as in an assignment."""
        return "".join(self._value(kind, value, err) for kind, value, _ in word)

    def _fields(self, word: Word, err: Sink) -> list[str]:
        """A word as the arguments it becomes: what is not quoted is split."""
        fields: list[str] = []
        current: str | None = None
        for kind, value, quoted in word:
            text = self._value(kind, value, err)
            if kind == "text" or quoted:
                current = (current or "") + text
                continue
            pieces = text.split()
            if pieces and current is not None and not text[0].isspace():
                current += pieces.pop(0)
            if pieces:
                fields += [] if current is None else [current]
                fields += pieces[:-1]
                current = pieces[-1]
        return fields if current is None else [*fields, current]

    def _pattern(self, word: Word, err: Sink) -> str:
        """A pattern of `case` as a regular expression."""
        glob = ""
        for kind, value, quoted in word:
            text = self._value(kind, value, err)
            glob += re.sub(r"([*?\[])", r"[\1]", text) if quoted or kind != "text" else text
        return translate(glob)

    def _value(self, kind: str, value: str, err: Sink) -> str:
        if kind == "variable":
            if "u" in self._options and value != "?" and value not in self._variables:
                raise NotUnderstood
            return str(self.status) if value == "?" else self._variables.get(value, "")
        if kind == "command":
            return self._captured(parse(value), err).rstrip("\n")
        return value

    # Files

    def _redirected(self, redirections: list[Redirection], out: Sink, err: Sink) -> dict[int, Sink]:
        """Where the streams go; a file that one goes to is there from now on."""
        sinks = {1: out, 2: err}
        for stream, target in redirections:
            if isinstance(target, int):
                sinks[stream] = sinks[target]
            else:
                sinks[stream] = _nowhere
                self._make(self._text(target, err))
        return sinks

    def _path(self, given: str) -> str:
        return normpath(join(self._variables.get("PWD", ""), given))

    def _make(self, given: str) -> None:
        path = self._path(given)
        if not self._files.has(path) and not self._files.has_directory(dirname(path) or "."):
            raise NotUnderstood  # the complaint of the shell or of the command is not known here
        self._files.add(path)

    # Commands

    def _simple(
        self,
        assignments: list[tuple[str, Word]],
        words: list[Word],
        redirections: list[Redirection],
        out: Sink,
        err: Sink,
    ) -> None:
        self._steps += 1
        if self._steps > STEPS:
            raise NotUnderstood
        sinks = self._redirected(redirections, out, err)
        arguments = [field for word in words for field in self._fields(word, err)]
        self._before, self.status = self.status, 0
        for name, value in assignments:
            self._variables[name] = self._text(value, err)
        if arguments and arguments[0] in self._functions:
            self._call(arguments, sinks[1], sinks[2])
        elif arguments:
            command = COMMANDS.get(arguments[0])
            if command is not None:
                command(self, arguments[1:], sinks[1])
            else:
                self._script(arguments, {name: self._variables[name] for name, _ in assignments}, sinks[1], sinks[2])

    def _script(self, arguments: list[str], given: Mapping[str, str], out: Sink, err: Sink) -> None:
        """Follow the script in a file, as a process of its own with the variables `given` to it."""
        try:
            script = script_in(arguments, self._variables.get("PWD", ""))
        except Closed as closed:
            err(f"{self._variables['0']}: 1: {closed.path}: Permission denied\n")
            self.status = CLOSED
            return
        if script is None:
            raise NotUnderstood
        kept = (self._variables, self._functions, self._escapes, self._options, self._tested)
        own = {str(number): value for number, value in enumerate(script.arguments, 1)}
        self._variables, self._functions = {**self._env, **given, "0": script.path, **own}, {}
        self._escapes, self._options, self._tested = not script.of_bash, "", 0
        try:
            self._run(parse(script.text), out, err)
        except _Exit:
            pass
        self._variables, self._functions, self._escapes, self._options, self._tested = kept

    def _call(self, arguments: list[str], out: Sink, err: Sink) -> None:
        """Run a function; its arguments are `$1` and so on meanwhile."""
        kept = {name: value for name, value in self._variables.items() if name.isdecimal()}
        own = {str(number): value for number, value in enumerate(arguments[1:], 1)}
        self._variables = {**self._variables, **dict.fromkeys(kept, ""), **own, "0": SHELL}
        self._run(self._functions[arguments[0]], out, err)
        self._variables = {**self._variables, **dict.fromkeys(own, ""), **kept}

    def take_input(self) -> str:
        taken, self._input = self._input, ""
        return taken

    def echo(self, words: list[str], out: Sink) -> None:
        end = "\n"
        if words[:1] == ["-n"]:
            words, end = words[1:], ""
        text = " ".join(words)
        out((_unescaped(text) if self._escapes else text) + end)

    def printf(self, words: list[str], out: Sink) -> None:
        if not words:
            raise NotUnderstood
        left = words[1:]
        text = _unescaped(words[0])
        if re.search("%", _FORMAT.sub("", text)):
            raise NotUnderstood
        while True:
            many = len(left)
            out(_FORMAT.sub(lambda found: "%" if found[0] == "%%" else left.pop(0) if left else "", text))
            if not left or len(left) == many:
                return

    def cat(self, words: list[str], out: Sink) -> None:
        if words not in ([], ["-"]):
            raise NotUnderstood
        out(self.take_input())

    def exit(self, words: list[str], out: Sink) -> None:
        self.status = int(_number(words[0], whole=True)) % 256 if words else self._before
        raise _Exit

    def sleep(self, words: list[str], out: Sink) -> None:
        self.seconds += _number(words[0]) if len(words) == 1 else _number("")

    def true(self, words: list[str], out: Sink) -> None:
        self.status = 0

    def false(self, words: list[str], out: Sink) -> None:
        self.status = 1

    def set(self, words: list[str], out: Sink) -> None:
        if not words or not re.fullmatch("-[eu]+|-[eu]*o", words[0]) or words[1:] not in ([], ["pipefail"]):
            raise NotUnderstood
        self._options += words[0]

    def grep(self, words: list[str], out: Sink) -> None:
        options, flags = "", re.MULTILINE
        while words and words[0].startswith("-"):
            options += words.pop(0)[1:]
        if len(words) != 1 or not set(options) <= set("qiEF"):
            raise NotUnderstood
        if "i" in options:
            flags |= re.IGNORECASE
        try:
            pattern = re.compile(re.escape(words[0]) if "F" in options else words[0], flags)
        except re.error:
            raise NotUnderstood from None
        lines = [line for line in self.take_input().splitlines() if pattern.search(line)]
        self.status = 0 if lines else 1
        if "q" not in options:
            out("".join(f"{line}\n" for line in lines))

    def test(self, words: list[str], out: Sink) -> None:
        negated = words[:1] == ["!"]
        match words[negated:]:
            case ["-n", text]:
                holds = bool(text)
            case ["-z", text]:
                holds = not text
            case ["-e", path]:
                holds = self._files.has(self._path(path))
            case ["-f", path]:
                holds = self._files.has(self._path(path)) and not self._files.has_directory(self._path(path))
            case ["-d", path]:
                holds = self._files.has_directory(self._path(path))
            case [one, "=" | "==", other]:
                holds = one == other
            case [one, "!=", other]:
                holds = one != other
            case [text]:
                holds = bool(text)
            case _:
                raise NotUnderstood
        self.status = int(holds is negated)

    def touch(self, words: list[str], out: Sink) -> None:
        if not words or any(word.startswith("-") for word in words):
            raise NotUnderstood
        for word in words:
            self._make(word)

    def rm(self, words: list[str], out: Sink) -> None:
        forced = words[:1] == ["-f"]
        paths = [self._path(word) for word in words[forced:]]
        there = [path for path in paths if self._files.has(path)]
        if any(word.startswith("-") for word in words[forced:]) or any(map(self._files.has_directory, paths)):
            raise NotUnderstood
        if not forced and (not paths or there != paths):
            raise NotUnderstood
        for path in there:
            self._files.remove(path)

    def bracket(self, words: list[str], out: Sink) -> None:
        if words[-1:] != ["]"]:
            raise NotUnderstood
        self.test(words[:-1], out)


COMMANDS: dict[str, Callable[[_Shell, list[str], Sink], None]] = {
    ":": _Shell.true,
    "[": _Shell.bracket,
    "cat": _Shell.cat,
    "echo": _Shell.echo,
    "exit": _Shell.exit,
    "false": _Shell.false,
    "grep": _Shell.grep,
    "printf": _Shell.printf,
    "rm": _Shell.rm,
    "set": _Shell.set,
    "sleep": _Shell.sleep,
    "test": _Shell.test,
    "touch": _Shell.touch,
    "true": _Shell.true,
}


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: _ESCAPES.get(found[1], found[0]), text)


def _nowhere(text: str) -> None:
    """Where what is written to files goes."""


def _number(text: str, *, whole: bool = False) -> float:
    if not re.fullmatch(r"\d+" if whole else r"\d*\.?\d+", text):
        raise NotUnderstood
    return int(text) if whole else float(text)
