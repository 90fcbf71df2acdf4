"""serve_stdio: an engine over the three descriptors of a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, cast

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")

ENGINE = """
import signal, sys, time
from claude_code_sdk.errors import CassetteError
from claude_code_sdk.protocol.engine import Call, Exit, NeedData, Write, WriteErr
from claude_code_sdk.testing.stdio import end_process, serve_stdio

class Base:
    actions = ()
    def __init__(self):
        self.todo = list(self.actions)
    def open(self, command): pass
    def receive_data(self, data): pass
    def receive_signal(self, number): pass
    def receive_result(self, call_id, value, error): pass
    def close(self): pass
    def next_action(self, now):
        return self.todo.pop(0) if self.todo else NeedData()
"""


@contextmanager
def running(engine: str, *argv: str, stdout: int | IO[bytes] = subprocess.PIPE) -> Iterator[subprocess.Popen[bytes]]:
    """A process that serves the class `E` that `engine` defines."""
    code = ENGINE + textwrap.dedent(engine) + "\nend_process(serve_stdio(E()))\n"
    command = [sys.executable, "-c", code, *argv]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=stdout, stderr=pipe, bufsize=0) as process:
        try:
            yield process
        finally:
            process.kill()


def outcome(engine: str, data: bytes = b"", *argv: str) -> tuple[int, bytes, str]:
    """Exit code, stdout and stderr of a whole run that is fed `data`."""
    with running(engine, *argv) as process:
        out, err = process.communicate(data, timeout=20)
        return process.returncode, out, err.decode()


ECHO = """
class E(Base):
    def receive_data(self, data):
        self.todo.append(Write(data.upper()) if data else Exit(3))
"""


def test_input_reaches_the_engine_and_writes_reach_the_host() -> None:
    assert outcome(ECHO, b"hello\n") == (3, b"HELLO\n", "")


def test_the_engine_learns_how_the_process_was_started() -> None:
    engine = """
    class E(Base):
        def open(self, command):
            import os
            told = command.argv, command.cwd == os.getcwd(), "PATH" in command.env
            self.todo = [Write(repr(told).encode()), Exit(0)]
    """
    assert outcome(engine, b"", "--model", "x")[1] == b"(('claude', '--model', 'x'), True, True)"


def test_stderr_lines_go_to_stderr() -> None:
    engine = """
    class E(Base):
        actions = (WriteErr("one \\udcff"), Write(b"two"), Exit(0))
    """
    with running(engine) as process:
        out, err = process.communicate(timeout=20)
    assert (out, err) == (b"two", b"one \xff\n")


def test_a_negative_exit_is_a_death_by_that_signal() -> None:
    assert outcome("class E(Base): actions = (Write(b'x'), Exit(-15))")[:2] == (-signal.SIGTERM, b"x")
    assert outcome("class E(Base): actions = (Exit(-9),)")[0] == -signal.SIGKILL


def test_a_pause_ends_by_itself() -> None:
    engine = """
    class E(Base):
        began = None
        def next_action(self, now):
            self.began = now if self.began is None else self.began
            return NeedData(self.began + 0.05) if now < self.began + 0.05 else Exit(0)
    """
    assert outcome(engine)[0] == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_reaches_the_engine_while_it_waits(number: int) -> None:
    engine = """
    class E(Base):
        actions = (Write(b"ready"),)
        def receive_signal(self, number):
            self.todo.append(Exit(100 + number))
    """
    with running(engine) as process:
        assert _read(process, 5) == b"ready"
        process.send_signal(number)
        assert process.wait(20) == 100 + number


def test_a_call_is_made_and_its_outcome_reported() -> None:
    engine = """
    class E(Base):
        actions = (Call(1, divmod, (7, 2)), Call(2, divmod, (1, 0)))
        def receive_result(self, call_id, value, error):
            self.todo.append(Write(repr((call_id, value, type(error).__name__)).encode()))
            if call_id == 2:
                self.todo.append(Exit(0))
    """
    assert outcome(engine)[1] == b"(1, (3, 1), 'NoneType')(2, None, 'ZeroDivisionError')"


def test_what_a_call_returns_is_awaited_always_on_the_same_event_loop() -> None:
    engine = """
    import asyncio
    loops = []
    async def answer(value):
        loops.append(asyncio.get_running_loop())
        await asyncio.sleep(0)
        return 1 / value
    class E(Base):
        actions = (Call(1, answer, (2,)), Call(2, answer, (0,)), Call(3, lambda: len(set(loops))))
        def receive_result(self, call_id, value, error):
            self.todo.append(Write(repr((call_id, value, type(error).__name__)).encode()))
            if call_id == 3:
                self.todo.append(Exit(0))
    """
    said = b"(1, 0.5, 'NoneType')(2, None, 'ZeroDivisionError')(3, 1, 'NoneType')"
    assert outcome(engine) == (0, said, "")


def test_a_signal_that_comes_while_a_call_is_awaited_reaches_the_engine() -> None:
    engine = """
    import asyncio, os
    async def interrupted():
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(0)
    class E(Base):
        actions = (Call(1, interrupted),)
        def receive_signal(self, number):
            self.todo.append(Exit(number))
    """
    assert outcome(engine) == (signal.SIGTERM, b"", "")


def test_without_coroutines_no_event_loop_is_loaded() -> None:
    engine = """
    class E(Base):
        actions = (Call(1, lambda: "asyncio" in sys.modules),)
        def receive_result(self, call_id, value, error):
            self.todo += [Write(repr(value).encode()), Exit(0)]
    """
    assert outcome(engine) == (0, b"False", "")


def test_the_host_is_heard_while_it_does_not_read() -> None:
    engine = """
    class E(Base):
        actions = (Write(b"x" * 1_000_000),)
        heard = 0
        def receive_data(self, data):
            self.heard += len(data)
            if self.heard == 1_000_000:
                self.todo += [WriteErr("heard it all"), Exit(0)]
    """
    with running(engine) as process:
        # More than two pipes hold, written before anything is read.
        cast("IO[bytes]", process.stdin).write(b"y" * 1_000_000)
        assert _read(process, 1_000_000) == b"x" * 1_000_000
        out, err = process.communicate(timeout=20)
    assert (out, err) == (b"", b"heard it all\n")


def test_a_host_that_no_longer_reads_ends_the_run() -> None:
    engine = """
    class E(Base):
        def next_action(self, now):
            return Write(b"x" * 65536)
        def close(self):
            sys.stderr.write("closed\\n")
    """
    with running(engine) as process:
        _read(process, 1)
        cast("IO[bytes]", process.stdout).close()
        assert process.wait(20) == 141
        assert cast("IO[bytes]", process.stderr).read() == b"closed\n"


def test_a_verdict_is_printed_and_the_exit_code_is_70() -> None:
    engine = """
    class E(Base):
        def receive_data(self, data):
            raise {}("what happened\\n  and where")
    """
    said = "fake-claude: {}: what happened\n  and where\n"
    assert outcome(engine.format("AssertionError")) == (70, b"", said.format("AssertionError"))
    assert outcome(engine.format("CassetteError")) == (70, b"", said.format("CassetteError"))


def test_a_bug_of_an_engine_shows_its_traceback() -> None:
    code, _, err = outcome("class E(Base):\n    def next_action(self, now): return {}[1]")
    assert code == 1
    assert "KeyError: 1" in err


def test_output_may_be_a_file(tmp_path: os.PathLike[str]) -> None:
    path = os.path.join(tmp_path, "out")
    with open(path, "wb") as file, running("class E(Base): actions = (Write(b'x'), Exit(0))", stdout=file) as process:
        assert process.wait(20) == 0
    with open(path, "rb") as written:
        assert written.read() == b"x"


def _read(process: subprocess.Popen[bytes], size: int) -> bytes:
    data = b""
    while len(data) < size and (more := cast("IO[bytes]", process.stdout).read(size - len(data))):
        data += more
    return data
