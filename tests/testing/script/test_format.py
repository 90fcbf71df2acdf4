"""The JSON form: what is refused, where, and that the published schema says the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from claude_code_sdk.testing import Script, ScriptFormatError
from claude_code_sdk.testing.script.format import check, schema

PUBLISHED = Path(__file__).parents[3] / "docs" / "reference" / "script.schema.json"
SCHEMA = Draft202012Validator(json.loads(PUBLISHED.read_text()))


def problem(value: Any) -> str:
    with pytest.raises(ScriptFormatError) as caught:
        Script.from_json(value)
    return str(caught.value)


def turn(value: Any) -> dict[str, Any]:
    return {"script": 1, "turns": [[], [], value]}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([], "$: expected a script, not []"),
        ({}, '$: a script needs the key "script"'),
        ({"script": 2}, "$.script: expected 1, not 2"),
        ({"script": True}, "$.script: expected 1, not true"),
        (
            {"script": 1, "turn": []},
            "$.turn: a script has no such key; it has script, turns, aux, main_without_tools, tools, directory",
        ),
        (turn("hello"), '$.turns[2]: expected a list of content blocks or a turn, not "hello"'),
        (turn(["hello"]), '$.turns[2][0]: expected a content block, not "hello"'),
        (turn([{"text": "x"}]), '$.turns[2][0]: a content block needs the key "type"'),
        (turn([{"type": 3}]), "$.turns[2][0].type: expected a string, not 3"),
        (turn({"content": [{"type": "text"}]}), '$.turns[2].content[0]: a text block needs the key "text"'),
        (
            turn([{"type": "tool_use", "name": "Bash"}]),
            "$.turns[2][0]: a tool_use block needs one of the keys raw_input, input",
        ),
        (
            turn([{"type": "tool_use", "name": "Bash", "input": "ls"}]),
            '$.turns[2][0].input: expected an object, not "ls"',
        ),
        (turn({"delay": -1}), "$.turns[2].delay: expected a number of seconds, 0 or more, not -1"),
        (turn({"delay": float("nan")}), "$.turns[2].delay: expected a number of seconds, 0 or more, not NaN"),
        (
            turn({"error": {"status": 200}}),
            "$.turns[2].error.status: expected an HTTP status from 400 to 599, not 200",
        ),
        (turn({"headers": {"retry after": []}}), '$.turns[2].headers["retry after"]: expected a string or a number'),
        (
            {"script": 1, "tool_results": {"toolu_1": {"content": 1}}},
            "$.tool_results.toolu_1.content: expected a string or a list of content blocks, not 1",
        ),
        (
            {"script": 1, "tool_results": {"toolu_1": {"content": "", "function": "a:b"}}},
            "$.tool_results.toolu_1: a result has only one of the keys function and content",
        ),
        (
            {"script": 1, "answers": [{"tool": "Bash", "function": "no colon"}]},
            '$.answers[0].function: expected a function as MODULE:QUALNAME, not "no colon"',
        ),
        (
            {"script": 1, "answers": [{"tool": "Bash", "matching": {"command": {"$regex": "("}}}]},
            "$.answers[0].matching.command.$regex: no regular expression",
        ),
        ({"script": 1, "expect": [{}]}, "$.expect[0]: an expectation needs one of the keys prompt, control, answer"),
        (
            {"script": 1, "faults": [{"after": {"type": "result"}, "torn": 3}]},
            "$.faults[0].after: a torn line has no such key; it has instead, nth, every, process, torn",
        ),
        ({"script": 1, "faults": [{"exit": 1}]}, "$.faults[0]: an exit needs one of the keys after, before, instead"),
    ],
)
def test_a_wrong_script_is_refused_with_the_path_of_the_fault(value: Any, text: str) -> None:
    assert problem(value).replace('["$regex"]', ".$regex").startswith(text)


def test_a_file_that_is_no_json_is_refused_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "script.json"
    path.write_text('{"script": 1,\n "turns": [}')
    with pytest.raises(ScriptFormatError, match=r"^\$: no JSON: .* line 2 column 12"):
        Script.load(path)


def test_a_file_that_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Script.load(tmp_path / "none.json")


def test_the_published_schema_is_the_one_of_the_checker() -> None:
    assert json.loads(PUBLISHED.read_text()) == schema(), "write it again: python -m tests.testing.script.publish"


def test_the_published_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA.schema)


# What the checker accepts the schema accepts, and what it refuses the schema refuses

SCALARS = st.none() | st.booleans() | st.integers(-5, 600) | st.text(max_size=5) | st.floats(0.1, 0.9)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2)
)
OBJECTS = st.dictionaries(st.text(max_size=4), JSON, max_size=2)
SECONDS = st.integers(0, 9) | st.floats(0.1, 9.9)
WORDS = st.text(max_size=5)
PATTERNS = (
    JSON
    | st.fixed_dictionaries({"$regex": st.sampled_from(["a+", "^x"])})
    | st.fixed_dictionaries({"$contains": WORDS})
    | st.just({"$any": True})
)
FRAMES = st.dictionaries(st.sampled_from(["type", "subtype", "$schema"]), WORDS, max_size=2)
BLOCKS = st.one_of(
    st.fixed_dictionaries({"type": st.just("text"), "text": WORDS}),
    st.fixed_dictionaries({"type": st.just("thinking"), "thinking": WORDS}, optional={"signature": WORDS}),
    st.fixed_dictionaries({"type": st.just("tool_use"), "name": WORDS, "input": OBJECTS}, optional={"id": WORDS}),
    st.fixed_dictionaries({"type": st.just("tool_use"), "name": WORDS, "raw_input": WORDS}),
    st.fixed_dictionaries({"type": st.just("sleep"), "seconds": SECONDS}),
    st.fixed_dictionaries({"type": st.just("redacted_thinking"), "data": WORDS}),
)
CONTENT = st.lists(BLOCKS, max_size=2)
ERRORS = st.fixed_dictionaries(
    {"status": st.sampled_from([400, 429, 529])},
    optional={"type": WORDS, "message": WORDS, "headers": st.dictionaries(WORDS, WORDS | SECONDS, max_size=1)},
)
TURNS = CONTENT | st.fixed_dictionaries(
    {},
    optional={
        "content": CONTENT,
        "stop_reason": st.none() | WORDS,
        "stop_details": OBJECTS,
        "usage": OBJECTS,
        "model": WORDS,
        "delay": SECONDS,
        "chunk": st.none() | st.integers(1, 9),
        "error": st.none() | ERRORS,
        "stream_error": OBJECTS,
        "drop": st.booleans(),
        "match": WORDS,
        "repeat": st.booleans(),
    },
)
RESULTS = st.fixed_dictionaries(
    {}, optional={"content": WORDS | CONTENT, "is_error": st.booleans(), "tool_use_result": JSON}
)
FUNCTIONS = st.just({"function": "package.module:name.inner"})
ANSWERS = st.builds(
    lambda tool, more, result: {"tool": tool, **more, **result},
    PATTERNS,
    st.fixed_dictionaries({}, optional={"matching": PATTERNS}),
    RESULTS | FUNCTIONS,
)
EXPECTATIONS = st.one_of(
    st.fixed_dictionaries({"prompt": PATTERNS}),
    st.fixed_dictionaries({"control": WORDS}, optional={"body": PATTERNS}),
    st.fixed_dictionaries({"answer": WORDS}, optional={"request": PATTERNS, "payload": PATTERNS, "error": PATTERNS}),
)
FAULTS = st.one_of(
    st.fixed_dictionaries(
        {"after": st.integers(0, 5) | FRAMES, "exit": st.integers(-9, 9)}, optional={"stderr": WORDS}
    ),
    st.fixed_dictionaries({"before": FRAMES, "stderr": st.lists(WORDS, max_size=2), "nth": st.integers(1, 3)}),
    st.fixed_dictionaries({"instead": FRAMES, "line": WORDS, "every": st.just(True)}),
    st.fixed_dictionaries({"instead": FRAMES, "torn": st.integers(0, 9)}),
    st.fixed_dictionaries({"instead": FRAMES, "oversize": st.integers(1, 9)}),
    st.fixed_dictionaries({"instead": FRAMES, "lost": st.just(True)}),
    st.fixed_dictionaries({"instead": FRAMES, "late": SECONDS}),
    st.fixed_dictionaries({"after": FRAMES, "withdraw": st.just(True)}),
    st.fixed_dictionaries({"after": FRAMES, "repeated": st.integers(1, 3)}),
    st.fixed_dictionaries({"slow_exit": SECONDS}, optional={"process": st.integers(1, 3)}),
    st.fixed_dictionaries({"ignore_signals": st.lists(st.sampled_from(["SIGTERM", "SIGINT"]), max_size=2)}),
)
SCRIPTS = st.fixed_dictionaries(
    {"script": st.just(1), "turns": st.lists(TURNS, max_size=2)},
    optional={
        "aux": st.none() | TURNS,
        "main_without_tools": st.booleans(),
        "tool_results": st.dictionaries(WORDS, RESULTS | FUNCTIONS, max_size=2),
        "answers": st.lists(ANSWERS, max_size=2),
        "command_hooks": st.lists(
            st.fixed_dictionaries(
                {"command": PATTERNS}, optional={"matching": OBJECTS, "stdout": WORDS, "exit_code": st.integers(0, 3)}
            ),
            max_size=1,
        ),
        "mcp_servers": st.dictionaries(
            WORDS,
            st.fixed_dictionaries(
                {},
                optional={
                    "tools": st.lists(st.fixed_dictionaries({"name": WORDS, "inputSchema": OBJECTS}), max_size=1),
                    "info": OBJECTS,
                    "status": st.sampled_from(["connected", "failed"]),
                    "error": WORDS,
                    "delay": SECONDS,
                },
            ),
            max_size=1,
        ),
        "expect": st.lists(EXPECTATIONS, max_size=2),
        "faults": st.lists(FAULTS, max_size=2),
    },
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container in a value with each of its keys."""
    items: list[Any] = list(value.items()) if isinstance(value, dict) else []
    items = list(enumerate(value)) if isinstance(value, list) else items
    return [(value, key) for key, _ in items] + [place for _, member in items for place in places(member)]


@st.composite
def mutations(draw: st.DrawFn) -> Any:
    """A script in which something was taken out, replaced or added somewhere."""
    value = json.loads(json.dumps(draw(SCRIPTS)))
    container, key = draw(st.sampled_from(places(value)))
    how = draw(st.sampled_from(["out", "other", "more"]))
    if how == "out":
        del container[key]
    elif how == "other" or isinstance(container, list):
        container[key] = draw(JSON)
    else:
        container[draw(st.sampled_from(["id", "text", "exit", "function", "nth", "after", "error", "surplus"]))] = draw(
            JSON
        )
    return value


@given(SCRIPTS)
@settings(deadline=None)
def test_the_schema_accepts_what_the_checker_accepts(value: Any) -> None:
    check(value)
    assert [error.message for error in SCHEMA.iter_errors(value)] == []


@given(mutations())
@settings(deadline=None, max_examples=200)
def test_the_schema_and_the_checker_agree_about_mutations(value: Any) -> None:
    try:
        check(value)
        refused = ""
    except ScriptFormatError as error:
        refused = str(error)
    if "no regular expression" not in refused:  # which is more than a schema can say
        assert SCHEMA.is_valid(value) is not bool(refused), refused


@given(SCRIPTS)
@settings(deadline=None)
def test_a_script_says_the_same_after_a_round_trip(value: Any) -> None:
    once = Script.from_json(value).to_json()
    assert Script.from_json(json.loads(json.dumps(once))).to_json() == once
