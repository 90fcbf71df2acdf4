"""Transcript: what happened in an episode, as events that a person thinks in.

Above: `claude-cassette show`, tests that look at a recording.  Below: transcript_events.py (the events),
transcript_reader.py (which reads them from the entries alone).
"""

from __future__ import annotations

from .cassette import Episode
from .transcript_events import (
    Event,
    Exit,
    Hook,
    Mcp,
    Permission,
    Prompt,
    Result,
    Text,
    ToolCall,
)
from .transcript_reader import EntryReader


class Transcript:
    """What happened in one episode, in the order of the cassette; a request stands where it was asked.

    - `events`: everything; of these are, in order,
    - `prompts`, `texts`, `tool_calls`, `hooks`, `permissions`, `mcp_calls` (tools only), `results`.
    - `exit_code`: None if the recording ends before the run did.
    """

    def __init__(self, episode: Episode) -> None:
        """Raises:
        CassetteError: A frame is damaged.
        """
        self.number = episode.number
        self.events: list[Event] = EntryReader().read(episode.entries)

    @property
    def prompts(self) -> list[Prompt]:
        return [event for event in self.events if isinstance(event, Prompt)]

    @property
    def texts(self) -> list[Text]:
        return [event for event in self.events if isinstance(event, Text)]

    @property
    def tool_calls(self) -> list[ToolCall]:
        return [event for event in self.events if isinstance(event, ToolCall)]

    @property
    def hooks(self) -> list[Hook]:
        return [event for event in self.events if isinstance(event, Hook)]

    @property
    def permissions(self) -> list[Permission]:
        return [event for event in self.events if isinstance(event, Permission)]

    @property
    def mcp_calls(self) -> list[Mcp]:
        return [event for event in self.events if isinstance(event, Mcp) and event.method == "tools/call"]

    @property
    def results(self) -> list[Result]:
        return [event for event in self.events if isinstance(event, Result)]

    @property
    def exit_code(self) -> int | None:
        return next((event.code for event in reversed(self.events) if isinstance(event, Exit)), None)
