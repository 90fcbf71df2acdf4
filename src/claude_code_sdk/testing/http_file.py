"""A file of recorded HTTP as its text: what stands in it and where, and the same text without secrets.

Above: `claude-cassette scan`, `scrub` and `show`.  Below: PyYAML, which is imported here alone; `http_scrubbing.py`.
vcrpy reads such a file as values and writes it anew.  Here each value is known by its place, so that a secret has a
line, and what is no secret keeps its bytes, comments too.  No object is made of what stands in the file.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, encodebytes
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ..cassettes.secrets.pseudonyms import highest_number
from ..cassettes.secrets.residue import Finding, refused
from ..cassettes.secrets.search import Search
from ..errors import CassetteError
from .http_scrubbing import Scrubbing

try:
    import yaml
except ImportError as missing:
    raise ImportError("recorded HTTP needs PyYAML:  pip install 'claude-code-sdk-harness[pytest]'") from missing

if TYPE_CHECKING:
    from ..cassettes.secrets.rules import Rule
else:  # so that `typing.get_type_hints` works although it is imported only when used
    Rule = Any

SUFFIX = ".http.yaml"

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BINARY = "tag:yaml.org,2002:binary"
_NULL = "tag:yaml.org,2002:null"
_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*")
_LENGTH = re.compile(r"(interactions\[\d+\]\.response)\.headers\.(?i:content-length)(?:\[0\])?")
_WORD = re.compile(r"\S{4,}")


class Value:
    """A text or bytes in the file.

    - `where`: a path such as `interactions[0].request.uri`; `line`: the 1-based one on which it begins.
    - `content`: what it is read as; `member`: the name that it stands under, empty for such a name itself.
    """

    __slots__ = ("_node", "content", "line", "member", "raw", "where")

    def __init__(self, node: Any, text: str, where: str, member: str) -> None:
        self._node = node
        self.raw = text[node.start_mark.index : node.end_mark.index]
        self.where = where
        self.member = member
        self.line: int = node.start_mark.line + 1
        self.content: str | bytes = _decoded(node)

    @property
    def start(self) -> int:
        """The character of the file at which it begins."""
        index: int = self._node.start_mark.index
        return index

    def written(self, new: str | bytes, replaced: Sequence[tuple[str, str]]) -> str:
        """What stands in the file for `new`, which is this with some texts `replaced`, in the writing of this one."""
        properties = _PROPERTIES.match(self.raw)
        head = properties[0] if properties else ""
        tail = self.raw[len(self.raw.rstrip()) :] if self._node.style in ("|", ">") else ""
        if isinstance(new, bytes):
            return f"{head}{self._encoded(new, len(head))}{tail}"
        literal = self.raw
        for old, replacement in replaced:
            literal = literal.replace(old, replacement)
        single = "'" + new.replace("'", "''") + "'"
        double = json.dumps(new, ensure_ascii=False).replace("\x7f", "\\u007f")
        candidates = [literal, f"{head}{new}"] if self._node.style is None else [literal]
        if self._node.style in (None, "'"):
            candidates.append(head + single)
        for candidate in candidates:
            if _reads_as(candidate, new):
                return candidate
        return f"{head}{double}{tail}"

    def _encoded(self, new: bytes, head: int) -> str:
        """Base64, in lines like those that are there."""
        lines = encodebytes(new).decode().split()
        indent = re.search(r"\n( +)", self.raw[head:])
        if self._node.style not in ("|", ">") or indent is None:
            return f'"{"".join(lines)}"'
        first = self.raw[head:].partition("\n")[0]
        return "\n".join([first, *(indent[1] + line for line in lines)])


class Interaction(NamedTuple):
    """A request and its response, as they stand in the file; `line` and `response_line` are where they begin."""

    line: int
    method: str
    uri: str
    headers: dict[str, list[str]]
    body: str | bytes | None
    response_line: int
    status: str
    reason: str
    response_headers: dict[str, list[str]]
    response_body: str | bytes | None


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
        self._root = _composed(self._text, path)
        self._interactions = self._checked()

    @property
    def interactions(self) -> list[Interaction]:
        """The requests and their responses, in order."""
        return [_interaction(node) for node in self._interactions]

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
        types = {where: _content_type(node) for node, where in self._bodies()}
        for value in self._values():
            found.clear()
            new = _without_secrets(value, scrubbing, types.get(value.where))
            if found:
                yield Change(value, new, list(found))

    def _bodies(self) -> Iterator[tuple[Any, str]]:
        """Each request and response, with the path of its body."""
        for number, node in enumerate(self._interactions):
            yield _member(node, "request"), f"interactions[{number}].request.body"
            yield _member(node, "response"), f"interactions[{number}].response.body.string"

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

        def below(node: Any, where: str, member: str) -> Iterator[Value]:
            if id(node) in seen:
                return
            seen.add(id(node))
            if isinstance(node, yaml.ScalarNode):
                if node.tag != _NULL:
                    yield Value(node, self._text, where, member)
            elif isinstance(node, yaml.SequenceNode):
                for index, item in enumerate(node.value):
                    yield from below(item, f"{where}[{index}]", member)
            else:
                for key, item in node.value:
                    name = key.value if isinstance(key, yaml.ScalarNode) else ""
                    inner = f"{where}.{name}" if where else name
                    yield from below(key, f"{inner} (its name)", "")
                    yield from below(item, inner, name)

        return below(self._root, "", "")

    def _checked(self) -> list[Any]:
        """The interactions, each of which has what one needs.  Raises `CassetteError`."""
        interactions = _member(self._root, "interactions")
        if not isinstance(interactions, yaml.SequenceNode):
            raise self._damaged(self._root, "there is no list of interactions in it, so it is no recorded HTTP")
        for node in interactions.value:
            request, response = _member(node, "request"), _member(node, "response")
            if not isinstance(_member(request, "method"), yaml.ScalarNode) or not _text(request, "uri"):
                raise self._damaged(node, "an interaction has no request with a method and a uri")
            if not isinstance(_member(response, "status"), yaml.MappingNode):
                raise self._damaged(node, "an interaction has no response with a status")
        return list(interactions.value)

    def _damaged(self, node: Any, what: str) -> CassetteError:
        return CassetteError(f"{self.path}:{node.start_mark.line + 1}: damaged: {what}")


def _composed(text: str, path: str) -> Any:
    """The nodes of the YAML.  Raises `CassetteError`."""
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = 1 if mark is None else mark.line + 1
        raise CassetteError(f"{path}:{line}: damaged: the recorded HTTP is no YAML: {error.problem}") from error
    except (yaml.YAMLError, RecursionError) as error:
        what = " ".join(str(error).split())
        raise CassetteError(f"{path}:1: damaged: the recorded HTTP is no YAML: {what}") from error
    if root is None:
        raise CassetteError(f"{path}:1: damaged: the recorded HTTP is empty")
    return root


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


def _reads_as(candidate: str, content: str) -> bool:
    """Whether this is written for that text."""
    try:
        root = yaml.compose(f"- {candidate}", Loader=_LOADER)
    except yaml.YAMLError:
        return False
    items = root.value if isinstance(root, yaml.SequenceNode) else []
    return len(items) == 1 and isinstance(items[0], yaml.ScalarNode) and items[0].value == content


def _decoded(node: Any) -> str | bytes:
    text: str = node.value
    if node.tag == _BINARY:
        try:
            return b64decode(text)
        except ValueError:
            pass  # it is looked at as the text that it is
    return text


def _member(node: Any, name: str) -> Any:
    """A member of a mapping; None where there is none."""
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for key, value in node.value if getattr(key, "value", None) == name), None)


def _line(node: Any, name: str) -> int:
    """The line of a member's name."""
    key = next(key for key, _ in node.value if getattr(key, "value", None) == name)
    line: int = key.start_mark.line
    return line + 1


def _text(node: Any, name: str) -> str:
    value = _member(node, name)
    return str(value.value) if isinstance(value, yaml.ScalarNode) and value.tag != _NULL else ""


def _headers(node: Any) -> dict[str, list[str]]:
    headers = _member(node, "headers")
    pairs = headers.value if isinstance(headers, yaml.MappingNode) else []
    return {
        str(name.value): [str(one.value) for one in (value.value if isinstance(value.value, list) else [value])]
        for name, value in pairs
    }


def _content_type(node: Any) -> str:
    return next((values[0] for name, values in _headers(node).items() if name.lower() == "content-type" and values), "")


def _body(node: Any) -> str | bytes | None:
    """The text or bytes of a body; JSON that a client was given as values is shown as JSON."""
    if node is None or node.tag == _NULL:
        return None
    return _decoded(node) if isinstance(node, yaml.ScalarNode) else json.dumps(_plain(node), ensure_ascii=False)


def _plain(node: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in node.value]
    return None if node.tag == _NULL else node.value


def _interaction(node: Any) -> Interaction:
    request, response = _member(node, "request"), _member(node, "response")
    status = _member(response, "status")
    return Interaction(
        line=_line(node, "request"),
        method=_text(request, "method"),
        uri=_text(request, "uri"),
        headers=_headers(request),
        body=_body(_member(request, "body")),
        response_line=_line(node, "response"),
        status=_text(status, "code"),
        reason=_text(status, "message"),
        response_headers=_headers(response),
        response_body=_body(_member(_member(response, "body"), "string")),
    )
