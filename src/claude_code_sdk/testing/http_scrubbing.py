"""Requests and responses of HTTP without secrets, and compared so that secrets do not count.

Above: `http.py`.  Below: the rules of cassettes (`cassettes/secrets/`), which know what a secret looks like in a text
or under a name.  Here is where texts stand in HTTP, and under which names: headers, the parameters of a query or of a
form, JSON, anything else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus, unquote_plus, urlsplit

from ..cassettes.secrets.pseudonyms import canonical, filled, number_of
from ..cassettes.secrets.search import applied

if TYPE_CHECKING:
    from ..cassettes.secrets.search import Search
else:  # so that `typing.get_type_hints` works although it is imported only when used
    Search = Any

FORM = "application/x-www-form-urlencoded"

_CREDENTIALS = frozenset({"authorization", "proxy-authorization", "www-authenticate", "x-api-key", "api-key"})
"""Headers that are credentials, whatever they look like; those of cookies aside."""

_SCHEME = re.compile(r"(?i)(basic|bearer|digest|token|apikey|negotiate|aws4-hmac-sha256)\s+")
_COOKIE = re.compile(r"([^=;,\s]+=)([^;]*)")
_BOUNDARY = re.compile(r'boundary="?([^";,\s]+)')


class Scrubbing:
    """Takes the secrets out of what one `search` sees: the same secret becomes the same pseudonym throughout.

    - `report`: is called with the rule that found each of them, the secret and what replaces it.
    """

    def __init__(self, search: Search, *, report: Callable[[str, str, str], object] | None = None) -> None:
        self._search = search
        self._report = report

    def uri(self, uri: str) -> str:
        """A URL; its parameters are looked at by name too."""
        base, mark, query = uri.partition("?")
        return self.text(base + mark + self._form(query))

    def headers(self, headers: Mapping[str, list[str]]) -> dict[str, list[str]]:
        """Headers: each name with its values."""
        return {name: [self.header(name, value) for value in values] for name, values in headers.items()}

    def body(self, body: Any, content_type: str) -> Any:
        """A body: bytes, None, or what a client of aiohttp was given to send as JSON."""
        if body is None or isinstance(body, bytes):
            if not body:
                return body
            text = body.decode("utf-8", "surrogateescape")
            text = self._form(text) if content_type.startswith(FORM) else self.text(text)
            return text.encode("utf-8", "surrogateescape")
        return json.loads(self.text(json.dumps(body)))

    def text(self, text: str, member: str | None = None) -> str:
        """A text, and the name that it stands under."""
        edits = self._search.edits(text, member)
        if self._report is not None:
            for edit in edits:
                self._report(edit.rule, text[edit.start : edit.end], edit.new)
        return applied(text, edits)

    def _form(self, query: str) -> str:
        """`name=value&…`, each value decoded and under its name."""
        pairs = []
        for pair in query.split("&"):
            name, sign, value = pair.partition("=")
            decoded = unquote_plus(value, errors="surrogateescape")
            new = self.text(decoded, unquote_plus(name))
            pairs.append(f"{name}{sign}{value if new == decoded else quote_plus(new, errors='surrogateescape')}")
        return "&".join(pairs)

    def header(self, name: str, value: str) -> str:
        """The value of a header."""
        lower = name.lower()
        if lower == "cookie":
            return _COOKIE.sub(lambda cookie: cookie[1] + self._hidden(cookie[2]), value)
        if lower == "set-cookie":
            return _COOKIE.sub(lambda cookie: cookie[1] + self._hidden(cookie[2]), value, count=1)
        if lower in _CREDENTIALS:
            scheme = _SCHEME.match(value)
            begin = scheme.end() if scheme else 0
            return value[:begin] + self._hidden(value[begin:])
        if lower in ("location", "content-location", "referer"):
            return self.uri(value)
        return self.text(value, name)

    def _hidden(self, secret: str) -> str:
        """What stands for a value that is a secret because of where it is."""
        if not secret or number_of(secret, filled):
            return secret
        new = filled(secret, self._search.pseudonyms.number(secret, "header"))
        if self._report is not None:
            self._report("header", secret, new)
        return new


def same_uri(recorded: str, live: str) -> bool:
    """Whether two URLs without secrets are the same, in any order of parameters."""
    return _uri_parts(recorded) == _uri_parts(live)


def same_body(recorded: Any, live: Any, recorded_type: str, live_type: str) -> bool:
    """Whether two bodies without secrets say the same, however JSON is written and parts are bounded."""
    return _body_text(recorded, recorded_type) == _body_text(live, live_type)


def _uri_parts(uri: str) -> tuple[Any, ...]:
    parts = urlsplit(canonical(uri))
    return parts.scheme, parts.netloc, parts.path or "/", sorted(parts.query.split("&"))


def _body_text(body: Any, content_type: str) -> str:
    """A body as a text that is equal for bodies that say the same."""
    if not isinstance(body, bytes):
        text = "" if body is None else json.dumps(body)
    else:
        text = body.decode("utf-8", "surrogateescape")
    boundary = _BOUNDARY.search(content_type)
    if boundary is not None:
        text = text.replace(boundary[1], "boundary")
    elif content_type.startswith(FORM):
        text = "&".join(sorted(text.split("&")))
    else:
        try:
            text = json.dumps(json.loads(text), sort_keys=True)
        except ValueError:
            pass
    return canonical(text)
