"""MCP servers: how they are configured, and how the CLI reports on them.

Above: `options.py` (`mcp_servers`) and `ClaudeSDKClient.get_mcp_status()`.  Below: nothing; `mcp` itself is not
imported.  Shapes: sdk-spec §1.5 and §3.5.
"""

from typing import Any, Literal, NotRequired, TypedDict


class McpStdioServerConfig(TypedDict):
    """A server that the CLI starts as a process and talks to over its stdin and stdout."""

    type: NotRequired[Literal["stdio"]]
    command: str
    args: NotRequired[list[str]]
    env: NotRequired[dict[str, str]]


class McpSSEServerConfig(TypedDict):
    """A remote server over server-sent events."""

    type: Literal["sse"]
    url: str
    headers: NotRequired[dict[str, str]]


class McpHttpServerConfig(TypedDict):
    """A remote server over streamable HTTP."""

    type: Literal["http"]
    url: str
    headers: NotRequired[dict[str, str]]


class McpSdkServerConfig(TypedDict):
    """A server that runs in this program; `create_sdk_mcp_server()` makes one.

    `instance` is an `mcp.server.Server`, also one built by hand.  It is not typed as that: importing mcp takes most of
    a second, and its type parameters differ between mcp 1.x and 2.x.
    """

    type: Literal["sdk"]
    name: str
    instance: Any


McpServerConfig = McpStdioServerConfig | McpSSEServerConfig | McpHttpServerConfig | McpSdkServerConfig


class McpSdkServerConfigStatus(TypedDict):
    """A server of this program, as the CLI reports its configuration."""

    type: Literal["sdk"]
    name: str


class McpClaudeAIProxyServerConfig(TypedDict):
    """A server that claude.ai provides, as the CLI reports its configuration."""

    type: Literal["claudeai-proxy"]
    url: str
    id: str


McpServerStatusConfig = (
    McpStdioServerConfig
    | McpSSEServerConfig
    | McpHttpServerConfig
    | McpSdkServerConfigStatus
    | McpClaudeAIProxyServerConfig
)
McpServerConnectionStatus = Literal["connected", "failed", "needs-auth", "pending", "disabled"]


class McpServerInfo(TypedDict):
    """What a server says of itself."""

    name: str
    version: str


class McpToolAnnotations(TypedDict, total=False):
    """A tool's hints, under the names that the CLI reports them by."""

    readOnly: bool
    destructive: bool
    openWorld: bool


class McpToolInfo(TypedDict):
    """A tool of a server."""

    name: str
    description: NotRequired[str]
    annotations: NotRequired[McpToolAnnotations]


class McpServerStatus(TypedDict):
    """One server.

    `serverInfo` and `tools` are there when it is connected, `error` when it failed; `scope` says which settings
    configured it.
    """

    name: str
    status: McpServerConnectionStatus
    serverInfo: NotRequired[McpServerInfo]
    error: NotRequired[str]
    config: NotRequired[McpServerStatusConfig]
    scope: NotRequired[str]
    tools: NotRequired[list[McpToolInfo]]


class McpStatusResponse(TypedDict):
    """The answer of `ClaudeSDKClient.get_mcp_status()`.  The list may be empty right after connecting."""

    mcpServers: list[McpServerStatus]
