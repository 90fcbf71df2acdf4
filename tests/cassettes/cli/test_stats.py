"""`claude-cassette stats`, as it is typed."""

from __future__ import annotations

import json
import re
from pathlib import Path

from .commands import CASSETTES, on_terminal, run

DENIED = CASSETTES / "perm_deny.jsonl"


def test_it_counts_one_cassette() -> None:
    result = run("stats", DENIED)
    assert (result.exit_code, result.stderr) == (0, "")
    head, numbers, empty, *counts = result.stdout.splitlines()
    assert head.split() == ["cassette", "episodes", "entries", "size", "tokens", "cost", "time"]
    size = f"{DENIED.stat().st_size / 1000:.1f}"
    assert numbers.split("  ")[0] == str(DENIED)
    assert numbers.split()[1:] == ["1", "17", size, "kB", "203", "+", "40", "$0.0016", "1.60", "s"]
    assert empty == ""
    from_cli = (
        "from CLI    system/session_state_changed 4, assistant 2, answer 1, system/init 1, can_use_tool 1, user 1"
    )
    from_cli += ", result 1"
    assert counts == [
        "from host   initialize 1, user 1, answer 1",
        from_cli,
        "tool calls  Bash 1",
        "CLI         2.1.330",
    ]


def test_the_total_is_the_sum_of_all() -> None:
    told = json.loads(run("stats", CASSETTES, "--json").stdout)
    files = sorted(CASSETTES.glob("*.jsonl"))
    assert [Path(each["cassette"]) for each in told["cassettes"]] == files
    for name in ("episodes", "entries", "bytes", "tokens_in", "tokens_out", "duration_ms"):
        assert told["total"][name] == sum(each[name] for each in told["cassettes"])
    assert told["total"]["bytes"] == sum(file.stat().st_size for file in files)
    assert told["total"]["frames"]["cli"]["result"] == 17


def test_the_cost_of_two_turns_is_that_of_the_last_result_which_counts_from_the_beginning() -> None:
    (told,) = json.loads(run("stats", CASSETTES / "client_two_turns.jsonl", "--json").stdout)["cassettes"]
    assert told["cost_usd"] == 0.001612
    assert (told["tokens_in"], told["tokens_out"]) == (203, 40)


def test_a_terminal_of_80_columns_is_wide_enough() -> None:
    plain = re.sub(r"\x1b\[[0-9;]*m", "", on_terminal("stats", CASSETTES))
    assert max(map(len, plain.splitlines())) <= 80
    assert "\nperm_deny.jsonl  " in plain
    assert plain.splitlines()[-1] == "CLI         2.1.330"
