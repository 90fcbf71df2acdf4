"""An async SDK for the Claude Code CLI, with the harness that makes programs built on it testable.

    import anyio
    from claude_code_sdk import query

    async def main():
        async for message in query(prompt="What is 2 + 2?"):
            print(message)

    anyio.run(main)

This module owns the list of public names and nothing else.  Each is loaded from its submodule when it is first asked
for, so that `import claude_code_sdk` costs nothing and a program loads only what it uses.
"""

from os.path import exists as _exists

__version__ = "0.1.0"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import types as types
    from ._client import ClaudeSDKClient as ClaudeSDKClient
    from ._client import Response as Response
    from ._override import use_transport as use_transport
    from ._query import query as query
    from .blocks import ContentBlock as ContentBlock
    from .blocks import ServerToolName as ServerToolName
    from .blocks import ServerToolResultBlock as ServerToolResultBlock
    from .blocks import ServerToolUseBlock as ServerToolUseBlock
    from .blocks import TextBlock as TextBlock
    from .blocks import ThinkingBlock as ThinkingBlock
    from .blocks import ToolResultBlock as ToolResultBlock
    from .blocks import ToolUseBlock as ToolUseBlock
    from .blocks import UnknownBlock as UnknownBlock
    from .cancel_signal import CancelSignal as CancelSignal
    from .cassettes.recording_transport import RecordingTransport as RecordingTransport
    from .cassettes.use_cassette import record as record
    from .cassettes.use_cassette import use_cassette as use_cassette
    from .context_usage import ContextUsageCategory as ContextUsageCategory
    from .context_usage import ContextUsageResponse as ContextUsageResponse
    from .errors import CassetteError as CassetteError
    from .errors import CassetteNotFound as CassetteNotFound
    from .errors import ClaudeSDKError as ClaudeSDKError
    from .errors import CLIConnectionError as CLIConnectionError
    from .errors import CLIJSONDecodeError as CLIJSONDecodeError
    from .errors import CLINotFoundError as CLINotFoundError
    from .errors import ControlRequestError as ControlRequestError
    from .errors import ControlTimeoutError as ControlTimeoutError
    from .errors import IdleTimeoutError as IdleTimeoutError
    from .errors import LocalProtocolError as LocalProtocolError
    from .errors import MessageParseError as MessageParseError
    from .errors import ProcessError as ProcessError
    from .errors import RemoteProtocolError as RemoteProtocolError
    from .errors import ResultError as ResultError
    from .errors import TurnIncompleteError as TurnIncompleteError
    from .errors import UnreadLimitError as UnreadLimitError
    from .hooks.inputs import BackgroundTaskSummary as BackgroundTaskSummary
    from .hooks.inputs import BaseHookInput as BaseHookInput
    from .hooks.inputs import HookEffort as HookEffort
    from .hooks.inputs import HookInput as HookInput
    from .hooks.inputs import MessageDisplayHookInput as MessageDisplayHookInput
    from .hooks.inputs import NotificationHookInput as NotificationHookInput
    from .hooks.inputs import PermissionRequestHookInput as PermissionRequestHookInput
    from .hooks.inputs import PostCompactHookInput as PostCompactHookInput
    from .hooks.inputs import PostToolBatchHookInput as PostToolBatchHookInput
    from .hooks.inputs import PostToolUseFailureHookInput as PostToolUseFailureHookInput
    from .hooks.inputs import PostToolUseHookInput as PostToolUseHookInput
    from .hooks.inputs import PreCompactHookInput as PreCompactHookInput
    from .hooks.inputs import PreToolUseHookInput as PreToolUseHookInput
    from .hooks.inputs import SessionCronSummary as SessionCronSummary
    from .hooks.inputs import SessionEndHookInput as SessionEndHookInput
    from .hooks.inputs import SessionStartHookInput as SessionStartHookInput
    from .hooks.inputs import StopHookInput as StopHookInput
    from .hooks.inputs import SubagentStartHookInput as SubagentStartHookInput
    from .hooks.inputs import SubagentStopHookInput as SubagentStopHookInput
    from .hooks.inputs import UserPromptSubmitHookInput as UserPromptSubmitHookInput
    from .hooks.matcher import HookCallback as HookCallback
    from .hooks.matcher import HookContext as HookContext
    from .hooks.matcher import HookEvent as HookEvent
    from .hooks.matcher import HookMatcher as HookMatcher
    from .hooks.outputs import AsyncHookJSONOutput as AsyncHookJSONOutput
    from .hooks.outputs import CwdChangedHookSpecificOutput as CwdChangedHookSpecificOutput
    from .hooks.outputs import ElicitationHookSpecificOutput as ElicitationHookSpecificOutput
    from .hooks.outputs import ElicitationResultHookSpecificOutput as ElicitationResultHookSpecificOutput
    from .hooks.outputs import FileChangedHookSpecificOutput as FileChangedHookSpecificOutput
    from .hooks.outputs import HookJSONOutput as HookJSONOutput
    from .hooks.outputs import MessageDisplayHookSpecificOutput as MessageDisplayHookSpecificOutput
    from .hooks.outputs import NotificationHookSpecificOutput as NotificationHookSpecificOutput
    from .hooks.outputs import PermissionDeniedHookSpecificOutput as PermissionDeniedHookSpecificOutput
    from .hooks.outputs import PermissionRequestHookSpecificOutput as PermissionRequestHookSpecificOutput
    from .hooks.outputs import PostModelSwitchHookSpecificOutput as PostModelSwitchHookSpecificOutput
    from .hooks.outputs import PostToolBatchHookSpecificOutput as PostToolBatchHookSpecificOutput
    from .hooks.outputs import PostToolUseFailureHookSpecificOutput as PostToolUseFailureHookSpecificOutput
    from .hooks.outputs import PostToolUseHookSpecificOutput as PostToolUseHookSpecificOutput
    from .hooks.outputs import PreModelSwitchHookSpecificOutput as PreModelSwitchHookSpecificOutput
    from .hooks.outputs import PreToolUseHookSpecificOutput as PreToolUseHookSpecificOutput
    from .hooks.outputs import SessionStartHookSpecificOutput as SessionStartHookSpecificOutput
    from .hooks.outputs import StopHookSpecificOutput as StopHookSpecificOutput
    from .hooks.outputs import SubagentStartHookSpecificOutput as SubagentStartHookSpecificOutput
    from .hooks.outputs import SubagentStopHookSpecificOutput as SubagentStopHookSpecificOutput
    from .hooks.outputs import SyncHookJSONOutput as SyncHookJSONOutput
    from .hooks.outputs import UserPromptExpansionHookSpecificOutput as UserPromptExpansionHookSpecificOutput
    from .hooks.outputs import UserPromptSubmitHookSpecificOutput as UserPromptSubmitHookSpecificOutput
    from .hooks.outputs import WorktreeCreateHookSpecificOutput as WorktreeCreateHookSpecificOutput
    from .mcp import SdkMcpTool as SdkMcpTool
    from .mcp import ToolAnnotations as ToolAnnotations
    from .mcp import create_sdk_mcp_server as create_sdk_mcp_server
    from .mcp import tool as tool
    from .mcp_types import McpHttpServerConfig as McpHttpServerConfig
    from .mcp_types import McpSdkServerConfig as McpSdkServerConfig
    from .mcp_types import McpServerConfig as McpServerConfig
    from .mcp_types import McpServerConnectionStatus as McpServerConnectionStatus
    from .mcp_types import McpServerInfo as McpServerInfo
    from .mcp_types import McpServerStatus as McpServerStatus
    from .mcp_types import McpServerStatusConfig as McpServerStatusConfig
    from .mcp_types import McpSSEServerConfig as McpSSEServerConfig
    from .mcp_types import McpStatusResponse as McpStatusResponse
    from .mcp_types import McpStdioServerConfig as McpStdioServerConfig
    from .mcp_types import McpToolAnnotations as McpToolAnnotations
    from .mcp_types import McpToolInfo as McpToolInfo
    from .messages import AssistantMessage as AssistantMessage
    from .messages import ConversationResetMessage as ConversationResetMessage
    from .messages import DeferredToolUse as DeferredToolUse
    from .messages import Message as Message
    from .messages import MessageOrigin as MessageOrigin
    from .messages import MessageOriginKind as MessageOriginKind
    from .messages import ModelUsage as ModelUsage
    from .messages import RateLimitEvent as RateLimitEvent
    from .messages import RateLimitInfo as RateLimitInfo
    from .messages import RateLimitStatus as RateLimitStatus
    from .messages import RateLimitType as RateLimitType
    from .messages import ResultMessage as ResultMessage
    from .messages import StreamEvent as StreamEvent
    from .messages import SystemMessage as SystemMessage
    from .messages import TaskNotificationOriginSubkind as TaskNotificationOriginSubkind
    from .messages import UnknownMessage as UnknownMessage
    from .messages import UserMessage as UserMessage
    from .option_types import AgentDefinition as AgentDefinition
    from .option_types import EffortLevel as EffortLevel
    from .option_types import SandboxIgnoreViolations as SandboxIgnoreViolations
    from .option_types import SandboxNetworkConfig as SandboxNetworkConfig
    from .option_types import SandboxSettings as SandboxSettings
    from .option_types import SdkBeta as SdkBeta
    from .option_types import SdkPluginConfig as SdkPluginConfig
    from .option_types import SessionStoreFlushMode as SessionStoreFlushMode
    from .option_types import SettingSource as SettingSource
    from .option_types import SystemPromptCustom as SystemPromptCustom
    from .option_types import SystemPromptFile as SystemPromptFile
    from .option_types import SystemPromptPreset as SystemPromptPreset
    from .option_types import TaskBudget as TaskBudget
    from .option_types import ThinkingConfig as ThinkingConfig
    from .option_types import ThinkingConfigAdaptive as ThinkingConfigAdaptive
    from .option_types import ThinkingConfigDisabled as ThinkingConfigDisabled
    from .option_types import ThinkingConfigEnabled as ThinkingConfigEnabled
    from .option_types import ToolsPreset as ToolsPreset
    from .options import ClaudeAgentOptions as ClaudeAgentOptions
    from .options import ClaudeCodeOptions as ClaudeCodeOptions
    from .permissions import CanUseTool as CanUseTool
    from .permissions import CanUseToolShadowedWarning as CanUseToolShadowedWarning
    from .permissions import PermissionMode as PermissionMode
    from .permissions import PermissionResult as PermissionResult
    from .permissions import PermissionResultAllow as PermissionResultAllow
    from .permissions import PermissionResultDeny as PermissionResultDeny
    from .permissions import PermissionRuleValue as PermissionRuleValue
    from .permissions import PermissionUpdate as PermissionUpdate
    from .permissions import ToolPermissionContext as ToolPermissionContext
    from .system_messages import TERMINAL_TASK_STATUSES as TERMINAL_TASK_STATUSES
    from .system_messages import FastModeDisabledReason as FastModeDisabledReason
    from .system_messages import FastModeState as FastModeState
    from .system_messages import HookEventMessage as HookEventMessage
    from .system_messages import MirrorErrorMessage as MirrorErrorMessage
    from .system_messages import SystemInitData as SystemInitData
    from .system_messages import SystemInitMcpServer as SystemInitMcpServer
    from .system_messages import SystemInitPlugin as SystemInitPlugin
    from .system_messages import SystemInitPluginError as SystemInitPluginError
    from .system_messages import TaskNotificationMessage as TaskNotificationMessage
    from .system_messages import TaskNotificationStatus as TaskNotificationStatus
    from .system_messages import TaskProgressMessage as TaskProgressMessage
    from .system_messages import TaskStartedMessage as TaskStartedMessage
    from .system_messages import TaskUpdatedMessage as TaskUpdatedMessage
    from .system_messages import TaskUpdatedStatus as TaskUpdatedStatus
    from .system_messages import TaskUsage as TaskUsage
    from .transports.in_process import InProcessTransport as InProcessTransport
    from .transports.legacy import Transport as Transport
    from .transports.subprocess import SubprocessTransport as SubprocessTransport

# Public names by the submodule that has them.
_NAMES = {
    # Entry points
    "_query": "query",
    "_client": "ClaudeSDKClient Response",
    # Options
    "options": "ClaudeCodeOptions ClaudeAgentOptions",
    "option_types": """
        AgentDefinition EffortLevel SandboxIgnoreViolations SandboxNetworkConfig SandboxSettings SdkBeta
        SdkPluginConfig SessionStoreFlushMode SettingSource SystemPromptCustom SystemPromptFile SystemPromptPreset
        TaskBudget ThinkingConfig ThinkingConfigAdaptive ThinkingConfigDisabled ThinkingConfigEnabled ToolsPreset
    """,
    # Messages and blocks
    "messages": """
        AssistantMessage ConversationResetMessage DeferredToolUse Message MessageOrigin MessageOriginKind
        ModelUsage RateLimitEvent RateLimitInfo RateLimitStatus RateLimitType ResultMessage StreamEvent
        SystemMessage TaskNotificationOriginSubkind UnknownMessage UserMessage
    """,
    "system_messages": """
        TERMINAL_TASK_STATUSES FastModeDisabledReason FastModeState HookEventMessage MirrorErrorMessage
        SystemInitData SystemInitMcpServer SystemInitPlugin SystemInitPluginError TaskNotificationMessage
        TaskNotificationStatus TaskProgressMessage TaskStartedMessage TaskUpdatedMessage TaskUpdatedStatus
        TaskUsage
    """,
    "blocks": """
        ContentBlock ServerToolName ServerToolResultBlock ServerToolUseBlock TextBlock ThinkingBlock
        ToolResultBlock ToolUseBlock UnknownBlock
    """,
    # Permissions and hooks
    "cancel_signal": "CancelSignal",
    "permissions": """
        CanUseTool CanUseToolShadowedWarning PermissionMode PermissionResult PermissionResultAllow
        PermissionResultDeny PermissionRuleValue PermissionUpdate ToolPermissionContext
    """,
    "hooks.matcher": "HookCallback HookContext HookEvent HookMatcher",
    "hooks.inputs": """
        BackgroundTaskSummary BaseHookInput HookEffort HookInput MessageDisplayHookInput NotificationHookInput
        PermissionRequestHookInput PostCompactHookInput PostToolBatchHookInput PostToolUseFailureHookInput
        PostToolUseHookInput PreCompactHookInput PreToolUseHookInput SessionCronSummary SessionEndHookInput
        SessionStartHookInput StopHookInput SubagentStartHookInput SubagentStopHookInput
        UserPromptSubmitHookInput
    """,
    "hooks.outputs": """
        AsyncHookJSONOutput CwdChangedHookSpecificOutput ElicitationHookSpecificOutput
        ElicitationResultHookSpecificOutput FileChangedHookSpecificOutput HookJSONOutput
        MessageDisplayHookSpecificOutput NotificationHookSpecificOutput PermissionDeniedHookSpecificOutput
        PermissionRequestHookSpecificOutput PostModelSwitchHookSpecificOutput PostToolBatchHookSpecificOutput
        PostToolUseFailureHookSpecificOutput PostToolUseHookSpecificOutput PreModelSwitchHookSpecificOutput
        PreToolUseHookSpecificOutput SessionStartHookSpecificOutput StopHookSpecificOutput
        SubagentStartHookSpecificOutput SubagentStopHookSpecificOutput SyncHookJSONOutput
        UserPromptExpansionHookSpecificOutput UserPromptSubmitHookSpecificOutput
        WorktreeCreateHookSpecificOutput
    """,
    # MCP and context
    "mcp": "SdkMcpTool ToolAnnotations create_sdk_mcp_server tool",
    "mcp_types": """
        McpHttpServerConfig McpSSEServerConfig McpSdkServerConfig McpServerConfig McpServerConnectionStatus
        McpServerInfo McpServerStatus McpServerStatusConfig McpStatusResponse McpStdioServerConfig
        McpToolAnnotations McpToolInfo
    """,
    "context_usage": "ContextUsageCategory ContextUsageResponse",
    # Transports
    "_override": "use_transport",
    "transports.legacy": "Transport",
    "transports.subprocess": "SubprocessTransport",
    "transports.in_process": "InProcessTransport",
    # Cassettes
    "cassettes.use_cassette": "record use_cassette",
    "cassettes.recording_transport": "RecordingTransport",
    # Errors
    "errors": """
        CLIConnectionError CLIJSONDecodeError CLINotFoundError CassetteError CassetteNotFound ClaudeSDKError
        ControlRequestError ControlTimeoutError IdleTimeoutError LocalProtocolError MessageParseError
        ProcessError RemoteProtocolError ResultError TurnIncompleteError UnreadLimitError
    """,
}
_HOME = {name: module for module, names in _NAMES.items() for name in names.split()}

__all__ = ["__version__", *_HOME]


if not TYPE_CHECKING:  # a checker that sees this takes every name for a name of ours

    def __getattr__(name: str) -> object:
        from importlib import import_module

        if name == "types":  # programs write `claude_code_sdk.types.X` without importing it
            return import_module(".types", __name__)
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f".{_HOME[name]}", __name__), name)
        globals()[name] = value  # the next access does not come here
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "types"})


# The old distribution `claude-code-sdk` has files of the same names.  Its `_internal` folder, which ours does not have,
# tells that both were installed here: one `stat` per import.
if _exists(f"{__path__[0]}/_internal"):
    from ._clash import warn_of_the_old_distribution

    warn_of_the_old_distribution(__path__[0])
