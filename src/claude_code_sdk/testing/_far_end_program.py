"""The far end of `far_end.py` as a program: `python _far_end_program.py STEPS`, the steps as JSON pairs.

It stands alone, so that it can be run without the package: standard library only.
"""

from __future__ import annotations

import json
import os
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def main() -> None:
    steps = json.loads(sys.argv[1])
    # All from the start, so that a signal that comes early is not lost and none interrupts another step.
    signal.pthread_sigmask(signal.SIG_BLOCK, {value for action, value in steps if action == "signal"})
    if any(action == "linger" for action, _ in steps):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    for action, value in steps:
        ACTIONS[action](value)


def write(data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(1, rest) :]


def say(text: str) -> None:
    write(text.encode())


def flood(count: int) -> None:
    write(b"".join(b"%099d\n" % number for number in range(count)))


def complain(text: str) -> None:
    os.write(2, text.encode() + b"\n")


def hear(_: None) -> None:
    while os.read(0, 1) not in (b"\n", b""):
        pass


def echo(_: None) -> None:
    pending = b""
    while data := os.read(0, 65536):
        lines, end, pending = (pending + data).rpartition(b"\n")
        write(lines + end)


def end(_: None) -> None:
    while os.read(0, 65536):
        pass


def await_signal(number: int) -> None:
    signal.sigwait({number})


def linger(_: None) -> None:
    while True:
        signal.pause()


ACTIONS: dict[str, Callable[..., object]] = {
    "say": say,
    "flood": flood,
    "complain": complain,
    "hear": hear,
    "echo": echo,
    "end": end,
    "signal": await_signal,
    "linger": linger,
    "exit": sys.exit,
}

if __name__ == "__main__":
    main()
