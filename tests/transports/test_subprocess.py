"""SubprocessTransport: the contract, on every way to watch a process; what the process is given; what comes back."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Sequence
from contextvars import ContextVar
from pathlib import Path
from pwd import getpwnam
from typing import NoReturn

import anyio
import pytest

from claude_code_sdk.errors import CLIConnectionError, CLINotFoundError
from claude_code_sdk.protocol.command import FILE_TOKEN, Command
from claude_code_sdk.testing.checks import TRANSPORT_CHECKS, TransportCheck
from claude_code_sdk.testing.executable import STAND_IN
from claude_code_sdk.testing.far_end import Step, far_end_command
from claude_code_sdk.transports import _child, _process_output, subprocess
from claude_code_sdk.transports._event_loop import EventLoop
from claude_code_sdk.transports._process_threads import ThreadedPipes
from claude_code_sdk.transports.base import Transport
from claude_code_sdk.transports.subprocess import SubprocessTransport, current_event_loop

from .processes import GRANDCHILD, executable, first_line, python_cli, receive_all

pytestmark = pytest.mark.usefixtures("short_graces", "nothing_left")


def maker(steps: Sequence[Step]) -> tuple[Transport, Command]:
    return SubprocessTransport(close_timeout=0.3), far_end_command(steps)


@pytest.mark.parametrize("check", TRANSPORT_CHECKS, ids=lambda check: check.__name__)
async def test_contract_where_the_loop_watches_pipes_and_exit(check: TransportCheck) -> None:
    with anyio.fail_after(20):
        await check(maker)


@pytest.mark.parametrize("check", TRANSPORT_CHECKS, ids=lambda check: check.__name__)
async def test_contract_where_the_system_does_not_tell_of_an_exit(
    check: TransportCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_child, "open_exit_notice", lambda pid: None)
    with anyio.fail_after(20):
        await check(maker)


@pytest.mark.parametrize("check", TRANSPORT_CHECKS, ids=lambda check: check.__name__)
async def test_contract_where_the_loop_cannot_watch_pipes(
    check: TransportCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    def threaded() -> EventLoop:
        return ThreadedPipes(current_event_loop())

    monkeypatch.setattr(subprocess, "current_event_loop", threaded)
    with anyio.fail_after(20):
        await check(maker)


async def test_an_exit_that_can_only_be_seen_by_reaping_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    # macOS before Python 3.13
    monkeypatch.delattr(os, "waitid")
    channel = await SubprocessTransport().open(python_cli("import sys; sys.exit(7)"))
    assert (await channel.wait()).code == 7
    await channel.aclose()


def test_a_loop_that_does_not_implement_add_reader_gets_threads() -> None:
    class NoReaders(asyncio.SelectorEventLoop):
        add_reader = asyncio.AbstractEventLoop.add_reader

    async def chosen() -> EventLoop:
        return current_event_loop()

    with asyncio.Runner(loop_factory=NoReaders) as runner:
        assert isinstance(runner.run(chosen()), ThreadedPipes)


# What the process is given


async def test_the_process_gets_exactly_the_environment_of_the_command() -> None:
    channel = await SubprocessTransport().open(Command(("/usr/bin/env",), env={"ONLY": "this"}))
    assert await receive_all(channel) == b"ONLY=this\n"
    await channel.aclose()


async def test_the_process_runs_in_the_working_directory_of_the_command(tmp_path: Path) -> None:
    channel = await SubprocessTransport().open(python_cli("import os; print(os.getcwd())", cwd=str(tmp_path)))
    assert await first_line(channel) == str(tmp_path).encode()
    await channel.aclose()


async def test_a_bare_name_is_looked_up_on_the_path_of_the_command(tmp_path: Path) -> None:
    executable(tmp_path / "fake-cli", "#!/bin/sh\necho from the path of the command\n")
    channel = await SubprocessTransport().open(Command(("fake-cli",), env={"PATH": str(tmp_path)}))
    assert await first_line(channel) == b"from the path of the command"
    await channel.aclose()


async def test_the_name_claude_is_found_on_the_path_of_the_command(tmp_path: Path) -> None:
    executable(tmp_path / "claude", f"#!/bin/sh\n{STAND_IN}\necho this claude\n")
    channel = await SubprocessTransport().open(Command(("claude",), env={"PATH": str(tmp_path)}))
    assert await first_line(channel) == b"this claude"
    await channel.aclose()


async def test_the_process_leads_a_session_of_its_own() -> None:
    channel = await SubprocessTransport().open(python_cli("import os; print(os.getsid(0), os.getpgid(0))"))
    assert await first_line(channel) == b"%d %d" % (channel.pid, channel.pid)
    await channel.aclose()


@pytest.mark.requirement("large-values")
async def test_files_of_the_command_are_private_and_gone_when_the_channel_is_closed() -> None:
    source = """
import os, sys
path = sys.argv[2]
modes = [oct(os.stat(p).st_mode & 0o777) for p in (path, os.path.dirname(path))]
print(sys.argv[1], open(path).read(), *modes, flush=True)
sys.stdin.read()
"""
    command = python_cli(source, "--system-prompt-file", FILE_TOKEN + "prompt.txt")
    command.files = {"prompt.txt": b"be brief", "other": b""}
    channel = await SubprocessTransport().open(command)
    assert await first_line(channel) == b"--system-prompt-file be brief 0o600 0o700"
    await channel.aclose()
    assert os.listdir(tempfile.gettempdir()) == []


@pytest.mark.skipif(os.getuid() != 0, reason="only root may start a process as somebody else")
async def test_another_user_runs_the_process_and_can_read_its_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/tmp")  # pytest's own folders are closed to others
    source = "import os, sys; print(os.getuid(), open(sys.argv[1]).read())"
    command = Command(
        ("/usr/bin/env", "python3", "-c", source, FILE_TOKEN + "prompt"), env={"PATH": "/usr/bin:/bin"}, user="nobody"
    )
    command.files = {"prompt": b"for nobody only"}
    channel = await SubprocessTransport().open(command)
    output = await receive_all(channel)
    status = await channel.wait()
    await channel.aclose()
    assert output == b"%d for nobody only\n" % getpwnam("nobody").pw_uid, status


# Sending to a process that cannot hear


async def test_the_error_of_a_send_to_an_ended_process_quotes_exit_code_and_stderr() -> None:
    channel = await SubprocessTransport().open(python_cli("import sys; sys.exit('no such model')"))
    await channel.wait()
    with pytest.raises(CLIConnectionError) as caught:
        await channel.send(b"{}\n")
    await channel.aclose()
    assert str(caught.value) == (
        "Cannot write to Claude Code: the process has ended (exit code: 1)\nError output: no such model"
    )
    assert (caught.value.exit_code, caught.value.stderr) == (1, "no such model")


async def test_a_send_that_breaks_the_pipe_waits_for_the_reason() -> None:
    source = "import os, sys; os.close(0); print('closed', flush=True); sys.exit('out of memory')"
    channel = await SubprocessTransport().open(python_cli(source))
    await first_line(channel)
    with pytest.raises(CLIConnectionError, match=r"has ended \(exit code: 1\)\nError output: out of memory"):
        await channel.send(b"{}\n")
    await channel.aclose()


async def test_a_send_to_a_process_that_closed_its_input_and_lives_on_says_so() -> None:
    source = "import os, signal; os.close(0); print('closed', flush=True); signal.pause()"
    channel = await SubprocessTransport(close_timeout=0).open(python_cli(source))
    await first_line(channel)
    with pytest.raises(CLIConnectionError, match=r"^Cannot write to Claude Code: its input is closed$") as caught:
        await channel.send(b"{}\n")
    assert caught.value.exit_code is None
    await channel.aclose()


async def test_a_send_that_waits_for_room_fails_when_the_process_ends() -> None:
    channel = await SubprocessTransport().open(python_cli("import sys; sys.stdin.read(1); sys.exit(9)"))
    with anyio.fail_after(5), pytest.raises(CLIConnectionError, match=r"exit code: 9"):
        await channel.send(b"x" * 1_000_000 + b"\n")
    await channel.aclose()


async def test_a_send_after_closing_says_that_the_channel_is_closed() -> None:
    channel = await SubprocessTransport().open(python_cli(""))
    await channel.aclose()
    with pytest.raises(CLIConnectionError, match=r"^Cannot write to Claude Code: the channel is closed"):
        await channel.send(b"{}\n")


# What comes back


@pytest.mark.requirement("reading-ends")
async def test_the_output_ends_soon_after_the_exit_although_a_grandchild_holds_the_pipe() -> None:
    channel = await SubprocessTransport().open(python_cli(GRANDCHILD + "print('last words'); sys.exit(5)"))
    with anyio.fail_after(5):
        assert await receive_all(channel) == b"last words\n"
        assert (await channel.wait()).code == 5
    await channel.aclose()


async def test_what_lies_in_the_pipe_when_it_is_given_up_is_still_received(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_process_output, "UNRECEIVED_LIMIT", 1)  # one read, then the rest stays in the pipe
    source = GRANDCHILD + "os.write(1, b'x' * 60_000); os.write(2, b'written\\n'); sys.exit()"
    channel = await SubprocessTransport().open(python_cli(source))
    await channel.wait()
    with anyio.fail_after(5):
        assert len(await receive_all(channel)) == 60_000
    await channel.aclose()


async def test_two_tasks_cannot_receive_at_once() -> None:
    channel = await SubprocessTransport().open(python_cli("import sys; sys.stdin.read()"))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(channel.receive)
        await anyio.wait_all_tasks_blocked()
        with pytest.raises(RuntimeError, match="two tasks receive from one channel"):
            await channel.receive()
        await channel.aclose()


async def test_stderr_lines_are_stripped_and_blank_ones_skipped_and_the_last_needs_no_end() -> None:
    lines: list[str] = []
    source = r"import os; os.write(2, b'one  \r\n\n  \n\xfftwo\n  unfinished')"
    channel = await SubprocessTransport().open(python_cli(source), on_stderr=lines.append)
    status = await channel.wait()
    await channel.aclose()
    assert lines == ["one", "\N{REPLACEMENT CHARACTER}two", "  unfinished"]
    assert status.stderr_tail == "\n".join(lines)


async def test_the_stderr_tail_has_the_size_that_was_asked_for() -> None:
    source = "import sys; sys.stderr.write(''.join(f'{n:09}\\n' for n in range(10_000)))"
    channel = await SubprocessTransport(stderr_tail_bytes=30).open(python_cli(source))
    status = await channel.wait()
    await channel.aclose()
    assert status.stderr_tail == "000009997\n000009998\n000009999"


async def test_stderr_is_read_although_nobody_receives() -> None:
    source = "import sys; sys.stderr.write('x' * 1_000_000); print('went on')"
    channel = await SubprocessTransport().open(python_cli(source))
    with anyio.fail_after(5):
        await channel.wait()
    assert await receive_all(channel) == b"went on\n"
    await channel.aclose()


async def test_the_stderr_callback_sees_the_context_variables_of_who_opened() -> None:
    variable: ContextVar[str] = ContextVar("variable", default="default")
    seen: list[str] = []
    variable.set("of the opener")
    command = python_cli("import sys; sys.exit('line')")
    channel = await SubprocessTransport().open(command, on_stderr=lambda line: seen.append(variable.get()))
    await channel.wait()
    await channel.aclose()
    assert seen == ["of the opener"]


async def test_a_status_that_somebody_else_took_is_255(caplog: pytest.LogCaptureFixture) -> None:
    channel = await SubprocessTransport().open(python_cli("import sys; sys.stdin.read(); sys.exit(3)"))
    channel._input.end()
    os.waitpid(channel.pid, 0)  # noqa: ASYNC222  # the rude somebody
    assert (await channel.wait()).code == 255
    await channel.aclose()
    assert "the exit status of process" in caplog.text


def no_cli(*_: object, **__: object) -> NoReturn:
    raise CLINotFoundError("looked everywhere")


async def test_when_no_claude_is_found_the_error_of_the_search_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "resolve_cli", no_cli)
    with pytest.raises(CLINotFoundError, match="looked everywhere"):
        await SubprocessTransport().open(Command(("claude",)))
