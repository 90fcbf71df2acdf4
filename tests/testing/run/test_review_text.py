"""review_text(): a transcript to keep, the same for runs that did the same, and short enough to read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from claude_code_sdk.cassettes.cassette import Entry
from claude_code_sdk.testing.run.review_text import LONGEST_LINE, MOST_LINES, folded, review_text
from claude_code_sdk.testing.run.run import Run

from ...cassettes.playing import ARGV, cli, eof, exits, handshake, host, prompt, says

ROOT = Path(__file__).parents[3]


def session(*said: Entry, cwd: str = "/work/project", executable: str = "claude") -> list[Entry]:
    start = Entry("host", "spawn", {"argv": [executable, *ARGV[1:]], "cwd": cwd, "env": {}})
    return [start, *handshake(), host(prompt("go")), *said]


def result(**measured: Any) -> Entry:
    return cli(
        {"type": "result", "subtype": "success", "is_error": False, "result": "done", "num_turns": 1, **measured}
    )


def test_a_recorded_session_reads_like_this() -> None:
    assert review_text(Run.of_cassette(ROOT / "cassettes" / "mcp_greet.jsonl")).splitlines() == [
        (
            "start       claude --output-format stream-json --verbose --system-prompt '' --allowedTools "
            'mcp__kit__greet --mcp-config \'{"mcpServers": {"kit": {"type": "sdk", "name": "kit"}}}\' '
            "--input-format stream-json"
        ),
        "initialize",
        "mcp         kit: initialize",
        "mcp         kit: notifications/initialized",
        "mcp         kit: tools/list → greet",
        "prompt      greet Ada",
        "session     claude-opus-5-5, permissions default, 23 tools, mcp kit (connected)",
        'call        mcp__kit__greet(name="Ada")',
        'mcp         kit: greet(name="Ada") → Hello Ada',
        "result      mcp__kit__greet: Hello Ada",
        "model       Greeted.",
        "turn end    success, 2 turns",
    ]


def test_what_is_never_twice_the_same_makes_no_difference() -> None:
    home = os.environ.get("HOME", "/root")
    one = session(
        cli(says("In /a/b/notes.txt, toolu_01AbC by 2f1c7a30-5b1d-4c1e-9d5e-0a1b2c3d4e5f at 2026-11-22T22:46:40.215Z")),
        cli(says(f"duration_ms: 145, {home}/.claude, http://127.0.0.1:40123/x, subagent_tokens: 12, pid=77")),
        result(duration_ms=145, total_cost_usd=0.5, usage={"input_tokens": 3, "output_tokens": 4}),
        cwd="/a/b",
        executable="/tmp/pytest-1/claude",
    )
    other = session(
        cli(says("In /c/notes.txt, toolu_01XyZ by 9e8d7c6b-1111-4222-8333-444455556666 at 2025-01-01 00:00:00")),
        cli(says(f"duration_ms: 9, {home}/.claude, http://127.0.0.1:555/x, subagent_tokens: 99999, pid=1")),
        result(duration_ms=9, total_cost_usd=0.25, usage={"input_tokens": 1, "output_tokens": 2}),
        eof(),
        exits(),
        cwd="/c",
    )
    assert review_text(Run.of(one)) == review_text(Run.of(other))
    assert review_text(Run.of(one)).splitlines()[3:] == [
        "model       In {{cwd}}/notes.txt, <toolu 1> by <uuid 1> at <time>",
        "model       duration_ms: <n>, {{home}}/.claude, http://127.0.0.1:<port>/x, subagent_tokens: <n>, pid=<n>",
        "turn end    success, 1 turn",
    ]


def test_when_the_servers_of_the_program_are_met_makes_no_difference() -> None:
    def asks(server: str, method: str) -> Entry:
        request = {"subtype": "mcp_message", "server_name": server, "message": {"jsonrpc": "2.0", "method": method}}
        return cli({"type": "control_request", "request_id": f"{server}-{method}", "request": request})

    early = [asks(server, method) for server in ("a", "b") for method in ("initialize", "tools/list")]
    late = [asks(server, method) for method in ("initialize", "tools/list") for server in ("b", "a")]
    start, *met = session(result())
    beforehand = Run.of([start, *early, *met])
    assert review_text(beforehand) == review_text(Run.of(session(*late, result())))
    assert [line for line in review_text(beforehand).splitlines() if not line.startswith("start")] == [
        "initialize",
        "mcp         a: initialize → no answer",
        "mcp         a: tools/list → no answer",
        "mcp         b: initialize → no answer",
        "mcp         b: tools/list → no answer",
        "prompt      go",
        "turn end    success, 1 turn",
    ]


def test_the_same_id_keeps_its_number_and_another_has_another() -> None:
    one, two = "toolu_01AbC", "toolu_02AbC"
    text = review_text(Run.of(session(cli(says(f"{one} {two} {one}")))))
    assert "<toolu 1> <toolu 2> <toolu 1>" in text


def test_how_a_session_went_wrong_is_no_detail() -> None:
    text = review_text(Run.of(session(Entry("cli", "stderr", "out of memory"), exits(1))))
    assert text.splitlines()[3:] == ["stderr      out of memory", "exit        1"]


@pytest.mark.parametrize("lines", [MOST_LINES, MOST_LINES + 1, 1000])
def test_of_a_long_text_the_middle_is_folded_and_a_change_in_it_shows(lines: int) -> None:
    text = "\n".join(f"line {number}" for number in range(lines))
    short = folded(text)
    assert len(short.split("\n")) <= MOST_LINES
    assert (short == text) == (lines == MOST_LINES)
    assert folded(text.replace("line 12\n", "line 12!\n")) != short


def test_of_a_long_line_too() -> None:
    line = "x" * 10_000
    assert len(folded(line)) < LONGEST_LINE
    assert "9760 characters, sha256 of all " in folded(line)
    assert folded(line[:5000] + "y" + line[5001:]) != folded(line)


def test_nothing_is_a_text_too() -> None:
    assert review_text(Run.of([])) == "nothing happened\n"
