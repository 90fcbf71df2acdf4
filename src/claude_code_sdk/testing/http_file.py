"""A file of recorded HTTP as its text: what stands in it and where, and the same text without secrets.

Above: `claude-cassette scan`, `scrub` and `show`.  Below: `http_yaml.py`, `http_scrubbing.py`.  vcrpy reads such a file
as values and writes it anew.  Here each value is known by its place, so that a secret has a line, and what is no secret
keeps its bytes, comments too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ..cassettes.secrets.pseudonyms import highest_number
from ..cassettes.secrets.residue import Finding, refused
from ..cassettes.secrets.search import Search
from ..errors import CassetteError
from .http_scrubbing import Scrubbing
from .http_yaml import (
    Interaction,
    Value,
    composed,
    content_type_of,
    interaction_of,
    is_list,
    is_mapping,
    is_null,
    is_text,
    member,
    text_of,
)

if TYPE_CHECKING:
    from ..cassettes.secrets.rules import Rule
else:  # so that `typing.get_type_hints` works although it is imported only when used
    Rule = Any

_LENGTH = re.compile(r"(interactions\[\d+\]\.response)\.headers\.(?i:content-length)(?:\[0\])?")
_WORD = re.compile(r"\S{4,}")


class Change(NamedTuple):
    """What becomes of a value; `found` has the rule, the text and what replaces it, of each secret."""

    value: Value
    new: str | bytes
    found: list[tuple[str, str, str]]


class HttpFile:
    """What is in the file `path`, whose content is `data`.

    Raises `CassetteError` when it is damaged: it is no YAML, or no recording of HTTP; the message has the line.
    """

    def __init__(self, data: bytes, path: str) -> None:
        self.path = path
        self._data = data
        try:
            self._text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise CassetteError(f"{path}:{line}: damaged: the recorded HTTP is not UTF-8") from error
        self._root = composed(self._text, path)
        self._interactions = self._checked()

    @property
    def interactions(self) -> list[Interaction]:
        """The requests and their responses, in order."""
        return [interaction_of(node) for node in self._interactions]

    def findings(
        self, *, rules: Sequence[Rule] | None = None, environment: Mapping[str, str] | None = None
    ) -> list[Finding]:
        """Every secret in the file; pseudonyms are none."""
        found: dict[tuple[str, int, str], Finding] = {}
        for value, _, secrets in self._changes(Search(rules, environment or {})):
            at = 0
            for rule, secret, _ in secrets:
                at, line = _line_of(value, secret, at)
                found.setdefault((rule, line, value.where), Finding(rule, line, value.where))
        return sorted(found.values(), key=lambda one: one.line)

    def scrubbed(
        self, *, rules: Sequence[Rule] | None = None, environment: Mapping[str, str] | None = None
    ) -> tuple[bytes, dict[str, int]]:
        """The content without its secrets, and how many of which kind were in it.

        Raises `CassetteError` when one would be left.
        """
        search = Search(rules, environment or {}, numbers_after=highest_number(self._data))
        changes = [change for change in self._changes(search) if change.new != change.value.content]
        if not changes:
            return self._data, {}
        redacted = dict(search.pseudonyms.counts)
        changes += self._lengths(changes)
        parts: list[str] = []
        at = 0
        for value, new, found in sorted(changes, key=lambda change: change.value.start):
            parts += self._text[at : value.start], value.written(new, [pair[1:] for pair in found])
            at = value.start + len(value.raw)
        text = "".join(parts) + self._text[at:]
        self._check_rewritten(text, changes)
        again = HttpFile(text.encode("utf-8"), self.path)
        left = again.findings(rules=rules, environment=environment)
        if left:
            raise refused(self.path, [f"{self.path}:{one.line}: {one.where}: {one.rule}" for one in left])
        return text.encode("utf-8"), redacted

    def _changes(self, search: Search) -> Iterator[Change]:
        """What is to be replaced, value by value."""
        found: list[tuple[str, str, str]] = []
        scrubbing = Scrubbing(search, report=lambda *secret: found.append(secret))
        types = {where: content_type_of(node) for node, where in self._bodies()}
        for value in self._values():
            found.clear()
            new = _without_secrets(value, scrubbing, types.get(value.where))
            if found:
                yield Change(value, new, list(found))

    def _bodies(self) -> Iterator[tuple[Any, str]]:
        """Each request and response, with the path of its body."""
        for number, node in enumerate(self._interactions):
            yield member(node, "request"), f"interactions[{number}].request.body"
            yield member(node, "response"), f"interactions[{number}].response.body.string"

    def _lengths(self, changes: Sequence[Change]) -> Iterator[Change]:
        """The headers that say how long a body of a response is, where that changes."""
        sizes = {value.where: str(_size(new)) for value, new, _ in changes if _size(new) != _size(value.content)}
        for value in self._values():
            header = _LENGTH.fullmatch(value.where)
            size = header and sizes.get(f"{header[1]}.body.string")
            if size and size != value.content:
                yield Change(value, size, [("", str(value.content), size)])

    def _check_rewritten(self, text: str, changes: Sequence[Change]) -> None:
        """Whether it says what it should: a file that is written otherwise than it was thought must not be replaced."""
        wanted = {change.value.where: change.new for change in changes}
        expected = [wanted.get(value.where, value.content) for value in self._values()]
        if [value.content for value in HttpFile(text.encode("utf-8"), self.path)._values()] != expected:
            raise CassetteError(f"{self.path}: its secrets cannot be taken out in place; record it again")

    def _values(self) -> Iterator[Value]:
        """Every text in the file, names too; one that stands in several places once."""
        seen: set[int] = set()

        def below(node: Any, where: str, under: str) -> Iterator[Value]:
            if id(node) in seen:
                return
            seen.add(id(node))
            if is_text(node):
                if not is_null(node):
                    yield Value(node, self._text, where, under)
            elif is_list(node):
                for index, item in enumerate(node.value):
                    yield from below(item, f"{where}[{index}]", under)
            else:
                for key, item in node.value:
                    name = key.value if is_text(key) else ""
                    inner = f"{where}.{name}" if where else name
                    yield from below(key, f"{inner} (its name)", "")
                    yield from below(item, inner, name)

        return below(self._root, "", "")

    def _checked(self) -> list[Any]:
        """The interactions, each of which has what one needs.  Raises `CassetteError`."""
        interactions = member(self._root, "interactions")
        if not is_list(interactions):
            raise self._damaged(self._root, "there is no list of interactions in it, so it is no recorded HTTP")
        for node in interactions.value:
            request, response = member(node, "request"), member(node, "response")
            if not is_text(member(request, "method")) or not text_of(request, "uri"):
                raise self._damaged(node, "an interaction has no request with a method and a uri")
            if not is_mapping(member(response, "status")):
                raise self._damaged(node, "an interaction has no response with a status")
        return list(interactions.value)

    def _damaged(self, node: Any, what: str) -> CassetteError:
        return CassetteError(f"{self.path}:{node.start_mark.line + 1}: damaged: {what}")


def _without_secrets(value: Value, scrubbing: Scrubbing, content_type: str | None) -> str | bytes:
    """What the value becomes; `content_type` is given for a body."""
    content = value.content
    if content_type is not None or isinstance(content, bytes):
        data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
        new: bytes = scrubbing.body(data, content_type or "")
        return new if isinstance(content, bytes) else new.decode("utf-8", "surrogatepass")
    if re.fullmatch(r"interactions\[\d+\]\.(?:request\.uri|response\.url)", value.where):
        return scrubbing.uri(content)
    if value.member and re.match(r"interactions\[\d+\]\.(?:request|response)\.headers\.", value.where):
        return scrubbing.header(value.member, content)
    return scrubbing.text(content, value.member or None)


def _size(content: str | bytes) -> int:
    """Bytes of a body."""
    return len(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)


def _line_of(value: Value, secret: str, begin: int) -> tuple[int, int]:
    """Where a secret stands in the writing of a value, and on which line: the value's own where that is not seen."""
    for part in (secret, *_WORD.findall(secret)[:1]):
        for start in (begin, 0):
            at = value.raw.find(part, start)
            if at >= 0:
                return at + len(part), value.line + value.raw.count("\n", 0, at)
    return begin, value.line
