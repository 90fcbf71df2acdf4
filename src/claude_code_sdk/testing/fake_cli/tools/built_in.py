"""Built-in tools: all of the CLI's own, by name.  Loaded when the model first calls one."""

from __future__ import annotations

from .files import Edit, Read, Write
from .notebook import NotebookEdit
from .others import OTHER_TOOLS
from .planning import PLANNING_TOOLS
from .searching import Glob, Grep
from .shell import SHELL_TOOLS
from .skills import Skill
from .task_list import TASK_LIST_TOOLS
from .web import WEB_TOOLS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from .base import Tool

BUILT_IN: Mapping[str, Tool] = {
    tool.name: tool
    for tool in (
        Read(),
        Write(),
        Edit(),
        NotebookEdit(),
        Glob(),
        Grep(),
        *SHELL_TOOLS,
        *WEB_TOOLS,
        *PLANNING_TOOLS,
        *OTHER_TOOLS,
        *TASK_LIST_TOOLS,
        Skill(),
    )
}
"""Tools of the CLI itself, by the name that the model calls them by."""
