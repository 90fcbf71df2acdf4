"""Which SDK meets the fake how: the four legs of a comparison.

Above: everything of this package.
"""

from __future__ import annotations

from typing import NamedTuple


class Leg(NamedTuple):
    """Who drives the fake, and where the fake runs.

    - `sdk`: the module that the program is written for.
    - `process`: whether `fake-claude` is a process of its own, behind a tee.
    - `wire`: whether its wire is compared, besides what the program observes.
    """

    sdk: str
    process: bool
    wire: bool

    @property
    def official(self) -> bool:
        return self.sdk == "claude_agent_sdk"


LEGS = {
    "subprocess": Leg("claude_code_sdk", process=True, wire=True),
    "in_process": Leg("claude_code_sdk", process=False, wire=True),
    "official_subprocess": Leg("claude_agent_sdk", process=True, wire=False),
    "official": Leg("claude_agent_sdk", process=False, wire=False),
}
