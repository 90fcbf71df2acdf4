"""`claude-cassette record`: programs that know nothing of it, in any language, in any number of processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from claude_code_sdk.cassettes.jsonl import load
from claude_code_sdk.cassettes.transcript import Transcript

from .commands import command, run
from .programs import AT_ONCE, OURS, python, record, shell, write_cli, write_program, write_script


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "c" / "out.jsonl"


def prompts(path: Path) -> list[list[str]]:
    """The prompts of each episode."""
    return [[event.text for event in Transcript(episode).prompts] for episode in load(path).episodes]


def left(out: Path) -> list[str]:
    """What lies beside the cassette."""
    return sorted(path.name for path in out.parent.iterdir() if path.name not in (out.name, "inventory"))


# Programs


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_program_on_our_sdk_is_recorded_and_its_output_is_its_own(tmp_path: Path, out: Path, backend: str) -> None:
    cli = write_cli(tmp_path, "hello")
    program = OURS.replace("anyio.run(main)", f"anyio.run(main, backend={backend!r})")
    done = record(out, "--cli", cli, *python(write_program(tmp_path, program), "hello"))
    assert (done.returncode, done.stdout) == (0, "AssistantMessage\nResultMessage\n")
    assert done.stderr == f"claude-cassette: {out}: 1 episode\n"
    assert prompts(out) == [["hello"]]
    assert load(out).episodes[0].exit_code == 0
    assert load(out).header["mode"] == "record"
    assert left(out) == []


def test_recording_the_same_again_leaves_the_file_byte_for_byte(tmp_path: Path, out: Path) -> None:
    cli = write_cli(tmp_path, "hello", "hello")
    program = python(write_program(tmp_path, OURS), "hello")
    record(out, "--cli", cli, *program)
    before = out.read_bytes()
    done = record(out, "--cli", cli, *program)
    assert done.stderr.endswith("1 episode; the behaviour is what it was, and the file is unchanged\n")
    assert out.read_bytes() == before


@pytest.mark.parametrize("executable", ["claude", '"$CCSDK_RECORDER"'])
def test_a_program_in_another_language_is_recorded_once(tmp_path: Path, out: Path, executable: str) -> None:
    cli = write_cli(tmp_path, "hello")
    program = write_script(tmp_path / "program", shell("hello", executable))
    done = record(out, "--", program, PATH=f"{Path(cli).parent}{os.pathsep}{os.environ['PATH']}")
    assert (done.returncode, done.stdout.strip()) == (0, "3")
    assert prompts(out) == [["hello"]]
    assert left(out) == []


def test_sessions_at_once_and_in_child_processes_are_episodes_in_the_order_of_their_start(
    tmp_path: Path, out: Path
) -> None:
    cli = write_cli(tmp_path, "one", "two", "three")
    child = write_program(tmp_path, OURS, "child.py")
    done = record(out, "--cli", cli, *python(write_program(tmp_path, AT_ONCE), child, "one", "two", "three"))
    assert (done.returncode, done.stderr) == (0, f"claude-cassette: {out}: 3 episodes\n")
    assert sorted(prompts(out)) == [["one"], ["three"], ["two"]]
    assert prompts(out)[2] == ["three"]


def test_a_program_may_name_the_recorder_although_it_is_seen_anyway(tmp_path: Path, out: Path) -> None:
    named = OURS.replace("prompt=sys.argv[1]", "prompt=sys.argv[1], options=ClaudeCodeOptions(cli_path=CLI)")
    named = "import os\nfrom claude_code_sdk import ClaudeCodeOptions\nCLI = os.environ['CCSDK_RECORDER']\n" + named
    cli = write_cli(tmp_path, "hello")
    program = python(write_program(tmp_path, named), "hello")
    done = record(out, *program, PATH=f"{Path(cli).parent}{os.pathsep}{os.environ['PATH']}")
    assert done.returncode == 0, done.stderr
    assert prompts(out) == [["hello"]]


def test_a_program_that_starts_no_session_makes_no_cassette(out: Path) -> None:
    done = record(out, "--", "echo", "hi")
    assert (done.returncode, done.stdout) == (1, "hi\n")
    assert done.stderr.startswith(f"claude-cassette: {out}: nothing was recorded: no session of Claude Code was seen\n")
    assert 'cli_path=os.environ["CCSDK_RECORDER"]' in done.stderr
    assert left(out) == []
    assert not out.exists()


def test_a_python_without_an_sdk_loads_nothing_for_it(out: Path) -> None:
    loaded = (
        "import sys; print(sorted(m for m in sys.modules if m.split('.')[0] in ('claude_code_sdk', 'anyio', 'json')))"
    )
    done = record(out, "--", sys.executable, "-c", loaded)
    assert done.stdout == "[]\n"


def test_a_sitecustomize_of_the_program_still_runs_and_finds_what_it_would(tmp_path: Path, out: Path) -> None:
    theirs = "import os; 'CCSDK_RECORDER' in os.environ and print('theirs', __name__, __file__)"
    (tmp_path / "sitecustomize.py").write_text(theirs)
    look = "import sys, sitecustomize; print(sitecustomize.__file__); print(any('startup' in p for p in sys.path))"
    done = record(out, "--", sys.executable, "-c", look, PYTHONPATH=str(tmp_path))
    file = tmp_path / "sitecustomize.py"
    assert done.stdout == f"theirs sitecustomize {file}\n{file}\nFalse\n"


def test_the_cli_has_the_environment_that_it_would_have(tmp_path: Path, out: Path) -> None:
    write_script(tmp_path / "claude", f'env > "{tmp_path}/$1.env"\nexit 3\n')
    program = write_program(
        tmp_path,
        "import asyncio, os, subprocess\n"
        "from claude_code_sdk import ClaudeCodeOptions, query\n"
        "async def main():\n"
        "    async for _ in query(prompt='hi'): pass\n"
        "try: asyncio.run(main())\n"
        "except Exception: pass\n"
        "subprocess.run(['claude', '-p'])\n"
        "subprocess.run(['claude', 'doctor'])\n",
    )
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    record(out, *python(program), PATH=path, PYTHONPATH="/their/own")
    for started in ("--output-format", "-p", "doctor"):
        env = dict(line.partition("=")[::2] for line in (tmp_path / f"{started}.env").read_text().splitlines())
        assert (env["PATH"], env["PYTHONPATH"]) == (path, "/their/own")
        assert {name for name in env if name.startswith("CCSDK_")} == {"CCSDK_LIVE"}  # of the run of tests around it


def test_what_is_no_session_is_not_recorded(tmp_path: Path, out: Path) -> None:
    cli = write_cli(tmp_path, "hello")
    done = record(out, "--cli", cli, "--", "sh", "-c", "claude --version")
    assert (done.returncode, done.stdout) == (1, "2.1.330 (Claude Code)\n")


# How it ends


def test_a_program_that_fails_leaves_the_cassette_as_it_was(tmp_path: Path, out: Path) -> None:
    out.parent.mkdir()
    out.write_text("the old one")
    cli = write_cli(tmp_path, "hello")
    program = write_script(tmp_path / "program", shell("hello") + "exit 5\n")
    done = record(out, "--cli", cli, "--", program)
    assert done.returncode == 5
    assert f"the program ended with exit code 5; the cassette {out} is as it was\n" in done.stderr
    assert out.read_text() == "the old one"
    assert left(out) == ["out.jsonl.partial", "out.jsonl.parts"]
    recovered = run("recover", f"{out}.partial")
    assert (recovered.exit_code, recovered.stdout) == (0, f"{out}: 1 episode\n")
    assert prompts(out) == [["hello"]]
    assert left(out) == []


def test_always_writes_it_even_then(tmp_path: Path, out: Path) -> None:
    cli = write_cli(tmp_path, "hello")
    program = write_script(tmp_path / "program", shell("hello") + "exit 5\n")
    assert record(out, "--always", "--cli", cli, "--", program).returncode == 5
    assert prompts(out) == [["hello"]]


def test_a_death_by_signal_is_told_as_a_shell_tells_it(out: Path) -> None:
    assert record(out, "--", "sh", "-c", "kill -TERM $$").returncode == 143


def test_a_program_that_cannot_be_started_is_127_or_126(tmp_path: Path, out: Path) -> None:
    missing = record(out, "--", "no-such-program")
    assert (missing.returncode, missing.stderr) == (127, "Error: no-such-program: No such file or directory\n")
    (tmp_path / "text").write_text("no program")
    assert record(out, "--", str(tmp_path / "text")).returncode == 126
    assert left(out) == []


def test_ctrl_c_is_the_programs_and_its_answer_is_passed_on(tmp_path: Path, out: Path) -> None:
    program = write_program(
        tmp_path,
        "import signal, sys\n"
        "signal.signal(signal.SIGINT, lambda *_: sys.exit(7))\n"
        "print('ready', flush=True)\n"
        "signal.pause()\n",
    )
    process = subprocess.Popen(
        command("record", "--out", out, *python(program)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    os.killpg(process.pid, signal.SIGINT)  # what a terminal does
    _, said = process.communicate(timeout=30)
    assert process.returncode == 7
    assert b"Traceback" not in said


def test_a_kill_takes_nothing_that_was_recorded(tmp_path: Path, out: Path) -> None:
    cli = write_cli(tmp_path, "hello")
    waits = OURS.replace("print(type(message).__name__)", "print('heard', flush=True); sys.stdin.read()")
    process = subprocess.Popen(
        command("record", "--out", out, "--cli", cli, *python(write_program(tmp_path, waits), "hello")),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == b"heard\n"
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=30)
    assert not out.exists()
    told = json.loads(run("recover", f"{out}.partial", "--json").stdout)
    assert (told["cassette"], told["episodes"]) == (str(out), 1)
    transcript = Transcript(load(out).episodes[0])
    assert [event.text for event in transcript.texts] == ["Heard: hello"]


def test_two_cannot_record_one_cassette(tmp_path: Path, out: Path) -> None:
    inner = [*command("record", "--out", out, "--", "true")]
    done = record(out, "--", *inner)
    assert done.returncode == 1
    assert "is recording this cassette right now" in done.stderr
    assert "two cannot record one cassette" in done.stderr


# Options


def test_secrets_are_taken_out_before_anything_is_written(tmp_path: Path, out: Path) -> None:
    key = "sk-ant-api03-" + "Zq8-Xw2Lr7Tn5Vb1Yc4Kd9Mf3Gh6Js0P" * 2
    cli = write_cli(tmp_path, "hello")
    program = write_script(tmp_path / "program", shell(f"use {key}") + "exit 1\n")
    record(out, "--cli", cli, "--", program)
    files = [path for path in out.parent.rglob("*") if path.is_file()]
    assert files
    assert [path for path in files if key.encode() in path.read_bytes()] == []


def test_rules_of_the_project_are_kept_to(tmp_path: Path, out: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text('[[rules]]\nname = "codename"\npattern = "project-[a-z]{6}"\nliterals = ["project-"]\n')
    cli = write_cli(tmp_path, "about project-icarus", "about project-icarus")
    program = python(write_program(tmp_path, OURS), "about project-icarus")
    for words in ([*program], ["--", write_script(tmp_path / "program", shell("about project-icarus"))]):
        done = record(out, "--cli", cli, "--rules", str(rules), *words)
        assert "taken out: 1 codename\n" in done.stderr
        assert b"icarus" not in out.read_bytes()


def test_rules_that_cannot_be_read_fail_before_the_program_runs(tmp_path: Path, out: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text("[[rules]]\nname = 3\n")
    done = record(out, "--rules", str(rules), "--", "echo", "ran")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f'Error: {rules}: rule 1 needs name = "…" and pattern = "…"\n'


def test_json_is_one_object_on_stderr(tmp_path: Path, out: Path) -> None:
    cli = write_cli(tmp_path, "hello")
    done = record(out, "--json", "--cli", cli, *python(write_program(tmp_path, OURS), "hello"))
    assert json.loads(done.stderr) == {
        "cassette": str(out),
        "changed": True,
        "episodes": 1,
        "unfinished": 0,
        "lost": 0,
        "cli": None,
        "redacted": {},
    }


def test_mode_once_records_when_there_is_no_cassette_and_plays_it_then(tmp_path: Path, out: Path) -> None:
    cli = write_cli(tmp_path, "hello")
    program = python(write_program(tmp_path, OURS), "hello")
    assert record(out, "--mode", "once", "--cli", cli, *program).returncode == 0
    before = out.read_bytes()
    played = record(out, "--mode", "once", "--cli", "false", *program)
    assert (played.returncode, played.stdout, played.stderr) == (0, "AssistantMessage\nResultMessage\n", "")
    assert out.read_bytes() == before


def test_what_differs_from_the_cassette_is_told_with_the_command_that_accepts_it(tmp_path: Path, out: Path) -> None:
    cli = write_cli(tmp_path, "hello")
    program = write_program(tmp_path, OURS)
    record(out, "--cli", cli, *python(program, "hello"))
    done = record(out, "--mode", "none", *python(program, "hallo"))
    assert done.returncode == 1
    _, verdict = done.stderr.split("\nclaude-cassette: ", 1)
    assert verdict.startswith("CassetteMismatch: frame 4 of episode 1 is not what was recorded\n")
    assert '+ message.content: "hallo"' in verdict
    assert f"claude-cassette record --out {out} -- {sys.executable} {program} hallo" in verdict


def test_mode_none_without_a_cassette_fails_before_the_program_runs(out: Path) -> None:
    done = record(out, "--mode", "none", "--", "echo", "ran")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"Error: {out}: there is no such cassette\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--mode", "banana"], "--mode='banana': it is one of none, once, new_episodes, all"),
        (["--mode", "new_episodes"], "--mode=new_episodes is for use_cassette()"),
        (["--cli", "/no/such/claude"], "--cli /no/such/claude: there is no such executable."),
    ],
)
def test_wrong_options_are_refused_before_the_program_runs(out: Path, words: list[str], said: str) -> None:
    result = run("record", "--out", out, *words, "--", "echo", "ran")
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())
    assert not out.parent.exists()
