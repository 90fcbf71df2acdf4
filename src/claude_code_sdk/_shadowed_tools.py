"""Tools that `can_use_tool` will never be asked about, because other options allow them first (sdk-spec §5.1).

A program that sets both has usually taken `allowed_tools` for the list of tools that there are.  Above: `_validate.py`.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Iterator

from .options import ClaudeCodeOptions
from .permissions import CanUseToolShadowedWarning

# A rule that covers a whole tool: `Read`, `Read()`, `Read(*)`.  What is not a rule at all does not match.
_WHOLE_TOOL = re.compile(r"([^\s(),]+)(?:\(\s*\*?\s*\))?")


def warn_of_shadowed_tools(options: ClaudeCodeOptions) -> None:
    """Warn with `CanUseToolShadowedWarning`, at the program's own line, when `can_use_tool` is set to no avail."""
    if options.can_use_tool is not None:
        for reason in _shadows(options):
            text = f"can_use_tool will not be called for {reason}"
            warnings.warn(text, CanUseToolShadowedWarning, _level_of_the_program())


def _shadows(options: ClaudeCodeOptions) -> Iterator[str]:
    """What the CLI will decide without asking, in words."""
    if options.permission_mode == "bypassPermissions":
        yield 'any tool: permission_mode="bypassPermissions" allows all of them'
        return
    rules = [*(options.allowed_tools or ()), *(["Skill"] if options.skills == "all" else [])]
    tools = dict.fromkeys(match[1] for rule in rules if (match := _WHOLE_TOOL.fullmatch(rule.strip())))
    if tools:
        yield (
            f"{', '.join(tools)}: allowed_tools allows them without asking."
            " Leave a tool out of allowed_tools to be asked about it"
        )


def _level_of_the_program() -> int:
    """The `stacklevel` of the first frame outside of this package, counted from the caller."""
    package = __name__.partition(".")[0] + "."
    level, frame = 1, sys._getframe(1)
    while frame.f_back is not None and f"{frame.f_globals.get('__name__')}.".startswith(package):
        level, frame = level + 1, frame.f_back
    return level
