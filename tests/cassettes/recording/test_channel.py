"""RecordingChannel: the program sees what it would see without it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import anyio
import pytest

from claude_code_sdk.cassettes.jsonl import load
from claude_code_sdk.cassettes.recording import Recording
from claude_code_sdk.cassettes.recording_transport import RecordingTransport
from claude_code_sdk.cassettes.transport import CassetteTransport
from claude_code_sdk.errors import CassetteError, CLIConnectionError, CLINotFoundError
from claude_code_sdk.protocol.command import Command
from claude_code_sdk.testing.checks import TRANSPORT_CHECKS, TransportCheck
from claude_code_sdk.testing.far_end import FarEnd, Step, far_end_command
from claude_code_sdk.transports.base import Channel, Transport
from claude_code_sdk.transports.in_process import InProcessTransport, MemoryChannel
from claude_code_sdk.transports.subprocess import SubprocessTransport
from tests.cassettes.playing import cassette, eof, exits, handshake, initialize, prompt, spawn, turn
from tests.client.peers import Peer, assistant

from .live import content_of, frames_of

ANY = Command(("claude",), env={"HOME": "/home/me"}, cwd="/project")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.jsonl"


def recorded_maker(kind: str, path: Path) -> Callable[[Sequence[Step]], tuple[Transport, Command]]:
    """Makes a recorded transport for the conformance kit."""

    def make(steps: Sequence[Step]) -> tuple[Transport, Command]:
        if kind == "process":
            return RecordingTransport(SubprocessTransport(close_timeout=0.2), path), far_end_command(steps)
        inner = InProcessTransport(lambda _: FarEnd(steps), close_timeout=0.1)
        return RecordingTransport(inner, path), ANY

    return make


@pytest.mark.parametrize("kind", ["in process", "process"])
@pytest.mark.parametrize("check", TRANSPORT_CHECKS, ids=lambda check: check.__name__)
async def test_a_recorded_transport_passes_the_conformance_kit(check: TransportCheck, kind: str, path: Path) -> None:
    if kind == "process" and sys.platform == "win32":
        pytest.skip("POSIX only")
    with anyio.fail_after(20):
        await check(recorded_maker(kind, path))


async def test_the_pid_and_the_executable_are_those_of_the_process(path: Path) -> None:
    transport = RecordingTransport(SubprocessTransport(), path)
    channel: Any = await transport.open(far_end_command([Step("echo")]))
    assert channel.pid > 0
    assert channel.executable == sys.executable
    await channel.aclose()


async def test_optional_members_are_there_where_the_channel_has_them(path: Path) -> None:
    played = CassetteTransport(cassette([spawn(), *handshake(), eof(), exits()]), match_on=())
    of_cassette = await RecordingTransport(played, path).open(ANY)
    of_engine = await RecordingTransport(Peer().transport, path.with_name("y.jsonl")).open(ANY)
    assert hasattr(of_cassette, "leave_damage_to_reader")
    assert not hasattr(of_engine, "leave_damage_to_reader")
    assert not hasattr(of_engine, "executable")
    await of_cassette.aclose()
    await of_engine.aclose()


async def test_stderr_reaches_the_program_and_the_recording(path: Path) -> None:
    seen: list[str] = []
    transport = RecordingTransport(SubprocessTransport(), path)
    channel = await transport.open(far_end_command([Step("complain", "one"), Step("exit", 0)]), on_stderr=seen.append)
    with anyio.fail_after(10):
        while await channel.receive():
            pass
        await channel.wait()
    await channel.aclose()
    transport.recording.save()
    assert seen == ["one"]
    assert [e.value for e in load(path).episodes[0].entries if e.kind == "stderr"] == ["one"]


async def test_a_run_that_cannot_be_opened_is_not_recorded(path: Path) -> None:
    transport = RecordingTransport(SubprocessTransport(), path)
    with pytest.raises(CLINotFoundError):
        await transport.open(Command(("/no/such/claude",)))
    assert transport.recording.sessions == 0
    assert not path.with_name("x.jsonl.partial").exists()


async def test_what_the_cli_says_after_its_input_ended_is_recorded(path: Path) -> None:
    class Talker(Peer):
        def receive_data(self, data: bytes) -> None:
            if not data:
                self.say(assistant("and one more thing"))
            super().receive_data(data)

    transport = RecordingTransport(Talker().transport, path)
    channel = await transport.open(ANY)
    await channel.aclose()
    transport.recording.save()
    assert frames_of(path) == [[("host", "spawn"), ("host", "eof"), ("cli", "assistant"), ("cli", "exit")]]


async def test_what_a_reader_got_and_never_judged_is_recorded(path: Path) -> None:
    transport = RecordingTransport(Peer().transport, path)
    channel = await transport.open(ANY)
    channel.leave_decoding_to_reader()
    await channel.send(b'{"type":"user","message":{"content":"hi"}}\n')
    with anyio.fail_after(5):
        await channel.receive()
    await channel.aclose()
    transport.recording.save()
    heard = [("cli", "assistant"), ("cli", "result"), ("host", "eof"), ("cli", "exit")]
    assert frames_of(path) == [[("host", "spawn"), ("host", "user"), *heard]]


async def test_a_cli_that_goes_on_talking_is_not_listened_to_for_ever(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claude_code_sdk.cassettes.recording_transport.LAST_WORDS", 0.05)
    transport = RecordingTransport(Peer(exit_at_eof=None).transport, path)
    channel = await transport.open(ANY)
    with anyio.fail_after(5):
        await channel.aclose()


async def test_a_send_that_is_refused_is_not_recorded(path: Path) -> None:
    transport = RecordingTransport(Peer().transport, path)
    channel = await transport.open(ANY)
    await channel.send_eof()
    with pytest.raises(CLIConnectionError):
        await channel.send(b'{"type":"user"}\n')
    await channel.aclose()
    transport.recording.save()
    assert frames_of(path) == [[("host", "spawn"), ("host", "eof"), ("cli", "exit")]]


async def test_a_killed_run_says_so(path: Path) -> None:
    transport = RecordingTransport(Peer().transport, path)
    channel = await transport.open(ANY)
    channel.kill()
    channel.kill()
    await channel.aclose()
    transport.recording.save()
    (episode,) = load(path).episodes
    assert [e.value for e in episode.entries if e.kind == "signal"] == ["SIGKILL"]
    assert episode.exit_code == -9


async def test_a_run_that_is_still_open_is_recorded_up_to_there(path: Path) -> None:
    transport = RecordingTransport(Peer().transport, path)
    channel = await transport.open(ANY)
    await channel.send(b'{"type":"user","message":{"content":"hi"}}\n')
    with anyio.fail_after(5):
        await channel.receive()
    saved = transport.recording.save()
    await channel.send(b'{"type":"user","message":{"content":"later"}}\n')
    await channel.aclose()
    assert saved.unfinished == 1
    assert frames_of(path) == [[("host", "spawn"), ("host", "user"), ("cli", "assistant"), ("cli", "result")]]


# Whatever goes wrong with the recording


class Disk:
    """Stands for `os.write` of partial files; from the nth write on it is full."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, writes: int) -> None:
        import os

        self._write, self._left = os.write, writes
        monkeypatch.setattr("claude_code_sdk.cassettes.partial.os.write", self.write)

    def write(self, fd: int, data: Any) -> int:
        self._left -= 1
        if self._left < 0:
            raise OSError(28, "No space left on device")
        return self._write(fd, data)


async def talk(channel: Channel) -> bytes:
    """A turn of a run; what the program hears."""
    with anyio.fail_after(5):
        await channel.send(b'{"type":"user","message":{"content":"hi"}}\n')
        heard = await channel.receive()
        await channel.aclose()
    return heard


@pytest.fixture
def old(path: Path) -> Path:
    """A cassette that is there."""
    path.touch()
    return path


@pytest.mark.parametrize("writes", range(4))
async def test_a_full_disk_ends_the_recording_and_not_the_program(
    old: Path, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    path = old
    heard_without = await talk(await Peer().transport.open(ANY))
    Disk(monkeypatch, 1 + writes)  # the header is written when recording starts
    transport = RecordingTransport(Peer().transport, path)
    transport.recording.start()
    assert await talk(await transport.open(ANY)) == heard_without
    with pytest.raises(CassetteError) as caught:
        transport.recording.save()
    text = str(caught.value)
    assert text.startswith(f"{path}: recording failed: OSError: [Errno 28] No space left on device\n")
    assert f"the cassette {path} is as it was; what was recorded until then:  {path}.partial" in text
    assert "make a cassette of that:  claude-cassette recover " in text
    assert content_of(path) == b""


async def test_a_function_of_the_user_that_raises_ends_the_recording_and_not_the_program(path: Path) -> None:
    def fails(entry: Any) -> Any:
        if entry.kind == "frame":
            raise KeyError("oops")
        return entry

    heard_without = await talk(await Peer().transport.open(ANY))
    recording = Recording(path, before_record=[fails])
    assert await talk(await RecordingTransport(Peer().transport, recording).open(ANY)) == heard_without
    with pytest.raises(CassetteError, match="recording failed: KeyError: 'oops'") as caught:
        recording.save()
    assert isinstance(caught.value.__cause__, KeyError)
    assert f"the cassette {path} was not written" in str(caught.value)


async def test_saving_nothing_says_so(path: Path) -> None:
    with pytest.raises(CassetteError, match="there is nothing to write: no run of the CLI was recorded"):
        Recording(path).save()


async def test_what_the_live_side_raises_is_what_the_program_sees(path: Path) -> None:
    played = CassetteTransport(
        cassette([spawn(), *handshake(), *turn("one", "1"), eof(), exits()]), match_on=["prompt"]
    )
    channel = await RecordingTransport(played, path).open(ANY)
    import json

    await channel.send(json.dumps(initialize()).encode() + b"\n")
    with anyio.fail_after(5):
        await channel.receive()
    with pytest.raises(AssertionError, match="is not what was recorded"):
        await channel.send(json.dumps(prompt("another")).encode() + b"\n")
    await channel.aclose()


async def test_a_task_that_is_cancelled_while_it_closes_leaves_no_run_behind(
    path: Path, anyio_backend_name: str
) -> None:
    """By asyncio itself, which knows of no shields."""
    if anyio_backend_name != "asyncio":
        pytest.skip("trio cancels by scopes only")
    import asyncio

    listening = asyncio.Event()

    class Silent(MemoryChannel):
        closed = False

        async def receive(self) -> bytes:
            listening.set()
            await anyio.sleep_forever()
            raise AssertionError

        async def aclose(self) -> None:
            Silent.closed = True
            await super().aclose()

    class Live:
        async def open(self, command: Command, *, on_stderr: Callable[[str], None] | None = None) -> Channel:
            peer = Peer(lambda frame: [])
            peer.open(command)
            return Silent(peer, on_stderr=on_stderr, close_timeout=0.1)

    transport = RecordingTransport(Live(), path)
    channel = await transport.open(ANY)
    closing = asyncio.create_task(channel.aclose())
    with anyio.fail_after(10):
        await listening.wait()
        closing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await closing
    assert Silent.closed
    transport.recording.save()
    assert frames_of(path)[0][-1][1] in ("exit", "eof")
