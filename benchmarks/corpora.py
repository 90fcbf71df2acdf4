"""Files that the fakes play: made on first use in the cache directory, the same bytes on every machine.

The name of a file carries a hash of the two modules that make it, so that a change there makes a new file.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from itertools import cycle, islice, repeat
from pathlib import Path

from . import frames
from .frames import FrameMaker, line

DISTINCT = 5_000
"""Frames made for a corpus of many; it repeats them."""


def _stamp() -> str:
    sources = (Path(frames.__file__), Path(__file__))
    return digest(b"".join(path.read_bytes() for path in sources))


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]


class Corpora:
    """Makes and finds them in `directory`; every method returns a path."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory / f"corpora-{_stamp()}"
        self._directory.mkdir(parents=True, exist_ok=True)

    def _made(self, name: str, lines: Callable[[FrameMaker], Iterable[bytes]]) -> str:
        path = self._directory / name
        if not path.exists():
            partial = path.with_suffix(f".{os.getpid()}")
            with partial.open("wb") as file:
                file.writelines(lines(FrameMaker()))
            partial.replace(path)
        return str(path)

    def mixed(self, count: int) -> str:
        return self._made(f"mixed-{count}", lambda make: turn(make, repeated(make.mixed, count)))

    def deltas(self, count: int) -> str:
        return self._made(f"deltas-{count}", lambda make: turn(make, repeated(make.delta, count)))

    def large(self, count: int, size: int) -> str:
        """`count` texts of `size` bytes each."""
        return self._made(
            f"large-{count}-{size}", lambda make: turn(make, islice(cycle([make.large_text(size)]), count))
        )

    def short_turn(self) -> str:
        return self._made("short", lambda make: turn(make, [make.text()]))

    def unfinished(self, count: int) -> str:
        """A turn of mixed frames that does not end."""
        return self._made(f"unfinished-{count}", lambda make: turn(make, repeated(make.mixed, count), ended=False))

    def ending(self) -> str:
        """What ends such a turn."""
        return self._made("ending", lambda make: [make.result(), make.run_state("idle")])

    def requests(self, requests: Iterable[dict]) -> str:
        """Control requests of the CLI, one a line, with the slots that the C fake fills."""
        lines = [line(type="control_request", request_id="@ID@", request=request) for request in requests]
        lines = [text.replace(b'"@N@"', b"@N@") for text in lines]
        return self._made(f"requests-{digest(b''.join(lines))}", lambda _: lines)

    def cassette(self, count: int, argv: list[str]) -> str:
        """A recording of one run: `initialize`, one prompt, a turn of `count` mixed frames."""
        name = f"cassette-{count}-{digest(json.dumps(argv).encode())}.jsonl"
        return self._made(name, lambda make: cassette_lines(make, count, argv))


def repeated(make_one: Callable[[], bytes], count: int) -> Iterator[bytes]:
    return islice(cycle([make_one() for _ in range(min(count, DISTINCT))]), count)


def repeated_text(make: FrameMaker, size: int, count: int) -> Iterator[bytes]:
    return repeat(make.large_text(size), count)


def turn(make: FrameMaker, body: Iterable[bytes], *, ended: bool = True) -> Iterator[bytes]:
    """What follows a prompt on the wire: `body` between the frames that open a turn and those that close it."""
    yield make.run_state("running")
    yield make.init()
    yield from body
    if ended:
        yield make.result()
        yield make.run_state("idle")


def cassette_lines(make: FrameMaker, count: int, argv: list[str]) -> Iterator[bytes]:
    yield line(cassette=1, cli="2.1.330", redacted={})
    yield line(at=0, **{"from": "host"}, spawn={"argv": argv, "cwd": "/project", "env": {}})
    asked = {"subtype": "initialize", "hooks": None}
    yield _entry(1, "host", line(type="control_request", request_id="req_1", request=asked))
    answered = {"subtype": "success", "request_id": "req_1", "response": {"commands": [], "models": []}}
    yield _entry(350, "cli", line(type="control_response", response=answered))
    prompt = {"role": "user", "content": "go"}
    yield _entry(351, "host", line(type="user", message=prompt, parent_tool_use_id=None, session_id="default"))
    for at, frame in enumerate(turn(make, repeated(make.mixed, count)), 352):
        yield _entry(at, "cli", frame)
    yield line(at=count + 400, **{"from": "host"}, eof=True)
    yield line(at=count + 450, **{"from": "cli"}, exit=0)


def _entry(at: int, source: str, frame: bytes) -> bytes:
    return b'{"at":%d,"from":"%s","frame":%s}\n' % (at, source.encode(), frame.rstrip(b"\n"))
