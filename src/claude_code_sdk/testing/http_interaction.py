"""One request of HTTP and its response, as vcrpy has them: without secrets, compared, and whether they concern anybody.

Above: `http.py`.  Below: `http_scrubbing.py`.  A request has a `method`, a `uri`, a `body` and `headers`, which can be
set; a response is a dict of `status`, `headers` and `body`.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from ipaddress import ip_address
from typing import Any

from .http_scrubbing import Scrubbing

_VOLATILE = frozenset({"date", "age", "expires", "last-modified", "etag", "server-timing", "cf-ray", "x-request-id"})
"""Headers of responses in which two recordings of the same behaviour differ."""


def without_secrets(request: Any, scrubbing: Scrubbing) -> Any:
    """The request as it is written."""
    body = request.body
    if body is not None and not isinstance(body, (bytes, dict, list, int, float, bool)):
        body = b"".join(body) if not hasattr(body, "read") else body.read()
    content_type = content_type_of(request)
    new = copy(request)
    new._was_file = new._was_iter = False  # it is read
    new.uri = scrubbing.uri(request.uri)
    new.body = scrubbing.body(body, content_type)
    new.headers = scrubbing.headers({name: _values(value) for name, value in request.headers.items()})
    return new


def response_without_secrets(response: Any, scrubbing: Scrubbing) -> Any:
    """The response as it is written."""
    headers = scrubbing.headers({name: list(values) for name, values in response["headers"].items()})
    types = [value for name, values in headers.items() if name.lower() == "content-type" for value in values]
    body = response["body"].get("string")
    if not isinstance(body, bytes):  # aiohttp's, of a response that has none
        return {**response, "headers": headers}
    new = scrubbing.body(body, types[0] if types else "")
    if len(new) != len(body):
        headers |= {name: [str(len(new))] for name in headers if name.lower() == "content-length"}
    return {**response, "headers": headers, "body": {**response["body"], "string": new}}


def _values(value: Any) -> list[str]:
    """The values of a header, as one of the clients has given it."""
    if isinstance(value, bytes):
        return [value.decode("latin-1")]
    return [value] if isinstance(value, str) else [str(one) for one in value]


def content_type_of(request: Any) -> str:
    """The type of a request's body; empty where it does not say."""
    value = request.headers.get("content-type", "")
    return str(value[0] if isinstance(value, list) and value else value or "")


def made_again(there: Sequence[tuple[Any, Any]], made: Sequence[tuple[Any, Any]]) -> bool:
    """Whether two recordings differ in nothing but what differs with every recording."""
    return [_lasting(*one) for one in there] == [_lasting(*one) for one in made]


def _lasting(request: Any, response: Any) -> tuple[Any, ...]:
    headers = {name.lower(): values for name, values in response["headers"].items() if name.lower() not in _VOLATILE}
    body = response["body"].get("string") or b""
    return request.method, request.uri, request.body or b"", response["status"], headers, body


def unless_it_stays_here(request: Any) -> Any:
    """The request, unless it goes to this machine."""
    host = (request.host or "").rstrip(".").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return None
    try:
        address = ip_address(host)
    except ValueError:
        return request
    return None if address.is_loopback or address.is_unspecified else request
