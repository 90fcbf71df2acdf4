"""Every type by the name and place that older programs know: `from claude_code_sdk.types import …`.

The public ones are those of `claude_code_sdk`; the others are names that `claude_agent_sdk.types` has and does not
export.  Above: programs.  Below: the modules of the vocabulary, each loaded when one of its names is asked for.
"""

from __future__ import annotations

from . import _HOME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .blocks import *  # noqa: F403
    from .cancel_signal import *  # noqa: F403
    from .context_usage import *  # noqa: F403
    from .control_types import *  # noqa: F403
    from .hooks.inputs import *  # noqa: F403
    from .hooks.matcher import *  # noqa: F403
    from .hooks.outputs import *  # noqa: F403
    from .mcp_types import *  # noqa: F403
    from .messages import *  # noqa: F403
    from .option_types import *  # noqa: F403
    from .options import *  # noqa: F403
    from .permissions import *  # noqa: F403
    from .system_messages import *  # noqa: F403

_VOCABULARY = frozenset(
    {
        "blocks",
        "cancel_signal",
        "context_usage",
        "hooks.inputs",
        "hooks.matcher",
        "hooks.outputs",
        "mcp_types",
        "messages",
        "option_types",
        "options",
        "permissions",
        "system_messages",
    }
)
_UNEXPORTED = {
    "control_types": """
        ControlErrorResponse ControlResponse SDKControlInitializeRequest SDKControlInterruptRequest
        SDKControlMcpMessageRequest SDKControlMcpReconnectRequest SDKControlMcpToggleRequest
        SDKControlPermissionRequest SDKControlRequest SDKControlResponse SDKControlRewindFilesRequest
        SDKControlSetPermissionModeRequest SDKControlStopTaskRequest SDKHookCallbackRequest
    """,
    "hooks.outputs": "HookSpecificOutput",
    "mcp_types": "McpClaudeAIProxyServerConfig McpSdkServerConfigStatus",
    "messages": "AssistantMessageError",
    "option_types": "ThinkingDisplay",
    "permissions": "PermissionBehavior PermissionUpdateDestination",
}
_MODULE_OF = {name: module for name, module in _HOME.items() if module in _VOCABULARY} | {
    name: module for module, names in _UNEXPORTED.items() for name in names.split()
}

__all__ = [*_MODULE_OF]

if not TYPE_CHECKING:  # a checker that sees this takes every name for a name of ours

    def __getattr__(name: str) -> object:
        from importlib import import_module

        if name not in _MODULE_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f".{_MODULE_OF[name]}", __package__), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
