"""A run that cannot be started says why, and leaves nothing behind."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import anyio
import pytest

from claude_code_sdk.errors import CLIConnectionError, CLINotFoundError
from claude_code_sdk.protocol.command import FILE_TOKEN, Command
from claude_code_sdk.testing.executable import STAND_IN
from claude_code_sdk.transports import subprocess
from claude_code_sdk.transports._event_loop import EventLoop
from claude_code_sdk.transports.subprocess import SubprocessTransport, current_event_loop

from .conftest import Leftovers
from .processes import executable, python_cli


async def failure(command: Command, nothing_left: Leftovers) -> CLIConnectionError:
    nothing_left.start()
    with pytest.raises(CLIConnectionError) as caught:
        await SubprocessTransport().open(command)
    nothing_left.check()
    return caught.value


@pytest.mark.requirement("missing-cli")
async def test_a_missing_executable_says_how_to_get_one(nothing_left: Leftovers) -> None:
    error = await failure(Command(("/nowhere/claude",)), nothing_left)
    assert isinstance(error, CLINotFoundError)
    assert str(error).startswith("Claude Code not found at: /nowhere/claude\nInstall it: ")
    assert 'ClaudeCodeOptions(cli_path="/path/to/claude")' in str(error)
    assert error.cli_path == "/nowhere/claude"


async def test_a_missing_interpreter_is_not_taken_for_a_missing_executable(
    tmp_path: Path, nothing_left: Leftovers
) -> None:
    path = executable(tmp_path / "claude", f"#!/nowhere/node --flag\n{STAND_IN}\n")
    error = await failure(Command((path,)), nothing_left)
    assert not isinstance(error, CLINotFoundError)
    assert str(error) == (
        f"Failed to start Claude Code: {path} needs an interpreter that is not there: #!/nowhere/node --flag"
    )


async def test_a_file_without_execute_permission_says_what_to_do(tmp_path: Path, nothing_left: Leftovers) -> None:
    path = executable(tmp_path / "claude", "#!/bin/sh\n", mode=0o644)
    error = await failure(Command((path,)), nothing_left)
    assert re.fullmatch(
        rf"Failed to start Claude Code: {path} may not be executed: .*Permission denied.* Try: chmod \+x {path}",
        str(error),
    )


async def test_a_directory_is_not_an_executable(tmp_path: Path, nothing_left: Leftovers) -> None:
    error = await failure(Command((str(tmp_path),)), nothing_left)
    assert str(error) == (
        f"Failed to start Claude Code: {tmp_path} is a directory; the path of the executable is needed"
    )


async def test_a_script_without_its_first_line_is_told_from_a_program(tmp_path: Path, nothing_left: Leftovers) -> None:
    path = executable(tmp_path / "claude", f"echo hello\n{STAND_IN}\n")
    error = await failure(Command((path,)), nothing_left)
    assert f"{path} is neither a program for this system nor a script that begins with #!" in str(error)


async def test_a_missing_working_directory_is_named(nothing_left: Leftovers) -> None:
    error = await failure(python_cli("", cwd="/nowhere/project"), nothing_left)
    assert str(error) == "Working directory does not exist: /nowhere/project"


async def test_a_working_directory_that_is_a_file_is_named(tmp_path: Path, nothing_left: Leftovers) -> None:
    (tmp_path / "file").touch()
    error = await failure(python_cli("", cwd=str(tmp_path / "file")), nothing_left)
    assert str(error) == f"Working directory is not a directory: {tmp_path / 'file'}"


async def test_a_command_line_that_is_too_long_says_which_argument_is_how_long(nothing_left: Leftovers) -> None:
    error = await failure(python_cli("", "--system-prompt", "é" * 100_000), nothing_left)
    assert "Failed to start Claude Code: the command line is too long" in str(error)
    assert "The longest argument is number 5 (the value of --system-prompt) with 200,000 bytes" in str(error)
    assert "(Linux allows 131,072 for one)" in str(error)


async def test_an_unknown_user_is_named(nothing_left: Leftovers) -> None:
    command = python_cli("")
    command.user = "nobody-of-this-name"
    error = await failure(command, nothing_left)
    assert str(error) == "Failed to start Claude Code: there is no operating system user 'nobody-of-this-name'"


async def test_an_unknown_user_leaves_no_files_behind(nothing_left: Leftovers) -> None:
    command = python_cli("", FILE_TOKEN + "settings")
    command.user = "nobody-of-this-name"
    command.files = {"settings": b"{}"}
    assert "there is no operating system user" in str(await failure(command, nothing_left))


async def test_a_token_for_a_file_that_the_command_does_not_have_is_named(nothing_left: Leftovers) -> None:
    command = python_cli("", FILE_TOKEN + "settings")
    command.files = {"prompt": b"..."}
    error = await failure(command, nothing_left)
    assert "an argument stands for the file 'settings', but the command's files are ['prompt']" in str(error)


async def test_a_file_name_with_a_path_in_it_is_refused(nothing_left: Leftovers) -> None:
    command = python_cli("", FILE_TOKEN + "../settings")
    command.files = {"../settings": b"{}"}
    assert "'../settings' is not a plain file name" in str(await failure(command, nothing_left))


async def test_whatever_else_the_system_says_is_passed_on(nothing_left: Leftovers) -> None:
    error = await failure(python_cli("", "a\0b"), nothing_left)
    assert str(error) == "Failed to start Claude Code: embedded null byte"
    assert isinstance(error.__cause__, ValueError)


async def test_a_failed_start_removes_the_files_of_the_command(nothing_left: Leftovers) -> None:
    command = Command(("/nowhere/claude", FILE_TOKEN + "settings"), files={"settings": b"{}"})
    assert isinstance(await failure(command, nothing_left), CLINotFoundError)


async def test_a_cancelled_open_starts_nothing(tmp_path: Path, nothing_left: Leftovers) -> None:
    nothing_left.start()
    command = python_cli(f"open({str(tmp_path / 'started')!r}, 'w')")
    with anyio.CancelScope() as scope:
        scope.cancel()
        await SubprocessTransport().open(command)
    assert scope.cancelled_caught
    nothing_left.check()
    assert not (tmp_path / "started").exists()


class Failing:
    """An event loop whose method `name` fails."""

    def __init__(self, name: str, inner: EventLoop) -> None:
        self._name = name
        self._inner = inner

    def __getattr__(self, name: str) -> Callable[..., object]:
        method: Callable[..., object] = getattr(self._inner, name)
        return self._fail if name == self._name else method

    def _fail(self, *arguments: object) -> NoReturn:
        raise OSError(f"{self._name} failed")


@pytest.mark.parametrize("name", ["open_writer", "open_reader", "watch"])
async def test_a_process_that_cannot_be_watched_is_ended_at_once(
    name: str, nothing_left: Leftovers, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing_left.start()
    monkeypatch.setattr(subprocess, "current_event_loop", lambda: Failing(name, current_event_loop()))
    command = python_cli("import signal; signal.pause()", FILE_TOKEN + "settings")
    command.files = {"settings": b"{}"}
    with pytest.raises(CLIConnectionError, match=f"^Failed to start Claude Code: {name} failed$"):
        await SubprocessTransport().open(command)
    nothing_left.check()
