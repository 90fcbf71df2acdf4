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
_SAMPLE = 9  # of 19 digits in a row, two in a row are at multiples of 9
_NO_NUMBERS = frozenset({str, bool, int, type(None)})
_LOOKS = 32  # closer looks before the whole is looked at
_LONG_LINE = 4096  # bytes of a line from which a look at a sample pays
# Every digit becomes "0" and every other byte a space: a run of 19 digits is then one fast substring search.
_DIGITS = bytes(ord("0") if 48 <= byte <= 57 else 32 for byte in range(256))
# Dataclasses, dates and subclasses are refused as the standard library refuses them: what a program sends must not
# depend on which of the two wrote it.
_STRICT = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME


def is_plain(data: bytes, lines: int = 1) -> bool:
    """Whether no number in `data` can be an integer of more than 64 bits, which orjson would round in silence.

    `lines`: about how many lines it holds.  Long lines are mostly text, where a sample settles it; short ones are full
    of ids, where it does not.
    """
    if len(data) > _LONG_LINE * lines and _sample_is_plain(data):
        return True
    return _LONG_DIGITS not in data.translate(_DIGITS)


def _sample_is_plain(data: bytes) -> bool:
    """Look at every ninth byte, closer where two in a row are digits.  False: not settled by a few looks."""
    sample = data[::_SAMPLE].translate(_DIGITS)
    found = sample.find(b"00")
    for _ in range(_LOOKS):
        if found < 0:
            return True
        around = data[max(0, (found - 1) * _SAMPLE) : (found + 3) * _SAMPLE]
        if _LONG_DIGITS in around.translate(_DIGITS):
            return False
        found = sample.find(b"00", found + 1)
    return False


def loads(line: bytes) -> Any:
    """Decode one line.  Raises `ValueError` when it is not JSON."""
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        return _loads_with_stdlib(line)
    return value if is_plain(line) else json.loads(line)


def _loads_with_stdlib(line: bytes) -> Any:
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
    if b"null" in line and _has_nan(value):
        raise ValueError("Out of range float values are not JSON compliant")
    return line


def _has_nan(value: Any) -> bool:
    """Whether a number in `value` is one that JSON has not.  A loop: most values of a frame are text or None."""
    rest = [value]
    while rest:
        value = rest.pop()
        if type(value) is dict:
            rest.extend([item for item in value.values() if type(item) not in _NO_NUMBERS])
        elif isinstance(value, (list, tuple)):
            rest.extend(value)
        elif isinstance(value, dict):
            rest.extend(value.values())
        elif isinstance(value, float) and not math.isfinite(value):
            return True
    return False
