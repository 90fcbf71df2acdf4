"""Damage that once got through, or took for ever: one test for each hole.  Found by test_damaged_cassettes.py."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from claude_code_sdk.cassettes.cassette import Entry
from claude_code_sdk.cassettes.jsonl import dumps, loads
from claude_code_sdk.cassettes.mismatch import CassetteMismatch
from claude_code_sdk.cassettes.player import Player
from claude_code_sdk.cassettes.transport import CassetteTransport
from claude_code_sdk.errors import CassetteError, TurnIncompleteError

from .damage import ONE_SHOT, PATH, WHOLE, run
from .playing import (
    ARGV,
    Host,
    answer,
    asks_for,
    cassette,
    cli,
    eof,
    exits,
    host,
    noise,
    player,
    prompt,
    result,
    says,
    spawn,
)

HEADER = b'{"cassette":1}\n'
SPAWN = b'{"at":0,"from":"host","spawn":{"argv":["claude"],"cwd":"/","env":{}}}\n'

MANY = 30 * 2**20
"""Bytes of a huge line."""

DEEP = 100_000
"""Brackets in brackets."""


def error_of(data: bytes) -> str:
    with pytest.raises(CassetteError) as caught:
        loads(data, path=PATH).validate()
    return str(caught.value)


# ---------------------------------------------------------------- fields


@pytest.mark.parametrize("files", ["1", "null", '["a"]', '{"a":1}'])
def test_files_of_a_spawn_that_are_no_texts_are_damage(files: str) -> None:
    line = SPAWN.replace(b'"env":{}', b'"env":{},"files":' + files.encode())
    assert error_of(HEADER + line) == f'{PATH}:2:31: "files" of a spawn is an object of texts'


@pytest.mark.parametrize("code", [-65, 2**32, 10**400])
def test_an_exit_code_that_no_process_has_is_damage(code: int) -> None:
    line = b'{"at":0,"from":"cli","exit":%d}\n' % code
    assert error_of(HEADER + SPAWN + line) == (
        f'{PATH}:3:29: "exit" is the exit code, negative for a signal: -64 to 4294967295'
    )


@pytest.mark.parametrize("times", [(0, 10**400), (10**400, 0)])
def test_a_time_that_no_float_can_hold_is_replayed(times: tuple[int, int]) -> None:
    asked, said = (Entry("cli", "frame", frame) for frame in (asks_for("a"), says("meanwhile")))
    asked.at, said.at = times
    run = Host(player([spawn(), asked, said, host(answer("a", {})), eof(), exits()]))
    heard = run.receive()
    run.now += 1.0
    assert heard + run.receive() == [asks_for("a"), says("meanwhile")]


def test_an_argument_of_json_that_is_nested_too_deep_is_compared_as_text() -> None:
    deep = "[" * DEEP
    episodes = cassette([spawn("--settings", deep), exits()]).episodes
    Host(Player(episodes), "--settings", deep)
    with pytest.raises(CassetteMismatch, match="no episode has this command line"):
        Host(Player(episodes), "--settings", deep + "]")


# ---------------------------------------------------------------- sessions that were shorter, and green


def test_input_that_is_closed_twice_in_the_file_ends_no_session_early() -> None:
    entries = [*ONE_SHOT[:3], host(prompt("go")), cli(result()), eof(), eof(), noise("more"), exits(3)]
    run = Host(player(entries))
    run.send(json.loads(entries[1].frame_bytes), prompt("go"))
    assert run.send_eof() == ["more"]
    assert run.exit == 3


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_session_whose_last_lines_are_gone_is_told_where_it_ends(backend: str) -> None:
    data = dumps(cassette(ONE_SHOT, path=PATH))
    without_exit = data[: data.rindex(b'{"at":')]
    with pytest.raises(CassetteMismatch, match=rf"^episode 1 ends before its CLI exits: [^\0]*{PATH}:12 "):
        run_one_shot(backend, without_exit)
    with pytest.raises((CassetteMismatch, TurnIncompleteError)):
        run_one_shot(backend, without_exit[: without_exit[:-1].rindex(b"\n") + 1])


def run_one_shot(backend: str, data: bytes) -> list[Any]:
    import anyio

    from claude_code_sdk import query

    async def ask() -> list[Any]:
        with anyio.fail_after(10):
            return [message async for message in query(prompt="go", transport=transport)]

    transport = CassetteTransport(loads(data, path=PATH), patience=0.02)
    return anyio.run(ask, backend=backend)


# ---------------------------------------------------------------- huge lines


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(b"x" * MANY, f"{PATH}:1:1: ", id="no JSON"),
        pytest.param(b'{"cassette":"' + b"x" * MANY + b'"}\n', f"{PATH}:1:13: format version 'xxx", id="the version"),
        pytest.param(HEADER + b'{"' + b"x" * MANY + b'":1}', f"{PATH}:2:1: no known entry kind", id="a key"),
        pytest.param(
            HEADER + b"{" + (b'"' + b"x" * MANY + b'":1,') * 2 + b"}",
            f"{PATH}:2:{MANY + 7}: the line is not a JSON object: ",
            id="a key twice",
        ),
        pytest.param(HEADER + SPAWN + b'{"at":1,"from":"cli","frame":{"a":"' + b"x" * MANY, f"{PATH}:3:", id="torn"),
        pytest.param(
            HEADER + SPAWN + b"\0" * MANY + b"\n", f"{PATH}:3:1: the line is not a JSON object", id="NUL bytes"
        ),
    ],
)
def test_damage_in_a_huge_line_is_told_in_a_short_one(data: bytes, said: str) -> None:
    error = error_of(data)
    assert error.startswith(said)
    assert len(error) < 300


def test_a_line_of_many_members_is_read_in_one_pass() -> None:
    members = b",".join(b'"key %d":"\xc3\xa9"' % number for number in range(100_000))
    loaded = loads(HEADER + SPAWN + b"{" + members + b',"at":1,"from":"cli","frame":{"a": 1}}\n')
    assert loaded.episodes[0].entries[1].frame_bytes == b'{"a": 1}'


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_huge_lines_are_replayed(backend: str) -> None:
    seen: list[Any] = []
    data = WHOLE.replace(b"part 2", b"x" * MANY).replace(b"a warning", b"y" * MANY)
    transport = CassetteTransport(loads(data, path=PATH), patience=10.0)
    run(backend, transport, seen)
    transport.check()
    assert len(seen[-3]["message"]["content"][0]["text"]) == MANY


# ---------------------------------------------------------------- nesting


@pytest.mark.parametrize("found", [b'"part 2"', b'"two"', b'{"command":"ls"}', b'{"commands":[]}'])
@pytest.mark.parametrize("torn", [True, False])
def test_a_frame_that_is_nested_too_deep_is_damage(found: bytes, torn: bool) -> None:
    data = WHOLE.replace(found, b"[" * DEEP + (b"" if torn else b"]" * DEEP), 1)
    line = data[: data.index(b"[" * DEEP)].count(b"\n") + 1
    assert re.match(rf"{PATH}:{line}:3[01]: the frame is not JSON: maximum recursion depth exceeded", error_of(data))
    with pytest.raises(CassetteError, match=rf"^{PATH}:{line}:3[01]: "):
        run("asyncio", CassetteTransport(loads(data, path=PATH), patience=0.1), [])


@pytest.mark.parametrize("kind", ['"spawn"', '"stderr"', '"noise"', '"further"'])
def test_any_other_line_that_is_nested_too_deep_is_damage(kind: str) -> None:
    line = b'{"at":0,"from":"host",' + kind.encode() + b":" + b"[" * DEEP
    assert error_of(HEADER + SPAWN + line).startswith(f"{PATH}:3:1: the line is not a JSON object: maximum recursion")


@pytest.mark.parametrize("depth", [300, 600, *range(900, 1000, 7)])
@pytest.mark.parametrize("more", [0, 1])
def test_a_prompt_that_is_nested_nearly_too_deep_is_played_or_told(depth: int, more: int) -> None:
    deep = b"[" * depth + b"]" * depth
    line = b'{"type":"user","message":' + b"[" * more + deep + b"]" * more + b"}\n"
    frame = b'{"at":0,"from":"host","frame":{"type":"user","message":' + deep + b"}}\n"
    data = dumps(cassette([spawn(), host(prompt("deep")), exits()])).splitlines(keepends=True)
    told: Exception | None = None
    try:
        Host(Player(loads(data[0] + data[1] + frame + data[3], path=PATH).episodes)).player.receive_data(line)
    except (CassetteError, CassetteMismatch) as error:
        told = error
    assert told is not None if more else depth > 300 or told is None


def test_a_mismatch_that_is_nested_too_deep_to_be_shown_is_told() -> None:
    deep: Any = "x"
    for _ in range(700 if sys.version_info < (3, 12) else 1200):  # `json` writes it, and it cannot be walked
        deep = [deep]
    run = Host(player([spawn(), host(prompt("go")), exits()]))
    with pytest.raises(CassetteMismatch, match="nested hundreds of levels deep") as raised:
        run.send({"type": "user", "message": deep})
    assert run.player.verdict is raised.value


# ---------------------------------------------------------------- damage that a mismatch comes across


def test_damage_that_is_found_while_a_mismatch_is_told_is_the_verdict() -> None:
    entries = [spawn(), host(prompt("go")), cli(says("one")), cli(result()), eof(), exits()]
    data = dumps(cassette(entries)).replace(b'"one"', b'"one')
    run = Host(Player(loads(data, path=PATH).episodes))
    with pytest.raises(CassetteError, match=rf"^{PATH}:4:\d+: the frame is not JSON") as raised:
        run.send(prompt("stop"))
    assert run.player.verdict is raised.value


def test_a_name_of_any_length_is_cut_in_a_mismatch() -> None:
    name = "x" * 100_000
    run = Host(player([spawn(), cli(asks_for("a", name)), host(answer("a", {})), exits()], answers="verify"))
    run.receive()
    with pytest.raises(CassetteMismatch) as raised:
        run.send(answer("a", {"behavior": "deny"}))
    assert len(str(raised.value)) < 5_000


# ---------------------------------------------------------------- fake-claude


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")
def test_a_version_of_the_cli_that_is_no_unicode_is_printed_by_a_fake(tmp_path: Path) -> None:
    (tmp_path / "it.jsonl").write_bytes(b'{"cassette":1,"cli":"2.1\\ud83d"}\n')
    done = fake(tmp_path / "it.jsonl", "--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"2.1\\ud83d (Claude Code)\n", b"")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")
@pytest.mark.parametrize("code", [256, 2**32 - 256])
def test_a_failure_of_another_system_is_a_failure_of_a_fake(tmp_path: Path, code: int) -> None:
    (tmp_path / "it.jsonl").write_bytes(dumps(cassette([Entry("host", "spawn", {"argv": ["claude"]}), exits(code)])))
    assert fake(tmp_path / "it.jsonl").returncode == 1


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")
def test_damage_in_what_a_fake_did_not_play_is_told(tmp_path: Path) -> None:
    entries = [spawn(), host(prompt("go")), cli(says("one")), cli(result()), eof(), exits()]
    path = tmp_path / "it.jsonl"
    path.write_bytes(dumps(cassette(entries)).replace(b'"one"', b'"one'))
    done = fake(path, *ARGV[1:])
    assert done.returncode == 70
    assert done.stderr.startswith(b"fake-claude: CassetteError: %s:4:" % str(path).encode())


def fake(path: Path, *flags: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "claude_code_sdk.testing.fake_claude", *flags]
    env = {**os.environ, "FAKE_CLAUDE_CASSETTE": str(path)}
    return subprocess.run(command, input=b"", capture_output=True, timeout=30, env=env, check=False)
