"""A failure that several tasks are told is an object of its own in each; and an error of the prompts is never lost."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import AsyncIterator
from typing import Any

import anyio
import pytest
from anyio.lowlevel import checkpoint

from claude_code_sdk import ClaudeSDKClient, ControlRequestError, ProcessError, ResultError, query
from claude_code_sdk._own_error import of_its_own
from claude_code_sdk.cassettes.mismatch import CassetteMismatch
from claude_code_sdk.errors import ClaudeSDKError, ControlTimeoutError
from claude_code_sdk.protocol.engine import Exit

from .peers import Peer, read, result
from .test_lifecycle import user

WAIT = 3.0


async def failures_of(calls: int) -> list[Exception]:
    """What each of several control calls raises, and the reader at last, when the CLI exits with 3 at the last call."""
    found: list[Exception] = []
    peer = Peer(on_control={"set_model": lambda request: Exit(3) if request["model"] == "last" else None})

    async def call(name: str) -> None:
        try:
            await client.set_model(name)
        except ClaudeSDKError as error:
            found.append(error)

    async with ClaudeSDKClient(transport=peer.transport) as client:
        async with anyio.create_task_group() as group:
            for _ in range(calls - 1):
                group.start_soon(call, "one")
            with anyio.fail_after(WAIT):
                while len(peer.received) < calls:  # of which one is the handshake
                    await checkpoint()
            group.start_soon(call, "last")
        _, raised = await read(client.receive_messages())
    assert raised is not None
    return [*found, raised]


async def test_every_control_call_that_waits_raises_an_error_of_its_own() -> None:
    with anyio.fail_after(WAIT):
        found = await failures_of(3)
    assert len({id(error) for error in found}) == len(found) == 4
    assert {(type(error), str(error)) for error in found} == {(type(found[0]), str(found[0]))}
    assert isinstance(found[0], ProcessError)
    assert [error.exit_code for error in found if isinstance(error, ProcessError)] == [3] * 4


async def test_the_traceback_of_a_control_call_is_that_of_its_own_task() -> None:
    with anyio.fail_after(WAIT):
        *calls, read_error = await failures_of(2)
    for error in calls:
        names = [frame.name for frame in traceback.extract_tb(error.__traceback__)]
        assert names.count("call") == 1
        assert "receive_messages" not in names
    assert "call" not in [frame.name for frame in traceback.extract_tb(read_error.__traceback__)]


FAILURE = ResultError("it failed", {"subtype": "x", "errors": ["y"]}, exit_code=1)
FAILURE.add_note("a note")
FAILURE.__cause__ = ValueError("why")


@pytest.mark.parametrize(
    "error",
    [
        FAILURE,
        ControlTimeoutError("late", subtype="initialize", request_id="r"),
        ControlRequestError("no", error_code="e"),
        CassetteMismatch("another"),
    ],
)
def test_a_copy_has_everything_but_the_traceback(error: Exception) -> None:
    try:
        raise error
    except Exception as raised:
        copy = of_its_own(raised)
    assert copy is not error
    assert (type(copy), str(copy), copy.args) == (type(error), str(error), error.args)
    assert copy.__dict__ == error.__dict__
    assert copy.__cause__ is error.__cause__
    assert copy.__traceback__ is None
    copy.add_note("another")
    assert "another" not in getattr(error, "__notes__", [])
    again = pickle.loads(pickle.dumps(copy))
    assert (type(again), str(again)) == (type(error), str(error))


def test_an_exception_of_the_program_is_not_copied() -> None:
    error = KeyError("mine")
    assert of_its_own(error) is error


# ---------------------------------------------------------------- prompts that raised before the CLI failed


async def prompts(error: Exception) -> AsyncIterator[dict[str, Any]]:
    yield user("a")
    raise error


@pytest.mark.parametrize("is_error", [False, True])
async def test_what_the_prompts_raised_is_the_cause_of_a_failure_that_follows(is_error: bool) -> None:
    error = ValueError("the file is gone")
    peer = Peer(turn=lambda frame: [result(is_error=is_error)], exit_at_eof=3)
    with anyio.fail_after(WAIT):
        _, raised = await read(query(prompt=prompts(error), transport=peer.transport))
    assert isinstance(raised, ResultError if is_error else ProcessError)
    text = "".join(traceback.format_exception(raised))
    assert text.index("ValueError: the file is gone") < text.index("exit code 3")
    assert raised.__notes__ == ["before that, the iterable of prompts raised ValueError: the file is gone"]


async def test_what_the_prompts_raised_is_raised_itself_when_the_cli_ends_well() -> None:
    error = ValueError("the file is gone")
    with anyio.fail_after(WAIT):
        _, raised = await read(query(prompt=prompts(error), transport=Peer().transport))
    assert raised is error
    assert not hasattr(error, "__notes__")
