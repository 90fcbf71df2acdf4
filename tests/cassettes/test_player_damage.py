"""Damage inside a frame of a file never reaches a program, whoever decodes the frame first."""

from __future__ import annotations

import anyio
import pytest

from claude_code_sdk import AssistantMessage, ResultMessage, query
from claude_code_sdk.cassettes.jsonl import dumps, loads
from claude_code_sdk.cassettes.transport import CassetteTransport
from claude_code_sdk.errors import CassetteError
from claude_code_sdk.protocol.command import Command

from ..client.peers import assistant, result
from .playing import ARGV, PATH, cassette, cli, exits, handshake, host, noise, prompt, spawn

DAMAGE = [
    pytest.param(b'"two"', b'"two', id="an open string"),
    pytest.param(b'"two"', b'"two",', id="a comma too many"),
    pytest.param(b'"two"', b'"\xff"', id="a byte that is not UTF-8"),
    pytest.param(b'"uuid":"v"}}', b'"uuid":"v"},{"type":"user"}}', id="two frames in one"),
]


def damaged(found: bytes, put: bytes) -> CassetteTransport:
    entries = [
        spawn(),
        *handshake(),
        host(prompt("go")),
        cli(assistant("one")),
        cli(assistant("two", uuid="v")),
        cli(result()),
        exits(),
    ]
    data = dumps(cassette(entries))
    assert found in data
    return CassetteTransport(loads(data.replace(found, put), path=PATH))


@pytest.mark.parametrize(("found", "put"), DAMAGE)
async def test_a_program_gets_what_stands_before_the_damage_and_then_the_error(found: bytes, put: bytes) -> None:
    seen = []
    with anyio.fail_after(5), pytest.raises(CassetteError, match=r"test_it\.jsonl:7:\d+: the frame is not"):
        async for message in query(prompt="go", transport=damaged(found, put)):
            seen.append(message)
    assert [type(message) for message in seen] == [AssistantMessage]


@pytest.mark.parametrize(("found", "put"), DAMAGE)
async def test_a_reader_that_only_knows_bytes_gets_none_of_a_damaged_read(found: bytes, put: bytes) -> None:
    entries = [spawn(), cli(assistant("one")), cli(assistant("two", uuid="v")), exits()]
    data = dumps(cassette(entries)).replace(found, put)
    channel = await CassetteTransport(loads(data, path=PATH)).open(
        Command(ARGV, env={"HOME": "/home/me"}, cwd="/project")
    )
    with anyio.fail_after(5), pytest.raises(CassetteError, match=r"test_it\.jsonl:4:\d+: the frame is not"):
        await channel.receive()
    channel.kill()
    await channel.aclose()


async def test_a_line_that_was_recorded_as_noise_is_no_damage() -> None:
    entries = [
        spawn(),
        *handshake(),
        host(prompt("go")),
        noise("Welcome!"),
        cli(assistant("one")),
        cli(result()),
        exits(),
    ]
    with anyio.fail_after(5):
        messages = [m async for m in query(prompt="go", transport=CassetteTransport(cassette(entries)))]
    assert [type(m).__name__ for m in messages] == ["UnknownMessage", "AssistantMessage", "ResultMessage"]
    assert isinstance(messages[-1], ResultMessage)
