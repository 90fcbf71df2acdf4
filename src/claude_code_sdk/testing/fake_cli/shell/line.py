"""Line: a command line, split into its commands, their words and their redirections.

What cannot be known before a shell runs it (substitutions, groups, functions, most variables) is not looked into: such
a line has a `problem`, in the words in which the CLI asks about it.  Above: `verdict.py`.
"""

from __future__ import annotations

import re

KNOWN_VARIABLES = frozenset(["HOME", "USER"])
"""Variables that may stand in a command that is looked into, of those that were tried."""

NESTED = "A nested command in this command can't be checked before it runs"
QUOTED = "Quoted text in this command can't be checked before it runs"
BRACED_VARIABLE = "A variable in braces in this command can't be checked before it runs"
VARIABLE = "A variable in this command can't be checked before it runs"
GROUP = "A group in braces or double parentheses in this command can't be checked before it runs"
FUNCTION = "A function definition in this command can't be checked before it runs"
CASE = "A case statement in this command can't be checked before it runs"
BRACE_PATTERN = "A brace pattern in this command can't be checked before it runs"
BRACES = "Brace expansion"
ESCAPED_SPACE = "Contains backslash-escaped whitespace"
HEREDOC = "Heredoc with unquoted delimiter undergoes shell expansion"
TARGET = "Redirect target concatenation contains $/` — unanalyzable gap or substitution"
UNPARSED = "Parse error"

_OPERATORS = ("&&", "||", ";;", "|&", ";", "|", "\n", "&")
_REDIRECT = re.compile(r"(\d*)(<<<|<<-?|<>|>>|>\||>&|<&|<|>)|(&>>?)")
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\+?=")
_VARIABLE = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*|[?$!#@*0-9])")
_BRACE_LIST = re.compile(r"\{[^{}\s]*,[^{}\s]*\}")
_BRACE_RANGE = re.compile(r"\{[^{}\s]*\.\.[^{}\s]*\}")
KEYWORDS = frozenset(["if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "in", "case", "esac"])


class Redirect:
    """A redirection: `operator` without its number, `target` as the shell takes it."""

    __slots__ = ("operator", "target")

    def __init__(self, operator: str, target: str) -> None:
        self.operator = operator
        self.target = target

    @property
    def writes(self) -> bool:
        """Whether it writes to a file that a rule could be about."""
        return ">" in self.operator and self.target != "/dev/null" and not self.target.isdigit() and self.target != "-"


class Simple:
    """One command of a line.

    - `text`: as it is written, with its redirections; `bare`: without them and without comments.
    - `words`: unquoted, without assignments before the command.
    - `assigned`: those assignments.
    - `piped`: whether it reads what the command before it writes.
    """

    __slots__ = ("assigned", "bare", "piped", "redirects", "text", "words")

    def __init__(
        self, text: str, bare: str, words: list[str], assigned: list[str], redirects: list[Redirect], piped: bool
    ) -> None:
        self.text = text
        self.bare = bare
        self.words = words
        self.assigned = assigned
        self.redirects = redirects
        self.piped = piped

    @property
    def name(self) -> str:
        return self.words[0] if self.words else ""


class Line:
    """A command line.

    - `commands`: its commands in order.
    - `problem`: why it is not looked into, "" when it is.
    - `subshell`: there are parentheses; `background`: a command is left to run beside the rest.
    """

    __slots__ = ("background", "commands", "problem", "subshell", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.commands: list[Simple] = []
        self.problem = ""
        self.subshell = False
        self.background = False
        _Reader(self).read()

    @property
    def piped(self) -> bool:
        return any(command.piped for command in self.commands)


class _Reader:
    """Reads a line letter by letter."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._text = line.text
        self._position = 0
        self._piped = False
        self._inner: list[Simple] = []  # commands in quoted texts
        self._heredocs: list[str] = []  # delimiters whose texts come after this line
        self._begin()

    def _begin(self) -> None:
        self._start = self._position
        self._cuts: list[tuple[int, int]] = []  # where redirections and comments stand
        self._words: list[str] = []
        self._redirects: list[Redirect] = []
        self._word: str | None = None
        self._pending: str | None = None  # a redirection that waits for its target

    def _fail(self, problem: str) -> None:
        self._line.problem = self._line.problem or problem

    def read(self) -> None:
        if self._text.rstrip().endswith(("&&", "||")):
            self._fail(UNPARSED)
        while self._position < len(self._text) and not self._line.problem:
            self._letter(self._text[self._position])
        self._end_command(self._position)
        self._line.commands += self._inner

    def _letter(self, letter: str) -> None:
        if letter in " \t":
            self._end_word()
            self._position += 1
        elif letter == "#" and self._word is None:
            end = self._text.find("\n", self._position)
            end = len(self._text) if end < 0 else end
            self._cuts.append((self._position, end))
            self._position = end
        elif letter == "\\":
            self._escape()
        elif letter == "'":
            self._quoted_plain()
        elif letter == '"':
            self._quoted_double()
        elif letter in "$`":
            self._expansion(in_quotes=False)
        elif letter in "()":
            self._parenthesis()
        elif not (self._redirection() or self._braces() or self._operator()):
            self._grow(letter)
            self._position += 1

    def _grow(self, letters: str) -> None:
        self._word = (self._word or "") + letters

    def _escape(self) -> None:
        following = self._text[self._position + 1 : self._position + 2]
        if following == "":
            self._fail(UNPARSED)
        elif following in " \t":
            self._fail(ESCAPED_SPACE)
        elif following != "\n":
            self._grow(following)
        self._position += 2

    def _quoted_plain(self) -> None:
        end = self._text.find("'", self._position + 1)
        if end < 0:
            self._fail(UNPARSED)
            return
        self._grow(self._text[self._position + 1 : end])
        self._position = end + 1

    def _quoted_double(self) -> None:
        self._grow("")
        self._position += 1
        while self._position < len(self._text) and self._text[self._position] != '"':
            letter = self._text[self._position]
            if letter == "\\":
                following = self._text[self._position + 1 : self._position + 2]
                self._grow(following if following in '"\\$`' else letter + following)
                self._position += 2
            elif letter in "$`":
                self._expansion(in_quotes=True)
                if self._line.problem:
                    return
            else:
                self._grow(letter)
                self._position += 1
        if self._position >= len(self._text):
            self._fail(UNPARSED)
        self._position += 1

    def _expansion(self, *, in_quotes: bool) -> None:
        rest = self._text[self._position :]
        if self._pending is not None and len(rest) > 1:
            self._fail(TARGET)
        elif in_quotes and rest.startswith("$("):
            self._nested()
        elif rest.startswith(("`", "$(")):
            self._fail(QUOTED if in_quotes else NESTED)
        elif rest.startswith("${"):
            self._fail(BRACED_VARIABLE)
        else:
            variable = _VARIABLE.match(rest)
            if variable is not None and variable[1] not in KNOWN_VARIABLES:
                self._fail(VARIABLE)
            letters = variable[0] if variable is not None else "$"
            self._grow(letters)
            self._position += len(letters)

    def _nested(self) -> None:
        """A command in a quoted text: it is one of the line's commands, if there is other text beside it."""
        begin, depth, end = self._position + 2, 1, self._position + 2
        while end < len(self._text) and depth:
            depth += (self._text[end] == "(") - (self._text[end] == ")")
            end += 1
        alone = not self._word and self._text[end : end + 1] == '"'
        inner = Line(self._text[begin : end - 1])
        if alone or depth:
            self._fail(QUOTED)
        self._fail(inner.problem)
        self._inner += inner.commands
        self._grow("$()")
        self._position = end

    def _redirection(self) -> bool:
        found = _REDIRECT.match(self._text, self._position)
        if found is None or (found[1] and self._word is not None):
            return False
        self._end_word()
        operator = found[2] or found[3]
        self._cuts.append((self._position, self._position))
        self._position = found.end()
        while self._text[self._position : self._position + 1] == " ":
            self._position += 1
        if operator in ("<<", "<<-") and self._text[self._position : self._position + 1] not in ("'", '"', "\\"):
            self._fail(HEREDOC)
        self._pending = operator
        return True

    def _parenthesis(self) -> None:
        if self._text.startswith("()", self._position):
            self._fail(FUNCTION)
        elif self._text.startswith("((", self._position):
            self._fail(GROUP)
        self._line.subshell = True
        self._end_word()
        self._position += 1

    def _braces(self) -> bool:
        if self._text[self._position] != "{":
            return False
        if self._word is None and self._text[self._position + 1 : self._position + 2] in (" ", "\n"):
            self._fail(GROUP)
        elif _BRACE_LIST.match(self._text, self._position):
            self._fail(BRACES)
        elif _BRACE_RANGE.match(self._text, self._position):
            self._fail(BRACE_PATTERN)
        return bool(self._line.problem)

    def _operator(self) -> bool:
        operator = next((mark for mark in _OPERATORS if self._text.startswith(mark, self._position)), None)
        if operator is None:
            return False
        self._end_command(self._position)
        self._position += len(operator)
        if operator == "\n":
            self._skip_heredocs()
        self._piped = operator in ("|", "|&")
        self._line.background = self._line.background or operator == "&"
        self._begin()
        return True

    def _skip_heredocs(self) -> None:
        for delimiter in self._heredocs:
            while self._position < len(self._text):
                line, _, _ = self._text[self._position :].partition("\n")
                self._position += len(line) + 1
                if line.strip("\t") == delimiter:
                    break
        self._heredocs = []

    def _end_word(self) -> None:
        if self._word is None:
            return
        if self._pending is not None:
            self._redirects.append(Redirect(self._pending, self._word))
            self._cuts[-1] = (self._cuts[-1][0], self._position)
            if self._pending in ("<<", "<<-"):
                self._heredocs.append(self._word)
            self._pending = None
        elif self._word == "function" and not self._words:
            self._fail(FUNCTION)
        else:
            self._words.append(self._word)
        self._word = None

    def _end_command(self, end: int) -> None:
        self._end_word()
        words = [] if self._words[:1] in (["for"], ["select"]) else self._words
        keywords = 0
        while words and words[0] in KEYWORDS:
            words, keywords = words[1:], keywords + 1
        if self._words[:1] == ["case"]:
            self._fail(CASE)
        assigned = []
        while words and _ASSIGNMENT.match(words[0]):
            assigned.append(words[0])
            words = words[1:]
        text, bare, at = self._text[self._start : end].strip(), "", self._start
        for begin, stop in self._cuts:
            bare, at = bare + self._text[at:begin], stop
        bare = (bare + self._text[at:end]).strip()
        if keywords:
            text, bare = text.split(None, keywords)[-1], bare.split(None, keywords)[-1]
        if words or assigned or self._redirects:
            self._line.commands.append(Simple(text, bare, words, assigned, self._redirects, self._piped))
        self._piped = False
