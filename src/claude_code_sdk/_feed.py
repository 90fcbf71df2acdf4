"""Feeding prompts to a run, and closing its input when nothing more will be asked of it.

Above: `_query.py` and `_client.py`.  Below: the dispatcher and `_run_end.py`.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, AsyncIterable, Iterable
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import anyio

from ._prompts import frames_of
from .errors import CLIConnectionError

if TYPE_CHECKING:
    from ._host import Host

logger = logging.getLogger("claude_code_sdk")


async def feed(
    host: Host,
    prompt: AsyncIterable[dict[str, Any]] | Iterable[dict[str, Any]],
    *,
    session_id: str | None = None,
    verbatim: bool = False,
    close_input: bool,
) -> None:
    """Send every message of `prompt` as it comes; with `close_input` close the CLI's input when the run is over.

    An exception of the program's own iterable ends the run's input like its end does, and is raised where the program
    reads, after the last message: what was asked before is still answered.  Runs in the host's tasks.
    """
    dispatcher = host.dispatcher
    any_sent = False
    try:
        async with aclosing(frames_of(prompt, session_id=session_id, verbatim=verbatim)) as frames:
            async for frame in frames:
                try:
                    await dispatcher.send_message(frame)
                except CLIConnectionError as error:
                    logger.debug("the prompts ended because the run did: %s", error)
                    return
                any_sent = True
    except Exception as error:
        logger.exception("the iterable of prompts raised; it counts as the end of the input")
        dispatcher.prompt_error = error
        close_input = True
    finally:
        if isinstance(prompt, AsyncGenerator):  # one that was not read to its end: nobody else would close it
            await prompt.aclose()
    if close_input:
        await close_when_over(host, at_once=not any_sent)


async def close_when_over(host: Host, *, at_once: bool = False) -> None:
    """Close the CLI's input as soon as the run does not need it (sdk-spec §3.9).  Runs in the host's tasks."""
    dispatcher, run_end = host.dispatcher, host.run_end
    if run_end.needs and not at_once:
        while not run_end.over:
            dispatcher.run_end_changed = changed = anyio.Event()
            with anyio.move_on_at(run_end.deadline if run_end.deadline is not None else float("inf")):
                await changed.wait()
            run_end.expire(anyio.current_time())
    await dispatcher.end_input()
