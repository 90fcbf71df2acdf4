"""Partial files become cassettes: at a clean end, of several processes, and after a kill."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from claude_code_sdk.cassettes.cassette import Entry
from claude_code_sdk.cassettes.jsonl import load
from claude_code_sdk.cassettes.partial import PartialWriter, mark
from claude_code_sdk.cassettes.saving import recover, save
from claude_code_sdk.errors import CassetteError, CassetteNotFound
from tests.cassettes.playing import cli, eof, exits, handshake, host, prompt, says, spawn, turn

from .live import frames_of, lines_of
from .test_partial import lines

KEY = "sk-ant-api03-" + "a1B2c3D4" * 11 + "-abcdefAA"

ONE = [spawn(), *handshake(), *turn("one", "1"), eof(), exits()]
TWO = [spawn(), *handshake(), *turn("two", "2"), eof(), exits()]


def partial(path: Path, *runs: list[Entry], began: int = 1000, further: bytes = b"") -> Path:
    writer = PartialWriter(str(path))
    for number, run in enumerate(runs, 1):
        writer.write(number, lines(*run) + further, began=began + number)
    writer.close()
    return path


def prompts_of(path: Path) -> list[str]:
    return [
        entry.value["message"]["content"]
        for episode in load(path).episodes
        for entry in episode.entries
        if entry.kind == "frame" and entry.value["type"] == "user"
    ]


def test_the_runs_of_several_processes_become_one_cassette_in_the_order_in_which_they_began(tmp_path: Path) -> None:
    late = partial(tmp_path / "late", TWO, began=5000)
    early = partial(tmp_path / "early", ONE, began=2000)
    saved = save(tmp_path / "x.jsonl", [late, early])
    assert prompts_of(tmp_path / "x.jsonl") == ["one", "two"]
    assert (saved.changed, saved.episodes, saved.unfinished, saved.lost) == (True, 2, 0, 0)
    assert late.exists()


def test_saving_again_changes_nothing(tmp_path: Path) -> None:
    source = partial(tmp_path / "p", ONE, TWO)
    assert save(tmp_path / "x.jsonl", [source]).changed
    before = (tmp_path / "x.jsonl").read_bytes()
    assert not save(tmp_path / "x.jsonl", [source]).changed
    assert (tmp_path / "x.jsonl").read_bytes() == before


def test_a_partial_without_a_run_is_nothing_to_write(tmp_path: Path) -> None:
    with pytest.raises(CassetteError, match="there is nothing to write: no run of the CLI was recorded"):
        save(tmp_path / "x.jsonl", [partial(tmp_path / "p")])


def test_redactions_are_summed_over_the_runs(tmp_path: Path) -> None:
    source = partial(tmp_path / "p", ONE, TWO, further=mark("redacted", {"key": 2}))
    assert save(tmp_path / "x.jsonl", [source]).redacted == {"key": 4}
    assert lines_of(tmp_path / "x.jsonl")[0]["redacted"] == {"key": 4}


def test_a_secret_that_is_left_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(b"old")
    source = partial(tmp_path / "p", ONE, [spawn(), host(prompt(f"the key is {KEY}")), exits()])
    with pytest.raises(CassetteError) as caught:
        save(path, [source])
    text = str(caught.value)
    assert text.startswith(
        f"{path}: not written, for a secret would stand in it:\n  {source}:13: frame.message.content: "
    )
    assert text.endswith(
        "take it out with a rule of your own (rules=, under pytest claude_rules) or a function (before_record=)"
    )
    assert KEY not in text
    assert path.read_bytes() == b"old"


def test_a_run_whose_spawn_was_left_out_is_an_error_that_says_so(tmp_path: Path) -> None:
    source = partial(tmp_path / "p", ONE[1:])
    with pytest.raises(
        CassetteError, match=r":3:1?.*before_record must not leave it out|:3: a run begins with its spawn"
    ):
        save(tmp_path / "x.jsonl", [source])


# After a kill


def test_what_a_kill_left_is_a_cassette(tmp_path: Path) -> None:
    source = partial(tmp_path / "p", ONE, TWO[:5])
    with source.open("ab") as file:
        file.write(mark("held", 30) + b'{"at":0,"from":"cli","frame":{"type":"re')
    cassette = recover(source)
    assert [len(episode.entries) for episode in cassette.episodes] == [len(ONE), 5]
    saved = save(tmp_path / "x.jsonl", [source])
    assert (saved.episodes, saved.unfinished, saved.lost) == (2, 1, 70)
    assert frames_of(tmp_path / "x.jsonl")[1][-1] == ("cli", "assistant")


def test_a_damaged_frame_is_found_when_recovering(tmp_path: Path) -> None:
    source = partial(tmp_path / "p", [spawn()])
    with source.open("ab") as file:
        file.write(b'{"at":0,"from":"cli","frame":{"type":}}\n')
    with pytest.raises(CassetteError, match=rf"{source}:4:38: the frame is not JSON"):
        recover(source)
    with pytest.raises(CassetteError, match=rf"{source}:4:38: the frame is not JSON"):
        save(tmp_path / "x.jsonl", [source])


def test_a_cassette_is_nothing_to_recover(tmp_path: Path) -> None:
    save(tmp_path / "x.jsonl", [partial(tmp_path / "p", ONE)])
    with pytest.raises(CassetteError, match="this is no partial file but a cassette"):
        recover(tmp_path / "x.jsonl")


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(CassetteNotFound):
        recover(tmp_path / "p")


KILLED = """
import sys
import anyio
from claude_code_sdk import ClaudeSDKClient, record
sys.path.insert(0, sys.argv[2])
from tests.cassettes.recording.live import LiveCLI

async def main():
    with record(sys.argv[1], live=LiveCLI().transport):
        async with ClaudeSDKClient() as client:
            for number in range(1_000_000):
                await client.query(f"prompt {number}")
                async for _ in client.receive_response():
                    pass
                print(number, flush=True)

anyio.run(main, backend=sys.argv[3])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_kill_9_in_the_middle_leaves_all_that_was_said_before(tmp_path: Path, anyio_backend: str) -> None:
    path = tmp_path / "x.jsonl"
    command = [sys.executable, "-c", KILLED, str(path), str(Path(__file__).parents[3]), anyio_backend]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        while process.stdout.readline() != b"20\n":
            assert process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert not path.exists()
    saved = save(path, [f"{path}.partial"])
    assert saved.unfinished == 1
    prompts = prompts_of(path)
    assert prompts[:21] == [f"prompt {number}" for number in range(21)]
    results = [
        entry for entry in load(path).episodes[0].entries if entry.kind == "frame" and entry.value["type"] == "result"
    ]
    assert len(results) in (len(prompts), len(prompts) - 1)
    assert cli(says("PROMPT 20")).value["message"]["content"][0]["text"] in path.read_text()
