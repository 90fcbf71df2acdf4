"""Offered tools: which tools a session has, and what the model is told when it calls another (wire-facts §3, §4).

`--tools` names those that there are, `--disallowedTools` and deny rules take some away; some come only with a host that
can be asked, some only when they are named.
"""

from __future__ import annotations

from .agent_tool import Agent
from .inventory import inventory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .process import Process
    from .tools import Tool

AGENT = Agent()

LISTED_AS = {"Agent": "Task"}
"""Names in `init` that differ from those in calls."""

ALIASES = {"Task": "Agent", "KillShell": "TaskStop", "KillBash": "TaskStop"}
"""Other names by which tools may be called."""

FOR_THE_USER = frozenset(["AskUserQuestion", "EnterPlanMode", "ExitPlanMode"])
"""Tools of sessions whose host can be asked."""

SEARCHING = ("Glob", "Grep")
"""Tools that Bash makes needless: without it they are there, and Monitor, which is a shell too, is not."""

TASK_LIST = ("TaskCreate", "TaskGet", "TaskList", "TaskUpdate")
"""Tools that a session has only where one of them, or TodoWrite, is named."""

DISABLED = frozenset(
    [*TASK_LIST, *FOR_THE_USER, "TodoWrite", "LSP", "PushNotification", "RemoteTrigger", "NotebookEdit"]
)
"""Tools that the CLI has but does not offer in every session."""

INSTEAD = {
    "Glob": "find files with `find` via the Bash tool instead.",
    "Grep": "search file contents with `grep` via the Bash tool instead.",
}
AS_TEXT = frozenset(["Brief", "SendUserMessage"])

MOST_LISTS = 32
_lists: dict[tuple[object, ...], list[str]] = {}
"""What `OfferedTools.names` gave, by all that it depends on; each of a program's sessions asks the same twice."""


class OfferedTools:
    """The built-in tools of one session."""

    def __init__(self, cli: Process) -> None:
        self._cli = cli
        launch = cli.launch
        self._allowed = set(launch.listed("--allowedTools"))
        self._only: set[str] | None = None
        if launch.has("--tools"):
            named = set(launch.listed("--tools"))
            self._only = None if "default" in named else {ALIASES.get(name, name) for name in named}

    def find(self, name: str) -> Tool | None:
        """The tool that the model means by a name, None where the session has none."""
        of_server = self._cli.servers.find(name)
        if of_server is not None:
            return None if self._taken(name) else of_server
        if not self.has(name):
            return None
        if ALIASES.get(name, name) == "Agent":
            return AGENT
        from .tools.built_in import BUILT_IN  # the start-up of a session that calls none is not to wait for them

        return BUILT_IN.get(ALIASES.get(name, name))

    def offers(self, name: str) -> bool:
        """Whether the model may call a tool of this name, of a server or built in."""
        return self.find(name) is not None

    def listed(self) -> list[str]:
        """The tools that `init` lists, those of servers included."""
        servers = self._cli.servers.tool_names()
        return [*self.names(), *(name for name in servers if not self._taken(name))]

    def names(self) -> list[str]:
        """As `init` lists them: Task first, the rest by the alphabet."""
        only = None if self._only is None else frozenset(self._only)
        denied = tuple(self._cli.permissions.rules.texts("deny"))
        asked = (only, frozenset(self._allowed), denied, self._cli.launch.asks_by_stdio)
        if asked not in _lists:
            if len(_lists) == MOST_LISTS:
                _lists.clear()
            _lists[asked] = self._names()
        return _lists[asked].copy()

    def _names(self) -> list[str]:
        everything = [ALIASES.get(name, name) for name in inventory("init")["tools"]]
        names = sorted({*everything, *SEARCHING, *TASK_LIST})
        if self._searches and self._only is None:
            names.remove("Monitor")
        listed = [LISTED_AS.get(name, name) for name in names if self.has(name)]
        return sorted(listed, key=lambda name: (name != "Task", name))

    def has(self, name: str) -> bool:
        """Whether the session has a built-in tool."""
        name = ALIASES.get(name, name)
        if name == "Monitor" and self._taken("Bash"):
            return False
        if self._taken(name) or (name in FOR_THE_USER and not self._cli.launch.asks_by_stdio):
            return False
        if self._only is not None:
            named = name in self._only
            return named or (name == "TaskCreate" and "TodoWrite" in self._only)
        if name in SEARCHING:
            return self._searches
        if name in TASK_LIST:
            return bool(self._allowed.intersection([*TASK_LIST, "TodoWrite"]))
        return name in inventory("init")["tools"] or name == "Agent"

    @property
    def _searches(self) -> bool:
        return self._taken("Bash") or bool(self._allowed.intersection(SEARCHING))

    def _taken(self, name: str) -> bool:
        return self._cli.permissions.rules.whole("deny", name) is not None

    def missing(self, name: str) -> str:
        """What the model is told of a tool that there is not."""
        text = f"No such tool available: {name}"
        if name in AS_TEXT:
            return (
                f"{text}. {name} is not enabled in this session — write your message as normal assistant text instead."
            )
        if name in INSTEAD and not self.has("Bash"):
            return f"{text}. {name} is disabled for this session."
        if name in INSTEAD and self._only is None and not self._searches and not self._taken(name):
            return f"{text}. {name} is not available in this session — {INSTEAD[name]}"
        if name == "Monitor" and self._only is None and not self._taken(name):
            return f"{text}. {name} is not among the tools available here. Continue with the tools you have."
        known = ALIASES.get(name, name) in (*inventory("init")["tools"], "Agent", *SEARCHING) or name in DISABLED
        return f"{text}. {name} is disabled for this session, in subagents as well as here." if known else text
