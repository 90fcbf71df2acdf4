"""Where the secrets of one text are, and what shall stand there: rules, values, names, and what is encoded.

Above: json_text.py (the strings of a line), scrubber.py, residues.py.  Below: rules.py, values.py, people.py,
pseudonyms.py.  One `Search` serves one episode, since the same secret gets the same pseudonym throughout.
"""

from __future__ import annotations

import re
from binascii import a2b_base64
from bisect import bisect_left

from . import people, pseudonyms
from .json_text import strings
from .people import People, user_names
from .plausible import member_value
from .prefilter import Prefilter, has_long_run
from .pseudonyms import Pseudonyms, number_of
from .rules import RULES
from .values import Values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from .pseudonyms import Shape
    from .rules import Rule

SHORTEST = 6
"""Characters of the shortest text in which a secret is looked for."""

_DEEPEST = 4
"""Encodings within encodings that are looked into."""

_SHORTEST_RUN = 24
_LONGEST_MEMBER = 4096

# Names of members of JSON whose value is a secret, whatever it looks like.
_SECRET_MEMBER = re.compile(
    r"(?:.*[_.\- ])?(?:pass(?:word|wd|phrase)|pwd|secret|credentials?|(?:x-)?api[_-]?key"
    r"|(?:secret[_-]?)?access[_-]?key|private[_-]?key|secret[_-]?key|signing[_-]?key|account[_-]?key|(?:proxy-)?authorization|(?:set-)?cookie"
    r"|(?:access|refresh|auth|id|bearer|session|api|oauth|bot|security|personal)[_-]?token)",
    re.IGNORECASE,
)
_CAMEL_MEMBER = re.compile(
    r".*(?:[a-z](?:Password|Passphrase|Secret|ApiKey|AccessKey|PrivateKey|SecretKey|AccessToken|RefreshToken|AuthToken))"
)
_CAPITAL_MEMBER = re.compile(r"(?:[A-Z0-9]+_)*(?:KEY|TOKEN|SECRET|PASS|PASSWORD|PASSWD|PWD|CREDENTIALS?|AUTH)")
_TOKEN_MEMBER = re.compile(r"(?:.*[_.\-])?token", re.IGNORECASE)

MEMBER_LITERALS = ("authorization", "cookie", '_pass"', '_auth"')
"""What such a name has, beside the literals of the rules."""

_ESCAPE = re.compile("%[0-9A-Fa-f]{2}")
_PERCENT = re.compile(r"[^\s\"'<>\\]*%[0-9A-Fa-f]{2}[^\s\"'<>\\]*")
_BASE64_RUN = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_HEX_RUN = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9a-f]{2}){16,}(?![0-9A-Za-z])|(?<![0-9A-Za-z])(?:[0-9A-F]{2}){16,}(?![0-9A-Za-z])"
)
_TEXT_BYTES = bytes(range(0x20, 0x7F)) + b"\t\n\r"


class Edit:
    """`text[start:end]` becomes `new`; `rule` found it, and looked at the text from `context` on."""

    __slots__ = ("context", "end", "new", "rule", "start")

    def __init__(self, start: int, end: int, new: str, rule: str, context: int) -> None:
        self.start = start
        self.end = end
        self.new = new
        self.rule = rule
        self.context = context


class _Secret:
    """A secret at `text[start:end]`, before it is known whether it is replaced; `spelled` writes what replaces it."""

    __slots__ = ("context", "end", "rule", "secret", "shape", "spelled", "start")

    def __init__(self, start: int, end: int, secret: str, rule: str, shape: Shape, context: int | None = None) -> None:
        self.start = start
        self.end = end
        self.secret = secret
        self.rule = rule
        self.shape = shape
        self.context = start if context is None else context
        self.spelled: Callable[[str], str] | None = None

    def within(self, start: int, end: int, spelled: Callable[[str], str]) -> _Secret:
        """The same where the text is itself a part, `[start:end]`, of another, in which `spelled` writes it."""
        outer = _Secret(start, end, self.secret, self.rule, self.shape)
        inner = self.spelled
        outer.spelled = spelled if inner is None else lambda text: spelled(inner(text))
        return outer


class Scope:
    """What there may be to find in a text: by which `rules`, paths of somebody's `home`, whether `encoded` for a URL,
    whether in `long` runs."""

    __slots__ = ("encoded", "home", "long", "rules")

    def __init__(self, rules: Sequence[Rule], *, home: bool, encoded: bool, long: bool) -> None:
        self.rules = rules
        self.home = home
        self.encoded = encoded
        self.long = long


class Search:
    """Finds secrets in decoded texts; `pseudonyms` are those given so far."""

    def __init__(self, rules: Sequence[Rule] | None, environment: Mapping[str, str], *, numbers_after: int = 0) -> None:
        """`rules` come before those of `RULES`; `numbers_after`: the numbers of pseudonyms begin behind it."""
        self.pseudonyms = Pseudonyms(numbers_after)
        self._rules = (*(rules or ()), *RULES)
        self._values = Values(environment)
        self._people = People(user_names(environment))

    def suspicious(self) -> Callable[[bytes], bool]:
        """What tells quickly whether there may be something to find."""
        if any(not rule.literals and not rule.seen for rule in self._rules):
            return lambda data: True
        usual = [*people.LITERALS, *MEMBER_LITERALS, *_unseen(RULES)]
        exact = [*self._people.literals, *self._values.literals]
        return Prefilter(usual, _unseen(self._rules[: -len(RULES)]), exact).suspicious

    def replace(self, text: str) -> str:
        """`text` without its secrets."""
        return applied(text, self.edits(text))

    def scope(self, text: str) -> Scope:
        """What there may be to find in `text`, and so in each of its parts."""
        lower = text.lower()
        rules = [
            rule for rule in self._rules if not rule.literals or any(literal in lower for literal in rule.literals)
        ]
        home = any(part in lower for part in people.IN_HOMES)
        return Scope(rules, home=home, encoded="%" in text, long=has_long_run(text.encode("utf-8", "surrogateescape")))

    def edits(self, text: str, member: str | None = None, scope: Scope | None = None) -> list[Edit]:
        """What is to be replaced in `text`, in order and apart from one another.

        `member`: the name under which the text stands in JSON; `scope`: that of a text of which it is a part.
        """
        edits: list[Edit] = []
        for found in self._secrets(text, member, 0, scope):
            number = number_of(found.secret, found.shape)
            if number:
                self.pseudonyms.seen(number)
                continue
            new = found.shape(found.secret, self.pseudonyms.number(found.secret, found.rule))
            if found.spelled is not None:
                new = found.spelled(new)
            edits.append(Edit(found.start, found.end, new, found.rule, found.context))
        return edits

    def _secrets(self, text: str, member: str | None, depth: int, scope: Scope | None = None) -> list[_Secret]:
        """Secrets, and what stands for one already, in order of place."""
        if len(text) < SHORTEST:
            return []
        if scope is None:
            scope = self.scope(text)
        if depth < _DEEPEST and text[0] in "{[" and text[-1] in "}]":
            inner = self._in_json(text, depth, scope)
            if inner is not None:
                return inner
        found = list(self._plain(text, scope))
        if depth < _DEEPEST:
            if scope.encoded and "%" in text:
                found += self._in_url(text, depth)
            if scope.long and len(text) >= _SHORTEST_RUN:
                found += self._in_runs(text, depth)
        if member is not None and not found:
            found += _as_member(text, member)
        return _apart(found)

    def _plain(self, text: str, scope: Scope) -> Iterator[_Secret]:
        for rule in scope.rules:
            group = "secret" if "secret" in rule.compiled.groupindex else 0
            for found in rule.compiled.finditer(text):
                secret = found[group]
                if secret and (rule.accept is None or rule.accept(secret)):
                    yield _Secret(*found.span(group), secret, rule.name, rule.shape, found.start())
        for start, end in self._values.find(text):
            yield _Secret(start, end, text[start:end], "environment", pseudonyms.filled)
        for start, end in people.find_emails(text):
            yield _Secret(start, end, text[start:end].lower(), "email", pseudonyms.email)
        for start, end, name in self._people.find_names(text, homes=scope.home):
            yield _Secret(start, end, name.lower(), "user-name", pseudonyms.name, max(0, start - 16))

    def _in_json(self, text: str, depth: int, scope: Scope) -> list[_Secret] | None:
        """Those within JSON that is a text as a whole; None if it is none."""
        from json import loads

        try:
            loads(text)
        except (ValueError, RecursionError):
            return None
        return [
            found.within(*string.place(found.start, found.end), string.spelled)
            for string in strings(text)
            for found in self._secrets(string.text, string.member, depth + 1, scope)
        ]

    def _in_url(self, text: str, depth: int) -> Iterator[_Secret]:
        from urllib.parse import quote, unquote

        def quoted(new: str) -> str:
            return quote(new, safe="")

        for word in _PERCENT.finditer(text):
            decoded = unquote(word[0], errors="surrogateescape")
            inside = self._secrets(decoded, None, depth + 1)
            if inside:
                places = _percent_places(word[0], decoded)
                for found in inside:
                    yield found.within(word.start() + places[found.start], word.start() + places[found.end], quoted)

    def _in_runs(self, text: str, depth: int) -> Iterator[_Secret]:
        """Runs of base64 and hexadecimal that hold a secret: they are replaced as a whole."""
        for run in _BASE64_RUN.finditer(text):
            if not has_long_run(run[0].encode()):
                continue
            rule = self._rule_in_base64(run[0], depth)
            if rule:
                yield _Secret(*run.span(), run[0], rule, pseudonyms.filled)
        for run in _HEX_RUN.finditer(text):
            rule = self._rule_in_bytes(bytes.fromhex(run[0]), depth)
            if rule:
                yield _Secret(*run.span(), run[0], rule, pseudonyms.hexadecimal)

    def _rule_in_base64(self, run: str, depth: int) -> str | None:
        """The rule that finds something in what a run decodes to; the base64 may begin up to three characters late."""
        standard = run.replace("-", "+").replace("_", "/").rstrip("=")
        for late in range(4):
            body = standard[late:]
            body = body[: len(body) - (len(body) % 4 == 1)]
            rule = self._rule_in_bytes(a2b_base64(body + "=" * (-len(body) % 4)), depth)
            if rule:
                return rule
        return None

    def _rule_in_bytes(self, data: bytes, depth: int) -> str | None:
        head = data[:64]
        if len(data) < 12 or len(head.translate(None, _TEXT_BYTES)) * 4 > len(head):
            return None
        for found in self._secrets(data.decode("utf-8", "replace"), None, depth + 1):
            if not number_of(found.secret, found.shape):
                return found.rule
        return None


def _unseen(rules: Sequence[Rule]) -> list[str]:
    return [literal for rule in rules if not rule.seen for literal in rule.literals]


def _as_member(text: str, member: str) -> Iterator[_Secret]:
    """The whole text, if its name in JSON says that it is a secret."""
    if "\n" in text.strip() or len(text) > _LONGEST_MEMBER or not member_value(text):
        return
    named = any(pattern.fullmatch(member) for pattern in (_SECRET_MEMBER, _CAMEL_MEMBER, _CAPITAL_MEMBER))
    token = _TOKEN_MEMBER.fullmatch(member) and len(text) >= 12 and any(letter.isdigit() for letter in text)
    if named or token:
        yield _Secret(0, len(text), text, "member", pseudonyms.filled)


def applied(text: str, edits: Sequence[Edit]) -> str:
    """`text` after `edits`, which are in order."""
    if not edits:
        return text
    parts: list[str] = []
    at = 0
    for edit in edits:
        parts += text[at : edit.start], edit.new
        at = edit.end
    return "".join(parts) + text[at:]


def _apart(found: list[_Secret]) -> list[_Secret]:
    """Of those that overlap the one that was found first, unless another takes in much more; in order of place."""
    if len(found) < 2:
        return found
    chosen: list[_Secret] = []  # apart and in order, so that those that one overlaps stand together
    starts: list[int] = []
    for one in found:
        first, last = bisect_left(starts, one.start), bisect_left(starts, one.end)
        if first and chosen[first - 1].end > one.start:
            first -= 1
        if first == last or _covers(one, chosen[first:last]):
            chosen[first:last] = [one]
            starts[first:last] = [one.start]
    return chosen


def _covers(one: _Secret, others: list[_Secret]) -> bool:
    inside = sum(other.end - other.start for other in others)
    whole = all(one.start <= other.start and other.end <= one.end for other in others)
    return whole and one.end - one.start - inside >= 8


def _percent_places(text: str, decoded: str) -> list[int]:
    """Where each character of `decoded` begins in the URL-encoded `text`, and where the last one ends."""
    places: list[int] = []
    at = 0
    for character in decoded:
        places.append(at)
        if _ESCAPE.match(text, at):
            at += 3 * len(character.encode("utf-8", "surrogateescape"))
        else:
            at += 1
    places.append(len(text))
    return places
