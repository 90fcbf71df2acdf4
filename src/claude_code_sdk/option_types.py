"""The parts that `ClaudeCodeOptions` is made of: prompts, tools, thinking, sandbox, plugins, subagents.

Above: `options.py`.  Below: nothing at run time.  All but `AgentDefinition` are plain dicts with these keys; shapes:
sdk-spec §1.5.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NotRequired, TypedDict

if TYPE_CHECKING:
    from .permissions import PermissionMode
else:  # resolvable at run time without loading permissions.py
    PermissionMode = str

SettingSource = Literal["user", "project", "local"]
SdkBeta = Literal["context-1m-2025-08-07"]
EffortLevel = Literal["low", "medium", "high", "xhigh", "max"]
SessionStoreFlushMode = Literal["batched", "eager"]


class SystemPromptPreset(TypedDict):
    """The CLI's own system prompt, with `append` after it.

    `exclude_dynamic_sections` leaves out what differs from run to run, `snapshot` keeps it as it was at the start.
    """

    type: Literal["preset"]
    preset: Literal["claude_code"]
    append: NotRequired[str]
    exclude_dynamic_sections: NotRequired[bool]
    snapshot: NotRequired[bool]


class SystemPromptCustom(TypedDict):
    """A system prompt of the program's own, where `snapshot` matters."""

    type: Literal["custom"]
    prompt: str
    snapshot: NotRequired[bool]


class SystemPromptFile(TypedDict):
    """A system prompt that the CLI reads from a file."""

    type: Literal["file"]
    path: str


class ToolsPreset(TypedDict):
    """The CLI's usual tools."""

    type: Literal["preset"]
    preset: Literal["claude_code"]


class SdkPluginConfig(TypedDict):
    """A plugin in a folder."""

    type: Literal["local"]
    path: str


class TaskBudget(TypedDict):
    """How many tokens the whole run may take."""

    total: int


ThinkingDisplay = Literal["summarized", "omitted"]


class ThinkingConfigAdaptive(TypedDict):
    """The model decides how much it thinks."""

    type: Literal["adaptive"]
    display: NotRequired[ThinkingDisplay]


class ThinkingConfigEnabled(TypedDict):
    """The model thinks, `budget_tokens` at most."""

    type: Literal["enabled"]
    budget_tokens: int
    display: NotRequired[ThinkingDisplay]


class ThinkingConfigDisabled(TypedDict):
    """The model does not think."""

    type: Literal["disabled"]


ThinkingConfig = ThinkingConfigAdaptive | ThinkingConfigEnabled | ThinkingConfigDisabled

SandboxIgnoreViolations = dict[str, list[str]]
"""Part of a command (`*` for any) to parts of the violations that are not reported for it."""


class SandboxNetworkConfig(TypedDict, total=False):
    """What sandboxed commands may reach.  Ports are those of proxies on this machine."""

    allowedDomains: list[str]
    deniedDomains: list[str]
    allowManagedDomainsOnly: bool
    allowUnixSockets: list[str]
    allowAllUnixSockets: bool
    allowLocalBinding: bool
    allowMachLookup: list[str]
    httpProxyPort: int
    socksProxyPort: int


class SandboxSettings(TypedDict, total=False):
    """How Bash commands are confined; becomes `sandbox` in the settings."""

    enabled: bool
    autoAllowBashIfSandboxed: bool
    excludedCommands: list[str]
    allowUnsandboxedCommands: bool
    network: SandboxNetworkConfig
    ignoreViolations: SandboxIgnoreViolations
    enableWeakerNestedSandbox: bool


@dataclass
class AgentDefinition:
    """A subagent that the model may start.  The names are the wire's.

    - `description`: when to use it, for the model.  `prompt`: its system prompt.
    - `tools`, `disallowedTools`, `skills`: names; `None` for what the main thread has.
    - `model`: an id, `sonnet`, `opus`, `haiku` or `inherit`.
    - `memory`: which memory it keeps.
    - `mcpServers`: names of configured servers, or configurations.
    - `initialPrompt`: what it is told first.  `maxTurns`: how often its model is called at most.
    - `background`: whether it runs while the main thread goes on.
    """

    description: str
    prompt: str
    tools: list[str] | None = None
    disallowedTools: list[str] | None = None
    model: str | None = None
    skills: list[str] | None = None
    memory: SettingSource | None = None
    mcpServers: list[str | dict[str, Any]] | None = None
    initialPrompt: str | None = None
    maxTurns: int | None = None
    background: bool | None = None
    effort: EffortLevel | int | None = None
    permissionMode: PermissionMode | None = None
