"""What is written down of a session: by WireLog in memory, by WireDirectory and FAKE_CLAUDE_WIRE on disk."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_code_sdk.cassettes.cassette import Entry
from claude_code_sdk.cassettes.jsonl import dump, load
from claude_code_sdk.errors import CassetteError
from claude_code_sdk.protocol.command import FILE_TOKEN, Command
from claude_code_sdk.protocol.engine import NeedData
from claude_code_sdk.testing import Run, Script, WireLog
from claude_code_sdk.testing.checks import TRANSPORT_CHECKS, TransportCheck
from claude_code_sdk.testing.far_end import FarEnd, Step
from claude_code_sdk.testing.run.observed_engine import ObservedEngine
from claude_code_sdk.testing.run.observed_transport import ObservedTransport
from claude_code_sdk.testing.run.wire_directory import WireDirectory, wires
from claude_code_sdk.transports.in_process import InProcessTransport

from ...cassettes.playing import cassette, cli, eof, exits, handshake, host, prompt, spawn, turn
from ..test_fake_claude import FAKE, Outcome, spoken
from ..test_fake_claude_script import FLAGS, written

COMMAND = Command(("claude", "--verbose"), env={"MCP_TIMEOUT": "1", "SECRET": "x"}, cwd="/project")
ONE = [spawn(), *handshake(), *turn("hi", "first"), eof(), exits()]

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")


def told(entries: list[Entry]) -> list[tuple[str, str, Any, Any]]:
    """Entries without their times."""
    return [(entry.source, entry.kind, entry.value, entry.extra) for entry in entries]


def both(folder: Path, *steps: tuple[str, Any]) -> list[list[tuple[str, str, Any, Any]]]:
    """What a log in memory and one on disk have, after these calls of a `Wire`, without the spawn."""
    log, directory = WireLog(), WireDirectory(str(folder))
    for wire in (log.begin(COMMAND), directory.begin(COMMAND)):
        for name, value in steps:
            if name in ("host", "cli"):
                wire.data("host" if name == "host" else "cli", value)
            elif name == "rest":
                wire.rest()
            else:
                getattr(wire, name)(value)
    return [told(source.entries())[1:] for source in (log.sessions[-1], wires(folder)[-1])]


# Entries


def test_a_session_begins_with_its_command_line_and_the_variables_that_are_recorded(tmp_path: Path) -> None:
    for log in (WireLog(), WireDirectory(str(tmp_path))):
        log.begin(Command((*COMMAND.argv, FILE_TOKEN + "big"), env=COMMAND.env, cwd="/project", files={"big": b"{}"}))
    value = {
        "argv": ["claude", "--verbose", FILE_TOKEN + "big"],
        "cwd": "/project",
        "env": {"MCP_TIMEOUT": "1"},
        "files": {"big": "{}"},
    }
    assert told(wires(tmp_path)[0].entries()) == [("host", "spawn", value, None)]


def test_lines_are_frames_or_noise_in_the_order_in_which_they_ended(tmp_path: Path) -> None:
    steps = [("cli", b'{"a":1}\n{"b"'), ("host", b'{"c":3}\n'), ("cli", b":2}\nno json\n[1]\n\xff\n")]
    for entries in both(tmp_path, *steps):
        assert entries == [
            ("cli", "frame", {"a": 1}, None),
            ("host", "frame", {"c": 3}, None),
            ("cli", "frame", {"b": 2}, None),
            ("cli", "noise", "no json", None),
            ("cli", "noise", "[1]", None),
            ("cli", "noise", "\udcff", None),
        ]


def test_stderr_signals_and_ends_are_kept(tmp_path: Path) -> None:
    steps = [("stderr", "oh"), ("signal", signal.SIGINT), ("signal", 99), ("host", b""), ("exit", -9)]
    for entries in both(tmp_path, *steps):
        assert entries == [
            ("cli", "stderr", "oh", None),
            ("host", "signal", "SIGINT", None),
            ("host", "signal", "signal 99", None),
            ("host", "eof", True, None),
            ("cli", "exit", -9, None),
        ]


def test_the_end_of_the_hosts_input_is_no_news_when_the_session_is_over(tmp_path: Path) -> None:
    for entries in both(tmp_path, ("exit", 0), ("host", b"")):
        assert entries == [("cli", "exit", 0, None)]


def test_a_line_that_is_not_ended_is_torn(tmp_path: Path) -> None:
    for entries in both(tmp_path, ("cli", b'{"a":1}\n{"b"'), ("exit", 1)):
        assert entries[1:] == [("cli", "noise", '{"b"', {"torn": True}), ("cli", "exit", 1, None)]


def test_what_was_begun_before_a_kill_is_torn_too(tmp_path: Path) -> None:
    steps = [("cli", b'{"a":1}\n{"b"'), ("rest", None), ("cli", "\u20ac".encode()[:1]), ("rest", None), ("host", b"{")]
    for entries in both(tmp_path, *steps, ("rest", None)):
        assert entries == [
            ("cli", "frame", {"a": 1}, None),
            ("host", "noise", "{", {"torn": True}),
            ("cli", "noise", '{"b"\udce2', {"torn": True}),
        ]


def test_what_was_begun_and_then_ended_is_one_frame(tmp_path: Path) -> None:
    steps = [("host", b'{"a"'), ("rest", None), ("host", b':"\xe2'), ("rest", None), ("host", b'\x82\xac"}\n')]
    for entries in both(tmp_path, *steps):
        assert entries == [("host", "frame", {"a": "\u20ac"}, None)]


def test_a_long_line_that_comes_in_pieces_is_written_twice_and_not_once_for_each_piece(tmp_path: Path) -> None:
    line = json.dumps({"text": "x" * 1_000_000}).encode() + b"\n"
    wire = WireDirectory(str(tmp_path)).begin(COMMAND)
    for start in range(0, len(line), 10_000):
        wire.data("host", line[start : start + 10_000])
        wire.rest()
    assert os.path.getsize(tmp_path / "wire-1.jsonl") < 2.1 * len(line)


@given(st.data())
def test_memory_and_disk_tell_the_same_however_the_bytes_were_cut(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    lines = st.lists(st.sampled_from([b'{"a":"\xe2\x82\xac"}', b"noise", b"", b'{"b":[1,{}]}']), max_size=5)
    steps: list[tuple[str, Any]] = []
    for side in ("host", "cli"):
        rest = b"".join(line + b"\n" for line in data.draw(lines)) + data.draw(st.sampled_from([b"", b'{"torn']))
        while rest:
            size = data.draw(st.integers(1, 9))
            steps += [(side, rest[:size]), *data.draw(st.sampled_from([[], [("rest", None)]]))]
            rest = rest[size:]
    in_memory, on_disk = both(tmp_path_factory.mktemp("wire"), *steps, ("rest", None))
    assert on_disk == in_memory


def test_a_file_is_a_cassette(tmp_path: Path) -> None:
    both(tmp_path, ("host", b'{"a":1}\n'), ("host", b""), ("exit", 0))
    (episode,) = load(tmp_path / "wire-1.jsonl").episodes
    assert episode.argv == ["claude", "--verbose"]
    assert episode.exit_code == 0


def test_sessions_are_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    directory = WireDirectory(str(tmp_path / "made"))
    for number in range(11):
        directory.begin(COMMAND).stderr(str(number))
    (tmp_path / "made" / "wire-12.jsonl.bak").touch()
    (tmp_path / "made" / "notes.txt").touch()
    assert [session.stderr for session in Run.from_directory(tmp_path / "made").sessions] == list(map(str, range(11)))


def test_a_directory_may_come_later(tmp_path: Path) -> None:
    run = Run.from_directory(tmp_path / "later")
    assert run.sessions == []
    WireDirectory(str(tmp_path / "later")).begin(COMMAND).stderr("here")
    assert run.stderr == "here"


def test_a_long_line_in_which_the_writer_was_killed_is_torn(tmp_path: Path) -> None:
    both(tmp_path, ("cli", b'{"a":1}\n'))
    with open(tmp_path / "wire-1.jsonl", "ab") as file:
        file.write(b'{"at":7,"from":"cli","frame":{"b":"lo')
    assert told(wires(tmp_path)[0].entries())[2:] == [("cli", "noise", '{"b":"lo', {"torn": True})]


def test_a_damaged_file_is_an_error_with_its_place(tmp_path: Path) -> None:
    both(tmp_path, ("cli", b'{"a":1}\n'))
    with open(tmp_path / "wire-1.jsonl", "ab") as file:
        file.write(b"rubbish\n")
    with pytest.raises(CassetteError, match=r"wire-1\.jsonl:4:1"):
        _ = Run.from_directory(tmp_path).prompts


def test_entries_that_were_collected_elsewhere_are_runs_too() -> None:
    run = Run.of([spawn(), host(prompt("a")), spawn("--flag"), host(prompt("b")), cli({"type": "later"})])
    assert [session.prompts for session in run.sessions] == [["a"], ["b"]]
    assert run.argv[-1] == "--flag"


# What observes changes nothing


@pytest.mark.parametrize("check", TRANSPORT_CHECKS, ids=lambda check: str(check.__name__))
@pytest.mark.parametrize("where", ["engine", "transport"])
async def test_what_is_observed_keeps_the_contract(check: TransportCheck, where: str) -> None:
    log = WireLog()

    def made(steps: Any) -> tuple[Any, Command]:
        if where == "engine":
            return InProcessTransport(lambda _: ObservedEngine(FarEnd(steps), log), close_timeout=0.1), COMMAND
        return ObservedTransport(InProcessTransport(lambda _: FarEnd(steps), close_timeout=0.1), log), COMMAND

    await check(made)
    assert log.sessions


def test_an_engine_that_waits_has_all_that_was_said_on_disk_and_its_signals_too(tmp_path: Path) -> None:
    engine = ObservedEngine(FarEnd([Step("echo")]), WireDirectory(str(tmp_path)))
    engine.open(COMMAND)
    engine.receive_signal(signal.SIGINT)
    engine.receive_data(b'{"half')
    while not isinstance(engine.next_action(0.0), NeedData):
        pass
    (session,) = wires(tmp_path)
    assert ("host", "signal", "SIGINT", None) in told(session.entries())
    assert ("host", "noise", '{"half', {"torn": True}) in told(session.entries())


# fake-claude


def in_directory(folder: Path) -> dict[str, str]:
    return {"FAKE_CLAUDE_WIRE": str(folder / "wire")}


@posix
def test_a_process_writes_down_what_a_script_and_its_host_say(tmp_path: Path) -> None:
    script = written(tmp_path, Script().says("Hello"))
    outcome = Outcome(FAKE, spoken(prompt("hi")), *FLAGS, FAKE_CLAUDE_SCRIPT=script, **in_directory(tmp_path))
    run = Run.from_directory(tmp_path / "wire")
    assert (run.prompts, run.text) == (["hi"], "Hello")
    (session,) = run.sessions
    assert session.exit_code == 0
    assert [entry.value for entry in session.entries if entry.source == "cli" and entry.kind == "frame"] == list(
        outcome.frames
    )
    assert session.argv[1:] == list(FLAGS)


@posix
def test_a_process_writes_down_what_a_cassette_and_its_host_say(tmp_path: Path) -> None:
    dump(cassette(ONE), tmp_path / "it.jsonl")
    said = spoken(*(entry.value for entry in ONE if entry.source == "host" and entry.kind == "frame"))
    outcome = Outcome(FAKE, said, *FLAGS, FAKE_CLAUDE_CASSETTE=str(tmp_path / "it.jsonl"), **in_directory(tmp_path))
    assert outcome.code == 0, outcome.stderr
    (session,) = Run.from_directory(tmp_path / "wire").sessions
    assert (session.prompts, session.text, session.exit_code) == (["hi"], "first", 0)


@posix
def test_a_verdict_is_written_down_as_it_stands_on_stderr(tmp_path: Path) -> None:
    script = written(tmp_path, Script())
    outcome = Outcome(FAKE, spoken(prompt("hi")), *FLAGS, FAKE_CLAUDE_SCRIPT=script, **in_directory(tmp_path))
    (session,) = Run.from_directory(tmp_path / "wire").sessions
    assert session.exit_code == outcome.code == 70
    assert session.stderr == outcome.stderr.rstrip("\n")


@posix
def test_what_was_left_unplayed_is_the_end_of_the_session(tmp_path: Path) -> None:
    dump(cassette(ONE), tmp_path / "it.jsonl")
    said = spoken(ONE[1].value)
    outcome = Outcome(FAKE, said, *FLAGS, FAKE_CLAUDE_CASSETTE=str(tmp_path / "it.jsonl"), **in_directory(tmp_path))
    (session,) = Run.from_directory(tmp_path / "wire").sessions
    assert session.exit_code == outcome.code == 70
    assert session.stderr == outcome.stderr.rstrip("\n")
    assert session.stderr.startswith("fake-claude: UnplayedEpisode: ")


@posix
def test_a_process_that_is_killed_leaves_all_that_it_said_and_heard(tmp_path: Path) -> None:
    env = {**os.environ, "FAKE_CLAUDE_SCRIPT": written(tmp_path, Script().says("Hello")), **in_directory(tmp_path)}
    with subprocess.Popen([*FAKE, *FLAGS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(spoken(prompt("hi")))
        process.stdin.flush()
        lines: list[bytes] = []
        while not lines or json.loads(lines[-1])["type"] != "result":
            lines.append(process.stdout.readline())
        process.kill()
        lines += process.stdout.readlines()
    (session,) = Run.from_directory(tmp_path / "wire").sessions
    said = [entry.value for entry in session.entries if entry.source == "cli" and entry.kind == "frame"]
    assert said[: len(lines)] == [json.loads(line) for line in lines]
    assert (session.prompts, session.text, session.exit_code) == (["hi"], "Hello", None)


@posix
def test_processes_at_once_have_a_file_each(tmp_path: Path) -> None:
    settings = {"FAKE_CLAUDE_SCRIPT": written(tmp_path, Script().says("Hello")), **in_directory(tmp_path)}

    def ask(number: int) -> int:
        return Outcome(FAKE, spoken(prompt(f"prompt {number}")), *FLAGS, **settings).code

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(ask, range(4))) == [0] * 4
    sessions = Run.from_directory(tmp_path / "wire").sessions
    assert sorted(session.prompts for session in sessions) == [[f"prompt {number}"] for number in range(4)]


@posix
def test_a_directory_that_cannot_be_made_is_a_wrong_setting(tmp_path: Path) -> None:
    (tmp_path / "wire").touch()
    script = written(tmp_path, Script().says("Hello"))
    outcome = Outcome(FAKE, b"", *FLAGS, FAKE_CLAUDE_SCRIPT=script, **in_directory(tmp_path))
    assert outcome.code == 64
    assert outcome.stderr == f"fake-claude: FAKE_CLAUDE_WIRE={str(tmp_path / 'wire')!r}: File exists\n"


def test_asking_for_the_version_is_no_session(tmp_path: Path) -> None:
    script = written(tmp_path, Script())
    outcome = Outcome(FAKE, b"", "--version", FAKE_CLAUDE_SCRIPT=script, **in_directory(tmp_path))
    assert outcome.code == 0
    assert Run.from_directory(tmp_path / "wire").sessions == []
