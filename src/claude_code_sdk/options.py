"""`ClaudeCodeOptions`: everything that can be chosen about a session, and `ClaudeAgentOptions` for newer programs.

Above: `query()` and `ClaudeSDKClient`.  Below: nothing at run time; `option_types.py`, `permissions.py`, `hooks/` and
`mcp_types.py` have the types of the fields.  What the fields become is said in `_argv.py` and `_command.py` (command
line), `transports/_child_environment.py` (environment), `_initialize.py` (handshake) and `_host.py` (the rest).
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from os import PathLike
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from .hooks.matcher import HookEvent, HookMatcher
    from .mcp_types import McpServerConfig
    from .option_types import (
        AgentDefinition,
        EffortLevel,
        SandboxSettings,
        SdkBeta,
        SdkPluginConfig,
        SessionStoreFlushMode,
        SettingSource,
        SystemPromptCustom,
        SystemPromptFile,
        SystemPromptPreset,
        TaskBudget,
        ThinkingConfig,
        ToolsPreset,
    )
    from .permissions import CanUseTool, PermissionMode
else:  # 30 classes that a program which names none of them need not create; as annotations they resolve to these
    HookEvent = PermissionMode = EffortLevel = SdkBeta = SettingSource = SessionStoreFlushMode = str
    SystemPromptCustom = SystemPromptFile = SystemPromptPreset = ToolsPreset = dict[str, Any]
    McpServerConfig = SandboxSettings = SdkPluginConfig = TaskBudget = ThinkingConfig = dict[str, Any]
    AgentDefinition = HookMatcher = Any
    CanUseTool = Callable[..., Any]


@dataclass
class ClaudeCodeOptions:
    """What can be chosen about a session.  All fields are optional; the defaults are those of the CLI.

    The first 21 fields are those of `claude_code_sdk` 0.0.25, in its order and with its meaning.

    Model and prompt
    - `model`, `fallback_model`: ids or aliases (`sonnet`, …).
    - `system_prompt`: text, a preset, or a file; unset means the CLI's own.  `append_system_prompt`: text after it.
    - `thinking`, `max_thinking_tokens` (older), `effort`: how hard the model thinks.
    - `output_format`: `{"type": "json_schema", "schema": {…}}` asks for `ResultMessage.structured_output`.
    - `betas`: beta features of the API.

    Tools and permissions
    - `tools`: the built-in tools there are; `[]` for none.
    - `allowed_tools`: calls that run without asking (`Read`, `Bash(git status:*)`); it makes no tool available.
    - `disallowed_tools`: tools that the model does not get to see.
    - `permission_mode`: what happens to a call that no rule decides.
    - `can_use_tool`: an async function that decides such calls; excludes `permission_prompt_tool_name`.
    - `permission_prompt_tool_name`: an MCP tool that decides such calls.
    - `hooks`: by event, the functions that the CLI calls.  `failing_hooks_block`: a hook of this program that raises
      forbids what it was asked about, whatever the CLI makes of failures.
    - `sandbox`: how Bash commands are confined.

    Servers, subagents, extensions
    - `mcp_servers`: by name, configurations or servers of this program; or the path or text of a configuration file.
    - `strict_mcp_config`: no other MCP servers than those.
    - `agents`: subagents by name.  `plugins`: folders.  `skills`: names, or `"all"`.
    - `setting_sources`: which settings files are read; `[]` for none, unset for all.
    - `settings`: path or JSON text of more settings.

    Session
    - `continue_conversation`: go on with the last session of the folder.  `resume`: id of the session to go on with.
    - `session_id`: UUID of the new session.  `fork_session`: go on under a new id.
    - `resume_session_at`: uuid of the entry after which to go on.  `resume_drops_turn`: uuid of the only prompt that
      may be lost by that.
    - `enable_file_checkpointing`: makes `rewind_files()` possible.
    - `session_store`, `session_store_flush`, `load_timeout_ms` (milliseconds): not served yet; setting a store is
      refused with `ValueError`.

    Limits
    - `max_turns`: calls of the model in a turn.  `max_budget_usd`: US dollars.  `task_budget`: tokens.

    Messages
    - `include_partial_messages`: `StreamEvent`s.  `include_hook_events`: `HookEventMessage`s.
    - `forward_subagent_text`: what subagents write.  `verbatim_prompts`: prompts are not expanded by the CLI.

    Process
    - `cli_path`: the `claude` executable; looked for when unset.  `cwd`: its folder.  `user`: its system user.
    - `add_dirs`: more folders it may work in.
    - `env`: variables on top of this process's.  `client_app`: name of the program, told to the API.
    - `extra_args`: more flags without their dashes; `None` for flags without a value.
    - `stderr`: called with each line of the CLI's stderr.  `debug_stderr`: as in 0.0.25, where a file object gets
      those lines if `extra_args` has `debug-to-stderr`.
    - `max_frame_size`: bytes of the longest line that is read (64 MiB); a longer one is reported as `UnknownMessage`.
      `max_buffer_size`: the same under its older name; it wins when set.
    - `max_unread_bytes`: bytes of messages that may lie unread (128 MiB) before the session ends with
      `UnreadLimitError`.
    - `initialize_timeout`, `control_timeout`: seconds that the CLI gets to start, and to answer any other request (60).
    - `idle_timeout`: seconds without anything from the CLI while a turn is open, or when it should exit because its
      input has ended, after which the session ends with `IdleTimeoutError`; unset for no limit.
    - `close_timeout`: seconds that the CLI gets to exit after the end of its input (5), before it is ended by force.
    - `keep_background`: leave what the CLI started in the background alone when it exits cleanly.
    """

    # The order is part of the interface: 0.0.25's fields, then those of claude_agent_sdk, then our own.
    allowed_tools: list[str] = field(default_factory=list)
    system_prompt: str | SystemPromptPreset | SystemPromptCustom | SystemPromptFile | None = None
    append_system_prompt: str | None = None
    mcp_servers: dict[str, McpServerConfig] | str | PathLike[str] = field(default_factory=dict)
    permission_mode: PermissionMode | None = None
    continue_conversation: bool = False
    resume: str | None = None
    max_turns: int | None = None
    disallowed_tools: list[str] = field(default_factory=list)
    model: str | None = None
    permission_prompt_tool_name: str | None = None
    cwd: str | PathLike[str] | None = None
    settings: str | None = None
    add_dirs: list[str | PathLike[str]] = field(default_factory=list)
    env: dict[str, str] = field(default_factory=dict)
    extra_args: dict[str, str | None] = field(default_factory=dict)
    debug_stderr: Any = field(default_factory=lambda: sys.stderr, repr=False)
    can_use_tool: CanUseTool | None = None
    hooks: dict[HookEvent, list[HookMatcher]] | dict[str, list[HookMatcher]] | None = None
    user: str | None = None
    include_partial_messages: bool = False

    tools: list[str] | ToolsPreset | None = None
    strict_mcp_config: bool = False
    session_id: str | None = None
    max_budget_usd: float | None = None
    fallback_model: str | None = None
    betas: list[SdkBeta] = field(default_factory=list)
    cli_path: str | PathLike[str] | None = None
    max_buffer_size: int | None = None
    stderr: Callable[[str], None] | None = None
    include_hook_events: bool = False
    forward_subagent_text: bool = False
    verbatim_prompts: bool = False
    fork_session: bool = False
    resume_session_at: str | None = None
    resume_drops_turn: str | None = None
    agents: dict[str, AgentDefinition] | None = None
    setting_sources: list[SettingSource] | None = None
    skills: list[str] | Literal["all"] | None = None
    sandbox: SandboxSettings | None = None
    plugins: list[SdkPluginConfig] = field(default_factory=list)
    max_thinking_tokens: int | None = None
    thinking: ThinkingConfig | None = None
    effort: EffortLevel | None = None
    output_format: dict[str, Any] | None = None
    enable_file_checkpointing: bool = False
    session_store: Any = None
    session_store_flush: SessionStoreFlushMode = "batched"
    load_timeout_ms: int = 60_000
    task_budget: TaskBudget | None = None
    client_app: str | None = None

    initialize_timeout: float = 60.0
    control_timeout: float = 60.0
    idle_timeout: float | None = None
    close_timeout: float = 5.0
    max_unread_bytes: int = 128 * 2**20
    max_frame_size: int = 64 * 2**20
    keep_background: bool = False
    failing_hooks_block: bool = False

    # Not a field, since it has no annotation: what an unset `system_prompt` means.  Read by `_argv.py`.
    _unset_system_prompt_is_empty = False


class ClaudeAgentOptions(ClaudeCodeOptions):
    """`ClaudeCodeOptions` as `claude_agent_sdk` has it: an unset `system_prompt` is an empty one.

    The CLI's own prompt is `{"type": "preset", "preset": "claude_code"}` there.  All else is the same; construct by
    keyword, as the order of the fields is that of `ClaudeCodeOptions`.
    """

    _unset_system_prompt_is_empty = True
