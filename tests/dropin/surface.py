"""The surface of claude_agent_sdk 0.2.187 as data, read from it by introspection; session stores are left out.

What claude_code_sdk 0.0.25 has of it comes first in each row.  Above: `test_surface.py`.  Fields of options and of
messages are in `tests/client`, names in `tests/test_exports.py`.
"""

from __future__ import annotations

# Keys of the dicts; those with `?` may be missing.
TYPED_DICTS = {
    "AsyncHookJSONOutput": "async_ asyncTimeout?",
    "BackgroundTaskSummary": "description id status type agent_type? command? name? server? tool?",
    "BaseHookInput": "cwd session_id transcript_path effort? permission_mode? prompt_id?",
    "ContextUsageCategory": "color name tokens isDeferred?",
    "ContextUsageResponse": (
        "agents categories gridRows isAutoCompactEnabled maxTokens mcpTools memoryFiles model percentage "
        "rawMaxTokens totalTokens apiUsage? autoCompactThreshold? deferredBuiltinTools? messageBreakdown? skills? "
        "slashCommands? systemPromptSections? systemTools?"
    ),
    "ControlErrorResponse": "error request_id subtype",
    "ControlResponse": "request_id response subtype",
    "CwdChangedHookSpecificOutput": "hookEventName watchPaths?",
    "ElicitationHookSpecificOutput": "hookEventName action? content?",
    "ElicitationResultHookSpecificOutput": "hookEventName action? content?",
    "FileChangedHookSpecificOutput": "hookEventName watchPaths?",
    "HookContext": "signal",
    "HookEffort": "level",
    "McpClaudeAIProxyServerConfig": "id type url",
    "McpHttpServerConfig": "type url headers?",
    "McpSSEServerConfig": "type url headers?",
    "McpSdkServerConfig": "instance name type",
    "McpSdkServerConfigStatus": "name type",
    "McpServerInfo": "name version",
    "McpServerStatus": "name status config? error? scope? serverInfo? tools?",
    "McpStatusResponse": "mcpServers",
    "McpStdioServerConfig": "command args? env? type?",
    "McpToolAnnotations": "destructive? openWorld? readOnly?",
    "McpToolInfo": "name annotations? description?",
    "MessageDisplayHookSpecificOutput": "hookEventName displayContent?",
    "MessageOrigin": "kind body? from? fromSession? name? senderTaskId? server? subkind? verifiedPeerPid?",
    "ModelUsage": (
        "cacheCreationInputTokens cacheReadInputTokens contextWindow costUSD inputTokens maxOutputTokens "
        "outputTokens webSearchRequests canonicalModel? provider?"
    ),
    "NotificationHookInput": (
        "cwd hook_event_name message notification_type session_id transcript_path effort? permission_mode? "
        "prompt_id? title?"
    ),
    "NotificationHookSpecificOutput": "hookEventName additionalContext?",
    "PermissionDeniedHookSpecificOutput": "hookEventName retry?",
    "PermissionRequestHookInput": (
        "cwd hook_event_name session_id tool_input tool_name transcript_path agent_id? agent_type? effort? "
        "permission_mode? permission_suggestions? prompt_id?"
    ),
    "PermissionRequestHookSpecificOutput": "decision hookEventName",
    "PostModelSwitchHookSpecificOutput": "hookEventName additionalContext?",
    "PostToolBatchHookSpecificOutput": "hookEventName additionalContext?",
    "PostToolUseFailureHookInput": (
        "cwd error hook_event_name session_id tool_input tool_name tool_use_id transcript_path agent_id? "
        "agent_type? duration_ms? effort? is_interrupt? permission_mode? prompt_id?"
    ),
    "PostToolUseFailureHookSpecificOutput": "hookEventName additionalContext?",
    "PostToolUseHookInput": (
        "cwd hook_event_name session_id tool_input tool_name tool_response tool_use_id transcript_path agent_id? "
        "agent_type? duration_ms? effort? permission_mode? prompt_id?"
    ),
    "PostToolUseHookSpecificOutput": "hookEventName additionalContext? updatedMCPToolOutput? updatedToolOutput?",
    "PreCompactHookInput": (
        "custom_instructions cwd hook_event_name session_id transcript_path trigger effort? permission_mode? prompt_id?"
    ),
    "PreModelSwitchHookSpecificOutput": "hookEventName permissionDecision? permissionDecisionReason?",
    "PreToolUseHookInput": (
        "cwd hook_event_name session_id tool_input tool_name tool_use_id transcript_path agent_id? agent_type? "
        "effort? permission_mode? prompt_id?"
    ),
    "PreToolUseHookSpecificOutput": (
        "hookEventName additionalContext? permissionDecision? permissionDecisionReason? updatedInput?"
    ),
    "SDKControlInitializeRequest": (
        "hooks subtype agents? excludeDynamicSections? forwardSubagentText? skills? systemPromptSnapshot?"
    ),
    "SDKControlInterruptRequest": "subtype",
    "SDKControlMcpMessageRequest": "message server_name subtype",
    "SDKControlMcpReconnectRequest": "serverName subtype",
    "SDKControlMcpToggleRequest": "enabled serverName subtype",
    "SDKControlPermissionRequest": (
        "blocked_path input permission_suggestions subtype tool_name tool_use_id agent_id? decision_reason? "
        "description? display_name? title?"
    ),
    "SDKControlRequest": "request request_id type",
    "SDKControlResponse": "response type",
    "SDKControlRewindFilesRequest": "subtype user_message_id",
    "SDKControlSetPermissionModeRequest": "mode subtype",
    "SDKControlStopTaskRequest": "subtype task_id",
    "SDKHookCallbackRequest": "callback_id input subtype tool_use_id",
    "SandboxNetworkConfig": (
        "allowAllUnixSockets? allowLocalBinding? allowMachLookup? allowManagedDomainsOnly? allowUnixSockets? "
        "allowedDomains? deniedDomains? httpProxyPort? socksProxyPort?"
    ),
    "SandboxSettings": (
        "allowUnsandboxedCommands? autoAllowBashIfSandboxed? enableWeakerNestedSandbox? enabled? "
        "excludedCommands? ignoreViolations? network?"
    ),
    "SdkPluginConfig": "path type",
    "SessionCronSummary": "id prompt recurring schedule",
    "SessionStartHookSpecificOutput": (
        "hookEventName additionalContext? initialUserMessage? reloadSkills? sessionTitle? watchPaths?"
    ),
    "StopHookInput": (
        "cwd hook_event_name session_id stop_hook_active transcript_path background_tasks? effort? "
        "last_assistant_message? permission_mode? prompt_id? session_crons?"
    ),
    "StopHookSpecificOutput": "hookEventName additionalContext?",
    "SubagentStartHookInput": (
        "agent_id agent_type cwd hook_event_name session_id transcript_path effort? permission_mode? prompt_id?"
    ),
    "SubagentStartHookSpecificOutput": "hookEventName additionalContext?",
    "SubagentStopHookInput": (
        "agent_id agent_transcript_path agent_type cwd hook_event_name session_id stop_hook_active "
        "transcript_path background_tasks? effort? last_assistant_message? permission_mode? prompt_id? "
        "session_crons?"
    ),
    "SubagentStopHookSpecificOutput": "hookEventName additionalContext?",
    "SyncHookJSONOutput": "continue_? decision? hookSpecificOutput? reason? stopReason? suppressOutput? systemMessage?",
    "SystemInitData": (
        "apiKeySource claude_code_version cwd mcp_servers model output_style permissionMode plugins session_id "
        "skills slash_commands subtype tools type uuid agents? betas? capabilities? fast_mode_disabled_reason? "
        "fast_mode_state? plugin_errors? terminal_slash_commands?"
    ),
    "SystemInitMcpServer": "name status source?",
    "SystemInitPlugin": "name path version?",
    "SystemInitPluginError": "message plugin type path?",
    "SystemPromptCustom": "prompt type snapshot?",
    "SystemPromptFile": "path type",
    "SystemPromptPreset": "preset type append? exclude_dynamic_sections? snapshot?",
    "TaskBudget": "total",
    "TaskUsage": "duration_ms tool_uses total_tokens",
    "ThinkingConfigAdaptive": "type display?",
    "ThinkingConfigDisabled": "type",
    "ThinkingConfigEnabled": "budget_tokens type display?",
    "ToolsPreset": "preset type",
    "UserPromptExpansionHookSpecificOutput": "hookEventName additionalContext? suppressOriginalPrompt?",
    "UserPromptSubmitHookInput": (
        "cwd hook_event_name prompt session_id transcript_path effort? permission_mode? prompt_id?"
    ),
    "UserPromptSubmitHookSpecificOutput": "hookEventName additionalContext? sessionTitle? suppressOriginalPrompt?",
    "WorktreeCreateHookSpecificOutput": "hookEventName worktreePath",
}

# Values of the literal types.
LITERALS = {
    "AssistantMessageError": "authentication_failed billing_error invalid_request rate_limit server_error unknown",
    "EffortLevel": "high low max medium xhigh",
    "FastModeDisabledReason": (
        "disabled_by_env extra_usage_disabled free model_not_allowed network_error not_first_party pending "
        "preference sdk_opt_in_required unknown"
    ),
    "FastModeState": "cooldown off on",
    "McpServerConnectionStatus": "connected disabled failed needs-auth pending",
    "MessageOriginKind": (
        "auto-continuation channel coordinator human observer observer-activity peer task-notification unclassified"
    ),
    "PermissionBehavior": "allow ask deny",
    "PermissionMode": "acceptEdits auto bypassPermissions default dontAsk plan",
    "PermissionUpdateDestination": "localSettings projectSettings session userSettings",
    "RateLimitStatus": "allowed allowed_warning rejected",
    "RateLimitType": "five_hour overage seven_day seven_day_opus seven_day_sonnet",
    "SdkBeta": "context-1m-2025-08-07",
    "ServerToolName": (
        "advisor bash_code_execution code_execution text_editor_code_execution tool_search_tool_bm25 "
        "tool_search_tool_regex web_fetch web_search"
    ),
    "SessionStoreFlushMode": "batched eager",
    "SettingSource": "local project user",
    "TaskNotificationOriginSubkind": "peer-send-message scheduled-trigger",
    "TaskNotificationStatus": "completed failed stopped",
    "TaskUpdatedStatus": "completed failed killed paused pending running",
    "ThinkingDisplay": "omitted summarized",
}

# Members of the unions.
UNIONS = {
    "ContentBlock": "ServerToolResultBlock ServerToolUseBlock TextBlock ThinkingBlock ToolResultBlock ToolUseBlock",
    "HookInput": (
        "NotificationHookInput PermissionRequestHookInput PostToolUseFailureHookInput PostToolUseHookInput "
        "PreCompactHookInput PreToolUseHookInput StopHookInput SubagentStartHookInput SubagentStopHookInput "
        "UserPromptSubmitHookInput"
    ),
    "HookSpecificOutput": (
        "CwdChangedHookSpecificOutput ElicitationHookSpecificOutput ElicitationResultHookSpecificOutput "
        "FileChangedHookSpecificOutput MessageDisplayHookSpecificOutput NotificationHookSpecificOutput "
        "PermissionDeniedHookSpecificOutput PermissionRequestHookSpecificOutput PostModelSwitchHookSpecificOutput "
        "PostToolBatchHookSpecificOutput PostToolUseFailureHookSpecificOutput PostToolUseHookSpecificOutput "
        "PreModelSwitchHookSpecificOutput PreToolUseHookSpecificOutput SessionStartHookSpecificOutput "
        "StopHookSpecificOutput SubagentStartHookSpecificOutput SubagentStopHookSpecificOutput "
        "UserPromptExpansionHookSpecificOutput UserPromptSubmitHookSpecificOutput "
        "WorktreeCreateHookSpecificOutput"
    ),
    "McpServerConfig": "McpHttpServerConfig McpSSEServerConfig McpSdkServerConfig McpStdioServerConfig",
    "McpServerStatusConfig": (
        "McpClaudeAIProxyServerConfig McpHttpServerConfig McpSSEServerConfig McpSdkServerConfigStatus "
        "McpStdioServerConfig"
    ),
    "Message": (
        "AssistantMessage ConversationResetMessage RateLimitEvent ResultMessage StreamEvent SystemMessage UserMessage"
    ),
    "PermissionResult": "PermissionResultAllow PermissionResultDeny",
    "ThinkingConfig": "ThinkingConfigAdaptive ThinkingConfigDisabled ThinkingConfigEnabled",
}

# Fields of the dataclasses that are neither options, messages nor blocks.
DATACLASSES = {
    "AgentDefinition": (
        "description prompt tools=None disallowedTools=None model=None skills=None memory=None mcpServers=None "
        "initialPrompt=None maxTurns=None background=None effort=None permissionMode=None"
    ),
    "HookMatcher": "matcher=None hooks=[] timeout=None on_failure=None",
    "PermissionResultAllow": "behavior='allow' updated_input=None updated_permissions=None",
    "PermissionResultDeny": "behavior='deny' message='' interrupt=False",
    "PermissionUpdate": "type rules=None behavior=None mode=None directories=None destination=None",
    "PermissionRuleValue": "tool_name rule_content=None",
    "SdkMcpTool": "name description input_schema handler annotations=None",
    "ToolPermissionContext": (
        "signal=None suggestions=[] tool_use_id=None agent_id=None blocked_path=None decision_reason=None "
        "title=None display_name=None description=None"
    ),
}

# What can be called, and by which parameters; those with `=` may be left out.
PARAMETERS = {
    "ClaudeSDKClient.connect": "self prompt=",
    "ClaudeSDKClient.receive_messages": "self",
    "ClaudeSDKClient.query": "self prompt session_id=",
    "ClaudeSDKClient.interrupt": "self",
    "ClaudeSDKClient.set_permission_mode": "self mode",
    "ClaudeSDKClient.set_model": "self model=",
    "ClaudeSDKClient.rewind_files": "self user_message_id",
    "ClaudeSDKClient.reconnect_mcp_server": "self server_name",
    "ClaudeSDKClient.toggle_mcp_server": "self server_name enabled",
    "ClaudeSDKClient.stop_task": "self task_id",
    "ClaudeSDKClient.get_mcp_status": "self",
    "ClaudeSDKClient.get_context_usage": "self",
    "ClaudeSDKClient.get_server_info": "self",
    "ClaudeSDKClient.receive_response": "self",
    "ClaudeSDKClient.disconnect": "self",
    "ClaudeSDKClient": "options= transport=",
    "query": "*prompt *options= *transport=",
    "tool": "name description input_schema annotations=",
    "create_sdk_mcp_server": "name version= tools=",
    "Transport.connect": "self",
    "Transport.write": "self data",
    "Transport.read_messages": "self",
    "Transport.close": "self",
    "Transport.is_ready": "self",
    "Transport.end_input": "self",
    "CLINotFoundError": "message= cli_path=",
    "ProcessError": "message exit_code= stderr=",
    "ResultError": "message data= exit_code=",
    "CLIJSONDecodeError": "line original_error",
    "MessageParseError": "message data=",
}
