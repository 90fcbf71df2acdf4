"""--json-schema: the StructuredOutput tool, what it refuses, and the model that does not call it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import anyio
import pytest

from claude_code_sdk import ClaudeCodeOptions, ResultMessage, query
from claude_code_sdk.testing import Script, use_script

from .by_hand import ByHand, one, only

SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"], "additionalProperties": False}
FLAGS = ("--json-schema", json.dumps(SCHEMA))


def answers(number: int, **given: Any) -> list[dict[str, Any]]:
    return [{"type": "tool_use", "id": f"toolu_{number}", "name": "StructuredOutput", "input": given}]


def says(words: str) -> list[dict[str, Any]]:
    return [{"type": "text", "text": words}]


def play(folder: Path, *turns: Any) -> list[dict[str, Any]]:
    return ByHand(Script.from_json({"script": 1, "turns": list(turns)}), folder, *FLAGS).prompt("how many")


def test_a_good_answer_ends_the_turn_and_is_its_result(tmp_path: Path) -> None:
    result = one(play(tmp_path, answers(1, n=7)), "result")
    assert (result["structured_output"], result["result"], result["stop_reason"]) == ({"n": 7}, '{"n":7}', "tool_use")


def test_a_bad_answer_is_refused_with_all_that_is_wrong(tmp_path: Path) -> None:
    frames = play(tmp_path, answers(1, wrong=1), answers(2, n=7))
    (refused, _) = [frame["message"]["content"][0] for frame in only(frames, "user")]
    assert (refused["is_error"], refused["content"]) == (
        True,
        (
            "Output does not match required schema: root: must have required property 'n', "
            "root: must NOT have additional properties ('wrong' is not allowed)"
        ),
    )
    assert one(frames, "result")["structured_output"] == {"n": 7}


def test_after_five_bad_answers_the_turn_fails(tmp_path: Path) -> None:
    result = one(play(tmp_path, *[answers(number, n="x") for number in range(5)]), "result")
    assert (result["subtype"], result["terminal_reason"], result["num_turns"]) == (
        "error_max_structured_output_retries",
        "structured_output_retry_exhausted",
        6,
    )
    assert result["errors"] == [
        (
            "Failed to provide valid structured output after 5 attempts — last StructuredOutput error: "
            "Output does not match required schema: /n: must be integer"
        )
    ]


def test_a_model_that_answers_in_words_is_told_once_to_call_the_tool(tmp_path: Path) -> None:
    frames = play(tmp_path, says("Seven."), says("Seven!"))
    (told,) = [frame["message"]["content"][0]["text"] for frame in frames if frame.get("isSynthetic")]
    assert told.startswith("[structured-output-enforce] You MUST call the StructuredOutput tool")
    result = one(frames, "result")
    assert (result["result"], result["is_error"], "structured_output" in result) == ("Seven!", False, False)


def test_of_two_answers_in_a_message_the_last_counts(tmp_path: Path) -> None:
    result = one(play(tmp_path, answers(1, n=4) + answers(2, n=2)), "result")
    assert (result["structured_output"], result["num_turns"]) == ({"n": 2}, 3)


def test_each_turn_wants_an_answer_of_its_own(tmp_path: Path) -> None:
    script = Script.from_json({"script": 1, "turns": [answers(1, n=1), answers(2, n=2)]})
    cli = ByHand(script, tmp_path, *FLAGS)
    assert [one(cli.prompt(word), "result")["structured_output"] for word in ("one", "two")] == [{"n": 1}, {"n": 2}]


async def test_our_client_gets_the_structured_output() -> None:
    options = ClaudeCodeOptions(output_format={"type": "json_schema", "schema": SCHEMA})
    with use_script(Script.from_json({"script": 1, "turns": [answers(1, n=7)]})), anyio.fail_after(20):
        messages = [message async for message in query(prompt="how many", options=options)]
    result = messages[-1]
    assert isinstance(result, ResultMessage)
    assert result.structured_output == {"n": 7}


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ("{bad", "Error: --json-schema is not valid JSON:"),
        ("[]", "Error: --json-schema must be a JSON object"),
        ('{"type": "nope"}', "Error: --json-schema is not a valid JSON Schema: data/type must be equal to one of"),
        ('{"nope": 1}', 'Error: --json-schema is not a valid JSON Schema: strict mode: unknown keyword: "nope"'),
    ],
)
def test_a_schema_that_is_none_is_refused_at_the_start(tmp_path: Path, schema: str, said: str) -> None:
    cli = ByHand(Script(), tmp_path, "--json-schema", schema)
    cli.read()
    assert (cli.exit_code, cli.stderr[0].startswith(said)) == (1, True)
