"""The figures of two wires, and what is shown of their difference."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .compare import Score, use_harness, wire_differences, wire_score

pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # of the shared folder's code

FRAMES: list[dict[str, Any]] = [
    {"type": "system", "subtype": "init", "model": "m"},
    {"type": "assistant", "message": {"content": [{"type": "text", "text": "hi"}]}},
    {"type": "result", "subtype": "success", "num_turns": 1},
    {"type": "system", "subtype": "session_state_changed", "state": "idle"},
]


@pytest.fixture(autouse=True)
def _harness(shared: Path) -> None:
    use_harness(shared / "harness")


def folder(path: Path, *processes: list[dict[str, Any]]) -> Path:
    path.mkdir()
    for number, frames in enumerate(processes, 1):
        records = [{"t": 0, "dir": "to_cli", "line": '{"type": "user"}'}]
        records += [{"t": 0, "dir": "from_cli", "line": json.dumps(frame)} for frame in frames]
        name = "wire.jsonl" if number == 1 else f"wire.{number}.jsonl"
        (path / name).write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def test_a_wire_equals_itself(tmp_path: Path) -> None:
    real, fake = folder(tmp_path / "real", FRAMES), folder(tmp_path / "fake", FRAMES)
    assert wire_score(real, fake) == Score(1.0, 1.0)
    assert wire_differences(real, fake) == []


def test_a_frame_that_is_missing_lowers_both_figures(tmp_path: Path) -> None:
    real, fake = folder(tmp_path / "real", FRAMES), folder(tmp_path / "fake", FRAMES[:2] + FRAMES[3:])
    assert wire_score(real, fake) == Score(round(6 / 7, 4), round(6 / 7, 4))
    lines = wire_differences(real, fake)
    assert next(line for line in lines if "result/success" in line).startswith("  - #3 result/success")


def test_a_frame_too_many_lowers_both_figures(tmp_path: Path) -> None:
    real, fake = folder(tmp_path / "real", FRAMES), folder(tmp_path / "fake", [*FRAMES, FRAMES[1]])
    assert wire_score(real, fake) == Score(round(8 / 9, 4), round(8 / 9, 4))
    assert any(line.startswith("  + #5 assistant[text]") for line in wire_differences(real, fake))


def test_a_field_that_differs_lowers_deep_alone_and_is_shown(tmp_path: Path) -> None:
    changed = [FRAMES[0], FRAMES[1], {**FRAMES[2], "num_turns": 2}, FRAMES[3]]
    real, fake = folder(tmp_path / "real", FRAMES), folder(tmp_path / "fake", changed)
    assert wire_score(real, fake) == Score(1.0, 0.75)
    assert wire_differences(real, fake) == [
        "wire.jsonl",
        "  = 1 equal",
        "  = #2 assistant[text]",
        "  ~ #3 result/success",
        "      num_turns: 1 | 2",
    ]


def test_a_long_text_is_shown_from_where_it_differs(tmp_path: Path) -> None:
    texts = ["x" * 1000 + ending for ending in ("yes", "no")]
    real, fake = (folder(tmp_path / text[-2:], [{"type": "system", "subtype": "init", "text": text}]) for text in texts)
    shown = wire_differences(real, fake)[-1]
    assert 'xyes" | "' in shown
    assert len(shown) < 200


def test_a_process_that_was_not_started_counts_by_its_frames(tmp_path: Path) -> None:
    real = folder(tmp_path / "real", FRAMES, FRAMES[:2])
    fake = folder(tmp_path / "fake", FRAMES)
    assert wire_score(real, fake) == Score(0.8, 0.8)
    assert "wire.2.jsonl (the real CLI only)" in wire_differences(real, fake)


def test_a_process_that_only_the_fake_started_is_shown(tmp_path: Path) -> None:
    real, fake = folder(tmp_path / "real", FRAMES), folder(tmp_path / "fake", FRAMES, FRAMES)
    assert wire_score(real, fake) == Score(1.0, 1.0)
    assert "wire.2.jsonl (the fake only)" in wire_differences(real, fake)


def test_a_program_that_starts_no_cli_agrees(tmp_path: Path) -> None:
    assert wire_score(folder(tmp_path / "real"), folder(tmp_path / "fake")) == Score(1.0, 1.0)
