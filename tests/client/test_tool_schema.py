"""What JSON Schema a tool shows for the input that it declares, in each form of declaration."""

from __future__ import annotations

import dataclasses
import datetime
import enum
import sys
import uuid
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Generic, Literal, NewType, NotRequired, Optional, TypedDict, TypeVar

import jsonschema
import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_code_sdk._tool_schema import is_json_schema, signature_schema, tool_schema

T = TypeVar("T")
UserId = NewType("UserId", int)


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Place(TypedDict):
    city: str
    zip_code: NotRequired[Annotated[str, "five digits"]]


class Point(pydantic.BaseModel):
    x: int
    y: int = 0


class Path(pydantic.BaseModel):
    points: list[Point]


@dataclasses.dataclass
class Order:
    item: str
    count: int = 1
    notes: list[str] = dataclasses.field(default_factory=list)
    color: Color = Color.RED
    size: float = dataclasses.field(default=1.0, metadata={"description": "in metres"})
    total: int = dataclasses.field(init=False, default=0)


@dataclasses.dataclass
class Tree:
    label: str
    children: list[Tree] = dataclasses.field(default_factory=list)


class Chain(TypedDict):
    value: int
    rest: NotRequired[Chain]


class Node(pydantic.BaseModel):
    name: str
    below: list[Node] = []


def parameter(annotation: Any) -> Any:
    """The schema of one parameter in a plain dict."""
    return tool_schema({"it": annotation})["properties"]["it"]


# --- {parameter: type} dicts: as the existing SDKs ---


def test_an_empty_dict_declares_a_tool_without_input() -> None:
    assert tool_schema({}) == {"type": "object", "properties": {}, "required": []}


def test_every_parameter_of_a_dict_is_required() -> None:
    assert tool_schema({"a": int, "b": str}) == {
        "type": "object",
        "properties": {"a": {"type": "integer"}, "b": {"type": "string"}},
        "required": ["a", "b"],
    }


@pytest.mark.parametrize(
    ("annotation", "schema"),
    [
        (str, {"type": "string"}),
        (int, {"type": "integer"}),
        (float, {"type": "number"}),
        (bool, {"type": "boolean"}),
        (list, {"type": "array"}),
        (list[int], {"type": "array", "items": {"type": "integer"}}),
        (dict, {"type": "object"}),
        (dict[str, int], {"type": "object"}),
        (int | str, {"anyOf": [{"type": "integer"}, {"type": "string"}]}),
        (Annotated[int, "how many"], {"type": "integer", "description": "how many"}),
        (Annotated[int, 5, "how many", "more"], {"type": "integer", "description": "how many"}),
        (bytes, {"type": "string"}),
        ("int", {"type": "string"}),
        (complex, {"type": "string"}),
        (
            Place,
            {
                "type": "object",
                "properties": {
                    "city": {"type": "string"},
                    "zip_code": {"type": "string", "description": "five digits"},
                },
                "required": ["city"],
            },
        ),
    ],
    ids=repr,
)
def test_a_type_that_the_existing_sdks_know_has_their_schema(annotation: Any, schema: Any) -> None:
    assert parameter(annotation) == schema


# --- what they get wrong (known-defects B22) ---


@pytest.mark.parametrize("optional", [int | None, Optional[int], Annotated[int | None, "maybe"]], ids=repr)  # noqa: UP045
@pytest.mark.requirement("B22", "tool-schemas")
def test_an_optional_parameter_may_be_left_out_or_null(optional: Any) -> None:
    schema = tool_schema({"a": optional, "b": int})
    assert schema["required"] == ["b"]
    assert schema["properties"]["a"]["type"] == ["integer", "null"]


@pytest.mark.parametrize(
    ("annotation", "schema"),
    [
        (Literal["a", "b"], {"type": "string", "enum": ["a", "b"]}),
        (Literal["a", 1], {"enum": ["a", 1]}),
        (Literal[Color.RED], {"type": "string", "enum": ["red"]}),
        (Color, {"type": "string", "enum": ["red", "blue"]}),
        (tuple[int], {"type": "array", "prefixItems": [{"type": "integer"}], "minItems": 1, "maxItems": 1}),
        (tuple[int, ...], {"type": "array", "items": {"type": "integer"}}),
        (tuple, {"type": "array"}),
        (set[int], {"type": "array", "items": {"type": "integer"}, "uniqueItems": True}),
        (frozenset, {"type": "array", "uniqueItems": True}),
        (Sequence[int], {"type": "array", "items": {"type": "integer"}}),
        (Mapping[str, int], {"type": "object"}),
        (Any, {}),
        (object, {}),
        (None, {"type": "null"}),
        (UserId, {"type": "integer"}),
        (datetime.datetime, {"type": "string", "format": "date-time"}),
        (uuid.UUID, {"type": "string", "format": "uuid"}),
        ({"type": "integer", "minimum": 3}, {"type": "integer", "minimum": 3}),
        (Annotated[int, pydantic.Field(description="how many")], {"type": "integer", "description": "how many"}),
    ],
    ids=repr,
)  # fmt: skip
@pytest.mark.requirement("B22", "tool-schemas")
def test_a_type_that_they_call_a_string_has_its_own_schema(annotation: Any, schema: Any) -> None:
    assert parameter(annotation) == schema


@pytest.mark.parametrize(
    ("annotation", "schema"),
    [
        (Literal["a"] | None, {"type": ["string", "null"], "enum": ["a", None]}),
        (Literal["a", 1] | None, {"enum": ["a", 1, None]}),
        (int | str | None, {"anyOf": [{"type": "integer"}, {"type": "string"}, {"type": "null"}]}),
        (list[int] | None, {"type": ["array", "null"], "items": {"type": "integer"}}),
        (Any | None, {}),
    ],
    ids=repr,
)
def test_null_is_allowed_in_every_shape_of_schema(annotation: Any, schema: Any) -> None:
    assert parameter(annotation) == schema


def test_an_enum_whose_values_are_not_json_is_known_by_its_names() -> None:
    class Shape(enum.Enum):
        POINT = (0, 0)
        LINE = (0, 1)

    assert parameter(Shape) == {"type": "string", "enum": ["POINT", "LINE"]}


# --- dicts that are JSON Schema (known-defects B21) ---


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"x": {"type": "integer"}}, "additionalProperties": False},
        {"type": "object"},
        {"type": "object", "required": ["type"], "minProperties": 1},
    ],
    ids=repr,
)
@pytest.mark.requirement("B21", "tool-schemas")
def test_json_schema_is_used_verbatim(schema: dict[str, Any]) -> None:
    assert tool_schema(schema) == schema


@pytest.mark.parametrize(
    "schema",
    [
        {"anyOf": [{"required": ["a"]}, {"required": ["b"]}]},
        {"$ref": "#/$defs/A", "$defs": {"A": {"type": "object"}}},
        {"properties": {}},
        {"enum": [{}]},
        {"const": {}},
        {"additionalProperties": False},
        {"type": ["object", "null"]},
    ],
    ids=repr,
)
def test_json_schema_gets_the_type_object_that_clients_insist_on(schema: dict[str, Any]) -> None:
    assert tool_schema(schema) == {**schema, "type": "object"}


@pytest.mark.parametrize("name", ["type", "properties", "anyOf", "enum", "const", "required", "$ref"])
@pytest.mark.parametrize("annotation", [str, list[int], int | None, Color, Place], ids=repr)
@pytest.mark.requirement("B21")
def test_a_parameter_may_be_named_like_a_keyword(name: str, annotation: Any) -> None:
    assert not is_json_schema({name: annotation})
    assert list(tool_schema({name: annotation})["properties"]) == [name]


def test_json_schema_with_a_python_type_in_it_is_refused() -> None:
    with pytest.raises(TypeError, match="is JSON Schema, but not all of it is JSON"):
        tool_schema({"type": "object", "properties": {"a": {"type": int}}})


# --- TypedDict ---


@pytest.mark.requirement("tool-schemas")
def test_a_typed_dict_says_itself_what_is_required_though_annotations_are_postponed() -> None:
    assert tool_schema(Place)["required"] == ["city"]


def test_a_typed_dict_in_which_nothing_is_required_does_not_mention_it() -> None:
    class Loose(TypedDict, total=False):
        a: int

    assert tool_schema(Loose) == {"type": "object", "properties": {"a": {"type": "integer"}}}


def test_a_recursive_typed_dict_refers_to_itself() -> None:
    schema = tool_schema(Chain)
    assert schema["properties"]["rest"] == {"$ref": "#/$defs/Chain"}
    jsonschema.validate({"value": 1, "rest": {"value": 2}}, schema)
    with pytest.raises(jsonschema.ValidationError, match="'value' is a required property"):
        jsonschema.validate({"value": 1, "rest": {}}, schema)


# --- dataclasses ---


@pytest.mark.requirement("tool-schemas")
def test_a_dataclass_shows_its_init_fields_with_defaults() -> None:
    assert tool_schema(Order) == {
        "type": "object",
        "properties": {
            "item": {"type": "string"},
            "count": {"type": "integer", "default": 1},
            "notes": {"type": "array", "items": {"type": "string"}},
            "color": {"type": "string", "enum": ["red", "blue"], "default": "red"},
            "size": {"type": "number", "default": 1.0, "description": "in metres"},
        },
        "required": ["item"],
        "additionalProperties": False,
    }


def test_a_recursive_dataclass_refers_to_itself() -> None:
    schema = tool_schema(Tree)
    assert schema["type"] == "object"
    jsonschema.validate({"label": "a", "children": [{"label": "b", "children": []}]}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"label": "a", "children": [{"children": []}]}, schema)


def test_a_dataclass_within_a_dict_is_a_nested_object() -> None:
    assert parameter(list[Order])["items"]["required"] == ["item"]


def test_a_generic_dataclass_is_read_without_its_arguments() -> None:
    @dataclasses.dataclass
    class Box(Generic[T]):
        content: T

    assert tool_schema(Box[int])["properties"] == {"content": {}}


# --- pydantic ---


@pytest.mark.requirement("B22", "tool-schemas")
def test_a_pydantic_model_describes_itself() -> None:
    assert tool_schema(Point) == Point.model_json_schema()


def test_the_definitions_of_a_nested_pydantic_model_stand_at_the_top() -> None:
    schema = tool_schema({"path": Path, "points": list[Point]})
    jsonschema.validate({"path": {"points": [{"x": 1}]}, "points": [{"x": 2}]}, schema)
    with pytest.raises(jsonschema.ValidationError, match="'x' is a required property"):
        jsonschema.validate({"path": {"points": [{}]}, "points": []}, schema)


def test_a_recursive_pydantic_model_is_an_object_at_the_top() -> None:
    schema = tool_schema(Node)
    assert schema["type"] == "object"
    jsonschema.validate({"name": "a", "below": [{"name": "b"}]}, schema)


def test_two_pydantic_models_of_one_name_do_not_mix() -> None:
    first = pydantic.create_model("Twin", a=(Point, ...))
    other_point = pydantic.create_model("Point", z=(int, ...))
    second = pydantic.create_model("Twin", b=(other_point, ...))
    schema = tool_schema({"first": first, "second": second})
    jsonschema.validate({"first": {"a": {"x": 1}}, "second": {"b": {"z": 1}}}, schema)
    with pytest.raises(jsonschema.ValidationError, match="'z' is a required property"):
        jsonschema.validate({"first": {"a": {"x": 1}}, "second": {"b": {"x": 1}}}, schema)


def test_a_pydantic_model_that_is_no_object_cannot_be_the_input() -> None:
    with pytest.raises(TypeError, match="does not describe an object"):
        tool_schema(pydantic.RootModel[list[int]])


def test_of_another_class_nothing_is_known() -> None:
    assert tool_schema(complex) == {"type": "object", "properties": {}}


# --- signatures ---


@pytest.mark.requirement("tool-schemas")
def test_a_signature_shows_parameters_defaults_and_what_is_required() -> None:
    def book(seat: Annotated[int, "number"], color: Color = Color.BLUE, *, note: str | None = None) -> None: ...

    schema, annotations = signature_schema(book)
    assert schema == {
        "type": "object",
        "properties": {
            "seat": {"type": "integer", "description": "number"},
            "color": {"type": "string", "enum": ["red", "blue"], "default": "blue"},
            "note": {"type": ["string", "null"], "default": None},
        },
        "required": ["seat"],
        "additionalProperties": False,
    }
    assert list(annotations) == ["seat", "color", "note"]


def test_a_parameter_without_annotation_takes_anything() -> None:
    def echo(value):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        return value

    assert signature_schema(echo)[0]["properties"] == {"value": {}}


def test_a_default_that_is_not_json_makes_optional_but_is_not_shown() -> None:
    def wait(until: datetime.date = datetime.date(2026, 1, 1)) -> None: ...

    schema, _ = signature_schema(wait)
    assert schema["properties"] == {"until": {"type": "string", "format": "date"}}
    assert schema["required"] == []


def test_the_values_of_a_dict_are_described_in_a_signature() -> None:
    def tally(counts: dict[str, int]) -> None: ...

    assert signature_schema(tally)[0]["properties"]["counts"] == {
        "type": "object",
        "additionalProperties": {"type": "integer"},
    }


def test_further_keywords_are_allowed_where_the_function_takes_them() -> None:
    def log(**fields: Any) -> None: ...

    assert signature_schema(log)[0] == {"type": "object", "properties": {}, "required": []}


def test_what_a_function_returns_need_not_be_importable() -> None:
    def measure(length: float) -> NotImported: ...  # type: ignore[name-defined]  # noqa: F821

    assert signature_schema(measure)[0]["required"] == ["length"]


def test_a_local_class_is_found_where_the_function_stands() -> None:
    @dataclasses.dataclass
    class Local:
        a: int

    def use(it: Local) -> None: ...

    assert signature_schema(use, locals())[0]["properties"]["it"]["required"] == ["a"]


def test_a_name_that_is_not_found_is_an_error_that_says_what_to_do() -> None:
    def use(it: Missing) -> None: ...  # type: ignore[name-defined]  # noqa: F821

    with pytest.raises(TypeError, match=r"annotations of .*use cannot be resolved.*'Missing'.*at module level"):
        signature_schema(use)


def test_a_type_without_json_form_is_an_error_that_names_the_parameter() -> None:
    def use(connection: complex) -> None: ...

    with pytest.raises(TypeError, match=r"parameter 'connection': .*complex.* has no JSON Schema"):
        signature_schema(use)


def test_a_parameter_that_has_no_keyword_is_an_error() -> None:
    def positional(a: int, /) -> None: ...
    def starred(*a: int) -> None: ...

    for function in (positional, starred):
        with pytest.raises(TypeError, match="parameter 'a' cannot be given by keyword"):
            signature_schema(function)


# --- all together ---

_annotations = st.recursive(
    st.sampled_from(
        [str, int, float, bool, Any, None, Color, Literal["x", 2], Place, Order, Point, Tree, Node, uuid.UUID]
    ),
    lambda inner: st.one_of(
        inner.map(lambda t: list[t]),  # type: ignore[valid-type]
        inner.map(lambda t: tuple[t, t]),  # type: ignore[valid-type]
        inner.map(lambda t: dict[str, t]),  # type: ignore[valid-type]
        inner.map(lambda t: Optional[t]),  # noqa: UP045
        inner.map(lambda t: Annotated[t, "described"]),
    ),
    max_leaves=4,
)


@given(st.dictionaries(st.text(min_size=1, max_size=5), _annotations, max_size=4))
def test_whatever_the_types_the_schema_is_valid(parameters: dict[str, Any]) -> None:
    if is_json_schema(parameters):
        return
    schema = tool_schema(parameters)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["type"] == "object"
    assert schema["properties"].keys() == parameters.keys()
    # Every reference leads somewhere: an unresolvable one raises here.
    arguments = {name: {"below": [1], "children": [2]} for name in parameters}
    list(jsonschema.Draft202012Validator(schema).iter_errors(arguments))


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type statements came with Python 3.12")
def test_an_alias_stands_for_what_it_means() -> None:
    namespace: dict[str, Any] = {}
    exec("type Count = int", namespace)
    assert parameter(namespace["Count"]) == {"type": "integer"}
