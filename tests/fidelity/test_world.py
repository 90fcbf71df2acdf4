"""What the fake gets of a recording: the model's replies and the world's answers, and nothing else."""

from __future__ import annotations

import json
import types
from pathlib import Path
from typing import Any

from .outside import Outside
from .world import frames_from_cli, script_of, tool_results

ACCEPTED = {"decision": "accept", "source": "config"}


def wire(path: Path, *frames: dict[str, Any] | str) -> Path:
    records = [
        {"t": 0, "dir": "from_cli", "line": frame if isinstance(frame, str) else json.dumps(frame)} for frame in frames
    ]
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def used(tool: str, name: str) -> dict[str, Any]:
    block = {"type": "tool_use", "id": tool, "name": name, "input": {}}
    return {"type": "assistant", "message": {"content": [block]}}


def answered(tool: str, decision: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    block = {"type": "tool_result", "tool_use_id": tool, "content": "said", **more.pop("block", {})}
    meta = [{"id": tool, "permission_decision": decision}]
    return {"type": "user", "message": {"content": [block]}, "tool_result_meta": meta, **more}


def answers(wires: list[Path]) -> dict[str, dict[str, Any]]:
    return tool_results(wires, Outside([frame for wire in wires for frame in frames_from_cli(wire)]))


def test_a_built_in_tool_that_ran_keeps_its_answer(tmp_path: Path) -> None:
    told = answered("t1", ACCEPTED, tool_use_result={"stdout": "said"}, block={"is_error": False})
    results = answers([wire(tmp_path / "wire.jsonl", used("t1", "Bash"), told)])
    assert results == {"t1": {"content": "said", "is_error": False, "tool_use_result": {"stdout": "said"}}}


def test_what_the_answer_did_not_have_is_not_added(tmp_path: Path) -> None:
    results = answers([wire(tmp_path / "wire.jsonl", used("t1", "Read"), answered("t1", ACCEPTED))])
    assert results == {"t1": {"content": "said"}}


def test_a_denied_tool_is_left_to_the_fake(tmp_path: Path) -> None:
    denied = answered("t1", {"decision": "reject", "source": "user_reject"})
    assert answers([wire(tmp_path / "wire.jsonl", used("t1", "Bash"), denied)]) == {}


def test_a_tool_without_a_decision_is_left_to_the_fake(tmp_path: Path) -> None:
    assert answers([wire(tmp_path / "wire.jsonl", used("t1", "Bash"), answered("t1", None))]) == {}


def test_mcp_tools_and_sub_agents_are_left_to_the_fake(tmp_path: Path) -> None:
    frames = [used("t1", "mcp__kit__greet"), answered("t1", ACCEPTED), used("t2", "Agent"), answered("t2", ACCEPTED)]
    assert answers([wire(tmp_path / "wire.jsonl", *frames)]) == {}


def test_the_answers_of_all_processes_are_there(tmp_path: Path) -> None:
    wires = [
        wire(tmp_path / f"wire.{n}.jsonl", used(f"t{n}", "Bash"), answered(f"t{n}", ACCEPTED), "no JSON", "[]")
        for n in (1, 2)
    ]
    assert sorted(answers(wires)) == ["t1", "t2"]


def test_servers_outside_the_program_and_their_answers_are_the_worlds(tmp_path: Path) -> None:
    listed = [{"name": "a:b", "status": "connected", "source": "plugin"}, {"name": "kit", "status": "connected"}]
    shown = {"id": "t1", "tool_name": "echo", "display_name": "Echo it", "server_display_name": "local"}
    frames = [
        {"type": "system", "subtype": "init", "mcp_servers": [listed[0], {**listed[1], "source": "sdk"}], "tools": []},
        {**used("t1", "mcp__a_b__echo"), "tool_use_meta": [shown]},
        answered("t1", ACCEPTED, tool_use_result="Error: no", block={"content": "no, with a note", "is_error": True}),
    ]
    path = wire(tmp_path / "wire.jsonl", *frames, used("t2", "mcp__kit__greet"), answered("t2", ACCEPTED))
    scenario = types.ModuleType("scenario")
    scenario.__dict__["MODEL"] = []
    script = script_of(scenario, [path])
    tools = [{"name": "echo", "title": "Echo it"}]
    assert script["mcp_servers"] == {"a:b": {"info": {"name": "local"}, "tools": tools}}
    assert script["tool_results"] == {"t1": {"content": "no", "is_error": True}}


def test_the_script_has_the_keys_that_the_scenario_has() -> None:
    scenario = types.ModuleType("scenario")
    scenario.__dict__.update(MODEL=[[{"type": "text", "text": "hi"}]], NAME="secret")
    assert script_of(scenario, []) == {"script": 1, "turns": scenario.MODEL, "tool_results": {}}
    scenario.__dict__.update(AUX={"content": []}, MAIN_WITHOUT_TOOLS=True)
    assert script_of(scenario, []) == {
        "script": 1,
        "turns": scenario.MODEL,
        "tool_results": {},
        "aux": {"content": []},
        "main_without_tools": True,
    }
