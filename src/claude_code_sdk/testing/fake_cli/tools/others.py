"""Tools of the CLI that work on neither files nor a shell."""

from __future__ import annotations

from ..permissions import Decision
from .base import Ran, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ....protocol.events import Frame
    from ..process import Process


class _Quiet(Tool):
    """A tool that nobody is asked about."""

    def decide(self, cli: Process, given: Frame) -> Decision:
        return Decision("allow")


class ToolSearch(_Quiet):
    name = "ToolSearch"
    concurrent = True
    required = (("query", "string"),)


class WebFetch(Tool):
    name = "WebFetch"
    concurrent = True
    required = (
        ("url", "string"),
        ("prompt", "string"),
    )


OTHER_TOOLS: tuple[Tool, ...] = (ToolSearch(), WebFetch())

__all__ = ["OTHER_TOOLS", "Ran"]
