"""Our own MCP server, spoken to in the JSON-RPC of the CLI."""

from __future__ import annotations

import dataclasses
import functools
import logging
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import anyio.lowlevel
import jsonschema
import pydantic
import pytest

from claude_code_sdk._mcp_server import McpEndpoint, close_endpoints, serve
from claude_code_sdk.mcp import SdkMcpTool, ToolAnnotations, create_sdk_mcp_server, tool

from .endpoints import CANCELLED, ask

LOGGER = "claude_code_sdk.mcp"


def endpoint_of(*tools: SdkMcpTool[Any]) -> McpEndpoint:
    return serve(create_sdk_mcp_server("kit", "2.0", tools)["instance"])


async def call(endpoint: McpEndpoint, name: str, arguments: Any = None, request_id: Any = 1) -> Any:
    """Call a tool; its result, or its text where that is all there is and it is no error."""
    answer = await ask(endpoint, "tools/call", {"name": name, "arguments": arguments}, request_id)
    result = answer.get("result", answer)
    if result.get("isError") is False and result.keys() == {"content", "isError"} and len(result["content"]) == 1:
        return result["content"][0]["text"]
    return result


def failure(text: str) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": text}], "isError": True}


async def cancel(endpoint: McpEndpoint, request_id: Any) -> None:
    params = {"requestId": request_id, "reason": "interrupt"}
    await endpoint.handle({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": params})


@tool("add", "Adds two numbers", {"a": int, "b": int})
async def add(args: dict[str, Any]) -> str:
    return str(args["a"] + args["b"])


# --- the protocol ---


@pytest.mark.parametrize(
    ("asked", "agreed"),
    [("2025-11-25", "2025-11-25"), ("2024-11-05", "2024-11-05"), ("1999-01-01", "2025-11-25"), (None, "2025-11-25")],
)
async def test_initialize_introduces_the_server_and_agrees_on_a_version(asked: str | None, agreed: str) -> None:
    answer = await ask(endpoint_of(add), "initialize", {"protocolVersion": asked, "capabilities": {}}, 0)
    assert answer == {
        "result": {
            "protocolVersion": agreed,
            "capabilities": {"tools": {"listChanged": False}},
            "serverInfo": {"name": "kit", "version": "2.0"},
        }
    }


async def test_ping_is_answered() -> None:
    assert await ask(endpoint_of(), "ping") == {"result": {}}


async def test_tools_are_listed_with_their_schema_and_annotations() -> None:
    @tool("look", "Looks", {}, ToolAnnotations(read_only_hint=True, max_result_size_chars=5))
    async def look(args: dict[str, Any]) -> None: ...

    assert await ask(endpoint_of(add, look), "tools/list", {"cursor": "x"}) == {
        "result": {
            "tools": [
                {
                    "name": "add",
                    "description": "Adds two numbers",
                    "inputSchema": {
                        "type": "object",
                        "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}},
                        "required": ["a", "b"],
                    },
                },
                {
                    "name": "look",
                    "description": "Looks",
                    "inputSchema": {"type": "object", "properties": {}, "required": []},
                    "annotations": {"readOnlyHint": True},
                    "_meta": {"anthropic/maxResultSizeChars": 5},
                },
            ]
        }
    }


async def test_annotations_of_mcp_are_accepted() -> None:
    types: Any = pytest.importorskip("mcp.types")
    annotations = types.ToolAnnotations.model_validate({"title": "T", "readOnlyHint": True})
    answer = await ask(endpoint_of(SdkMcpTool("n", "d", {}, print, annotations)), "tools/list")
    assert answer["result"]["tools"][0]["annotations"] == {"title": "T", "readOnlyHint": True}


def test_annotations_of_another_kind_are_refused() -> None:
    with pytest.raises(TypeError, match=r"tool 'n': annotations is \{'title': 'T'\}, not ToolAnnotations"):
        endpoint_of(SdkMcpTool("n", "d", {}, print, {"title": "T"}))  # type: ignore[arg-type]


@pytest.mark.parametrize("method", ["notifications/initialized", "notifications/cancelled", "notifications/unknown"])
@pytest.mark.parametrize("params", [None, {}, {"requestId": 99}, {"requestId": []}, [1]], ids=repr)
async def test_every_notification_is_acknowledged(method: str, params: Any) -> None:
    message = {"jsonrpc": "2.0", "method": method, "params": params}
    assert await endpoint_of().handle(message) == {"jsonrpc": "2.0", "result": {}}


async def test_a_response_of_the_cli_is_acknowledged() -> None:
    assert await endpoint_of().handle({"jsonrpc": "2.0", "id": 7, "result": {}}) == {"jsonrpc": "2.0", "result": {}}


async def test_an_unknown_method_is_refused() -> None:
    error = {"code": -32601, "message": "Method not found", "data": "resources/list"}
    assert await ask(endpoint_of(add), "resources/list") == {"error": error}


@pytest.mark.parametrize(
    "params", [[1], {}, {"name": 5}, {"name": "add", "arguments": [1]}, {"name": "add", "arguments": "x"}], ids=repr
)
async def test_a_call_with_parameters_of_the_wrong_shape_is_refused(params: Any) -> None:
    answer = await ask(endpoint_of(add), "tools/call", params)
    assert answer == {"error": {"code": -32602, "message": "Invalid request parameters", "data": ""}}


# --- calls ---


async def test_a_tool_is_called_with_its_arguments() -> None:
    assert await call(endpoint_of(add), "add", {"a": 1, "b": 2}) == "3"


@pytest.mark.parametrize("arguments", [None, {}])
async def test_a_call_without_arguments_gives_an_empty_dict(arguments: Any) -> None:
    @tool("show", "", {})
    async def show(args: dict[str, Any]) -> str:
        return repr(args)

    assert await call(endpoint_of(show), "show", arguments) == "{}"


async def test_an_unknown_tool_is_a_result_that_the_model_can_read() -> None:
    assert await call(endpoint_of(add), "sub") == failure("Tool 'sub' not found")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [({"a": 1}, "'b' is a required property"), ({"a": "one", "b": 2}, "'one' is not of type 'integer'")],
)
async def test_arguments_are_validated(arguments: Any, complaint: str) -> None:
    assert await call(endpoint_of(add), "add", arguments) == failure(f"Input validation error: {complaint}")


@pytest.mark.requirement("tool-validation-once")
async def test_a_schema_is_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = []
    check_schema = jsonschema.Draft202012Validator.check_schema

    def counted(schema: Any) -> None:
        compiled.append(schema)
        check_schema(schema)

    monkeypatch.setattr(jsonschema.Draft202012Validator, "check_schema", counted)
    endpoint = endpoint_of(add)
    for _ in range(3):
        assert await call(endpoint, "add", {"a": 1, "b": 2}) == "3"
    assert len(compiled) == 1


async def test_a_schema_that_is_wrong_is_told_at_the_call(caplog: pytest.LogCaptureFixture) -> None:
    @tool("bad", "", {"type": "object", "properties": {"a": {"type": "integre"}}})
    async def bad(args: dict[str, Any]) -> None: ...

    result = await call(endpoint_of(bad), "bad", {"a": 1})
    assert result["isError"] is True
    assert result["content"][0]["text"].startswith("the input_schema of this tool is not valid JSON Schema: 'integre'")


@pytest.mark.parametrize(
    ("raised", "text"), [(ValueError("kaboom"), "kaboom"), (KeyError("k"), "'k'"), (ValueError(), "ValueError")]
)
@pytest.mark.requirement("B23", "tool-traceback")
async def test_a_tool_that_raises_is_an_error_result_and_a_traceback_in_the_log(
    raised: Exception, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    @tool("boom", "", {})
    async def boom(args: dict[str, Any]) -> None:
        raise raised

    with caplog.at_level(logging.ERROR, logger=LOGGER):
        assert await call(endpoint_of(boom), "boom") == failure(text)
    (record,) = caplog.records
    assert record.getMessage() == "tool 'boom' of MCP server 'kit' failed"
    assert record.exc_info is not None
    assert record.exc_info[1] is raised
    assert "in boom" in caplog.text


async def test_a_tool_that_returns_what_cannot_be_sent_says_so(caplog: pytest.LogCaptureFixture) -> None:
    @tool("odd", "", {})
    async def odd(args: dict[str, Any]) -> object:
        return object()

    result = await call(endpoint_of(odd), "odd")
    assert result["isError"] is True
    assert result["content"][0]["text"].startswith("a tool cannot return 'object': return a str, content blocks,")
    assert "tool 'odd' of MCP server 'kit' failed" in caplog.text


async def test_of_two_tools_with_one_name_the_later_one_is_used(caplog: pytest.LogCaptureFixture) -> None:
    endpoint = endpoint_of(SdkMcpTool("n", "first", {}, lambda _: "1"), SdkMcpTool("n", "second", {}, lambda _: "2"))
    assert await call(endpoint, "n") == "2"
    assert [t["description"] for t in (await ask(endpoint, "tools/list"))["result"]["tools"]] == ["second"]
    assert "MCP server 'kit' has two tools named 'n': the later one is used" in caplog.text


# --- where the function runs ---


@pytest.mark.requirement("B23", "tool-functions")
async def test_a_function_that_is_not_async_runs_in_a_thread() -> None:
    @tool("where", "", {})
    def where(args: dict[str, Any]) -> str:
        return "here" if threading.current_thread() is threading.main_thread() else "elsewhere"

    assert await call(endpoint_of(where), "where") == "elsewhere"


async def _in_loop(args: dict[str, Any]) -> str:
    await anyio.lowlevel.checkpoint()
    return "here" if threading.current_thread() is threading.main_thread() else "elsewhere"


class _Callable:
    async def __call__(self, args: dict[str, Any]) -> str:
        return await _in_loop(args)


def _kind(function: object) -> str:
    return type(function).__name__


@functools.wraps(_in_loop)
def _wrapper(args: dict[str, Any]) -> Awaitable[str]:
    return _in_loop(args)


@pytest.mark.parametrize("function", [_in_loop, _Callable(), functools.partial(_in_loop), _wrapper], ids=_kind)
async def test_whatever_wraps_an_async_function_runs_in_the_event_loop(function: Callable[[Any], Any]) -> None:
    assert await call(endpoint_of(SdkMcpTool("it", "", {}, function)), "it") == "here"


async def test_what_a_plain_function_returns_is_awaited_if_it_can_be() -> None:
    assert await call(endpoint_of(SdkMcpTool("it", "", {}, lambda args: _in_loop(args))), "it") == "here"


async def test_calls_run_at_the_same_time() -> None:
    both = anyio.Event()
    arrived = []

    @tool("meet", "", {})
    async def meet(args: dict[str, Any]) -> str:
        arrived.append(1)
        if len(arrived) == 2:
            both.set()
        await both.wait()
        return "met"

    endpoint = endpoint_of(meet)
    with anyio.fail_after(5):
        async with anyio.create_task_group() as task_group:
            task_group.start_soon(call, endpoint, "meet", None, 1)
            assert await call(endpoint, "meet", None, 2) == "met"


# --- what the function is given ---


@dataclasses.dataclass
class Seat:
    row: int


class Point(pydantic.BaseModel):
    x: int


@pytest.mark.parametrize(("cls", "arguments"), [(Seat, {"row": 1}), (Point, {"x": 1})])
async def test_a_function_annotated_with_the_class_of_its_schema_gets_an_instance(cls: Any, arguments: Any) -> None:
    async def typed(it):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        return repr(it)

    typed.__annotations__ = {"it": cls}
    assert await call(endpoint_of(SdkMcpTool("n", "", cls, typed)), "n", arguments) == repr(cls(**arguments))


@pytest.mark.parametrize(("cls", "arguments"), [(Seat, {"row": 1}), (Point, {"x": 1})])
async def test_another_function_gets_a_dict(cls: Any, arguments: Any) -> None:
    async def plain(it: dict[str, Any], unresolvable: NotThere = None) -> str:  # type: ignore[name-defined]  # noqa: F821
        return repr(it)

    assert await call(endpoint_of(SdkMcpTool("n", "", cls, plain)), "n", arguments) == repr(arguments)


async def test_input_that_its_class_refuses_is_a_validation_error(caplog: pytest.LogCaptureFixture) -> None:
    class Even(pydantic.BaseModel):
        n: int

        @pydantic.field_validator("n")
        @classmethod
        def is_even(cls, n: int) -> int:
            if n % 2:
                raise ValueError("odd")
            return n

    @tool
    async def halve(even: Even) -> int:
        return even.n // 2

    endpoint = endpoint_of(halve)
    assert await call(endpoint, "halve", {"even": {"n": 4}}) == "2"
    result = await call(endpoint, "halve", {"even": {"n": 3}})
    assert result["isError"] is True
    assert result["content"][0]["text"].startswith("Input validation error: 1 validation error for Even")
    assert caplog.records == []


# --- cancellation ---


class Stuck:
    """A tool that waits for ever, and tells how it fares."""

    def __init__(self) -> None:
        self.begun = anyio.Event()
        self.cancelled = False

    async def __call__(self, args: dict[str, Any]) -> str:
        self.begun.set()
        try:
            await anyio.sleep_forever()
        except anyio.get_cancelled_exc_class():
            self.cancelled = True
            raise
        return "never"


async def outcome_of_cancelled_call(endpoint: McpEndpoint, begun: anyio.Event, request_id: Any, cancelled: Any) -> Any:
    answers = []

    async def run() -> None:
        answers.append(await ask(endpoint, "tools/call", {"name": "it"}, request_id))

    with anyio.fail_after(5):
        async with anyio.create_task_group() as task_group:
            task_group.start_soon(run)
            await begun.wait()
            await cancel(endpoint, cancelled)
    (answer,) = answers
    return answer


@pytest.mark.parametrize("request_id", [5, "five"])
async def test_a_call_that_the_cli_cancels_is_cancelled_and_answered(request_id: Any) -> None:
    stuck = Stuck()
    endpoint = endpoint_of(SdkMcpTool("it", "", {}, stuck))
    assert await outcome_of_cancelled_call(endpoint, stuck.begun, request_id, request_id) == CANCELLED
    assert stuck.cancelled


async def test_only_the_call_with_that_id_is_cancelled() -> None:
    go_on = anyio.Event()
    begun = anyio.Event()

    @tool("it", "", {})
    async def it(args: dict[str, Any]) -> str:
        begun.set()
        await go_on.wait()
        return "done"

    endpoint = endpoint_of(it)

    answers = []

    async def run() -> None:
        answers.append(await call(endpoint, "it"))

    with anyio.fail_after(5):
        async with anyio.create_task_group() as task_group:
            task_group.start_soon(run)
            await begun.wait()
            await cancel(endpoint, 2)
            go_on.set()
    assert answers == ["done"]


async def test_a_cancelled_tool_that_answers_all_the_same_is_not_heard() -> None:
    begun = anyio.Event()

    @tool("it", "", {})
    async def it(args: dict[str, Any]) -> str:
        begun.set()
        try:
            await anyio.sleep_forever()
        except anyio.get_cancelled_exc_class():
            return "still here"  # the misbehaviour under test
        return "never"

    assert await outcome_of_cancelled_call(endpoint_of(it), begun, 5, 5) == CANCELLED


async def test_a_cancelled_thread_is_not_waited_for() -> None:
    release = threading.Event()
    begun = anyio.Event()

    @tool("it", "", {})
    def it(args: dict[str, Any]) -> str:
        anyio.from_thread.run_sync(begun.set)
        release.wait(10)
        return "late"

    try:
        assert await outcome_of_cancelled_call(endpoint_of(it), begun, 5, 5) == CANCELLED
    finally:
        release.set()


async def test_an_id_may_be_used_again_after_its_call_is_over_but_not_before() -> None:
    stuck = Stuck()
    endpoint = endpoint_of(SdkMcpTool("it", "", {}, stuck), add)
    assert await call(endpoint, "add", {"a": 1, "b": 1}, 5) == "2"
    with anyio.fail_after(5):
        async with anyio.create_task_group() as task_group:
            task_group.start_soon(ask, endpoint, "tools/call", {"name": "it"}, 5)
            await stuck.begun.wait()
            assert await ask(endpoint, "tools/call", {"name": "it"}, 5) == {
                "error": {"code": -32600, "message": "request id 5 is already in flight"}
            }
            await cancel(endpoint, 5)
    assert await call(endpoint, "add", {"a": 1, "b": 1}, 5) == "2"


async def test_cancelling_the_surrounding_task_cancels_the_tool() -> None:
    stuck = Stuck()
    endpoint = endpoint_of(SdkMcpTool("it", "", {}, stuck))
    answers = []

    async def run() -> None:
        answers.append(await call(endpoint, "it"))

    with anyio.fail_after(5):
        async with anyio.create_task_group() as task_group:
            task_group.start_soon(run)
            await stuck.begun.wait()
            task_group.cancel_scope.cancel()
    assert stuck.cancelled
    assert answers == []


async def test_closing_cancels_what_is_in_flight() -> None:
    stuck = Stuck()
    endpoint = endpoint_of(SdkMcpTool("it", "", {}, stuck))
    answers = []

    async def run() -> None:
        answers.append(await ask(endpoint, "tools/call", {"name": "it"}))

    with anyio.fail_after(5):
        async with anyio.create_task_group() as task_group:
            await endpoint.start(task_group)
            task_group.start_soon(run)
            await stuck.begun.wait()
            await endpoint.aclose()
    assert answers == [CANCELLED]
    assert stuck.cancelled


async def test_two_sessions_of_one_server_do_not_share_ids() -> None:
    stuck = Stuck()
    server = create_sdk_mcp_server("kit", tools=[SdkMcpTool("it", "", {}, stuck), add])["instance"]
    one, other = serve(server), serve(server)
    with anyio.fail_after(5):
        async with anyio.create_task_group() as task_group:
            task_group.start_soon(ask, one, "tools/call", {"name": "it"}, 5)
            await stuck.begun.wait()
            assert await call(other, "add", {"a": 1, "b": 1}, 5) == "2"
            await cancel(other, 5)
            assert not stuck.cancelled
            await cancel(one, 5)
    assert stuck.cancelled


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_stray_cancellation_of_asyncio_is_an_error_of_the_tool(caplog: pytest.LogCaptureFixture) -> None:
    import asyncio

    @tool("it", "", {})
    async def it(args: dict[str, Any]) -> None:
        task = asyncio.ensure_future(asyncio.sleep(60))
        task.cancel()
        await task

    assert await call(endpoint_of(it), "it") == failure("CancelledError")
    assert "tool 'it' of MCP server 'kit' failed" in caplog.text


# --- closing several ---


@pytest.mark.requirement("B29")
async def test_endpoints_are_closed_at_the_same_time() -> None:
    class Meeting:
        """Closes only when all others are closing too."""

        def __init__(self) -> None:
            self.waiting = 3
            self.all_here = anyio.Event()

        async def aclose(self) -> None:
            self.waiting -= 1
            if self.waiting == 0:
                self.all_here.set()
            await self.all_here.wait()

    meeting: Any = Meeting()
    with anyio.fail_after(5):
        await close_endpoints([meeting, meeting, meeting])
    assert meeting.waiting == 0
