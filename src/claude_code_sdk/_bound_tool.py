"""One tool made ready to be called: its schema, what `tools/list` shows of it, and how its function is run.

Above: `_mcp_server`.  Below: `_tool_schema`, `_tool_input`.  `jsonschema` is imported by the first call of a tool,
`anyio` by the first call of one that runs in a thread.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from ._annotations import underlying
from ._tool_input import instance_call
from ._tool_schema import tool_schema

_CO_COROUTINE = 0x80  # inspect.CO_COROUTINE

in_turn: Callable[[], AbstractContextManager[None]] = nullcontext
"""Around each call in a thread, and there; a recorder of HTTP lets only one at a time through."""


class BoundTool:
    """A tool as its server holds it; `wire` is its entry in the result of `tools/list`.

    Raises:
        TypeError: its `input_schema` or `annotations` cannot be put on the wire.
    """

    __slots__ = ("_call", "_check", "_in_thread", "wire")

    def __init__(self, tool: Any) -> None:
        try:
            schema = tool_schema(tool.input_schema)
            call = instance_call(tool.handler, tool.input_schema) or tool.handler
        except TypeError as exc:
            raise TypeError(f"tool {tool.name!r}: {exc}") from exc
        self._call: Callable[[Any], Any] = call
        self._in_thread = not _is_async(tool.handler)
        self._check: Callable[[Any], Any] | None = None
        self.wire = {"name": tool.name, "description": tool.description, "inputSchema": schema, **_annotations(tool)}

    def complaint(self, arguments: dict[str, Any]) -> str | None:
        """What is wrong with the arguments, None if nothing is; the schema is compiled by the first call.

        Raises:
            ValueError: the schema itself is wrong.
        """
        if self._check is None:
            self._check = _compiled(self.wire["inputSchema"])
        error = self._check(arguments)
        return None if error is None else str(error.message)

    async def run(self, arguments: dict[str, Any]) -> Any:
        """Call the function and return what it returns; raises what it raises.

        Cancelling it cancels an async function; the thread of another one is left to itself, unheard, since it cannot
        be stopped and closing a session must not wait for a tool.
        """
        if self._in_thread:
            import anyio.to_thread

            def call() -> tuple[Any]:  # boxed, because trio refuses a thread that returns a coroutine
                with in_turn():
                    return (self._call(arguments),)

            (returned,) = await anyio.to_thread.run_sync(call, abandon_on_cancel=True)
        else:
            returned = self._call(arguments)
        return await returned if hasattr(returned, "__await__") else returned


def _is_async(function: Any) -> bool:
    """Whether calling it has to happen in the event loop: it is `async`, or wraps what is."""
    code = getattr(underlying(function), "__code__", None)
    return bool(getattr(code, "co_flags", 0) & _CO_COROUTINE)


def _compiled(schema: dict[str, Any]) -> Callable[[Any], Any]:
    """A function from arguments to the error that says most about them, or None."""
    import jsonschema
    from jsonschema.exceptions import best_match

    validator_class = jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator)
    try:
        validator_class.check_schema(schema)
    except jsonschema.SchemaError as exc:
        raise ValueError(f"the input_schema of this tool is not valid JSON Schema: {exc.message}") from exc
    validator = validator_class(schema)
    return lambda arguments: best_match(validator.iter_errors(arguments))


def _annotations(tool: Any) -> dict[str, Any]:
    """The `annotations` and `_meta` that `tools/list` shows for a tool."""
    given = getattr(tool, "annotations", None)
    if given is None:
        return {}
    if hasattr(given, "to_wire"):
        shown = given.to_wire()
    elif hasattr(given, "model_dump"):  # mcp.types.ToolAnnotations of either major version, or a subclass
        shown = given.model_dump(by_alias=True, exclude_none=True, mode="json")
    else:
        raise TypeError(f"tool {tool.name!r}: annotations is {given!r}, not ToolAnnotations")
    # Clients leave out annotations that they do not know; this one is read from _meta (sdk-spec §6.4).
    shown.pop("maxResultSizeChars", None)
    limit = getattr(given, "maxResultSizeChars", None)
    return {"annotations": shown, **({} if limit is None else {"_meta": {"anthropic/maxResultSizeChars": limit}})}
