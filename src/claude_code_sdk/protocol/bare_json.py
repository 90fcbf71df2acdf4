"""Bare JSON: CPython's reader and writer of JSON without the package `json` around them, which takes long to load.

Above: `codec.py` and the scripted fake.  Below: `json`, for what is odd, and where there are no `_json`'s.
"""

from __future__ import annotations

from .later import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    _json: Any
else:
    try:
        import _json
    except ImportError:  # not CPython
        _json = None

_SPACE = " \t\n\r"
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")  # of byte order


class _Context:
    """How `json.JSONDecoder` reads by default."""

    strict = True
    object_hook = object_pairs_hook = None
    parse_float, parse_int = float, int

    @staticmethod
    def parse_constant(name: str) -> float:
        return float(name.replace("Infinity", "inf"))


def _default(value: Any) -> Any:
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def _made(name: str, *given: Any) -> Any:
    """A reader or writer of `_json`'s; None where there is none that takes this: nobody promises that there is."""
    try:
        return getattr(_json, name)(*given)
    except (AttributeError, TypeError):
        return None


_scan = _made("make_scanner", _Context)


def loads(text: str | bytes) -> Any:
    """As `json.loads`, which also says what is wrong with a text.  Raises `ValueError`."""
    if isinstance(text, bytes):
        if text.startswith(_MARKS) or b"\0" in text[:4]:
            return json.loads(text)  # it knows which encoding that is
        text = text.decode("utf-8", "surrogatepass")
    if _scan is not None:
        try:
            value, end = _scan(text, len(text) - len(text.lstrip(_SPACE)))
        except StopIteration:  # there is no value
            return json.loads(text)
        if not text[end:].strip(_SPACE):
            return value
    return json.loads(text)


def writer(*, ascii_only: bool) -> Callable[[Any], str]:
    """Writes a value as compact JSON, as `json.dumps` does with these separators, without a look for circles.

    It raises `ValueError` for a number that JSON has not: an infinite one, or NaN.
    """
    encode_text = getattr(_json, "encode_basestring_ascii" if ascii_only else "encode_basestring", None)
    # `json.dumps` makes one of these for each value, which costs as much as writing a short frame.
    pieces = _made("make_encoder", None, _default, encode_text, None, ":", ",", False, False, False)
    if pieces is None:
        separators = (",", ":")
        return json.JSONEncoder(
            ensure_ascii=ascii_only, check_circular=False, allow_nan=False, separators=separators
        ).encode
    return lambda value: "".join(pieces(value, 0))
