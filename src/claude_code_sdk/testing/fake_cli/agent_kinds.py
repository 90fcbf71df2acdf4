"""Agent kinds: which sub-agents there are: the CLI's own, those of files, and those of `initialize` (wire-facts §7)."""

from __future__ import annotations

from .agent_files import agents_in_files
from .inventory import inventory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...protocol.events import Frame
    from .process import Process

BUILT_IN = ("claude", "Explore", "general-purpose", "Plan", "statusline-setup")


class AgentKinds:
    """The kinds of sub-agent that there are, by name: the CLI's own and those of files and `initialize`."""

    def __init__(self, cli: Process) -> None:
        self._cli = cli
        self.defined: dict[str, Frame] = agents_in_files(cli)

    def define(self, given: dict[str, Frame]) -> None:
        """Take those of `initialize` over, which go before those in files."""
        self.defined = {**agents_in_files(self._cli), **given}

    @property
    def names(self) -> list[str]:
        """All kinds, as they are listed."""
        return sorted({*BUILT_IN, *self.defined}, key=str.lower)

    def find(self, name: str) -> str | None:
        """The kind that a call means; letters may be large or small."""
        small = name.lower()
        return name if name in self.names else next((kind for kind in self.names if kind.lower() == small), None)

    def listed(self) -> list[Frame]:
        """The kinds as the answer to `initialize` lists them."""
        known = {agent["name"]: agent for agent in inventory("initialize")["agents"]}
        return [
            {"name": name, "description": self.defined[name].get("description", "")}
            | ({"model": model} if (model := self.defined[name].get("model")) else {})
            if name in self.defined
            else known[name]
            for name in self.names
        ]
