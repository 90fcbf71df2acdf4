"""The recorder executable: stands before the real CLI, passes everything on as it comes, and records it.

Above: whatever program starts it in the place of `claude`.  Below: part.py; the real CLI behind the surroundings.
Bytes are passed on untouched, and blocking: who does not read is not written to, so the pressure goes through.  The CLI
is in a process group of its own, so that a signal reaches it once, from here, and dies with us.  What is no session
(`claude --version`, `claude mcp list`, a chat on a terminal) is not recorded: the real CLI takes this process's place.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from threading import RLock, Thread
from types import FrameType
from typing import IO

from ...errors import CLINotFoundError
from ...protocol.command import Command
from ..recording import RunRecording
from .surroundings import SPOOL, cli_behind, without_surroundings

READ_SIZE = 64 * 1024

LAST_OUTPUT = 1.0
"""Seconds without any output of a CLI which has exited until it is listened to no more: something that it started may
still hold its pipes.  The time that the host takes to read does not count."""

_POLL = 0.05

NOT_EXECUTABLE, NOT_FOUND = 126, 127
"""Exit codes when the real CLI cannot be started, or there is none, as a shell's."""

PASSED_ON = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2")

SESSION_FLAGS = ("-p", "--print", "--input-format", "--output-format")


def main() -> None:
    """Entry point: never returns."""
    env = dict(os.environ)
    arguments = sys.argv[1:]
    try:
        cli = cli_behind(None, env)
    except CLINotFoundError as error:
        os.write(2, f"claude-cassette record: {error}\n".encode("utf-8", "surrogateescape"))
        os._exit(NOT_FOUND)
    behind = without_surroundings(env)
    if SPOOL not in env or not is_session(arguments):
        os.execve(cli, ["claude", *arguments], behind)
    try:
        code = Tee(cli, arguments, behind, env).run()
    except OSError as error:  # of the start; nothing later raises
        os.write(2, f"claude-cassette record: {cli}: {error.strerror}\n".encode("utf-8", "surrogateescape"))
        code = NOT_EXECUTABLE
    end_as(code)


def is_session(arguments: list[str]) -> bool:
    """Whether a command line starts a session that a program talks with, or asks one thing and ends."""
    flags = {argument.partition("=")[0] for argument in arguments}
    return not flags.isdisjoint(SESSION_FLAGS)


def end_as(code: int) -> None:
    """End this process as the CLI ended: with its exit code, or by the signal that `-code` is."""
    if code < 0:
        try:
            signal.signal(-code, signal.SIG_DFL)
        except (OSError, ValueError):
            pass  # SIGKILL has no handler to take away
        os.kill(os.getpid(), -code)
    os._exit(code if code >= 0 else 128 - code)


class Tee:
    """One run of the CLI at `cli`, with this process's stdin, stdout and stderr.

    - `behind`: the CLI's environment.  `env`: ours, which names the spool folder.
    """

    def __init__(self, cli: str, arguments: list[str], behind: Mapping[str, str], env: Mapping[str, str]) -> None:
        self._cli = cli
        self._arguments = arguments
        self._behind = behind
        self._lock = RLock()  # of the run's recording; a signal's handler may come in between
        self._run = self._begin(env)
        self._popen: subprocess.Popen[bytes] | None = None
        self._early: list[int] = []  # signals that came before there was a CLI to pass them to
        self._listening: dict[int, float] = {}  # by pipe: since when it is being read from; not while it is passed on

    def _begin(self, env: Mapping[str, str]) -> RunRecording | None:
        from .failure import leave_failure
        from .part import Part

        try:
            part = Part(env)
        except Exception as error:
            leave_failure(os.path.join(env[SPOOL], str(os.getpid())), error)
            return None
        return part.begin(Command(("claude", *self._arguments), env=self._behind, cwd=os.getcwd()))

    def run(self) -> int:
        """Until the CLI has exited; returns its exit code."""
        self._catch_signals()
        on_terminal = os.isatty(0)
        # Started before any thread: what runs between fork and exec must not meet one.
        popen = subprocess.Popen(
            ["claude", *self._arguments],
            executable=self._cli,
            env=self._behind,
            bufsize=0,
            stdin=None if on_terminal else subprocess.PIPE,  # a terminal answers to whom it belongs
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            process_group=None if on_terminal else 0,
            preexec_fn=die_with_parent,
        )
        if self._run is not None:
            self._run.opened()
        self._popen = popen  # from here on a signal's handler finds it, and writes into the recording
        for number in self._early:
            self._pass_signal(number, None)
        assert popen.stdout is not None
        assert popen.stderr is not None
        threads = {
            popen.stdout.fileno(): Thread(target=self._pass_output, args=(popen.stdout,), daemon=True),
            popen.stderr.fileno(): Thread(target=self._pass_errors, args=(popen.stderr,), daemon=True),
        }
        if popen.stdin is not None:
            Thread(target=self._pass_input, args=(popen.stdin,), daemon=True).start()
        for thread in threads.values():
            thread.start()
        code = popen.wait()
        for fd, thread in threads.items():
            self._wait_for_last_output(fd, thread)
        self._note("exited", code)
        return code

    def _catch_signals(self) -> None:
        for name in PASSED_ON:
            number = getattr(signal, name, None)
            # Who started us may have had it ignored (`nohup`, a shell's background): then the CLI has, too.
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._pass_signal)

    def _pass_signal(self, number: int, frame: FrameType | None) -> None:
        popen = self._popen
        if popen is None:
            self._early.append(number)
            return
        if popen.poll() is None:
            self._note("signalled", number)
            popen.send_signal(number)

    def _pass_input(self, to: IO[bytes]) -> None:
        while True:
            try:
                data = _read(0)
            except OSError:
                data = b""
            if not data:
                self._note("eof")
                to.close()
                return
            send = None
            if self._run is not None:
                with self._lock:
                    send = self._run.sending(data)
            arrived = _write(to.fileno(), data)
            if self._run is not None:
                with self._lock:
                    self._run.sent(send, arrived=arrived)
            if not arrived:
                _close(0)  # the next write of the program fails, as one to the CLI would
                return

    def _wait_for_last_output(self, fd: int, thread: Thread) -> None:
        exited = time.monotonic()
        while thread.is_alive():
            since = self._listening.get(fd)
            if since is not None and time.monotonic() - max(since, exited) > LAST_OUTPUT:
                return
            thread.join(_POLL)

    def _hear(self, source: IO[bytes]) -> bytes:
        """What comes next out of a pipe of the CLI; nothing at its end."""
        fd = source.fileno()
        self._listening[fd] = time.monotonic()
        data = _read(fd)
        if data:
            del self._listening[fd]
        return data

    def _pass_output(self, source: IO[bytes]) -> None:
        while data := self._hear(source):
            self._note("received", data)
            if not _write(1, data):
                source.close()  # nobody reads: the CLI shall notice
                return
        self._note("output_ended")
        _close(1)

    def _pass_errors(self, source: IO[bytes]) -> None:
        rest, read_by_someone = b"", True
        while data := self._hear(source):
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                self._note("stderr", line.decode("utf-8", "surrogateescape"))
            read_by_someone = read_by_someone and _write(2, data)
        if rest:
            self._note("stderr", rest.decode("utf-8", "surrogateescape"))

    def _note(self, what: str, *given: object) -> None:
        if self._run is not None:
            with self._lock:
                getattr(self._run, what)(*given)


def _read(fd: int) -> bytes:
    while True:
        try:
            return os.read(fd, READ_SIZE)
        except BlockingIOError:  # whoever shares the descriptor may have made it so
            select.select([fd], [], [])


def _write(fd: int, data: bytes) -> bool:
    """Write all of it; False when nobody reads any more."""
    view = memoryview(data)
    while view:
        try:
            view = view[os.write(fd, view) :]
        except BlockingIOError:
            select.select([], [fd], [])
        except OSError:
            return False
    return True


def _close(fd: int) -> None:
    try:
        os.close(fd)
    except OSError:
        pass


def die_with_parent() -> None:
    """In the child, before it becomes the CLI: be killed when the process that started it is, where Linux can do that.

    Elsewhere it notices by the end of its input.
    """
    if sys.platform == "linux":
        import ctypes

        PR_SET_PDEATHSIG = 1
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))
