"""A file of recorded HTTP as its text: secrets by their lines, taken out in place, and damage that is named."""

from __future__ import annotations

import re
from base64 import b64encode, encodebytes
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vcr.request import Request
from vcr.serialize import deserialize, serialize
from vcr.serializers import yamlserializer

from claude_code_sdk.cassettes.secrets import Rule
from claude_code_sdk.errors import CassetteError
from claude_code_sdk.testing import ToolHttp
from claude_code_sdk.testing.http_file import HttpFile

TICKET = Rule("ticket", r"TICKET-(?P<secret>[0-9]{6})", literals=["ticket-"])

FILE = """\
# recorded by hand: ünï 🙂
interactions:
- request:
    body: BODY
    headers:
      accept:
      - '*/*'
    method: POST
    uri: https://api.example.com/v1?city=Oslo
  response:
    body:
      string: '{"weather": "rain"}'
    headers:
      content-length:
      - '19'
      content-type: [application/json]
    status:
      code: 200
      message: OK
version: 1
"""


def opened(text: str) -> HttpFile:
    return HttpFile(text.encode(), "a.http.yaml")


def found(text: str) -> list[str]:
    return [str(finding) for finding in opened(text).findings(rules=[TICKET])]


def scrubbed(text: str) -> str:
    return opened(text).scrubbed(rules=[TICKET])[0].decode()


def with_body(body: str) -> str:
    return FILE.replace("BODY", body)


WRITINGS = {
    "plain": ("see TICKET-123456 now", "see TICKET-REDACTED1 now"),
    "single": ("'it''s TICKET-123456'", "'it''s TICKET-REDACTED1'"),
    "double": ('"tab\\tTICKET-123456 \\u263a"', '"tab\\tTICKET-REDACTED1 \\u263a"'),
    "folded": ("'one\n\n      two TICKET-123456'", "'one\n\n      two TICKET-REDACTED1'"),
    "literal": ("|\n      one\n      TICKET-123456", "|\n      one\n      TICKET-REDACTED1"),
    "folded block": (">-\n      one\n      TICKET-123456", ">-\n      one\n      TICKET-REDACTED1"),
    "anchored": ("&id001 TICKET-123456", "&id001 TICKET-REDACTED1"),
    "json": ('\'{"a": "TICKET-123456"}\'', '\'{"a": "TICKET-REDACTED1"}\''),
    "broken in two": ('"TICKET-123\\\n      456 now"', '"TICKET-REDACTED1 now"'),
    "flow": ("{a: TICKET-123456, b: [1, 'x']}", "{a: TICKET-REDACTED1, b: [1, 'x']}"),
    "as a name": ("{TICKET-123456: 1}", "{TICKET-REDACTED1: 1}"),
    "twice": ("TICKET-123456 TICKET-654321 TICKET-123456", "TICKET-REDACTED1 TICKET-REDACTED2 TICKET-REDACTED1"),
}


@pytest.mark.parametrize(("before", "after"), WRITINGS.values(), ids=list(WRITINGS))
def test_a_secret_is_taken_out_and_nothing_else_changes(before: str, after: str) -> None:
    assert scrubbed(with_body(before)) == with_body(after)
    assert found(with_body(after)) == []
    assert scrubbed(with_body(after)) == with_body(after)


@pytest.mark.parametrize(
    ("writing", "lines"),
    [
        ("plain", [4]),
        ("folded", [6]),
        ("literal", [6]),
        ("anchored", [4]),
        ("broken in two", [4]),
    ],
)
def test_a_secret_is_found_on_its_line(writing: str, lines: list[int]) -> None:
    assert found(with_body(WRITINGS[writing][0])) == [
        f"line {line}: interactions[0].request.body: ticket" for line in lines
    ]


def test_one_that_stands_on_two_lines_is_found_on_each() -> None:
    body = "'TICKET-123456\n\n      TICKET-123456'"
    assert found(with_body(body)) == [
        "line 4: interactions[0].request.body: ticket",
        "line 6: interactions[0].request.body: ticket",
    ]


def test_where_a_secret_is_names_the_part_of_the_request() -> None:
    text = with_body("''").replace("city=Oslo", "api_key=q8Zk2LmPx7Rt5Vw9Yb3N").replace("rain", "TICKET-123456")
    text = text.replace("    method", "      Authorization:\n      - Bearer q8Zk2LmPx7Rt5Vw9Yb3N\n    method")
    text = text.replace("message: OK", "message: TICKET-123456")
    assert found(text) == [
        "line 9: interactions[0].request.headers.Authorization[0]: header",
        "line 11: interactions[0].request.uri: member",
        "line 14: interactions[0].response.body.string: ticket",
        "line 21: interactions[0].response.status.message: ticket",
    ]
    assert "q8Zk2LmPx7Rt5Vw9Yb3N" not in scrubbed(text)
    assert "123456" not in scrubbed(text)


def test_the_same_secret_has_one_pseudonym_throughout_and_no_number_is_given_twice() -> None:
    text = with_body("TICKET-REDACTED1 TICKET-123456").replace("rain", "TICKET-123456")
    assert scrubbed(text).count("TICKET-REDACTED2") == 2


def test_a_length_that_a_response_has_said_is_that_of_what_is_left() -> None:
    text = with_body("''").replace("rain", "TICKET-123456")
    new, redacted = opened(text).scrubbed(rules=[TICKET])
    assert redacted == {"ticket": 1}
    assert new.decode() == text.replace("123456", "REDACTED1").replace("'19'", "'31'")
    assert len('{"weather": "TICKET-REDACTED1"}') == 31


@pytest.mark.parametrize("text", [with_body("''"), with_body("null").replace("19", "7")])
def test_without_a_secret_not_a_byte_changes(text: str) -> None:
    assert opened(text.replace("\n", "\r\n")).scrubbed() == (text.replace("\n", "\r\n").encode(), {})


def test_bytes_are_searched_and_stay_bytes() -> None:
    data = b"TICKET-123456 \xff\xfe" + bytes(60)
    there = "".join(f"\n      {line}" for line in encodebytes(data).decode().split())
    new = data.replace(b"123456", b"REDACTED1")
    after = "".join(f"\n      {line}" for line in encodebytes(new).decode().split())
    assert found(with_body(f"!!binary |{there}")) == ["line 4: interactions[0].request.body: ticket"]
    assert scrubbed(with_body(f"!!binary |{there}")) == with_body(f"!!binary |{after}")
    assert scrubbed(with_body(f'!!binary "{b64encode(data).decode()}"')) == with_body(
        f'!!binary "{b64encode(new).decode()}"'
    )


def test_values_of_the_environment_are_secrets_if_they_are_asked_for() -> None:
    text = with_body("open sesame")
    assert opened(text).findings() == []
    (finding,) = opened(text).findings(environment={"CAVE_PASSWORD": "open sesame"})
    assert finding.rule == "environment"


def test_the_interactions_as_they_stand_there() -> None:
    (one,) = opened(with_body("{a: 1, b: [x]}")).interactions
    assert (one.line, one.method, one.uri, one.body) == (
        3,
        "POST",
        "https://api.example.com/v1?city=Oslo",
        '{"a": "1", "b": ["x"]}',
    )
    assert (one.response_line, one.status, one.reason, one.response_body) == (10, "200", "OK", '{"weather": "rain"}')
    assert one.response_headers == {"content-length": ["19"], "content-type": ["application/json"]}


PIECES = [
    "a",
    " ",
    "\n",
    "\r\n",
    "\t",
    "'",
    '"',
    "\\",
    ":",
    "#",
    "- ",
    "é🙂",
    "\x85",
    "\u2028",
    "{",
    "%",
    "&",
    "*",
    "!",
    "|",
    "~",
]
PIECES += ["TICKET-123456", "TICKET-654321", "words words words words words", "null", "\x07"]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
BODIES = st.builds(lambda text, end: text.encode() + end, TEXTS, st.sampled_from([b"", b"\xff\xfe"]))


@settings(max_examples=60, deadline=None)
@given(bodies=st.lists(st.tuples(BODIES, BODIES, TEXTS), min_size=1, max_size=3))
def test_of_what_vcrpy_has_written_only_secrets_change(bodies: list[tuple[bytes, bytes, str]]) -> None:
    made = {
        "requests": [Request("POST", "https://api.example.com/TICKET-123456", body, {}) for body, _, _ in bodies],
        "responses": [
            {"status": {"code": 200, "message": "OK"}, "headers": {"x": [text]}, "body": {"string": body}}
            for _, body, text in bodies
        ],
    }
    new, redacted = HttpFile(serialize(made, yamlserializer).encode(), "a.http.yaml").scrubbed(rules=[TICKET])
    assert redacted["ticket"] in (1, 2)
    assert not re.search(rb"TICKET-[0-9]", new)
    requests, responses = deserialize(new.decode(), yamlserializer)

    def without(text: bytes | str | None) -> bytes:
        data = text.encode() if isinstance(text, str) else text or b""
        return re.sub(rb"TICKET-(?:REDACTED[12]|[0-9]{6})", b"TICKET", data)

    left = [
        (without(request.body), without(response["body"]["string"]), without(response["headers"]["x"][0]))
        for request, response in zip(requests, responses, strict=True)
    ]
    assert left == [(without(sent), without(got), without(text)) for sent, got, text in bodies]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", "1: damaged: the recorded HTTP is empty"),
        (b"\n\n", "1: damaged: the recorded HTTP is empty"),
        (b"a: b\nc: \xff\n", "2: damaged: the recorded HTTP is not UTF-8"),
        (b"a: b\nc: [\n", "3: damaged: the recorded HTTP is no YAML: did not find expected node content"),
        (b"- a\n", "1: damaged: there is no list of interactions in it, so it is no recorded HTTP"),
        (b"interactions: {}\n", "1: damaged: there is no list of interactions in it, so it is no recorded HTTP"),
        (b"interactions:\n- 1\n", "2: damaged: an interaction has no request with a method and a uri"),
    ],
)
def test_a_damaged_file_is_an_error_with_its_line(data: bytes, text: str) -> None:
    with pytest.raises(CassetteError) as damaged:
        HttpFile(data, "a.http.yaml")
    assert str(damaged.value) == f"a.http.yaml:{text}"


@pytest.mark.parametrize(
    "last", ["method: POST", "response:", "body:", "string: '{", "headers:\n      content", "status:"]
)
def test_a_file_that_ends_early_is_damaged(last: str) -> None:
    text = with_body("''")
    with pytest.raises(CassetteError, match=r"^a\.http\.yaml:\d+: damaged: "):
        opened(text[: text.rindex(last) + len(last)])


def test_an_anchor_of_itself_ends() -> None:
    text = with_body("&a [*a, TICKET-123456]")
    assert found(text) == ["line 4: interactions[0].request.body[1]: ticket"]


@pytest.mark.parametrize(("content", "why"), [("", "it is empty"), ("\n", "it is empty")])
def test_an_empty_file_is_not_taken_for_none_on_replay(tmp_path: Path, content: str, why: str) -> None:
    path = tmp_path / "a.http.yaml"
    path.write_text(content)
    with pytest.raises(CassetteError) as damaged, ToolHttp(path):
        pass
    assert str(damaged.value) == f"{path}: the recorded HTTP cannot be read: {why}"
