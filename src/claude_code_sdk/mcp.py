"""Tools that run inside the program: `tool`, `SdkMcpTool`, `ToolAnnotations`, `create_sdk_mcp_server`.

This module owns the public surface of in-process MCP and nothing else.  Below it: `_tool_schema` (Python types ->
JSON Schema), `_tool_input` (JSON values -> Python values), `_tool_result` (what a tool returned -> content blocks),
`_mcp_server` (the server object and its JSON-RPC).  Neither `mcp` nor `pydantic` is needed or loaded for any of it;
`_mcp_bridge` loads `mcp` when a hand-built server is used instead of one of ours.

The names, positions and wire output are those of `claude_code_sdk` and `claude_agent_sdk` (sdk-spec §6).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from .mcp_types import McpSdkServerConfig

__all__ = ["SdkMcpTool", "ToolAnnotations", "create_sdk_mcp_server", "tool"]

T = TypeVar("T")

_CAMEL_CASE = {
    "read_only_hint": "readOnlyHint",
    "destructive_hint": "destructiveHint",
    "idempotent_hint": "idempotentHint",
    "open_world_hint": "openWorldHint",
    "max_result_size_chars": "maxResultSizeChars",
}


class ToolAnnotations:
    """What a tool tells about itself; the CLI uses it to decide, the model does not see it.

    Every field may be given, read and set in camelCase or snake_case; where both are given, camelCase wins.

    - `title`: name for people.
    - `readOnlyHint`: changes nothing. The CLI runs such tools of one message at the same time.
    - `destructiveHint`, `idempotentHint`, `openWorldHint`: as the MCP specification has them.
    - `maxResultSizeChars`: characters up to which the CLI keeps a result inline; it travels in the tool's `_meta`.

    Any further keyword is kept and sent as it is.  `mcp.types.ToolAnnotations` objects are accepted wherever one of
    these is.
    """

    title: str | None
    readOnlyHint: bool | None
    destructiveHint: bool | None
    idempotentHint: bool | None
    openWorldHint: bool | None
    maxResultSizeChars: int | None

    if TYPE_CHECKING:
        read_only_hint: bool | None
        destructive_hint: bool | None
        idempotent_hint: bool | None
        open_world_hint: bool | None
        max_result_size_chars: int | None

    def __init__(
        self,
        *,
        title: str | None = None,
        readOnlyHint: bool | None = None,
        destructiveHint: bool | None = None,
        idempotentHint: bool | None = None,
        openWorldHint: bool | None = None,
        maxResultSizeChars: int | None = None,
        **more: Any,
    ) -> None:
        self.title = title
        self.readOnlyHint = readOnlyHint
        self.destructiveHint = destructiveHint
        self.idempotentHint = idempotentHint
        self.openWorldHint = openWorldHint
        self.maxResultSizeChars = maxResultSizeChars
        for name, value in more.items():
            if name not in _CAMEL_CASE or getattr(self, name) is None:
                setattr(self, name, value)

    def __getattr__(self, name: str) -> Any:  # only called for what is not in __dict__
        if name in _CAMEL_CASE:
            return getattr(self, _CAMEL_CASE[name])
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, _CAMEL_CASE.get(name, name), value)

    def __eq__(self, other: object) -> bool:
        return self.__dict__ == other.__dict__ if isinstance(other, ToolAnnotations) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # mutable

    def __repr__(self) -> str:
        given = ", ".join(f"{name}={value!r}" for name, value in self.__dict__.items() if value is not None)
        return f"{type(self).__name__}({given})"

    def to_wire(self) -> dict[str, Any]:
        """The `annotations` object of the tool as `tools/list` shows it: what is set, without `maxResultSizeChars`."""
        return {k: v for k, v in self.__dict__.items() if v is not None and k != "maxResultSizeChars"}


@dataclasses.dataclass
class SdkMcpTool(Generic[T]):
    """One tool of an in-process server.

    - `name`: as the model calls it, without the `mcp__<server>__` that the CLI puts before it.
    - `description`: text for the model.
    - `input_schema`: a JSON Schema, a `{parameter: type}` dict, a TypedDict, a dataclass or a pydantic model.
    - `handler`: what runs, given one argument, the input. `async` functions run in the event loop, others in a
      thread. The input is a dict; it is an instance where `input_schema` is a dataclass or a pydantic model and the
      first parameter of the function is annotated with that very class.
    - `annotations`: `ToolAnnotations`, an `mcp.types.ToolAnnotations`, or None.
    """

    name: str
    description: str
    input_schema: type[T] | dict[str, Any]
    handler: Callable[[T], Any]
    annotations: ToolAnnotations | None = None


@overload
def tool(function: Callable[..., Any], /) -> SdkMcpTool[Any]: ...


@overload
def tool(
    name: str | None = None,
    description: str | None = None,
    input_schema: type | Mapping[str, Any] | None = None,
    annotations: Any = None,
) -> Callable[[Callable[..., Any]], SdkMcpTool[Any]]: ...


def tool(
    name: str | Callable[..., Any] | None = None,
    description: str | None = None,
    input_schema: type | Mapping[str, Any] | None = None,
    annotations: Any = None,
) -> SdkMcpTool[Any] | Callable[[Callable[..., Any]], SdkMcpTool[Any]]:
    """Make a function a tool.

        @tool("add", "Adds two numbers", {"a": float, "b": float})
        async def add(args):
            return f"{args['a'] + args['b']}"

        @tool
        def greet(name: str, style: Literal["short", "long"] = "short") -> str:
            "Greets a person."
            return f"Hello {name}"

    Given an `input_schema`, the function is called with one argument (see `SdkMcpTool.handler`).  Without one, bare or
    with keywords only, the schema is derived from the signature, the function is called with keyword arguments, and
    enums, dataclasses, pydantic models, dates, UUIDs, paths, tuples and sets arrive as what they are annotated as.

    What the function returns may be a str, a content block, a list of blocks, a result dict
    `{"content": [...], "is_error": bool}`, or any dict, dataclass, pydantic model or scalar, which is sent as JSON
    text.  What it raises is told to the model as an error and logged with its traceback on `claude_code_sdk.mcp`.
    When the CLI cancels a call, an async function is cancelled at its next await; a thread runs to its end, unheard.

    Args:
        name: how the model calls it; the name of the function by default.
        description: text for the model; the docstring of the function by default.
        input_schema: the input (see `SdkMcpTool.input_schema`); derived from the signature if None.
        annotations: `ToolAnnotations` or `mcp.types.ToolAnnotations`.

    Returns:
        The `SdkMcpTool`, or a decorator that makes it.

    Raises:
        TypeError: when a schema has to be derived and a parameter has an annotation that is not expressible as JSON
            Schema or cannot be resolved, or is positional-only or `*args`.
    """
    if callable(name):
        return _make_tool(name, None, None, None, annotations)
    given_name = name

    def decorate(function: Callable[..., Any]) -> SdkMcpTool[Any]:
        return _make_tool(function, given_name, description, input_schema, annotations)

    return decorate


def _make_tool(
    function: Callable[..., Any],
    name: str | None,
    description: str | None,
    input_schema: Any,
    annotations: Any,
) -> SdkMcpTool[Any]:
    tool_name = name if name is not None else function.__name__
    if description is None:
        description = _docstring(function)
    if input_schema is not None:
        return SdkMcpTool(tool_name, description, input_schema, function, annotations)

    import sys

    from ._tool_input import keyword_call
    from ._tool_schema import signature_schema

    # Frames: 0 this one, 1 tool() or decorate(), 2 where the decorator stands. With postponed annotations, classes that
    # are local there can be found nowhere else.
    localns = sys._getframe(2).f_locals
    try:
        schema, parameters = signature_schema(function, localns)
    except TypeError as exc:
        raise TypeError(f"tool {tool_name!r}: {exc}") from exc
    return SdkMcpTool(tool_name, description, schema, keyword_call(function, parameters, localns), annotations)


def _docstring(function: Callable[..., Any]) -> str:
    if not function.__doc__:
        return ""
    import inspect

    return inspect.cleandoc(function.__doc__)


def create_sdk_mcp_server(
    name: str, version: str = "1.0.0", tools: Sequence[SdkMcpTool[Any]] | None = None
) -> McpSdkServerConfig:
    """Make a server that runs in this process, as an entry for the option `mcp_servers`.

        options = ClaudeCodeOptions(mcp_servers={"kit": create_sdk_mcp_server("kit", tools=[add])})

    The model calls the tools `mcp__<key in mcp_servers>__<tool name>`.  One server may be used by several sessions at
    the same time.  A hand-built `mcp.server.Server` or FastMCP object may stand in the place of `instance`.

    Args:
        name: as the server introduces itself.
        version: as the server introduces itself.
        tools: what `tool` made. Of two tools with one name the later one is used, with a warning.

    Returns:
        `{"type": "sdk", "name": name, "instance": <server object>}`.

    Raises:
        TypeError: when a member of `tools` is not a tool, or its `input_schema` cannot be turned into JSON Schema.
    """
    from ._mcp_server import ToolServer

    return {"type": "sdk", "name": name, "instance": ToolServer(name, version, tools or ())}
