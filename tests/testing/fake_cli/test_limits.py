"""--max-turns and --max-budget-usd."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from claude_code_sdk.testing import Script

from .by_hand import ByHand, one, only


def calls(number: int, name: str = "Bash", **more: Any) -> dict[str, Any]:
    given = {"command": "echo hi"} if name == "Bash" else {"file_path": "/none"}
    return {"content": [{"type": "tool_use", "id": f"toolu_{number}", "name": name, "input": given}], **more}


def says(words: str, **more: Any) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": words}], **more}


def session(folder: Path, turns: list[Any], *flags: str) -> ByHand:
    return ByHand(Script.from_json({"script": 1, "turns": turns}), folder, *flags)


def test_a_turn_ends_after_so_many_rounds_of_tools(tmp_path: Path) -> None:
    frames = session(tmp_path, [calls(1), calls(2), says("Never.")], "--max-turns", "2").prompt("go")
    (result,) = only(frames, "result")
    assert (result["subtype"], result["terminal_reason"]) == ("error_max_turns", "max_turns")
    assert (result["errors"], result["num_turns"]) == (["Reached maximum number of turns (2)"], 3)
    assert "result" not in result
    assert "ttft_ms" not in result


def test_the_tools_of_the_last_round_run(tmp_path: Path) -> None:
    frames = session(tmp_path, [calls(1)], "--max-turns", "1").prompt("go")
    assert len(only(frames, "user")) == 1


def test_the_rounds_are_counted_for_each_prompt(tmp_path: Path) -> None:
    cli = session(tmp_path, [calls(1), calls(2)], "--max-turns", "1")
    for prompt in ("one", "two"):
        (result,) = only(cli.prompt(prompt), "result")
        assert result["num_turns"] == 2


@pytest.mark.parametrize("given", ["0", "-1"])
def test_no_turns_and_fewer_are_no_limit(tmp_path: Path, given: str) -> None:
    (result,) = only(session(tmp_path, [calls(1), says("Done.")], f"--max-turns={given}").prompt("go"), "result")
    assert result["result"] == "Done."


def test_a_reply_that_spends_the_budget_ends_the_turn_before_its_tools_are_through(tmp_path: Path) -> None:
    usage = {"input_tokens": 30_000, "output_tokens": 100}  # 0.122 dollars
    frames = session(tmp_path, [calls(1, usage=usage)], "--max-budget-usd", "0.1").prompt("go")
    (result,) = only(frames, "result")
    assert only(frames, "user") == []
    assert (result["subtype"], result["errors"]) == ("error_max_budget_usd", ["Reached maximum budget ($0.1)"])
    assert (result["stop_reason"], result["terminal_reason"]) == ("tool_use", "budget_exhausted")
    assert result["total_cost_usd"] == pytest.approx(0.122)


def test_a_session_over_its_budget_does_not_ask_the_model_again(tmp_path: Path) -> None:
    cli = session(tmp_path, [says("Dear.", usage={"input_tokens": 30_000})], "--max-budget-usd", "0.1")
    cli.prompt("one")
    frames = cli.prompt("two")
    (result,) = only(frames, "result")
    assert (only(frames, "assistant"), result["stop_reason"], result["num_turns"]) == ([], None, 1)


def test_of_a_turn_without_budget_the_host_is_told_that_the_model_is_asked(tmp_path: Path) -> None:
    turns = [says("Dear.", usage={"input_tokens": 30_000})]
    cli = session(tmp_path, turns, "--max-budget-usd", "0.1", "--include-partial-messages")
    cli.prompt("one")
    frames = cli.prompt("two")
    assert one(frames, "status")["status"] == "requesting"
    assert one(frames, "result")["begun_message_ids"] == []


def test_without_partial_messages_the_host_is_told_of_neither(tmp_path: Path) -> None:
    cli = session(tmp_path, [says("Dear.", usage={"input_tokens": 30_000})], "--max-budget-usd", "0.1")
    cli.prompt("one")
    frames = cli.prompt("two")
    assert only(frames, "status") == []
    assert "begun_message_ids" not in one(frames, "result")


def test_the_price_is_the_models(tmp_path: Path) -> None:
    turns = [says("Cheap.", usage={"input_tokens": 1_000_000, "output_tokens": 0})]
    (result,) = only(session(tmp_path, turns, "--model", "haiku").prompt("hi"), "result")
    assert result["total_cost_usd"] == pytest.approx(0.1)
    assert list(result["modelUsage"]) == ["claude-haiku-5-5"]


def touches(number: int, count: int = 1) -> dict[str, Any]:
    use = {"type": "tool_use", "name": "Bash", "input": {"command": "touch f"}}
    return {"content": [{**use, "id": f"toolu_{number}_{each}"} for each in range(count)]}


def test_a_turn_in_plan_mode_ends_with_the_tenth_reply_that_has_a_call_that_nobody_can_check(tmp_path: Path) -> None:
    turns = [*(touches(number) for number in range(6)), calls(6), *(touches(number, 2) for number in range(7, 11))]
    frames = session(tmp_path, [*turns, says("Never.")], "--permission-mode", "plan").prompt("go")
    (result,) = only(frames, "result")
    assert (result["subtype"], result["terminal_reason"]) == ("error_during_execution", "aborted_streaming")
    assert (result["stop_reason"], result["stopped_by_permission_check"]) == ("tool_use", True)
    assert result["errors"][1].startswith("Auto mode can't check actions in this session, so Claude stopped after a")
    denied, skipped = only(frames, "user")[-2:]
    assert "this turn has ended" in denied["message"]["content"][0]["content"]
    assert skipped["message"]["content"][0]["content"].startswith("[Tool call skipped: the turn was stopped before")
    assert skipped["tool_result_meta"] == [{"id": "toolu_10_1", "non_execution_kind": "cancelled"}]
    assert len(result["permission_denials"]) == 13


def test_the_next_turn_in_plan_mode_counts_anew(tmp_path: Path) -> None:
    turns = [*(touches(number) for number in range(9)), says("One."), *(touches(number) for number in range(9, 18))]
    cli = session(tmp_path, [*turns, says("Two.")], "--permission-mode", "plan")
    for words in ("One.", "Two."):
        (result,) = only(cli.prompt("go"), "result")
        assert result["result"] == words


def test_a_sub_agent_that_spends_the_budget_ends_the_turn_before_its_report_is_told(tmp_path: Path) -> None:
    given = {"description": "d", "prompt": "p", "subagent_type": "general-purpose", "run_in_background": False}
    agent = {"content": [{"type": "tool_use", "id": "toolu_a", "name": "Agent", "input": given}]}
    report = says("Done.", usage={"input_tokens": 300_000, "output_tokens": 100})
    frames = session(tmp_path, [agent, report, says("Never.")], "--max-budget-usd", "0.5").prompt("go")
    (result,) = only(frames, "result")
    assert (result["subtype"], result["num_turns"]) == ("error_max_budget_usd", 1)
    assert only(frames, "task_notification")[0]["status"] == "completed"
    assert [frame for frame in only(frames, "user") if frame["parent_tool_use_id"] is None] == []
