"""fake-claude and write_executable() with a script: processes, their verdicts, and what is left of it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest

from claude_code_sdk import ClaudeCodeOptions, ClaudeSDKClient, ProcessError, ResultMessage, query
from claude_code_sdk.testing import Script, ScriptError, ScriptFormatError, check_executable, write_executable

from ..cassettes.playing import prompt
from .script.functions import listing
from .test_fake_claude import FAKE, Outcome, spoken

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")

LIMIT = 60.0
FLAGS = ("--output-format", "stream-json", "--verbose", "--input-format", "stream-json")
SAID = spoken(prompt("hi"))


def written(folder: Path, script: Script | dict[str, Any]) -> str:
    path = folder / "script.json"
    path.write_text(json.dumps(script.to_json() if isinstance(script, Script) else script))
    return str(path)


@pytest.fixture
def no_room(tmp_path: Path) -> Iterator[None]:
    """A script in the folder; processes that are started then may write no byte of a file, as on a full disk."""
    import resource  # which Windows does not have

    written(tmp_path, Script().says("Hello"))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    signal.signal(signal.SIGXFSZ, ignored)


async def ask(cli_path: str, text: str = "hi", **options: Any) -> str | None:
    with anyio.fail_after(LIMIT):
        messages = [m async for m in query(prompt=text, options=ClaudeCodeOptions(cli_path=cli_path, **options))]
    result = messages[-1]
    assert isinstance(result, ResultMessage)
    return result.result


# fake-claude


def test_it_plays_a_script(tmp_path: Path) -> None:
    outcome = Outcome(FAKE, SAID, *FLAGS, FAKE_CLAUDE_SCRIPT=written(tmp_path, Script().says("Hello")))
    assert (outcome.code, outcome.stderr) == (0, "")
    assert [frame["result"] for frame in outcome.frames if frame["type"] == "result"] == ["Hello"]


@pytest.mark.parametrize(
    ("setting", "file"),
    [
        ("FAKE_CLAUDE_WIRE", "wire-1.jsonl"),
        ("FAKE_CLAUDE_CLOCK", "moment-1"),
        ("FAKE_CLAUDE_STATE", "sessions/5e5510a1-0000-4000-8000-000000000001.json"),
    ],
)
def test_a_file_that_cannot_be_written_is_named_with_the_setting_that_asks_for_it(
    tmp_path: Path, no_room: None, setting: str, file: str
) -> None:
    script = tmp_path / "script.json"
    outcome = Outcome(FAKE, SAID, *FLAGS, FAKE_CLAUDE_SCRIPT=str(script), **{setting: str(tmp_path / "kept")})
    assert outcome.code == 74
    assert outcome.stderr == (
        f"fake-claude: {setting}: {tmp_path / 'kept' / file} could not be written: File too large\n"
        "  make room there, or have the setting name another directory\n"
    )


def test_a_verdict_that_is_not_whole_fails_the_test_and_says_where_it_stands(tmp_path: Path) -> None:
    path = write_executable(tmp_path, Script().says("Hello"))
    (tmp_path / "claude.state").mkdir()
    (tmp_path / "claude.state" / "verdict-1").touch()
    with pytest.raises(RuntimeError) as caught:
        check_executable(path, script=Script().says("Hello"))
    assert str(caught.value) == (
        f"a process of {path} met a verdict, and {tmp_path / 'claude.state' / 'verdict-1'} does not have all of it\n"
        "  what it was stands on the stderr of that process; most often the disk was full"
    )


def test_processes_use_up_one_script_through_a_state(tmp_path: Path) -> None:
    settings = {
        "FAKE_CLAUDE_SCRIPT": written(tmp_path, Script().says("one").says("two")),
        "FAKE_CLAUDE_STATE": str(tmp_path / "not" / "there"),
    }
    results = [
        frame["result"]
        for _ in range(2)
        for frame in Outcome(FAKE, SAID, *FLAGS, **settings).frames
        if frame["type"] == "result"
    ]
    assert results == ["one", "two"]


def test_a_request_beyond_the_script_is_its_text_and_exit_code_70(tmp_path: Path) -> None:
    state = tmp_path / "state"
    script = written(tmp_path, Script())
    outcome = Outcome(FAKE, SAID, *FLAGS, FAKE_CLAUDE_SCRIPT=script, FAKE_CLAUDE_STATE=str(state))
    assert outcome.code == 70
    assert outcome.stderr.startswith("fake-claude: ScriptError: the script has no reply left for this request")
    verdicts = [json.loads(path.read_text()) for path in state.glob("verdict-*")]
    assert [verdict["kind"] for verdict in verdicts] == ["ScriptError"]


def test_what_is_left_never_fails_a_process(tmp_path: Path) -> None:
    script = Script().says("one").says("two").expects_prompt("hi").expects_prompt("bye")
    outcome = Outcome(FAKE, SAID, *FLAGS, FAKE_CLAUDE_SCRIPT=written(tmp_path, script))
    assert (outcome.code, outcome.stderr) == (0, "")


def test_a_wrong_script_is_refused_with_the_path_of_the_fault(tmp_path: Path) -> None:
    path = written(tmp_path, {"script": 1, "turns": [[{"type": "text"}]]})
    outcome = Outcome(FAKE, SAID, *FLAGS, FAKE_CLAUDE_SCRIPT=path)
    assert (outcome.code, outcome.stdout) == (64, "")
    assert outcome.stderr == (
        f'fake-claude: FAKE_CLAUDE_SCRIPT={path!r}: $.turns[0][0]: a text block needs the key "text"\n'
    )


def test_a_script_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = str(tmp_path / "none.json")
    outcome = Outcome(FAKE, SAID, *FLAGS, FAKE_CLAUDE_SCRIPT=path)
    assert outcome.code == 64
    assert outcome.stderr == f"fake-claude: FAKE_CLAUDE_SCRIPT={path!r}: No such file or directory\n"


@pytest.mark.parametrize("flag", ["--version", "-v"])
def test_it_says_the_version_of_the_cli_that_it_stands_for(tmp_path: Path, flag: str) -> None:
    outcome = Outcome(FAKE, b"", flag, FAKE_CLAUDE_SCRIPT=written(tmp_path, Script()))
    assert (outcome.code, outcome.stdout) == (0, "2.1.330 (Claude Code)\n")


def test_faults_of_the_script_happen(tmp_path: Path) -> None:
    script = Script().says("Hello").fault(before={"type": "result"}, exit=9, stderr="out of memory")
    outcome = Outcome(FAKE, SAID, *FLAGS, FAKE_CLAUDE_SCRIPT=written(tmp_path, script))
    assert (outcome.code, outcome.stderr) == (9, "out of memory\n")
    assert "result" not in [frame["type"] for frame in outcome.frames]


def test_a_crash_by_a_signal_is_one(tmp_path: Path) -> None:
    outcome = Outcome(FAKE, SAID, *FLAGS, FAKE_CLAUDE_SCRIPT=written(tmp_path, Script().fault(after=0, exit=-9)))
    assert outcome.code == -9


# write_executable


async def test_an_executable_plays_a_script_of_this_process(tmp_path: Path) -> None:
    script = Script().says("Hello").says("again")
    path = write_executable(tmp_path, script)
    assert [await ask(path), await ask(path)] == ["Hello", "again"]
    check_executable(path, script=script)


async def test_it_may_be_a_file(tmp_path: Path) -> None:
    path = write_executable(tmp_path, written(tmp_path, Script().says("Hello")))
    assert await ask(path) == "Hello"


async def test_nothing_of_the_environment_reaches_it(tmp_path: Path) -> None:
    path = write_executable(tmp_path, script=Script().says("Hello"))
    env = {"FAKE_CLAUDE_CASSETTE": "/no/such.jsonl", "FAKE_CLAUDE_STATE": "/dev/null/x"}
    assert await ask(path, env=env) == "Hello"


async def test_a_function_answers_in_the_process(tmp_path: Path) -> None:
    script = Script().calls("Bash", command="ls", description="all").says("done").answers("Bash", listing)
    path = write_executable(tmp_path, script=script)
    results = []
    with anyio.fail_after(LIMIT):
        async with ClaudeSDKClient(ClaudeCodeOptions(cli_path=path, allowed_tools=["Bash"])) as client:
            await client.query("hi")
            async for message in client.receive_response():
                results += [getattr(block, "content", None) for block in getattr(message, "content", ())]
    assert "listing of all" in results


def test_a_closure_cannot_go_to_the_process(tmp_path: Path) -> None:
    with pytest.raises(
        ScriptFormatError, match=r"^\$\.answers\[0\]\.function: .*<lambda>.* cannot go to another process"
    ):
        write_executable(tmp_path, script=Script().answers("Bash", lambda given: "x"))


async def test_what_is_left_is_judged_when_all_have_ended(tmp_path: Path) -> None:
    script = Script().says("one").says("two")
    path = write_executable(tmp_path, script)
    await ask(path)
    with pytest.raises(ScriptError, match=r'it started 1 run of the CLI; left are\n\n    \$\.turns\[1\]: "two"'):
        check_executable(path, script=script)
    check_executable(path, script=script, unplayed="ignore")


def test_a_script_that_nobody_played_is_left(tmp_path: Path) -> None:
    script = Script().says("one")
    path = write_executable(tmp_path, script)
    with pytest.raises(ScriptError, match="it started no run of the CLI"):
        check_executable(path, script=script)


async def test_a_script_error_that_the_program_swallowed_is_raised_at_the_end(tmp_path: Path) -> None:
    script = Script().expects_prompt("hello").says("one")
    path = write_executable(tmp_path, script)
    with pytest.raises(ProcessError, match="exit code: 70"):
        await ask(path, "bye")
    with pytest.raises(ScriptError) as caught:
        check_executable(path, script=script)
    assert str(caught.value).splitlines()[0] == "the prompt is not what the script expects"


def test_one_thing_is_played(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="one script or one cassette, not 0 of them"):
        write_executable(tmp_path)
    with pytest.raises(TypeError, match="one script or one cassette, not 2 of them"):
        write_executable(tmp_path, script=Script(), cassette="x.jsonl")


def test_the_process_loads_nothing_that_takes_long(tmp_path: Path) -> None:
    path = write_executable(tmp_path, script=Script().says("Hello"))
    tell = "; import claude_code_sdk.testing.stdio as s; s.end_process = lambda _: print(*sys.modules, file=sys.stderr)"
    text = Path(path).read_text().replace("; main()", f"{tell}; main()")
    Path(path).write_text(text)
    done = subprocess.run([path, *FLAGS], input=SAID, capture_output=True, timeout=30, check=False)
    assert b'"result":"Hello"' in done.stdout
    loaded = set(done.stderr.decode().split())
    assert "claude_code_sdk.testing.fake_cli.engine" in loaded
    assert {"dataclasses", "typing", "argparse", "orjson", "anyio", "asyncio", "jsonschema"}.isdisjoint(loaded)
