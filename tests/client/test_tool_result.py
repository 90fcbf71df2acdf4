"""What the CLI is sent for what a tool returned."""

from __future__ import annotations

import dataclasses
import datetime
import enum
import json
import logging
from types import SimpleNamespace
from typing import Any

import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_code_sdk._tool_result import ToolResultError, error_result, to_result
from claude_code_sdk.blocks import TextBlock


class Level(enum.Enum):
    HIGH = "high"


@dataclasses.dataclass
class Reading:
    value: float
    level: Level


class Report(pydantic.BaseModel):
    title: str
    day: datetime.date
    author: str | None = None


def text(content: str) -> dict[str, Any]:
    return {"type": "text", "text": content}


def content(returned: Any) -> Any:
    """The content of a result that is no error."""
    result = to_result(returned, "it")
    assert result.keys() == {"content", "isError"}
    assert result["isError"] is False
    return result["content"]


def only_text(returned: Any) -> str:
    (block,) = content(returned)
    assert block.keys() == {"type", "text"}
    return str(block["text"])


# --- what the existing SDKs send ---


def test_a_result_dict_gives_its_blocks() -> None:
    assert content({"content": [text("one"), text("two")]}) == [text("one"), text("two")]


def test_an_image_is_sent_as_it_is() -> None:
    image = {"type": "image", "data": "aGk=", "mimeType": "image/png"}
    assert content({"content": [image]}) == [image]


@pytest.mark.parametrize(
    ("link", "sent"),
    [
        ({"name": "note", "uri": "file:///n", "description": "a note"}, "note\nfile:///n\na note"),
        ({"uri": "file:///n"}, "file:///n"),
        ({}, "Resource link"),
    ],
)
def test_a_resource_link_becomes_text(link: dict[str, str], sent: str) -> None:
    assert content({"content": [{"type": "resource_link", **link}]}) == [text(sent)]


def test_a_text_resource_becomes_its_text() -> None:
    resource = {"uri": "file:///x", "mimeType": "text/plain", "text": "embedded"}
    assert content({"content": [{"type": "resource", "resource": resource}]}) == [text("embedded")]


@pytest.mark.parametrize("key", ["is_error", "isError"])
@pytest.mark.parametrize("failed", [True, False])
def test_a_tool_says_that_it_failed_in_either_spelling(key: str, failed: bool) -> None:
    assert to_result({"content": [text("no")], key: failed}, "it") == {"content": [text("no")], "isError": failed}


@pytest.mark.parametrize("returned", [{}, {"content": []}, {"content": None}, None, []])
def test_nothing_returned_is_an_empty_result(returned: Any) -> None:
    assert content(returned) == []


# --- what they answer with an error of Python (known-defects B23) ---


@pytest.mark.parametrize(
    "returned", ["hello", {"content": "hello"}, ["hello"], text("hello"), [text("hello")]], ids=repr
)
@pytest.mark.requirement("B23", "tool-functions")
def test_a_str_a_block_and_a_list_of_them_are_content(returned: Any) -> None:
    assert content(returned) == [text("hello")]


def test_blocks_and_strs_may_be_mixed() -> None:
    assert content(("one", text("two"), TextBlock(text="three"))) == [text("one"), text("two"), text("three")]


def test_our_own_text_block_is_a_block() -> None:
    assert content(TextBlock(text="hello")) == [text("hello")]


@pytest.mark.parametrize(
    ("returned", "data"),
    [
        ({"temperature": 21.5, "unit": "°C"}, {"temperature": 21.5, "unit": "°C"}),
        ({"title": "a", "content": "b"}, {"title": "a", "content": "b"}),
        ([1, 2, 3], [1, 2, 3]),
        ([{"id": 1}, {"id": 2}], [{"id": 1}, {"id": 2}]),
        (42, 42),
        (True, True),
        (Level.HIGH, "high"),
        (Reading(1.5, Level.HIGH), {"value": 1.5, "level": "high"}),
        (Report(title="t", day=datetime.date(2026, 1, 2)), {"title": "t", "day": "2026-01-02", "author": None}),
        ({"readings": [Reading(1.0, Level.HIGH)]}, {"readings": [{"value": 1.0, "level": "high"}]}),
        ({"days": {datetime.date(2026, 1, 2)}}, {"days": ["2026-01-02"]}),
    ],
    ids=repr,
)
@pytest.mark.requirement("B23", "tool-functions")
def test_data_becomes_json_text(returned: Any, data: Any) -> None:
    sent = only_text(returned)
    assert (sent if data == "high" else json.loads(sent)) == data


def test_json_text_is_readable_in_every_script() -> None:
    assert only_text({"greeting": "你好"}) == '{"greeting": "你好"}'


@given(
    st.dictionaries(st.text(min_size=1), st.none() | st.integers() | st.text() | st.lists(st.booleans()), min_size=1)
)
def test_no_data_is_lost(data: dict[str, Any]) -> None:
    known = {"content", "is_error", "isError", "structuredContent", "_meta", "resultType", "type"}
    if not data.keys() & known:
        assert json.loads(only_text(data)) == data


@given(st.text())
def test_text_is_sent_to_the_letter(returned: str) -> None:
    assert only_text(returned) == returned


# --- what they drop ---


def test_audio_is_sent_as_it_is() -> None:
    audio = {"type": "audio", "data": "aGk=", "mimeType": "audio/wav"}
    assert content(audio) == [audio]


def test_a_binary_resource_is_sent_as_it_is() -> None:
    block = {"type": "resource", "resource": {"uri": "file:///x", "mimeType": "image/png", "blob": "aGk="}}
    assert content([block]) == [block]


def test_a_block_of_unknown_type_becomes_json_text() -> None:
    block = {"type": "video", "url": "http://localhost/v"}
    assert json.loads(only_text({"content": [block]})) == block


def test_structured_content_and_meta_go_along() -> None:
    returned = {"content": [], "structuredContent": {"level": Level.HIGH}, "_meta": {"a": 1}}
    assert to_result(returned, "it") == {
        "content": [],
        "isError": False,
        "structuredContent": {"level": "high"},
        "_meta": {"a": 1},
    }


def test_annotations_of_a_block_go_along() -> None:
    block = {**text("hello"), "annotations": {"audience": ["user"]}, "_meta": {"a": 1}, "cache_control": {}}
    assert content([block]) == [{**text("hello"), "annotations": {"audience": ["user"]}, "_meta": {"a": 1}}]


def test_keys_that_mean_nothing_in_a_result_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="claude_code_sdk.mcp"):
        assert content({"content": [text("a")], "debug": object()}) == [text("a")]
    assert "tool 'it': its result has keys that MCP does not know; not sent: ['debug']" in caplog.text


# --- other shapes of the same ---


def test_bytes_of_media_are_encoded() -> None:
    assert content({"type": "image", "data": b"hi", "mime_type": "image/png"}) == [
        {"type": "image", "data": "aGk=", "mimeType": "image/png"}
    ]


def test_an_image_may_be_written_as_the_messages_api_does() -> None:
    source = {"type": "base64", "media_type": "image/png", "data": "aGk="}
    assert content({"type": "image", "source": source}) == [{"type": "image", "data": "aGk=", "mimeType": "image/png"}]


def test_objects_of_mcp_count_as_what_they_are() -> None:
    types: Any = pytest.importorskip("mcp.types")
    block = types.TextContent(type="text", text="hello")
    assert content(block) == [text("hello")]
    assert content([block]) == [text("hello")]
    assert to_result(types.CallToolResult(content=[block], isError=True), "it") == {
        "content": [text("hello")],
        "isError": True,
    }


def test_a_text_that_is_no_str_becomes_json_text() -> None:
    assert content({"content": [{"type": "text", "text": {"a": 1}}]}) == [text('{"a": 1}')]


# --- what cannot be sent ---


@pytest.mark.parametrize(
    ("returned", "complaint"),
    [
        pytest.param(object(), r"a tool cannot return 'object': return a str, content blocks,", id="object()"),
        (b"raw", r"a tool cannot return 'bytes'"),
        ({"a": SimpleNamespace()}, r"a tool cannot return 'SimpleNamespace'"),
        ({("a", "b"): 1}, r"cannot be written as JSON: keys must be str"),
        ({"content": [{"type": "text"}]}, r"block of type 'text' needs 'text'; this one has \['type'\]"),
        ({"type": "image", "data": "aGk="}, r"block of type 'image' needs 'mimeType'; this one has \['data', 'type'\]"),
        (
            {"type": "resource", "resource": {"uri": "x"}},
            r"block of type 'resource' needs 'blob'; this one has \['uri'\]",
        ),
    ],
    ids=repr,
)
def test_the_error_says_what_is_wrong_with_it(returned: Any, complaint: str) -> None:
    with pytest.raises(ToolResultError, match=complaint):
        to_result(returned, "it")


def test_data_that_contains_itself_is_an_error() -> None:
    data: dict[str, Any] = {}
    data["self"] = data
    with pytest.raises(ToolResultError, match="cannot be written as JSON: Circular reference"):
        to_result(data, "it")


def test_an_error_result_is_text_for_the_model() -> None:
    assert error_result("no") == {"content": [text("no")], "isError": True}
