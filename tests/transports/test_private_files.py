"""Values that travel in files: what is said when the files cannot be written."""

from __future__ import annotations

import errno
import tempfile
from pathlib import Path

import pytest

from claude_code_sdk.errors import CLIConnectionError, CLINotFoundError
from claude_code_sdk.protocol.command import FILE_TOKEN, Command
from claude_code_sdk.transports._private_files import PrivateFiles
from claude_code_sdk.transports._spawn import spawn

COMMAND = Command(("/bin/cat", FILE_TOKEN + "prompt.txt"), files={"prompt.txt": b"x" * 40_000})


def test_a_missing_temporary_directory_is_not_taken_for_a_missing_cli(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")
    with pytest.raises(CLIConnectionError) as caught:
        spawn(COMMAND, "/bin/cat")
    assert not isinstance(caught.value, CLINotFoundError)
    text = str(caught.value)
    assert text.startswith(
        "Failed to start Claude Code: prompt.txt (40,000 bytes), too large for a command line, could not be written to"
        " a temporary file: [Errno 2] No such file or directory: '/nowhere/at/all/claude-code-sdk-"
    )
    assert text.endswith("Free some space there, or set TMPDIR to another directory.")


def test_a_full_disk_says_what_to_do_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def full(self: PrivateFiles, name: str, content: bytes) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(PrivateFiles, "_write", full)
    with pytest.raises(CLIConnectionError, match=r"No space left on device\. Free some space there, or set TMPDIR"):
        spawn(COMMAND, "/bin/cat")
    assert list(tmp_path.iterdir()) == []
