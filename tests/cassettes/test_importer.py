"""wire.jsonl -> cassette: what is kept, what is changed, and what is no wire file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_code_sdk import __version__
from claude_code_sdk.cassettes.cassette import Entry, Episode
from claude_code_sdk.cassettes.importer import import_wires
from claude_code_sdk.cassettes.jsonl import dumps, loads
from claude_code_sdk.cassettes.placeholders import Places
from claude_code_sdk.errors import CassetteError

from .wires import ARGV, from_cli, imported, meta, spawned, to_cli, write_wire

EXIT = meta("exit", code=0)
INIT = '{"type":"system","subtype":"init","claude_code_version":"2.1.330","timestamp":"2026-01-02T03:04:05.678Z"}'


def summary(episode: Episode) -> list[tuple[Any, ...]]:
    return [(entry.source, entry.kind, entry.at, entry.value) for entry in episode.entries[1:]]


def one(path: Path, record: dict[str, Any]) -> Entry:
    """The entry that a record becomes."""
    return imported(path, spawned(), record, EXIT).entries[1]


def test_every_event_becomes_its_entry(tmp_path: Path) -> None:
    episode = imported(
        tmp_path / "wire.jsonl",
        spawned(),
        to_cli('{"type": "user"}'),
        from_cli('{"type":"keep_alive"}'),
        {"dir": "stderr", "line": "a warning"},
        from_cli("not JSON"),
        meta("signal", signal="SIGINT"),
        meta("eof", dir="to_cli"),
        meta("eof", dir="from_cli"),
        meta("eof", dir="stderr"),
        meta("exit", code=-15),
    )
    assert summary(episode) == [
        ("host", "frame", 10, {"type": "user"}),
        ("cli", "frame", 20, {"type": "keep_alive"}),
        ("cli", "stderr", 30, "a warning"),
        ("cli", "noise", 40, "not JSON"),
        ("host", "signal", 50, "SIGINT"),
        ("host", "eof", 60, True),
        ("cli", "exit", 90, -15),
    ]


def test_each_wire_file_is_an_episode(tmp_path: Path) -> None:
    paths = [write_wire(tmp_path / f"{n}.jsonl", spawned(["claude", str(n)]), EXIT) for n in (2, 1)]
    cassette = import_wires(paths)
    assert [(e.number, e.argv) for e in cassette.episodes] == [(1, ["claude", "2"]), (2, ["claude", "1"])]


def test_episodes_are_in_the_order_in_which_their_processes_began(tmp_path: Path) -> None:
    late = write_wire(tmp_path / "wire.2.jsonl", {"t": 7.5, **spawned(["claude", "late"])}, EXIT)
    early = write_wire(tmp_path / "wire.jsonl", {"t": 0.5, **spawned(["claude", "early"])}, EXIT)
    cassette = import_wires([late, early])
    assert [(e.number, e.argv[1]) for e in cassette.episodes] == [(1, "early"), (2, "late")]


def test_what_is_imported_can_be_written_and_read(tmp_path: Path) -> None:
    path = write_wire(tmp_path / "wire.jsonl", spawned(), to_cli("{}"), from_cli(INIT), from_cli("\udcff"), EXIT)
    cassette = import_wires([path])
    read = loads(dumps(cassette))
    read.validate()
    assert summary(read.episodes[0]) == summary(cassette.episodes[0])


def test_flags_stay_as_they_were_recorded(tmp_path: Path) -> None:
    argv = ["claude", "--verbose", "--system-prompt", "", "--settings", '{"a":  1}']
    assert imported(tmp_path / "wire.jsonl", spawned(argv), EXIT).argv == argv


def test_of_the_environment_only_the_allowed_is_kept(tmp_path: Path) -> None:
    env = {"CLAUDE_CODE_OAUTH_TOKEN": "secret", "ANTHROPIC_BASE_URL": "http://x", "CLAUDE_CODE_ENTRYPOINT": "sdk-py"}
    episode = imported(tmp_path / "wire.jsonl", spawned(env=env), EXIT)
    assert episode.spawn["env"] == {"CLAUDE_CODE_ENTRYPOINT": "sdk-py"}


def test_a_frame_of_the_cli_keeps_its_bytes(tmp_path: Path) -> None:
    line = '{"n":1.50,"big":123456789012345678901234567890, "e":"\\u00e4\\ud83d é \u2028","type":"x"}'
    assert one(tmp_path / "wire.jsonl", from_cli(line)).frame_bytes == line.encode()


def test_a_frame_of_the_host_is_written_compactly(tmp_path: Path) -> None:
    entry = one(tmp_path / "wire.jsonl", to_cli('{"t": "\\u00e4\\ud83d", "n": [1, 2]}'))
    assert entry.frame_bytes == '{"t":"ä\\ud83d","n":[1,2]}'.encode()


@pytest.mark.parametrize("line", ["", "[1]", '"text"', "{", '{"a":NaN}', "caf\udcc3", '{"a":"\udcff"}'])
def test_a_line_that_is_no_json_object_in_utf_8_is_noise(tmp_path: Path, line: str) -> None:
    entry = one(tmp_path / "wire.jsonl", from_cli(line))
    assert (entry.kind, entry.value) == ("noise", line)


@given(st.binary(max_size=30).filter(lambda data: b"\n" not in data))
def test_noise_gives_back_the_bytes_that_were_written(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("wires") / "wire.jsonl"
    cassette = import_wires([write_wire(path, spawned(), from_cli(data.decode("utf-8", "surrogateescape")), EXIT)])
    entry = loads(dumps(cassette)).episodes[0].entries[1]
    said = entry.frame_bytes if entry.kind == "frame" else entry.value.encode("utf-8", "surrogateescape")
    assert said == data


def test_a_last_line_without_a_newline_is_marked(tmp_path: Path) -> None:
    torn = meta("no_final_newline", dir="from_cli")
    episode = imported(tmp_path / "wire.jsonl", spawned(), from_cli("{}"), from_cli('{"ty'), torn, EXIT)
    assert [entry.extra for entry in episode.entries] == [None, None, {"torn": True}, None]


def test_the_exit_is_last_although_a_pipe_was_drained_after_it(tmp_path: Path) -> None:
    episode = imported(tmp_path / "wire.jsonl", spawned(), EXIT, {"dir": "stderr", "line": "late"})
    assert [entry.kind for entry in episode.entries] == ["spawn", "stderr", "exit"]


def test_a_recording_that_was_cut_short_has_no_exit(tmp_path: Path) -> None:
    assert imported(tmp_path / "wire.jsonl", spawned(), from_cli("{}")).exit_code is None


def test_entries_are_in_canonical_order(tmp_path: Path) -> None:
    running, idle = (
        f'{{"type":"system","subtype":"session_state_changed","state":"{s}"}}' for s in ("running", "idle")
    )
    episode = imported(tmp_path / "wire.jsonl", spawned(), to_cli('{"type":"user"}'), from_cli(idle), from_cli(running))
    assert [entry.number for entry in episode.entries] == [1, 3, 2, 4]


# ---------------------------------------------------------------- paths


def test_paths_become_placeholders_wherever_they_stand(tmp_path: Path) -> None:
    styles = '{"user_output_styles_dir":"/home/ada/.claude/output-styles","cwd":"/work/app"}'
    episode = imported(
        tmp_path / "wire.jsonl",
        spawned([*ARGV, "--add-dir", "/work/app/sub", "--settings", '{"dir": "/home/ada/x"}'], cwd="/work/app"),
        to_cli('{"t": "/tmp/x"}'),
        from_cli(styles),
        {"dir": "stderr", "line": "in /work/app:"},
        from_cli("no /home/ada"),
        EXIT,
    )
    assert episode.spawn["argv"][-4:] == ["--add-dir", "{{cwd}}/sub", "--settings", '{"dir": "{{home-json}}/x"}']
    assert episode.spawn["cwd"] == "{{cwd}}"
    assert [entry.value for entry in episode.entries[1:-1]] == [
        {"t": "{{temp}}/x"},
        {"user_output_styles_dir": "{{home}}/.claude/output-styles", "cwd": "{{cwd}}"},
        "in {{cwd}}:",
        "no {{home}}",
    ]


def test_home_and_temp_can_be_given(tmp_path: Path) -> None:
    line = '{"auto":"/home/ada/.claude/projects/x","t":"/Users/eve/n /var/t/n"}'
    episode = imported(tmp_path / "wire.jsonl", spawned(), from_cli(line), EXIT, home="/Users/eve", temp="/var/t")
    assert episode.entries[1].value == {"auto": "/home/redacted1/.claude/projects/x", "t": "{{home}}/n {{temp}}/n"}


def test_a_frame_is_as_recorded_again_where_the_paths_are_the_same(tmp_path: Path) -> None:
    line = '{"auto":"/home/ada/.claude/projects/-work-app/x","literal":"{{cwd}}","cwd":"/work/app"}'
    entry = one(tmp_path / "wire.jsonl", from_cli(line))
    live = Places(cwd="/work/app", home="/home/ada", temp="/tmp", real=str)
    assert live.to_live(entry.frame_bytes) == line.encode()


# ---------------------------------------------------------------- the header


def test_the_header_says_what_the_recording_says_of_itself(tmp_path: Path) -> None:
    env = {"CLAUDE_AGENT_SDK_VERSION": "0.2.187"}
    cassette = import_wires([write_wire(tmp_path / "wire.jsonl", spawned(env=env), from_cli(INIT), EXIT)])
    assert cassette.header == {
        "cassette": 1,
        "sdk": "claude-agent-sdk 0.2.187",
        "cli": "2.1.330",
        "recorded": "2026-01-02T03:04:05.678Z",
        "mode": "import",
        "redacted": {},
    }


@pytest.mark.parametrize(
    ("version", "entrypoint", "sdk"),
    [
        (__version__, "sdk-py", f"claude-code-sdk-harness {__version__}"),
        ("0.2.187", "sdk-py", "claude-agent-sdk 0.2.187"),
        ("0.2.187", "sdk-ts", "claude-agent-sdk for TypeScript 0.2.187"),
    ],
)
def test_the_header_names_the_sdk_that_started_the_cli(tmp_path: Path, version: str, entrypoint: str, sdk: str) -> None:
    env = {"CLAUDE_AGENT_SDK_VERSION": version, "CLAUDE_CODE_ENTRYPOINT": entrypoint}
    assert import_wires([write_wire(tmp_path / "wire.jsonl", spawned(env=env), EXIT)]).header["sdk"] == sdk


def test_what_the_recording_does_not_say_is_null(tmp_path: Path) -> None:
    header = import_wires([write_wire(tmp_path / "wire.jsonl", spawned(), EXIT)]).header
    assert (header["sdk"], header["cli"], header["recorded"]) == (None, None, None)


# ---------------------------------------------------------------- no wire files

SPAWNED = json.dumps({"t": 1, **spawned()})


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("", ":1:1: the file is empty; a wire file begins with the spawn event"),
        ("# Notes", ":1:1: not a wire record: Expecting value; the file ends in the middle of a record"),
        ('{"cassette":1}\n', ':1:1: not a wire record: it is {"t": seconds, "dir": …, "line": …}, with a text, or'),
        ('{"t":1,"dir":"meta","line":"x"}\n', ":1:1: not a wire record: it is "),
        ('{"t":1,"dir":"up","line":"x"}\n', ":1:1: not a wire record: it is "),
        ('{"t":"1","dir":"stderr","line":"x"}\n', ":1:1: not a wire record: it is "),
        (json.dumps({"t": 1, **EXIT}), ':1:1: a wire file begins with the spawn event, with "argv" and "cwd"'),
        (json.dumps({"t": 1, **meta("spawn", argv=[], cwd="/")}), ":1:1: a wire file begins with the spawn event"),
        (f"{SPAWNED}\n{SPAWNED}\n", ":2:1: a second spawn event; a wire file holds one run"),
        (f'{SPAWNED}\n{{"t":1,"dir":"fr', ":2:14: not a wire record: Unterminated string starting at; the file ends"),
        (f"{SPAWNED}\n\n{SPAWNED}\n", ":2:1: not a wire record: Expecting value"),
        (f"{SPAWNED}\n{json.dumps({'t': 2, **meta('exit')})}\n", ":2:1: unknown or incomplete event 'exit'"),
        (f"{SPAWNED}\n{json.dumps({'t': 2, **meta('nap')})}\n", ":2:1: unknown or incomplete event 'nap'"),
        (f"{SPAWNED}\n{json.dumps({'t': 2, **from_cli(chr(0xD83D))})}\n", ":2:1: the line holds a character that no"),
    ],
)
def test_what_is_no_wire_file_is_told_with_line_and_column(tmp_path: Path, content: str, error: str) -> None:
    path = tmp_path / "wire.jsonl"
    path.write_text(content)
    with pytest.raises(CassetteError) as caught:
        import_wires([str(path)])
    assert str(caught.value).startswith(f"{path}{error}")


def test_a_wire_file_that_is_not_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "wire.jsonl"
    path.write_bytes(b"\xff\n")
    with pytest.raises(CassetteError, match=r"wire\.jsonl:1:1: not a wire record: 'utf-8' codec can't decode"):
        import_wires([str(path)])


def test_a_wire_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(CassetteError, match=r"none\.jsonl: the wire file cannot be read: No such file or directory$"):
        import_wires([str(tmp_path / "none.jsonl")])


def test_ids_of_the_cli_are_aliased_but_for_those_of_shell_tasks(tmp_path: Path) -> None:
    session, agent, task = "f805a4e3-3c08-444d-aa9c-3bc2077cf7ed", "af5168a5741cbc15a", "bzcpvzm9o"
    frame = {"type": "system", "session_id": session, "tasks": [{"task_id": agent}, {"task_id": task}]}
    value = one(tmp_path / "wire.jsonl", from_cli(json.dumps(frame))).value
    assert value == {
        "type": "system",
        "session_id": "ca55e77e-0001-4000-8000-000000000002",
        "tasks": [{"task_id": "aca55e77e00010001"}, {"task_id": task}],
    }


def test_secrets_are_replaced_in_both_directions_argv_and_stderr(tmp_path: Path) -> None:
    key = "sk-ant-" + "api03-" + "Zq3v" * 20 + "AA"
    path = write_wire(
        tmp_path / "wire.jsonl",
        spawned(["claude", "--append-system-prompt", f"use {key}"]),
        to_cli(json.dumps({"type": "user", "message": {"role": "user", "content": f"my key is {key}"}})),
        from_cli(json.dumps({"type": "keep_alive", "text": key})),
        {"dir": "stderr", "line": f"refused: {key}"},
        EXIT,
    )
    cassette = import_wires([path])
    assert key not in dumps(cassette).decode()
    assert cassette.header["redacted"] == {"anthropic-key": 1}
    assert [(entry.path, entry.kind) for entry in cassette.episodes[0].entries] == [
        (path, kind) for kind in ("spawn", "frame", "frame", "stderr", "exit")
    ]


def test_a_secret_of_the_recorded_environment_is_replaced(tmp_path: Path) -> None:
    env = {"DEPLOY_TOKEN": "correct-horse-7-battery"}
    path = write_wire(tmp_path / "wire.jsonl", spawned(env=env), from_cli('{"text":"correct-horse-7-battery"}'), EXIT)
    assert "correct-horse-7-battery" not in dumps(import_wires([path])).decode()
