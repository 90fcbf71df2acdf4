"""Prompts that come while a turn runs, prompts that carry a uuid, and prompts that are given back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from claude_code_sdk.testing import Script

from .by_hand import ByHand, one, only

STATES = {"CLAUDE_CODE_SDK_READS_SESSION_STATE": "1"}


def uuid(number: int) -> str:
    return f"{number:08d}-1111-4111-8111-111111111111"


def prompt(content: Any, number: int = 0) -> dict[str, Any]:
    frame = {"type": "user", "message": {"role": "user", "content": content}}
    return {**frame, "uuid": uuid(number)} if number else frame


def says(words: str, **more: Any) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": words}], **more}


CALL = [{"type": "tool_use", "id": "toolu_1", "name": "Read", "input": {"file_path": "/none"}}]


def session(folder: Path, *turns: Any, flags: tuple[str, ...] = ()) -> ByHand:
    return ByHand(Script.from_json({"script": 1, "turns": list(turns)}), folder, *flags, **STATES)


def lifecycle(frames: list[dict[str, Any]]) -> list[str]:
    """The states of prompts, and the results between them."""
    return [
        "result" if frame["type"] == "result" else f"{frame['state']} {int(frame['command_uuid'][:8])}"
        for frame in frames
        if frame["type"] in ("result", "command_lifecycle")
    ]


def test_three_prompts_at_once_are_two_turns(tmp_path: Path) -> None:
    cli = session(tmp_path, says("A."), says("B.", match="two"), says("spare"))
    frames = cli.send(prompt("one"), prompt("two"), prompt("three"))
    assert [result["result"] for result in only(frames, "result")] == ["A.", "B."]
    assert [frame["state"] for frame in only(frames, "session_state_changed")] == ["running", "idle"]


def test_prompts_join_a_turn_that_calls_the_model_again(tmp_path: Path) -> None:
    cli = session(tmp_path, CALL, says("Both.", match="and this"))
    frames = cli.send(prompt("one"), prompt("and this"))
    assert [result["result"] for result in only(frames, "result")] == ["Both."]


def test_a_command_waits_for_a_turn_of_its_own(tmp_path: Path) -> None:
    cli = session(tmp_path, CALL, says("All.", match="three"))
    frames = cli.send(prompt("one"), prompt("/cost"), prompt("three"))
    first, second = only(frames, "result")
    assert (first["result"], second["local_command"]) == ("All.", "cost")


def test_a_prompt_with_a_uuid_is_followed_from_the_queue_to_its_end(tmp_path: Path) -> None:
    frames = session(tmp_path, says("Hi.")).send(prompt("one", 1))
    assert lifecycle(frames) == ["queued 1", "started 1", "result", "completed 1"]
    assert one(frames, "init")["user_message_uuids"] == [uuid(1)]
    for kind in ("assistant", "result"):
        assert (one(frames, kind)["user_message_uuid"], one(frames, kind)["user_message_uuids"]) == (uuid(1), [uuid(1)])
    assert one(frames, "result")["first_request_input_tokens"] == 101


def test_only_the_first_answer_names_the_prompt(tmp_path: Path) -> None:
    frames = session(tmp_path, CALL, says("Hi.")).send(prompt("one", 1))
    assert ["user_message_uuid" in frame for frame in only(frames, "assistant")] == [True, False]


def test_prompts_that_join_a_turn_are_done_before_its_result(tmp_path: Path) -> None:
    frames = session(tmp_path, CALL, says("Both.")).send(prompt("one", 1), prompt("two", 2))
    assert lifecycle(frames) == [
        "queued 1",
        "started 1",
        "queued 2",
        "started 2",
        "completed 2",
        "result",
        "completed 1",
    ]
    result = one(frames, "result")
    assert (result["user_message_uuid"], result["user_message_uuids"]) == (uuid(1), [uuid(1), uuid(2)])


def test_a_uuid_that_came_before_is_not_taken_again(tmp_path: Path) -> None:
    frames = session(tmp_path, says("A."), says("B.")).send(prompt("one", 1), prompt("again", 1))
    assert lifecycle(frames) == ["queued 1", "started 1", "result", "completed 1"]


def test_an_interrupted_prompt_is_cancelled(tmp_path: Path) -> None:
    cli = session(tmp_path, says("Hi.", hang=60))
    frames = cli.send(prompt("one", 1), patient=False)
    frames += cli.request("interrupt")
    assert lifecycle(frames) == ["queued 1", "started 1", "result", "cancelled 1"]


def test_a_prompt_for_which_there_is_no_budget_is_cancelled_and_so_is_the_one_that_spent_it(tmp_path: Path) -> None:
    dear = says("Dear.", usage={"input_tokens": 30_000})
    cli = session(tmp_path, dear, flags=("--max-budget-usd", "0.1"))
    assert lifecycle(cli.send(prompt("one", 1))) == ["queued 1", "started 1", "result", "cancelled 1"]
    assert lifecycle(cli.send(prompt("two", 2))) == ["queued 2", "started 2", "result", "cancelled 2"]


def test_prompts_are_given_back_to_a_host_that_wants_them(tmp_path: Path) -> None:
    cli = session(tmp_path, CALL, says("Both."), flags=("--replay-user-messages",))
    blocks = [{"type": "text", "text": "two"}]
    frames = cli.send(prompt("one"), prompt(blocks, 2))
    replayed = [frame for frame in only(frames, "user") if frame.get("isReplay")]
    assert [frame["message"]["content"] for frame in replayed] == ["one", blocks]
    assert (replayed[0]["uuid"] != uuid(2), replayed[1]["uuid"]) == (True, uuid(2))


def test_answers_to_the_cli_are_given_back_too_but_for_errors(tmp_path: Path) -> None:
    calls = [{"type": "tool_use", "id": "toolu_1", "name": "Bash", "input": {"command": "touch a"}}]
    again = [calls[0] | {"id": "toolu_2"}]
    flags = ("--replay-user-messages", "--permission-prompt-tool", "stdio")
    cli = session(tmp_path, calls, again, says("Done."), flags=flags)
    asked = one(cli.send(prompt("go")), "can_use_tool")
    denial = {"behavior": "deny", "message": "no"}
    frames = cli.answer(asked, denial)
    assert frames[0] == {
        "type": "control_response",
        "response": {"subtype": "success", "request_id": asked["request_id"], "response": denial},
    }
    assert not only(cli.refuse(one(frames, "can_use_tool"), "lost"), "control_response")


def test_a_command_is_given_back_as_the_command_that_ran(tmp_path: Path) -> None:
    frames = session(tmp_path, flags=("--replay-user-messages",)).send(prompt("/cost", 1))
    (replayed,) = [frame for frame in only(frames, "user") if frame.get("isReplay")]
    assert "<command-name>/usage</command-name>" in replayed["message"]["content"]
