"""`tool`, `SdkMcpTool` and `ToolAnnotations`: how a program declares its tools."""

from __future__ import annotations

import dataclasses
import datetime
import enum
import pathlib
import subprocess
import sys
import typing
import uuid
from typing import Any, Literal

import pydantic
import pytest

import claude_code_sdk.mcp
from claude_code_sdk._tool_input import ToolInputError
from claude_code_sdk.mcp import SdkMcpTool, ToolAnnotations, create_sdk_mcp_server, tool


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


@dataclasses.dataclass
class Seat:
    row: int
    color: Color = Color.RED

    def __post_init__(self) -> None:
        if self.row < 1:
            raise ValueError("rows count from 1")


@dataclasses.dataclass
class Tree:
    color: Color
    below: list[Tree] = dataclasses.field(default_factory=list)


class Point(pydantic.BaseModel):
    x: int
    y: int = pydantic.Field(default=0, le=10)


class Trip(typing.TypedDict):
    day: datetime.date
    seats: dict[str, Seat]


class Plain(typing.TypedDict):
    a: int


# --- the existing form ---


def test_a_tool_keeps_what_it_was_declared_with() -> None:
    annotations = ToolAnnotations(readOnlyHint=True)

    @tool("add", "Adds", {"a": int}, annotations)
    async def add(args: dict[str, Any]) -> str:
        return str(args)

    assert dataclasses.astuple(dataclasses.replace(add, handler=len, annotations=None)) == (
        "add",
        "Adds",
        {"a": int},
        len,
        None,
    )
    assert add.annotations is annotations


async def test_the_function_of_a_tool_with_a_schema_is_given_one_dict() -> None:
    @tool("add", "Adds", {"a": int})
    async def add(args: dict[str, Any]) -> Any:
        return args

    assert await add.handler({"a": 1}) == {"a": 1}


def test_a_tool_can_be_built_without_the_decorator() -> None:
    made = SdkMcpTool("n", "d", {}, print)
    assert (made.name, made.description, made.input_schema, made.handler, made.annotations) == (
        "n",
        "d",
        {},
        print,
        None,
    )


# --- derived from the signature ---


def test_a_bare_tool_takes_everything_from_its_function() -> None:
    @tool
    def greet(name: str, style: Literal["short", "long"] = "short") -> str:
        """Greet a person.

        In one of two styles.
        """
        return f"{name} {style}"

    assert greet.name == "greet"
    assert greet.description == "Greet a person.\n\nIn one of two styles."
    assert greet.input_schema == {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "style": {"type": "string", "enum": ["short", "long"], "default": "short"},
        },
        "required": ["name"],
        "additionalProperties": False,
    }
    assert greet.handler({"name": "Ada"}) == "Ada short"


def test_keywords_stand_above_what_the_function_says() -> None:
    annotations = ToolAnnotations(title="T")

    @tool(name="hello", description="Says hello", annotations=annotations)
    def greet() -> str:
        """Not this."""
        return "hello"

    assert (greet.name, greet.description, greet.annotations) == ("hello", "Says hello", annotations)


def test_a_name_and_a_description_without_a_schema_derive_it() -> None:
    @tool("hello", "Says hello")
    def greet(name: str) -> str:
        return name

    assert typing.cast("Any", greet.input_schema)["required"] == ["name"]


def test_a_function_without_docstring_has_an_empty_description() -> None:
    @tool
    def quiet() -> None: ...

    assert quiet.description == ""


@pytest.mark.parametrize("decorate", [tool, tool(), tool(name="use")], ids=["bare", "empty", "keyword"])
def test_a_class_local_to_the_place_of_the_decorator_is_found(decorate: Any) -> None:
    @dataclasses.dataclass
    class Local:
        seat: Seat

    @decorate  # type: ignore[untyped-decorator]
    def use(it: Local) -> int:
        return it.seat.row

    assert use.handler({"it": {"seat": {"row": 3}}}) == 3


def test_a_signature_without_a_schema_names_the_tool_in_its_error() -> None:
    with pytest.raises(TypeError, match=r"tool 'use': parameter 'it': .*complex"):

        @tool
        def use(it: complex) -> None: ...


async def test_an_async_function_gets_its_arguments_by_keyword() -> None:
    @tool
    async def add(a: int, b: int = 2) -> int:
        return a + b

    assert await add.handler({"a": 1}) == 3


def test_values_arrive_as_what_they_are_annotated_as() -> None:
    received: dict[str, Any] = {}

    @tool
    def take(
        color: Color,
        seat: Seat,
        point: Point,
        day: datetime.date,
        key: uuid.UUID,
        path: pathlib.Path,
        pair: tuple[int, Color],
        tags: set[str],
        tree: Tree,
        trip: Trip,
        maybe: Seat | None,
        either: int | Seat,
        several: list[Point],
        plain: dict[str, int],
    ) -> None:
        received.update(locals())

    take.handler(
        {
            "color": "blue",
            "seat": {"row": 1, "color": "blue"},
            "point": {"x": 1},
            "day": "2026-01-02",
            "key": "00000000-0000-0000-0000-000000000001",
            "path": "/tmp/x",
            "pair": [1, "red"],
            "tags": ["a", "a"],
            "tree": {"color": "red", "below": [{"color": "blue"}]},
            "trip": {"day": "2026-01-02", "seats": {"a": {"row": 2}}},
            "maybe": None,
            "either": {"row": 4},
            "several": [{"x": 1}],
            "plain": {"a": 1},
        }
    )
    received.pop("received", None)
    assert received == {
        "color": Color.BLUE,
        "seat": Seat(1, Color.BLUE),
        "point": Point(x=1),
        "day": datetime.date(2026, 1, 2),
        "key": uuid.UUID(int=1),
        "path": pathlib.Path("/tmp/x"),
        "pair": (1, Color.RED),
        "tags": {"a"},
        "tree": Tree(Color.RED, [Tree(Color.BLUE)]),
        "trip": {"day": datetime.date(2026, 1, 2), "seats": {"a": Seat(2)}},
        "maybe": None,
        "either": Seat(4),
        "several": [Point(x=1)],
        "plain": {"a": 1},
    }


@pytest.mark.parametrize(
    ("annotation", "value", "meant"),
    [
        (int | Seat | Color | None, 1, 1),
        (int | Seat | Color | None, {"row": 1}, Seat(1)),
        (int | Seat | Color | None, "blue", Color.BLUE),
        (int | Seat | Color | None, None, None),
        (Seat | float, 1, 1),
        (Seat | Literal["none"], "none", "none"),
        (Literal[Color.RED, "none"], "red", Color.RED),
        (Seat | list[int], [1], [1]),
        (datetime.date | Plain, {"a": 1}, {"a": 1}),
        (Seat | Any, "x", "x"),
        (tuple[Color, ...], ["red"], (Color.RED,)),
        (frozenset[int], [1, 1], frozenset({1})),
        (dict[str, Color], {"a": "red"}, {"a": Color.RED}),
        (list[Color], ["red"], [Color.RED]),
    ],
    ids=repr,
)
def test_a_value_is_read_as_what_it_is_annotated_as(annotation: Any, value: Any, meant: Any) -> None:
    def use(it):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        return it

    use.__annotations__ = {"it": annotation}
    received = tool(use).handler({"it": value})
    assert received == meant
    assert type(received) is type(meant)


@pytest.mark.parametrize(
    ("value", "complaint"),
    [({"seat": {"row": 0}}, "rows count from 1"), ({"point": {"x": 1, "y": 11}}, "less than or equal to 10")],
)
def test_what_a_class_refuses_is_an_error_of_the_input(value: Any, complaint: str) -> None:
    @tool
    def use(seat: Seat | None = None, point: Point | None = None) -> None: ...

    @tool
    def use_plain(seat: Seat = Seat(1), point: Point = Point(x=0)) -> None: ...  # noqa: B008

    with pytest.raises(ToolInputError, match=complaint):
        use_plain.handler(value)
    with pytest.raises(ToolInputError, match="is none of"):
        use.handler(value)


# --- annotations ---


def test_hints_may_be_given_and_read_in_both_spellings() -> None:
    camel = ToolAnnotations(readOnlyHint=True, maxResultSizeChars=5)
    snake = ToolAnnotations(read_only_hint=True, max_result_size_chars=5)
    assert camel == snake
    for given in (camel, snake):
        assert given.readOnlyHint is given.read_only_hint is True
        assert given.maxResultSizeChars == given.max_result_size_chars == 5


def test_camel_case_wins_over_snake_case() -> None:
    assert ToolAnnotations(destructiveHint=False, destructive_hint=True).destructive_hint is False


def test_a_hint_may_be_set_afterwards_in_both_spellings() -> None:
    annotations = ToolAnnotations()
    annotations.idempotent_hint = True
    annotations.openWorldHint = False
    assert annotations.to_wire() == {"idempotentHint": True, "openWorldHint": False}


def test_the_wire_form_has_what_is_set_and_further_fields_but_not_the_result_size() -> None:
    annotations = ToolAnnotations(title="T", readOnlyHint=False, maxResultSizeChars=5, colour="red")
    assert annotations.to_wire() == {"title": "T", "readOnlyHint": False, "colour": "red"}
    assert repr(annotations) == "ToolAnnotations(title='T', readOnlyHint=False, maxResultSizeChars=5, colour='red')"


def test_an_unknown_attribute_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'ToolAnnotations' object has no attribute 'colour'"):
        _ = ToolAnnotations().colour


# --- what is loaded ---


@pytest.mark.parametrize("name", claude_code_sdk.mcp.__all__)
@pytest.mark.requirement("type-hints")
def test_type_hints_of_everything_public_can_be_resolved(name: str) -> None:
    assert typing.get_type_hints(getattr(claude_code_sdk.mcp, name), include_extras=True)


def test_neither_mcp_nor_pydantic_is_loaded_by_serving_tools_of_our_own() -> None:
    program = """
import sys, claude_code_sdk.mcp
before = {name for name in ("mcp", "pydantic", "jsonschema", "anyio", "asyncio") if name in sys.modules}
import asyncio
from claude_code_sdk.mcp import create_sdk_mcp_server, tool
from claude_code_sdk._mcp_server import serve

@tool("echo", "Echoes", {"text": str})
async def echo(args):
    return args["text"]

async def main():
    endpoint = serve(create_sdk_mcp_server("kit", tools=[echo])["instance"])
    call = {"name": "echo", "arguments": {"text": "hi"}}
    answer = await endpoint.handle({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call})
    print(answer["result"]["content"][0]["text"], sorted(before), "mcp" in sys.modules, "pydantic" in sys.modules)

asyncio.run(main())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("hi [] False False\n", "")


def test_a_server_is_an_entry_of_the_option() -> None:
    config = create_sdk_mcp_server("kit", "2.0", [])
    assert (config["type"], config["name"]) == ("sdk", "kit")
    assert repr(config["instance"]) == "<ToolServer 'kit' 2.0: no tools>"


def test_what_is_not_a_tool_cannot_be_served() -> None:
    with pytest.raises(TypeError, match=r"tools\[0\] of MCP server 'kit' is <function .*>, not a tool: decorate the"):
        create_sdk_mcp_server("kit", tools=[lambda: None])  # type: ignore[list-item]


def test_a_schema_that_cannot_be_put_on_the_wire_names_its_tool() -> None:
    bad: Any = {"type": "object", "properties": {"a": {"type": int}}}
    with pytest.raises(TypeError, match="tool 'bad': this input_schema is JSON Schema, but not all of it is JSON"):
        create_sdk_mcp_server("kit", tools=[SdkMcpTool("bad", "", bad, print)])
