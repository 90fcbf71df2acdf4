"""A run that is played until it turns out not to be recorded: the moment in which it goes over."""

from __future__ import annotations

from typing import Any, NoReturn

import anyio
import pytest

from claude_code_sdk.cassettes.tentative import Answers, TentativeChannel
from claude_code_sdk.cassettes.transport import CassetteTransport
from claude_code_sdk.errors import CLIConnectionError
from claude_code_sdk.protocol.command import Command
from tests.cassettes.playing import ARGV, cassette, eof, exits, handshake, spawn, turn

ANSWER = b'{"type":"control_response","response":{"subtype":"success","request_id":"req_1"}}\n'
PROMPT = b'{"type":"user","message":{"role":"user","content":"another"}}\n'


def test_an_answer_that_was_given_is_taken_out_once() -> None:
    answers = Answers()
    answers.given(ANSWER)
    assert answers.without_given(ANSWER[:40]) == b""
    assert answers.without_given(ANSWER[40:] + ANSWER + b'{"ty') == ANSWER + b'{"ty'


def test_a_line_that_the_live_cli_did_not_finish_is_given_once_and_then_the_end() -> None:
    answers = Answers()
    answers.given(ANSWER)
    assert answers.without_given(ANSWER[:40]) == b""
    assert answers.without_given(b"") == ANSWER[:40]
    assert answers.without_given(b"") == b""


@pytest.mark.anyio
async def test_a_live_run_that_was_cancelled_while_it_was_started_is_an_error_for_who_receives() -> None:
    replay = await CassetteTransport(cassette([spawn(), *handshake(), *turn("hi", "there"), eof(), exits()])).open(
        Command(ARGV)
    )
    starting = anyio.Event()

    async def never() -> NoReturn:
        starting.set()
        await anyio.sleep_forever()
        raise AssertionError

    channel = TentativeChannel(replay, never, forget=lambda: None)
    seen: list[Any] = []

    async def receive() -> None:
        try:
            await channel.receive()
        except CLIConnectionError as error:
            seen.append(str(error))

    async def send(task_status: Any) -> None:
        with anyio.CancelScope() as scope:
            task_status.started(scope)
            await channel.send(PROMPT)

    with anyio.fail_after(10):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(receive)
            scope = await tasks.start(send)
            await starting.wait()
            scope.cancel()
    assert seen == ["the live run was cancelled while it was being started"]
