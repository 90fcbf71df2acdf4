"""JSON of the host: orjson, and the standard library where orjson refuses a value or would change it.

Above: the dispatcher and the in-process tools.  Not on the fake path.  The cases (measured against orjson 3.13):

| value                                      | orjson                     | here                                  |
|--------------------------------------------|----------------------------|---------------------------------------|
| lone surrogate, in (`"\\ud83d"`)            | refuses                    | the surrogate, as JavaScript sent it  |
| lone surrogate, out                        | refuses                    | its escape                            |
| integer above 64 bits, in                  | becomes a float in silence | the integer                           |
| integer above 64 bits, out                 | refuses                    | the integer                           |
| `NaN`, `Infinity`, `1e400`, in             | refuses                    | the float                             |
| NaN or infinity, out                       | becomes `null` in silence  | `ValueError`: not JSON; the CLI ends  |
| bytes that are not UTF-8, in               | refuses                    | U+FFFD and a warning                  |
| a key that is not a string, out            | refuses                    | as the standard library writes it     |
"""

from __future__ import annotations

import json
import logging
import math
from typing import Any

import orjson

logger = logging.getLogger("claude_code_sdk")

quick_loads = orjson.loads
"""Right for lines of which `is_plain` is true; raises `ValueError` for those that only `loads` can read."""

_LONG_DIGITS = b"0" * 19  # 2**63 has 19 digits
_SAMPLE = 2
_SAMPLED_DIGITS = b"0" * 9  # 19 digits in a row have nine even places at least
_AROUND = 20  # samples to each side that hold all of a run of 19 through nine samples
_LOOKS = 32  # before the whole is looked at
_ROUNDED = 2.0**63  # a float from here on may have been such an integer
_NO_FLOATS = frozenset({str, bool, int, type(None)})
_LONG_LINE = 4096  # bytes
_BYTES_A_FIELD = 64  # of a line that is mostly text; with more fields to its bytes a look at these is cheaper
# Every digit becomes "0" and every other byte a space: a run of 19 digits is then one fast substring search.
_DIGITS = bytes(ord("0") if 48 <= byte <= 57 else 32 for byte in range(256))
# Dataclasses, dates and subclasses are refused as the standard library refuses them: what a program sends must not
# depend on which of the two wrote it.
_STRICT = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME


def is_plain(data: bytes | bytearray) -> bool:
    """Whether no number in `data` can be an integer of more than 64 bits, which orjson would round in silence.

    Looks at every second byte first, and closer where nine of those in a row are digits: ids have dashes more often.
    """
    sample = data[::_SAMPLE].translate(_DIGITS)
    found = sample.find(_SAMPLED_DIGITS)
    for _ in range(_LOOKS):
        if found < 0:
            return True
        around = data[max(0, (found - _AROUND) * _SAMPLE) : (found + _AROUND) * _SAMPLE]
        if _LONG_DIGITS in around.translate(_DIGITS):
            return False
        found = sample.find(_SAMPLED_DIGITS, found + 1)
    return _LONG_DIGITS not in data.translate(_DIGITS)


def loads(line: bytes | bytearray) -> Any:
    """Decode one line.  Raises `ValueError` when it is not JSON."""
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        return _loads_with_stdlib(line)
    # A long line is mostly one text, so that a walk through what it became is shorter than one through its bytes; the
    # answer to `initialize` is one that is mostly fields.
    is_text = len(line) > _LONG_LINE and line.count(b'":') * _BYTES_A_FIELD < len(line)
    if (is_text or not is_plain(line)) and _may_be_rounded(value):
        return json.loads(line)
    return value


def strict_loads(line: bytes | bytearray) -> Any:
    """As `loads`, but bytes that are not UTF-8 are a `ValueError` too: for what plays a file, where they are damage."""
    line.decode("utf-8")
    return loads(line)


def _may_be_rounded(value: Any) -> bool:
    """Whether a number in `value` may stand for an integer that orjson could not hold."""
    return any(abs(number) >= _ROUNDED for number in _floats(value))


def _floats(value: Any) -> list[float]:
    """Every float in `value`.  A loop over what it finds on the way: most values of a frame are text or None."""
    found: list[float] = []
    rest = [value]
    for value in rest:
        if type(value) is dict:
            rest += [item for item in value.values() if type(item) not in _NO_FLOATS]
        elif isinstance(value, float):
            found.append(value)
        elif isinstance(value, (list, tuple)):
            rest += value
        elif isinstance(value, dict):
            rest += value.values()
    return found


def _loads_with_stdlib(line: bytes | bytearray) -> Any:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        text = line.decode("utf-8", "replace")
        value = json.loads(text)
        logger.warning(
            "a line from the CLI is not UTF-8 (byte 0x%02x at %d); it was read with replacement characters: %.200s",
            line[error.start],
            error.start,
            text,
        )
        return value
    return json.loads(text)


def dumps(value: Any) -> bytes:
    """Encode compactly.  Raises `TypeError` for what JSON does not know, `ValueError` for NaN and infinities."""
    try:
        line = orjson.dumps(value, option=_STRICT)
    except TypeError:
        return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()
    if b"null" in line and _became_null(line, value):
        raise ValueError("Out of range float values are not JSON compliant")
    return line


def quick_dumps(value: Any) -> bytes:
    """Encode compactly.  NaN and infinities become `null`, as in JavaScript; `TypeError` for what orjson refuses."""
    return orjson.dumps(value, option=_STRICT)


def _became_null(line: bytes, value: Any) -> bool:
    """Whether a NaN or an infinity of `value` is a `null` in `line`."""
    # What is read back equals what was written where it has none; reading a short line is cheaper than the walk.
    if len(line) <= _LONG_LINE and orjson.loads(line) == value:
        return False
    return not all(map(math.isfinite, _floats(value)))
