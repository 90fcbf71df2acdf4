"""The public names: what there is, where it comes from, and what asking for it costs."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
import tomllib
import typing
from pathlib import Path

import pytest

import claude_code_sdk
import claude_code_sdk.types

PACKAGE = Path(claude_code_sdk.__path__[0])


def names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# The names that programs written for claude_code_sdk 0.0.25 import (its `__all__`).
OLD_NAMES = names("""
    query Transport ClaudeSDKClient PermissionMode McpServerConfig McpSdkServerConfig UserMessage AssistantMessage
    SystemMessage ResultMessage Message ClaudeCodeOptions TextBlock ThinkingBlock ToolUseBlock ToolResultBlock
    ContentBlock CanUseTool ToolPermissionContext PermissionResult PermissionResultAllow PermissionResultDeny
    PermissionUpdate HookCallback HookContext HookMatcher create_sdk_mcp_server tool SdkMcpTool ClaudeSDKError
    CLIConnectionError CLINotFoundError ProcessError CLIJSONDecodeError
""")

# Those of claude_agent_sdk 0.2.187, except what belongs to sessions on disk and in stores.
AGENT_SDK_NAMES = names("""
    query __version__ Transport ClaudeSDKClient PermissionMode EffortLevel SessionStoreFlushMode McpServerConfig
    McpSdkServerConfig McpServerStatus McpServerStatusConfig McpServerConnectionStatus McpServerInfo McpStatusResponse
    McpToolAnnotations McpToolInfo UserMessage AssistantMessage SystemMessage SystemInitData SystemInitMcpServer
    SystemInitPlugin SystemInitPluginError FastModeState FastModeDisabledReason TaskStartedMessage TaskProgressMessage
    TaskUpdatedMessage TaskNotificationMessage TaskNotificationStatus TaskUpdatedStatus TERMINAL_TASK_STATUSES
    TaskUsage ResultMessage ModelUsage DeferredToolUse RateLimitEvent RateLimitInfo RateLimitStatus RateLimitType
    StreamEvent ConversationResetMessage Message MessageOrigin MessageOriginKind TaskNotificationOriginSubkind
    ClaudeAgentOptions TaskBudget TextBlock ThinkingBlock ThinkingConfig ThinkingConfigAdaptive
    ThinkingConfigEnabled ThinkingConfigDisabled ToolUseBlock ToolResultBlock ServerToolName ServerToolUseBlock
    ServerToolResultBlock ContentBlock ContextUsageCategory ContextUsageResponse CanUseTool CanUseToolShadowedWarning
    ToolPermissionContext PermissionResult PermissionResultAllow PermissionResultDeny PermissionUpdate HookCallback
    HookContext HookInput HookEventMessage BaseHookInput PreToolUseHookInput PostToolUseHookInput
    PostToolUseFailureHookInput PostToolUseFailureHookSpecificOutput UserPromptSubmitHookInput StopHookInput
    SubagentStopHookInput PreCompactHookInput NotificationHookInput SubagentStartHookInput PermissionRequestHookInput
    NotificationHookSpecificOutput SubagentStartHookSpecificOutput PermissionRequestHookSpecificOutput
    PreToolUseHookSpecificOutput PostToolUseHookSpecificOutput UserPromptSubmitHookSpecificOutput
    SessionStartHookSpecificOutput HookEffort BackgroundTaskSummary SessionCronSummary
    UserPromptExpansionHookSpecificOutput PostToolBatchHookSpecificOutput StopHookSpecificOutput
    SubagentStopHookSpecificOutput PermissionDeniedHookSpecificOutput PreModelSwitchHookSpecificOutput
    PostModelSwitchHookSpecificOutput ElicitationHookSpecificOutput ElicitationResultHookSpecificOutput
    CwdChangedHookSpecificOutput FileChangedHookSpecificOutput WorktreeCreateHookSpecificOutput
    MessageDisplayHookSpecificOutput HookJSONOutput HookMatcher AgentDefinition SettingSource SdkPluginConfig
    MirrorErrorMessage SdkBeta SandboxSettings SandboxNetworkConfig SandboxIgnoreViolations create_sdk_mcp_server
    tool SdkMcpTool ToolAnnotations ClaudeSDKError CLIConnectionError CLINotFoundError ProcessError ResultError
    CLIJSONDecodeError
""")

# What both keep in their module of types without exporting it.
UNEXPORTED_TYPES = names("""
    SystemPromptPreset SystemPromptCustom SystemPromptFile ToolsPreset ThinkingDisplay PermissionRuleValue
    PermissionBehavior PermissionUpdateDestination HookEvent HookSpecificOutput SyncHookJSONOutput AsyncHookJSONOutput
    McpStdioServerConfig McpSSEServerConfig McpHttpServerConfig McpSdkServerConfigStatus McpClaudeAIProxyServerConfig
    AssistantMessageError ControlResponse ControlErrorResponse SDKControlInitializeRequest SDKControlInterruptRequest
    SDKControlMcpMessageRequest SDKControlMcpReconnectRequest SDKControlMcpToggleRequest SDKControlPermissionRequest
    SDKControlRequest SDKControlResponse SDKControlRewindFilesRequest SDKControlSetPermissionModeRequest
    SDKControlStopTaskRequest SDKHookCallbackRequest
""")

# Names of the older SDKs that are not in their module of types.
NOT_TYPES = names("""
    query __version__ Transport ClaudeSDKClient create_sdk_mcp_server tool SdkMcpTool ToolAnnotations
    ClaudeSDKError CLIConnectionError CLINotFoundError ProcessError ResultError CLIJSONDecodeError
""")


def run(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("name", claude_code_sdk.__all__)
def test_every_public_name_is_there(name: str) -> None:
    value = getattr(claude_code_sdk, name)

    assert not inspect.ismodule(value)


@pytest.mark.parametrize("name", sorted(OLD_NAMES | AGENT_SDK_NAMES))
def test_every_name_of_the_older_sdks_is_public(name: str) -> None:
    assert name in claude_code_sdk.__all__


def test_no_name_is_listed_twice() -> None:
    assert len(set(claude_code_sdk.__all__)) == len(claude_code_sdk.__all__)


def test_type_checkers_see_the_same_names_from_the_same_modules() -> None:
    tree = ast.parse((PACKAGE / "__init__.py").read_text())
    seen: dict[str, str] = {}
    for block in tree.body:
        if isinstance(block, ast.If) and isinstance(block.test, ast.Name):
            for statement in block.body:
                assert isinstance(statement, ast.ImportFrom)
                for alias in statement.names:
                    assert alias.asname == alias.name, "only `X as X` is a public name for type checkers"
                    seen[alias.name] = statement.module or ""

    assert seen.pop("types") == ""
    assert seen == claude_code_sdk._HOME


@pytest.mark.parametrize("module", sorted(set(claude_code_sdk._HOME.values())))
def test_importing_the_home_of_a_name_does_not_hide_it(module: str) -> None:
    program = f"""
import importlib, claude_code_sdk
importlib.import_module("claude_code_sdk.{module}")
for name, home in claude_code_sdk._HOME.items():
    if home == {module!r}:
        assert getattr(claude_code_sdk, name) is not __import__("sys").modules.get("claude_code_sdk." + name)
        print(name)
"""
    assert run(program).split() == [name for name, home in claude_code_sdk._HOME.items() if home == module]


def test_importing_the_package_loads_nothing() -> None:
    loaded = run(
        "import sys; before = set(sys.modules); import claude_code_sdk; print(*sorted(set(sys.modules) - before))"
    )

    assert loaded.split() == ["claude_code_sdk"]


def test_options_and_parser_load_no_event_loop_and_no_mcp() -> None:
    loaded = run(
        "import sys, claude_code_sdk, claude_code_sdk._parse; claude_code_sdk.ClaudeCodeOptions(); print(*sys.modules)"
    )

    assert {"anyio", "asyncio", "mcp", "pydantic", "orjson"}.isdisjoint(loaded.split())


def test_hook_types_are_loaded_only_when_named() -> None:
    loaded = run("import sys; from claude_code_sdk import ClaudeCodeOptions, HookMatcher; print(*sys.modules)").split()

    assert "claude_code_sdk.hooks.matcher" in loaded
    assert "claude_code_sdk.hooks.inputs" not in loaded
    assert "claude_code_sdk.hooks.outputs" not in loaded


def test_a_name_that_does_not_exist_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match=r"^module 'claude_code_sdk' has no attribute 'Nonsense'$"):
        claude_code_sdk.Nonsense  # type: ignore[attr-defined]  # noqa: B018  # that it is refused is the point


def test_dir_lists_the_public_names() -> None:
    assert set(claude_code_sdk.__all__) <= set(dir(claude_code_sdk))


def test_the_version_is_that_of_the_distribution() -> None:
    project = tomllib.loads((PACKAGE.parents[1] / "pyproject.toml").read_text())["project"]

    assert claude_code_sdk.__version__ == project["version"]


@pytest.mark.parametrize("name", [name for name in claude_code_sdk.__all__ if name != "__version__"])
@pytest.mark.requirement("type-hints")
def test_annotations_can_be_resolved_at_run_time(name: str) -> None:
    value = getattr(claude_code_sdk, name)
    if not (inspect.isclass(value) or inspect.isfunction(value)):
        return
    annotated = [value]
    # Methods too, but not those of errors: that module is on the fake path and imports nothing, not even typing.
    if inspect.isclass(value) and value.__module__ != "claude_code_sdk.errors":
        annotated += [member for member in vars(value).values() if inspect.isfunction(member)]

    for item in annotated:
        typing.get_type_hints(item)


@pytest.mark.parametrize("name", sorted((OLD_NAMES | AGENT_SDK_NAMES | UNEXPORTED_TYPES) - NOT_TYPES))
def test_the_types_module_has_the_types_of_the_older_sdks(name: str) -> None:
    value = getattr(claude_code_sdk.types, name)

    if name in claude_code_sdk.__all__:
        assert value is getattr(claude_code_sdk, name)


def test_dir_of_the_types_module_lists_its_names() -> None:
    assert set(claude_code_sdk.types.__all__) <= set(dir(claude_code_sdk.types))


def test_the_types_module_needs_no_import_of_its_own() -> None:
    assert run("import claude_code_sdk; print(claude_code_sdk.types.TextBlock('x'))") == "TextBlock(text='x')\n"


def test_the_types_module_has_no_other_names() -> None:
    with pytest.raises(AttributeError, match=r"^module 'claude_code_sdk\.types' has no attribute 'query'$"):
        claude_code_sdk.types.query  # type: ignore[attr-defined]  # noqa: B018  # that it is refused is the point
