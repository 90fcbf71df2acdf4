"""Large values reach the CLI whole, through files that only the user can read and that are gone afterwards (B13)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import anyio
import pytest

from claude_code_sdk import (
    ClaudeCodeOptions,
    ClaudeSDKClient,
    CLIConnectionError,
    ControlTimeoutError,
    query,
)
from tests.transports.conftest import Leftovers

from .processes import STAYS, fake_cli

pytestmark = pytest.mark.requirement("B13", "large-values")

WAIT = 15.0

LARGE = "Größe " * 40_000  # 280,000 bytes: more than one argument may have

TELLS = """
def control(frame):
    found = []
    for flag, value in zip(sys.argv, sys.argv[1:]):
        if "claude-code-sdk-" in value and os.path.exists(value):
            modes = [oct(os.stat(path).st_mode & 0o777) for path in (value, os.path.dirname(value))]
            found.append([flag, open(value, encoding="utf-8").read(), modes])
    answer(frame, {"files": found, "schema": frame["request"].get("jsonSchema")})
"""
"""Answers the handshake with what it found in the files on its command line."""

OPTIONS: list[tuple[dict[str, Any], str]] = [
    ({"system_prompt": LARGE}, "--system-prompt-file"),
    ({"append_system_prompt": LARGE}, "--append-system-prompt-file"),
    ({"settings": json.dumps({"note": LARGE})}, "--settings"),
    ({"mcp_servers": {"x": {"type": "stdio", "command": "x", "args": [LARGE]}}}, "--mcp-config"),
]


@pytest.mark.parametrize(("option", "flag"), OPTIONS, ids=[flag for _, flag in OPTIONS])
async def test_a_large_value_travels_in_a_private_file(
    tmp_path: Path, nothing_left: Leftovers, option: dict[str, Any], flag: str
) -> None:
    nothing_left.start()
    with anyio.fail_after(WAIT):
        async with ClaudeSDKClient(ClaudeCodeOptions(cli_path=fake_cli(tmp_path, TELLS), **option)) as client:
            info = await client.get_server_info()
        nothing_left.check()
    assert info is not None
    ((found_flag, content, modes),) = info["files"]
    assert found_flag == flag
    assert modes == ["0o600", "0o700"]
    assert LARGE in (content if not content.startswith("{") else json.dumps(json.loads(content), ensure_ascii=False))


async def test_all_of_them_at_once_and_a_large_schema(tmp_path: Path, nothing_left: Leftovers) -> None:
    nothing_left.start()
    schema = {"type": "object", "description": LARGE}
    every: dict[str, Any] = {name: value for option, _ in OPTIONS for name, value in option.items()}
    del every["append_system_prompt"]  # not beside another system prompt
    options = ClaudeCodeOptions(
        cli_path=fake_cli(tmp_path, TELLS), output_format={"type": "json_schema", "schema": schema}, **every
    )
    with anyio.fail_after(WAIT):
        async with ClaudeSDKClient(options) as client:
            info = await client.get_server_info()
        nothing_left.check()
    assert info is not None
    assert [flag for flag, _, _ in info["files"]] == ["--system-prompt-file", "--settings", "--mcp-config"]
    assert info["schema"] == schema


@pytest.mark.parametrize("fault", ["no such cli", "handshake", "cancelled"])
async def test_the_files_are_gone_however_the_start_fails(tmp_path: Path, nothing_left: Leftovers, fault: str) -> None:
    nothing_left.start()
    cli = fake_cli(tmp_path, "def control(frame): pass") if fault != "no such cli" else str(tmp_path / "none")
    timeout = 0.3 if fault == "handshake" else 60.0
    options = ClaudeCodeOptions(cli_path=cli, system_prompt=LARGE, initialize_timeout=timeout)
    with anyio.fail_after(WAIT):
        with anyio.move_on_after(0.3 if fault == "cancelled" else WAIT):
            with pytest.raises((CLIConnectionError, ControlTimeoutError)):
                await ClaudeSDKClient(options).connect()
        nothing_left.check()


async def test_the_files_are_gone_after_the_cli_was_killed(tmp_path: Path, nothing_left: Leftovers) -> None:
    nothing_left.start()
    cli = fake_cli(tmp_path, "def turn(frame): say(HELLO)", end=STAYS)
    with anyio.fail_after(WAIT), anyio.CancelScope() as scope:
        async for _ in query(prompt="go", options=ClaudeCodeOptions(cli_path=cli, system_prompt=LARGE)):
            scope.cancel()
    nothing_left.check()


async def test_a_large_prompt_is_no_argument(tmp_path: Path) -> None:
    source = "def turn(frame): say({**RESULT, 'result': frame['message']['content']})"
    with anyio.fail_after(WAIT):
        options = ClaudeCodeOptions(cli_path=fake_cli(tmp_path, source))
        messages = [message async for message in query(prompt=LARGE, options=options)]
    assert messages[-1].raw["result"] == LARGE
