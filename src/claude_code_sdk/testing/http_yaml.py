"""The YAML of recorded HTTP, node by node: its texts with their places, and what an interaction says.

Above: `http_file.py`.  Below: PyYAML, which is imported here alone.  No object is made of what stands in a file.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, encodebytes
from collections.abc import Sequence
from typing import Any, NamedTuple

from ..errors import CassetteError

try:
    import yaml
except ImportError as missing:
    raise ImportError("recorded HTTP needs PyYAML:  pip install 'claude-code-sdk-harness[pytest]'") from missing

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BINARY = "tag:yaml.org,2002:binary"
_NULL = "tag:yaml.org,2002:null"
_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*")


class Value:
    """A text or bytes in the file.

    - `where`: a path such as `interactions[0].request.uri`; `line`: the 1-based one on which it begins.
    - `content`: what it is read as; `member`: the name that it stands under, empty for such a name itself.
    """

    __slots__ = ("_node", "content", "line", "member", "raw", "where")

    def __init__(self, node: Any, text: str, where: str, name: str) -> None:
        self._node = node
        self.raw = text[node.start_mark.index : node.end_mark.index]
        self.where = where
        self.member = name
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


def composed(text: str, path: str) -> Any:
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


def is_text(node: Any) -> bool:
    """Whether it is a scalar."""
    return isinstance(node, yaml.ScalarNode)


def is_null(node: Any) -> bool:
    """Whether it is the scalar that says nothing."""
    return is_text(node) and node.tag == _NULL


def is_list(node: Any) -> bool:
    """Whether it is a sequence."""
    return isinstance(node, yaml.SequenceNode)


def is_mapping(node: Any) -> bool:
    """Whether it is a mapping."""
    return isinstance(node, yaml.MappingNode)


def member(node: Any, name: str) -> Any:
    """A member of a mapping; None where there is none."""
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for key, value in node.value if getattr(key, "value", None) == name), None)


def line_of(node: Any, name: str) -> int:
    """The line of a member's name."""
    key = next(key for key, _ in node.value if getattr(key, "value", None) == name)
    line: int = key.start_mark.line
    return line + 1


def text_of(node: Any, name: str) -> str:
    value = member(node, name)
    return str(value.value) if isinstance(value, yaml.ScalarNode) and value.tag != _NULL else ""


def headers_of(node: Any) -> dict[str, list[str]]:
    headers = member(node, "headers")
    pairs = headers.value if isinstance(headers, yaml.MappingNode) else []
    return {
        str(name.value): [str(one.value) for one in (value.value if isinstance(value.value, list) else [value])]
        for name, value in pairs
    }


def content_type_of(node: Any) -> str:
    return next(
        (values[0] for name, values in headers_of(node).items() if name.lower() == "content-type" and values), ""
    )


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


def interaction_of(node: Any) -> Interaction:
    request, response = member(node, "request"), member(node, "response")
    status = member(response, "status")
    return Interaction(
        line=line_of(node, "request"),
        method=text_of(request, "method"),
        uri=text_of(request, "uri"),
        headers=headers_of(request),
        body=_body(member(request, "body")),
        response_line=line_of(node, "response"),
        status=text_of(status, "code"),
        reason=text_of(status, "message"),
        response_headers=headers_of(response),
        response_body=_body(member(member(response, "body"), "string")),
    )
