"""Hook shell parser: a shell command as a tree, or `NotUnderstood`.

    Node   ("list", [(operator, Node), …])   operator: ";", "&&" or "||", which stands before it
           ("pipe", [Node, …])
           ("if", [(condition, body), …], otherwise)
           ("case", Word, [([pattern, …], body), …])
           ("group", body, [(stream, target), …])        target: 1 or 2, a stream; or a file's Word
           ("function", name, body)
           ("simple", [(name, Word), …], [Word, …], [(stream, target), …])
    Word   [(kind, value, quoted), …]        kind: "text", "variable" or "command"

Above: `hook_shell.py`.  Below: nothing.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    Node: TypeAlias = tuple[Any, ...]
    Word: TypeAlias = list[tuple[str, str, bool]]
    Redirection: TypeAlias = tuple[int, int | Word]
    Token: TypeAlias = "str | Word | _Redirection"

_OPERATOR = re.compile(r";;|&&|\|\||[;|()&\n]")
_REDIRECTION = re.compile(r"(\d?)>(>|&|)\s*|<")
_VARIABLE = re.compile(r"\$(?:\{([A-Za-z_]\w*|\d)\}|([A-Za-z_]\w*|\d|\?))")
_ASSIGNED = re.compile(r"([A-Za-z_]\w*)=")
_OTHER_SYNTAX = frozenset(["for", "while", "until", "function", "select", "}", "!", "[[", "((", "time"])
_RESERVED = frozenset(["if", "then", "elif", "else", "fi", "case", "in", "esac"])


class NotUnderstood(Exception):
    """The command has something that is not known here."""


def parse(command: str) -> Node:
    """The tree of a command.  Raises `NotUnderstood`."""
    parser = _Parser(_tokens(command))
    tree = parser.list_of()
    if parser.rest:
        raise NotUnderstood
    return tree


# Tokens: operators and reserved words are text, words are lists, "1>&2" and "> FILE" are redirections


class _Redirection:
    """`STREAM>TARGET`."""

    __slots__ = ("stream", "target")

    def __init__(self, stream: int, target: int | Word) -> None:
        self.stream = stream
        self.target = target


def _tokens(command: str) -> list[Token]:
    tokens: list[Token] = []
    place = 0
    while place < len(command):
        letter = command[place]
        if letter in " \t":
            place += 1
        elif letter == "#":
            place = command.find("\n", place) if "\n" in command[place:] else len(command)
        elif found := _REDIRECTION.match(command, place):
            place = _redirection(command, found, tokens)
        elif found := _OPERATOR.match(command, place):
            if found[0] == "&":
                raise NotUnderstood
            tokens.append(";" if found[0] == "\n" else found[0])
            place = found.end()
        else:
            word, place = _word(command, place)
            tokens.append(word)
    return tokens


def _redirection(command: str, found: re.Match[str], tokens: list[Token]) -> int:
    if found[0] == "<":
        raise NotUnderstood
    word, place = _word(command, found.end())
    target = "".join(value for kind, value, _ in word if kind == "text")
    if not word or (found[2] == "&" and target not in ("1", "2")):
        raise NotUnderstood
    tokens.append(_Redirection(int(found[1] or 1), int(target) if found[2] == "&" else word))
    return place


def _word(command: str, place: int) -> tuple[Word, int]:
    """The word that begins at a place, and where it ends."""
    word: Word = []
    while place < len(command):
        letter = command[place]
        if letter in " \t\n;|&()<>":
            break
        if letter == "'":
            end = _find(command, "'", place + 1)
            word.append(("text", command[place + 1 : end], True))
            place = end + 1
        elif letter == '"':
            place = _double_quoted(command, place + 1, word)
        elif letter == "\\":
            word.append(("text", command[place + 1 : place + 2], True))
            place += 2
        elif letter in "$`":
            place = _substitution(command, place, word, quoted=False)
        else:
            word.append(("text", letter, False))
            place += 1
    return word, place


def _double_quoted(command: str, place: int, word: Word) -> int:
    word.append(("text", "", True))
    while True:
        letter = command[place : place + 1]
        if letter == "":
            raise NotUnderstood
        if letter == '"':
            return place + 1
        if letter == "\\" and command[place + 1 : place + 2] in ("\\", '"', "$", "`"):
            word.append(("text", command[place + 1], True))
            place += 2
        elif letter in "$`":
            place = _substitution(command, place, word, quoted=True)
        else:
            word.append(("text", letter, True))
            place += 1


def _substitution(command: str, place: int, word: Word, *, quoted: bool) -> int:
    if command[place] == "`":
        end = _find(command, "`", place + 1)
        word.append(("command", command[place + 1 : end], quoted))
        return end + 1
    if command.startswith("$(", place):
        end = _closing(command, place + 2)
        word.append(("command", command[place + 2 : end], quoted))
        return end + 1
    found = _VARIABLE.match(command, place)
    if found is None and command[place + 1 : place + 2] in ("", " ", '"', "\n"):
        word.append(("text", "$", True))
        return place + 1
    if found is None:
        raise NotUnderstood
    word.append(("variable", found[1] or found[2], quoted))
    return found.end()


def _closing(command: str, place: int) -> int:
    """Where the parenthesis closes that was opened before a place."""
    depth = 1
    while place < len(command):
        letter = command[place]
        if letter == "'":
            place = _find(command, "'", place + 1)
        elif letter == "\\":
            place += 1
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return place
        place += 1
    raise NotUnderstood


def _find(command: str, letter: str, place: int) -> int:
    end = command.find(letter, place)
    if end < 0:
        raise NotUnderstood
    return end


def _plain(token: Token | None) -> str:
    """The text of a word without quotes or substitutions, "" of anything else."""
    if isinstance(token, list) and all(kind == "text" and not quoted for kind, _, quoted in token):
        return "".join(value for _, value, _ in token)
    return ""


class _Parser:
    """Reads tokens from the front of `rest`."""

    def __init__(self, tokens: list[Token]) -> None:
        self.rest = tokens

    def list_of(self, *ends: str) -> Node:
        """Commands up to a reserved word of `ends`, or `;;` or `)`, which is left."""
        parts: list[tuple[str, Node]] = []
        operator = ";"
        while self.rest:
            if self.rest[0] in (";;", ")") or (ends and _plain(self.rest[0]) in ends):
                break
            if self.rest[0] == ";":
                self.rest.pop(0)
                operator = ";"
                continue
            parts.append((operator, self._pipe()))
            if self.rest and self.rest[0] in ("&&", "||"):
                operator = str(self.rest.pop(0))
            elif self.rest and self.rest[0] not in (";", ";;", ")"):
                raise NotUnderstood
        return ("list", parts)

    def _pipe(self) -> Node:
        parts = [self._command()]
        while self.rest and self.rest[0] == "|":
            self.rest.pop(0)
            parts.append(self._command())
        return ("pipe", parts)

    def _command(self) -> Node:
        word = _plain(self.rest[0]) if self.rest else ""
        if word == "if":
            return self._if()
        if word == "case":
            return self._case()
        if word == "{":
            return self._group()
        if word and self.rest[1:3] == ["(", ")"]:
            del self.rest[:3]
            self._skip_lines()
            return ("function", word, self._group())
        if word in _OTHER_SYNTAX or word in _RESERVED or (self.rest and self.rest[0] == "("):
            raise NotUnderstood
        return self._simple()

    def _if(self) -> Node:
        self._expect("if")
        branches: list[tuple[Node, Node]] = []
        otherwise: Node | None = None
        while True:
            condition = self.list_of("then")
            self._expect("then")
            branches.append((condition, self.list_of("elif", "else", "fi")))
            if _plain(self.rest[0] if self.rest else None) != "elif":
                break
            self.rest.pop(0)
        if _plain(self.rest[0] if self.rest else None) == "else":
            self.rest.pop(0)
            otherwise = self.list_of("fi")
        self._expect("fi")
        return ("if", branches, otherwise)

    def _case(self) -> Node:
        self._expect("case")
        subject = self._take_word()
        self._skip_lines()
        self._expect("in")
        branches: list[tuple[list[Word], Node]] = []
        while True:
            self._skip_lines()
            if not self.rest:
                raise NotUnderstood
            if _plain(self.rest[0]) == "esac":
                self.rest.pop(0)
                return ("case", subject, branches)
            if self.rest[0] == "(":
                self.rest.pop(0)
            patterns = [self._take_word()]
            while self.rest and self.rest[0] == "|":
                self.rest.pop(0)
                patterns.append(self._take_word())
            if not self.rest or self.rest.pop(0) != ")":
                raise NotUnderstood
            branches.append((patterns, self.list_of("esac")))
            if self.rest and self.rest[0] == ";;":
                self.rest.pop(0)

    def _group(self) -> Node:
        self._expect("{")
        body = self.list_of("}")
        self._expect("}")
        redirections: list[Redirection] = []
        while self.rest and isinstance(token := self.rest[0], _Redirection):
            self.rest.pop(0)
            redirections.append((token.stream, token.target))
        return ("group", body, redirections)

    def _simple(self) -> Node:
        assignments: list[tuple[str, Word]] = []
        words: list[Word] = []
        redirections: list[Redirection] = []
        while self.rest and type(self.rest[0]) is not str:
            token = self.rest.pop(0)
            if isinstance(token, _Redirection):
                redirections.append((token.stream, token.target))
            elif not isinstance(token, list):
                raise NotUnderstood
            elif not words and (name := _ASSIGNED.match(_beginning(token))):
                assignments.append((name[1], token[name.end() :]))
            else:
                words.append(token)
        if not (assignments or words or redirections):
            raise NotUnderstood
        return ("simple", assignments, words, redirections)

    def _take_word(self) -> Word:
        token = self.rest.pop(0) if self.rest else None
        if not isinstance(token, list):
            raise NotUnderstood
        return token

    def _skip_lines(self) -> None:
        while self.rest and self.rest[0] == ";":
            self.rest.pop(0)

    def _expect(self, word: str) -> None:
        if not self.rest or _plain(self.rest.pop(0)) != word:
            raise NotUnderstood


def _beginning(word: Word) -> str:
    """The letters that a word begins with before any quote or substitution, one part each."""
    letters = ""
    for kind, value, quoted in word:
        if kind != "text" or quoted:
            break
        letters += value
    return letters
