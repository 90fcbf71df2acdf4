"""One started process and its group: signals that cannot hit a stranger, the exit status, and the end of everything.

The process stays unreaped, a zombie, from its exit until `release`: that is what keeps its group id from being given to
somebody else, so the group can still be killed after its leader has ended.  Above: `_process_channel.py`.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from io import FileIO
from typing import Any, cast

from ._private_files import PrivateFiles

logger = logging.getLogger("claude_code_sdk")

STATUS_LOST = 255
"""Exit code when somebody else reaped the process (SIGCHLD ignored, a `waitpid(-1)`); asyncio says the same."""

KILLED = -9
"""Exit code of what was killed.  The number, since Windows has no `signal.SIGKILL`."""

KILLED_WAIT = 1.0
"""Seconds that `end_now` waits, blocking, for a process that it has killed."""


class ChildProcess:
    """Owns `popen` and `files`.  Every method may be called from any thread, and from finalizers and signal handlers.

    `spare_group`: what else runs in the process's group is not killed when the process has ended by itself.
    """

    def __init__(
        self, popen: subprocess.Popen[bytes], files: PrivateFiles | None, *, spare_group: bool = False
    ) -> None:
        self.pid = popen.pid
        self.executable: str = cast("tuple[str, ...]", popen.args)[0]
        self.code: int | None = None
        self._popen = popen
        self._files = files
        self._spare_group = spare_group
        self._parent = os.getpid()
        self._reaped = False
        # Reentrant: a finalizer or a signal handler may come in while this very thread holds it.
        self._lock = threading.RLock()
        self._exit_notice = open_exit_notice(popen.pid)

    @property
    def stdin(self) -> FileIO:
        return cast("FileIO", self._popen.stdin)

    @property
    def stdout(self) -> FileIO:
        return cast("FileIO", self._popen.stdout)

    @property
    def stderr(self) -> FileIO:
        return cast("FileIO", self._popen.stderr)

    @property
    def exit_fd(self) -> int | None:
        """A descriptor that becomes readable when the process ends; `None` where the system has none: `poll` then."""
        return None if self._exit_notice is None else self._exit_notice.fileno()

    def poll(self, *, noticed: bool = False) -> int | None:
        """The exit code if the process has ended (negative: the signal that killed it), else `None`.  Does not reap,
        except where the system cannot tell without (macOS before Python 3.13).  `noticed`: `exit_fd` was readable."""
        with self._lock:
            if self.code is None and not self._reaped:
                self.code = self._look() if hasattr(os, "waitid") else self._reap(noticed)
            return self.code

    def _look(self) -> int | None:
        try:
            found = os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG)
        except ChildProcessError:
            self._reaped = True
            self._popen.poll()  # so that Popen knows, too
            logger.warning("the exit status of process %d was taken by somebody else in this program", self.pid)
            return STATUS_LOST
        if found is None:
            return None
        return found.si_status if found.si_code == os.CLD_EXITED else -found.si_status

    def _reap(self, noticed: bool) -> int | None:
        if noticed and not self._spare_group:
            self.kill_group()  # it has ended; the last moment at which the group id is certainly ours
        code = self._popen.poll()
        self._reaped = code is not None
        return code

    def signal(self, number: int) -> None:
        """Send a signal to the process itself.  Nothing happens when it has ended."""
        with self._lock:
            if self._is_ours():
                try:
                    if sys.platform == "win32":
                        self._popen.send_signal(number)
                    else:
                        os.kill(self.pid, number)
                except (OSError, ValueError) as error:  # it is just ending, or Windows does not know the signal
                    logger.debug("process %d did not get signal %d: %s", self.pid, number, error)

    def kill_group(self) -> None:
        """Kill the process, if it still runs, and all that it started in its group.  Never raises."""
        with self._lock:
            if self._is_ours():
                try:
                    if sys.platform == "win32":
                        self._popen.kill()
                    else:
                        os.killpg(self.pid, signal.SIGKILL)
                except OSError:  # nobody is left in it, or (macOS) only the zombie
                    pass

    def _is_ours(self) -> bool:
        # After a fork the other process has this object too, and is not the parent.
        return not self._reaped and os.getpid() == self._parent

    def release(self) -> None:
        """Kill the group unless it is spared, reap the process, remove its files.  Its pipes are the channel's."""
        with self._lock:
            if self.code is None or not self._spare_group:
                self.kill_group()
            if not self._reaped:
                self._reaped = True
                self._popen.poll()
            if self._exit_notice is not None:
                self._exit_notice.close()
                self._exit_notice = None
        if self._files is not None and os.getpid() == self._parent:
            self._files.remove()

    def end_now(self) -> int:
        """Kill the process and its group, if it still runs, and wait for its end; blocks.  Returns its exit code."""
        with self._lock:
            if self.poll() is None:
                self.kill_group()
                self._reaped = True
                try:
                    self.code = self._popen.wait(KILLED_WAIT)
                except subprocess.TimeoutExpired:
                    logger.error("process %d does not end after SIGKILL", self.pid)  # noqa: TRY400
                    self.code = KILLED
            assert self.code is not None
            return self.code

    def abandon(self) -> None:
        """The last resort, when nobody closed the channel or it could not be made: kill, reap, close everything."""
        if os.getpid() == self._parent:
            self.end_now()
            self.release()
            for file in (self.stdin, self.stdout, self.stderr):
                file.close()


def open_exit_notice(pid: int) -> Any:
    """Something with `fileno()` and `close()` that is readable once the child `pid` has ended, if the system has it."""
    try:
        if sys.platform == "linux":
            return FileIO(os.pidfd_open(pid))
        elif sys.platform == "darwin":
            import select

            queue = select.kqueue()
            flags = select.KQ_EV_ADD | select.KQ_EV_ONESHOT
            queue.control([select.kevent(pid, select.KQ_FILTER_PROC, flags, select.KQ_NOTE_EXIT)], 0)
            return queue
    except OSError:  # an old kernel, a sandbox that forbids it, or (macOS) the process has ended already
        pass
    return None
