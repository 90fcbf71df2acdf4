"""The agent.  Nothing here knows of tests: no transport, no CLI path, no hook for a fake."""

from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

import anyio
from claude_code_sdk import ClaudeAgentOptions, ClaudeSDKClient, ClaudeSDKError, ResultMessage, query

from .permissions import may_use
from .policy import Journal
from .tools import desk

PATIENCE = 600.0  # seconds that an answer may take


class DeskClosed(Exception):
    """The agent cannot be reached; page a human."""


@dataclass
class Answer:
    """What the agent said, whether it came to an end, and what it cost in US dollars."""

    text: str
    complete: bool
    cost: float


class Desk:
    """A conversation with the agent: `async with Desk() as desk: await desk.ask("…")`.

    Raises `DeskClosed` when the CLI cannot be started, ends, or says nothing any more.
    """

    def __init__(self, options: ClaudeAgentOptions | None = None) -> None:
        self.journal = Journal()
        self._client = ClaudeSDKClient(
            replace(
                options or ClaudeAgentOptions(),
                system_prompt="You help whoever is on call. Be brief.",
                mcp_servers={"desk": desk},
                hooks=self.journal.hooks(),
                can_use_tool=may_use,
            )
        )

    async def __aenter__(self) -> Self:
        try:
            await self._client.connect()
        except ClaudeSDKError as error:
            raise DeskClosed(str(error)) from error
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.disconnect()

    async def ask(self, question: str) -> Answer:
        """Ask, and wait for the answer."""
        answer = None
        try:
            with anyio.fail_after(PATIENCE):
                await self._client.query(question)
                async for message in self._client.receive_response():
                    if isinstance(message, ResultMessage):
                        answer = _answer(message)
        except TimeoutError:
            raise DeskClosed(f"no answer after {PATIENCE:.0f} seconds") from None
        except ClaudeSDKError as error:
            raise DeskClosed(str(error)) from error
        if answer is None:
            raise DeskClosed("the agent went away")
        return answer


async def investigate(question: str, options: ClaudeAgentOptions | None = None) -> Answer:
    """One question in a conversation of its own."""
    async with Desk(options) as desk:
        return await desk.ask(question)


async def summary(journal: list[str]) -> str:
    """The night in one sentence; empty when the model could not be asked."""
    options = ClaudeAgentOptions(system_prompt="Sum up a journal in one sentence.", tools=[])
    said = ""
    async for message in query(prompt="\n".join(journal), options=options):
        if isinstance(message, ResultMessage) and not message.is_error:
            said = message.result or ""
    return said


def _answer(message: ResultMessage) -> Answer:
    return Answer(message.result or "", not message.is_error, message.total_cost_usd or 0.0)
