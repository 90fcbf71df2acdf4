"""Runs jobs, each in a process forked from this one, which has imported once what all of them need.

Above: the pools of conformance and fidelity.  A job may clear the environment, change the directory and hang: it has a
process group of its own, which is ended when its time is over.
"""

from __future__ import annotations

import gc
import os
import select
import shutil
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Job(NamedTuple, Generic[T]):
    """What is run in a process of its own.

    - `subject`: what it is about; comes back with its end.
    - `run`: called in the forked process; what it returns comes back.
    - `log`: gets what that process writes to stdout and stderr.
    - `directories`: removed after its end.
    """

    subject: T
    run: Callable[[], bytes]
    log: Path
    directories: list[Path]


class Ended(NamedTuple, Generic[T]):
    """How a job ended.

    - `data`: what it returned; empty when it did not come to that.
    - `fault`: why there is no data: it took too long, or how its process ended.
    - `log`: what it wrote to stdout and stderr.
    """

    subject: T
    data: bytes
    fault: str
    log: str


class _Running(NamedTuple, Generic[T]):
    job: Job[T]
    pid: int
    pipe: int
    deadline: float


def forked(jobs: Iterator[Job[T]], at_once: int, limit: float) -> Iterator[Ended[T]]:
    """Run `jobs`, `at_once` of them at a time, each for `limit` seconds at most; yields their ends as they come.

    A job is taken from `jobs` when there is room for it.
    """
    gc.freeze()  # pages that the forked processes share stay shared
    running: list[_Running[T]] = []
    more = True
    while more or running:
        while more and len(running) < at_once:
            job = next(jobs, None)
            more = job is not None
            if job is not None:
                running.append(_start(job, limit))
        nearest = max(0.0, min((one.deadline for one in running), default=0.0) - time.monotonic())
        ready, _, _ = select.select([one.pipe for one in running], [], [], nearest)
        for one in list(running):
            if one.pipe in ready or time.monotonic() > one.deadline:
                running.remove(one)
                yield _finish(one, limit)


def _start(job: Job[T], limit: float) -> _Running[T]:
    read, write = os.pipe()
    pid = os.fork()
    if pid:
        os.close(write)
        return _Running(job, pid, read, time.monotonic() + limit)
    try:
        os.setsid()  # so that it can be ended with what it started
        log = os.open(job.log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        os.dup2(log, 1)
        os.dup2(log, 2)
        data = memoryview(job.run())
        while data:
            data = data[os.write(write, data) :]
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _finish(one: _Running[T], limit: float) -> Ended[T]:
    """The end of a job that has written, or that is ended now because it took too long."""
    data = b""
    late = time.monotonic() > one.deadline
    if late:
        os.killpg(one.pid, signal.SIGKILL)
    else:
        while chunk := os.read(one.pipe, 1 << 20):
            data += chunk
    os.close(one.pipe)
    _, status = os.waitpid(one.pid, 0)
    log = one.job.log.read_text(errors="replace") if one.job.log.exists() else ""
    for directory in one.job.directories:
        shutil.rmtree(directory, ignore_errors=True)
    code = os.waitstatus_to_exitcode(status)
    fault = f"took more than {limit:g} s" if late else f"its process ended with {code}" if code or not data else ""
    return Ended(one.job.subject, b"" if fault else data, fault, log)
