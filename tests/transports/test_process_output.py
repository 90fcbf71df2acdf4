"""ProcessOutput: reading goes on by itself, but not without bound."""

from __future__ import annotations

from collections.abc import Callable
from io import FileIO
from typing import Any, cast

import anyio
import pytest

from claude_code_sdk.transports import _process_output
from claude_code_sdk.transports._event_loop import EventLoop
from claude_code_sdk.transports._process_output import ProcessOutput


class FakeReader:
    paused = closed = False

    def __init__(self) -> None:
        self.undrained = b""
        self.deliver: Callable[[bytes], None]

    def pause(self) -> None:
        self.paused = True

    def resume(self) -> None:
        self.paused = False

    def drain(self) -> None:
        self.deliver(self.undrained)

    def close(self) -> None:
        self.closed = True


class FakeLoop:
    def __init__(self) -> None:
        self.reader = FakeReader()

    def open_reader(self, file: FileIO, deliver: Callable[[bytes], None]) -> FakeReader:
        self.reader.deliver = deliver
        return self.reader


@pytest.fixture
def reader_and_output() -> tuple[FakeReader, ProcessOutput]:
    loop = FakeLoop()
    return loop.reader, ProcessOutput(cast("EventLoop", loop), cast("Any", None))


Pair = tuple[FakeReader, ProcessOutput]


async def test_what_came_in_pieces_is_received_at_once(reader_and_output: Pair) -> None:
    reader, output = reader_and_output
    reader.deliver(b"one\ntw")
    reader.deliver(b"o\n")
    assert await output.receive() == b"one\ntwo\n"


async def test_reading_pauses_at_the_limit_and_resumes_when_it_is_received(
    reader_and_output: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_process_output, "UNRECEIVED_LIMIT", 10)
    reader, output = reader_and_output
    paused = []
    for piece in (b"12345", b"67890"):
        reader.deliver(piece)
        paused.append(reader.paused)
    received = await output.receive()
    paused.append(reader.paused)
    assert (paused, received) == ([False, True, False], b"1234567890")


async def test_dropping_resumes_a_paused_reader_and_ends_the_output(
    reader_and_output: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_process_output, "UNRECEIVED_LIMIT", 1)
    reader, output = reader_and_output
    reader.deliver(b"12345")
    output.drop()
    reader.deliver(b"67890")
    assert not reader.paused
    assert await output.receive() == b""


async def test_an_end_with_drain_counts_what_is_still_in_the_pipe(reader_and_output: Pair) -> None:
    reader, output = reader_and_output
    reader.undrained = b"rest"
    output.end(drain=True)
    assert reader.closed
    with anyio.fail_after(1):
        assert [await output.receive(), await output.receive()] == [b"rest", b""]
