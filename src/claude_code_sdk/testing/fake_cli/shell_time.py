"""Shell time: how long a command would take.

Commands are never run, but what is seen of one depends on how long it runs: after three seconds it becomes a task, in
the background it ends later than its turn.  What is waited for in a command line is `sleep`, alone or in a loop over
words, and `sleep(…)` of a program that stands in it; all else takes no time.
"""

from __future__ import annotations

import re

_SLEEP = re.compile(r"\bsleep\s+(\d+(?:\.\d+)?)\s*([smhd]?)")
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_CALL = re.compile(r"\bsleep\(\s*(\d+(?:\.\d+)?)\s*\)")  # of a program in the command line, in seconds
_LOOP = re.compile(r"\bfor\s+\w+\s+in\s+(.*?)\s*[;\n]\s*do\b(.*?)\bdone\b", re.DOTALL)
_RANGE = re.compile(r"\{(\d+)\.\.(\d+)\}|\$\(seq\s+(?:(\d+)\s+)?(\d+)\)")


def seconds(command: str) -> float:
    """Seconds that a command line waits."""
    total = 0.0

    def loop(found: re.Match[str]) -> str:
        nonlocal total
        total += _times(found.group(1)) * seconds(found.group(2))
        return " "

    rest = _LOOP.sub(loop, command)
    total += sum(float(number) for number in _CALL.findall(rest))
    return total + sum(float(number) * _UNITS[unit] for number, unit in _SLEEP.findall(rest))


def in_words(length: float) -> str:
    """A length of time, in seconds, as the CLI tells it: `45s`, `2m`, `2m 5s`."""
    minutes, rest = divmod(int(length + 0.5), 60)
    return " ".join(f"{number}{unit}" for number, unit in ((minutes, "m"), (rest, "s")) if number) or "0s"


def _times(words: str) -> int:
    ranges = _RANGE.search(words)
    if ranges is None:
        return len(words.split())
    first, last, start, end = ranges.groups()
    return int(last) - int(first) + 1 if last is not None else int(end) - int(start or 1) + 1
