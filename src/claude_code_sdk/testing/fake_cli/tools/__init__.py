"""Tools: what the CLI knows of each tool, one file a family.  `find` gives the one of a name."""

from __future__ import annotations

from .base import Ran, Tool
from .files import FILE_TOOLS
from .others import OTHER_TOOLS
from .shell import SHELL_TOOLS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

BUILT_IN: Mapping[str, Tool] = {tool.name: tool for tool in (*FILE_TOOLS, *SHELL_TOOLS, *OTHER_TOOLS)}
"""Tools of the CLI itself, by the name that the model calls them by."""

__all__ = ["BUILT_IN", "Ran", "Tool"]
