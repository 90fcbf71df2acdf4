"""fake-claude: the executable, its settings, and what it costs to start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from claude_code_sdk.cassettes.cassette import Entry
from claude_code_sdk.cassettes.jsonl import dump
from claude_code_sdk.cassettes.mismatch import CassetteMismatch, UnplayedEpisode
from claude_code_sdk.errors import CassetteNotFound
from claude_code_sdk.testing.executable import check_executable, write_executable

from ..cassettes.playing import (
    ARGV,
    answer,
    asks_for,
    cassette,
    cli,
    eof,
    exits,
    handshake,
    host,
    initialize,
    prompt,
    result,
    says,
    spawn,
    stderr,
    turn,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")

ONE = [spawn(), *handshake(), *turn("hi", "first"), eof(), exits()]
TWO = [spawn(), *handshake(), *turn("hi", "second"), eof(), exits()]

FAKE = [sys.executable, "-m", "claude_code_sdk.testing.fake_claude"]


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    return record(tmp_path, ONE, TWO)


def record(folder: Path, *episodes: list[Entry]) -> Path:
    path = folder / "it.jsonl"
    dump(cassette(*episodes), path)
    return path


def spoken(*frames: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(frame).encode() + b"\n" for frame in frames)


class Outcome:
    """A whole run of a fake."""

    def __init__(self, command: list[str], said: bytes = b"", *flags: str, **settings: str) -> None:
        env = {key: value for key, value in os.environ.items() if not key.startswith("FAKE_CLAUDE_")}
        done = subprocess.run(
            [*command, *flags], input=said, capture_output=True, timeout=30, env={**env, **settings}, check=False
        )
        self.code = done.returncode
        self.frames = [json.loads(line) for line in done.stdout.splitlines()] if done.stdout.startswith(b"{") else []
        self.stdout = done.stdout.decode()
        self.stderr = done.stderr.decode()


SAID = spoken(initialize(), prompt("hi"))
FLAGS = ARGV[1:]


def test_it_plays_a_cassette_to_whoever_starts_it_as_claude(recorded: Path) -> None:
    outcome = Outcome(FAKE, SAID, *FLAGS, FAKE_CLAUDE_CASSETTE=str(recorded))
    assert outcome.frames == [answer("req_1", {"commands": []}), says("first"), result("first")]
    assert (outcome.code, outcome.stderr) == (0, "")


def test_processes_that_share_a_state_directory_play_one_episode_each(recorded: Path, tmp_path: Path) -> None:
    shared = {"FAKE_CLAUDE_CASSETTE": str(recorded), "FAKE_CLAUDE_STATE": str(tmp_path / "not" / "there")}
    said = [Outcome(FAKE, SAID, *FLAGS, **shared).frames[-1]["result"] for _ in range(2)]
    assert said == ["first", "second"]
    third = Outcome(FAKE, SAID, *FLAGS, **shared)
    assert third.code == 70
    assert "the program starts the CLI once more than was recorded" in third.stderr


def test_without_a_state_directory_each_process_begins_with_the_first_episode(recorded: Path) -> None:
    for _ in range(2):
        outcome = Outcome(FAKE, SAID, *FLAGS, FAKE_CLAUDE_CASSETTE=str(recorded))
        assert outcome.frames[-1] == result("first")


def test_a_mismatch_is_told_on_stderr(recorded: Path) -> None:
    said = spoken(initialize(), prompt("ho"))
    outcome = Outcome(FAKE, said, *FLAGS, FAKE_CLAUDE_CASSETTE=str(recorded), FAKE_CLAUDE_ACCEPT="make record")
    assert outcome.code == 70
    assert outcome.stderr == (
        "fake-claude: CassetteMismatch: frame 4 of episode 1 is not what was recorded\n"
        "\n"
        f'  {recorded}:5   host sends user "hi"\n'
        '    - message.content: "hi"\n'
        '    + message.content: "ho"\n'
        "\n"
        "  played 2 of 8 entries; waiting behind this one: assistant, result\n"
        "  2 of 2 episodes fitted so far; episode 1 differs least\n"
        "  record mode none; matched on argv, prompt, control; answers: verify\n"
        "  accept the new behaviour:  make record\n"
    )


def test_a_program_that_stops_early_is_told_so(recorded: Path) -> None:
    outcome = Outcome(FAKE, spoken(initialize()), *FLAGS, FAKE_CLAUDE_CASSETTE=str(recorded))
    assert outcome.code == 70
    assert outcome.stderr.startswith("fake-claude: UnplayedEpisode: episode 1 was not played to its end\n")


def test_a_program_that_stops_early_may_be_let_go(recorded: Path) -> None:
    settings = {"FAKE_CLAUDE_CASSETTE": str(recorded), "FAKE_CLAUDE_UNPLAYED": "ignore"}
    outcome = Outcome(FAKE, spoken(initialize()), *FLAGS, **settings)
    assert (outcome.code, outcome.stderr) == (0, "")


def test_answers_are_verified_on_request(tmp_path: Path) -> None:
    entries = [cli(asks_for("a")), host(answer("a", {"behavior": "deny"})), cli(result()), exits()]
    path = record(tmp_path, [spawn(), host(prompt("go")), *entries])
    said = spoken(prompt("go"))
    waiting = {"FAKE_CLAUDE_CASSETTE": str(path), "FAKE_CLAUDE_PATIENCE": "5"}
    with subprocess.Popen(
        [*FAKE, *FLAGS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **waiting, "FAKE_CLAUDE_ANSWERS": "verify"},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(said)
        process.stdin.flush()
        assert json.loads(process.stdout.readline()) == asks_for("a")
        _, err = process.communicate(spoken(answer("a", {"behavior": "allow"})), timeout=30)
    assert process.returncode == 70
    assert b'+ response.behavior: "allow"' in err


def ticket_rules(folder: Path) -> Path:
    path = folder / "rules.toml"
    path.write_text("""[[rules]]\nname = "ticket"\npattern = 'TICKET-(?P<secret>[0-9]{6})'\nliterals = ["ticket-"]\n""")
    return path


def test_rules_for_secrets_of_the_users_own_are_a_setting(tmp_path: Path) -> None:
    from claude_code_sdk.cassettes.secrets import Scrubber
    from claude_code_sdk.cassettes.secrets.rules_file import load_rules

    rules = ticket_rules(tmp_path)
    pseudonym = Scrubber(load_rules(rules)).text("see TICKET-123456")
    path = record(tmp_path, [spawn(), *handshake(), *turn(pseudonym, "first"), eof(), exits()])
    said = spoken(initialize(), prompt("see TICKET-654321"))
    settings = {"FAKE_CLAUDE_CASSETTE": str(path)}
    known = Outcome(FAKE, said, *FLAGS, **settings, FAKE_CLAUDE_RULES=str(rules))
    assert (known.code, known.stderr) == (0, "")
    unknown = Outcome(FAKE, said, *FLAGS, **settings)
    assert unknown.code == 70
    other = Outcome(FAKE, spoken(initialize(), prompt("see nothing")), *FLAGS, **settings, FAKE_CLAUDE_RULES=str(rules))
    assert other.code == 70


def test_an_executable_knows_the_rules_that_it_was_written_with(tmp_path: Path) -> None:
    path = record(tmp_path, [spawn(), *handshake(), *turn("see TICKET-REDACTED1", "first"), eof(), exits()])
    executable = write_executable(tmp_path, cassette=path, rules=ticket_rules(tmp_path))
    outcome = Outcome([executable], spoken(initialize(), prompt("see TICKET-654321")), *FLAGS)
    assert (outcome.code, outcome.stderr) == (0, "")
    check_executable(executable, cassette=path)


def test_patience_is_a_setting(recorded: Path) -> None:
    env = {**os.environ, "FAKE_CLAUDE_CASSETTE": str(recorded), "FAKE_CLAUDE_PATIENCE": "0.05"}
    with subprocess.Popen([*FAKE, *FLAGS], stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=env) as process:
        assert process.wait(30) == 70
        assert process.stderr is not None
        assert b"waited 0.05 s in episode 1" in process.stderr.read()


def test_exit_code_and_stderr_are_those_of_the_recording(tmp_path: Path) -> None:
    path = record(tmp_path, [spawn("--no-such-flag"), stderr("error: unknown option"), exits(1)])
    outcome = Outcome(FAKE, b"", *FLAGS, "--no-such-flag", FAKE_CLAUDE_CASSETTE=str(path))
    assert (outcome.code, outcome.stdout, outcome.stderr) == (1, "", "error: unknown option\n")


@pytest.mark.parametrize("flag", ["--version", "-v"])
def test_it_has_the_version_of_the_cli_that_was_recorded(recorded: Path, flag: str) -> None:
    outcome = Outcome(FAKE, b"", flag, FAKE_CLAUDE_CASSETTE=str(recorded))
    assert (outcome.code, outcome.stdout, outcome.stderr) == (0, "2.1.330 (Claude Code)\n", "")


def test_without_settings_it_says_what_to_set() -> None:
    outcome = Outcome(FAKE, SAID, *FLAGS)
    assert outcome.code == 64
    assert outcome.stderr == (
        "fake-claude: nothing to play\n"
        "  set FAKE_CLAUDE_CASSETTE to the path of a cassette, or FAKE_CLAUDE_SCRIPT to that of a script\n"
    )


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("FAKE_CLAUDE_PATIENCE", "long", "FAKE_CLAUDE_PATIENCE: 'long' is no number of seconds"),
        ("FAKE_CLAUDE_ANSWERS", "maybe", "FAKE_CLAUDE_ANSWERS: answers='maybe': it is one of verify, stub, ignore"),
        (
            "FAKE_CLAUDE_MATCH_ON",
            "argv,promt",
            (
                "FAKE_CLAUDE_MATCH_ON: match_on has 'promt': it is one of argv, prompt, control, raw, or a function "
                "(recorded, live) that raises AssertionError"
            ),
        ),
        (
            "FAKE_CLAUDE_MATCH_ON",
            "no_such_module:same",
            (
                "FAKE_CLAUDE_MATCH_ON: no_such_module:same cannot be imported: ModuleNotFoundError: No module named "
                "'no_such_module'"
            ),
        ),
        ("FAKE_CLAUDE_UNPLAYED", "tell", "FAKE_CLAUDE_UNPLAYED: unplayed='tell': it is one of fail, ignore"),
        (
            "FAKE_CLAUDE_RULES",
            "/no/such.toml",
            "FAKE_CLAUDE_RULES: /no/such.toml: the rules cannot be read: No such file or directory",
        ),
        ("FAKE_CLAUDE_STATE", "/dev/null/x", "FAKE_CLAUDE_STATE='/dev/null/x': Not a directory"),
    ],
)
def test_a_setting_without_meaning_is_refused(recorded: Path, setting: str, value: str, said: str) -> None:
    outcome = Outcome(FAKE, SAID, *FLAGS, **{"FAKE_CLAUDE_CASSETTE": str(recorded), setting: value})
    assert (outcome.code, outcome.stdout, outcome.stderr) == (64, "", f"fake-claude: {said}\n")


def test_a_missing_cassette_and_a_damaged_one_are_told_apart(tmp_path: Path) -> None:
    missing = Outcome(FAKE, SAID, *FLAGS, FAKE_CLAUDE_CASSETTE=str(tmp_path / "none.jsonl"))
    assert missing.code == 70
    assert missing.stderr.startswith(f"fake-claude: CassetteNotFound: {tmp_path}/none.jsonl: ")
    (tmp_path / "torn.jsonl").write_text('{"cassette":1}\n{"at"')
    damaged = Outcome(FAKE, SAID, *FLAGS, FAKE_CLAUDE_CASSETTE=str(tmp_path / "torn.jsonl"))
    assert damaged.code == 70
    assert damaged.stderr.startswith(f"fake-claude: CassetteError: {tmp_path}/torn.jsonl:2:")


# The written executable


def test_a_written_executable_plays_its_cassette(recorded: Path, tmp_path: Path) -> None:
    path = write_executable(tmp_path, cassette=recorded)
    said = [Outcome([path], SAID, *FLAGS).frames[-1]["result"] for _ in range(2)]
    assert said == ["first", "second"]


def test_a_written_executable_may_lie_in_a_folder_with_an_odd_name(recorded: Path, tmp_path: Path) -> None:
    folder = tmp_path / 'it\'s a $HOME "folder"'
    folder.mkdir()
    path = write_executable(folder, cassette=recorded, name="my claude", patience=3.0, answers="stub")
    assert Outcome([path], SAID, *FLAGS).frames[-1] == result("first")


def test_check_raises_the_mismatch_that_a_process_met(recorded: Path, tmp_path: Path) -> None:
    path = write_executable(tmp_path, cassette=recorded)
    check_executable(path, cassette=recorded)
    Outcome([path], spoken(initialize()), *FLAGS)
    mismatch = Outcome([path], spoken(initialize(), prompt("\ud83d")), *FLAGS)
    assert mismatch.code == 70
    with pytest.raises(CassetteMismatch) as raised:
        check_executable(path, cassette=recorded)
    assert mismatch.stderr == f"fake-claude: CassetteMismatch: {raised.value}\n"


def test_check_raises_what_was_left_unplayed(recorded: Path, tmp_path: Path) -> None:
    path = write_executable(tmp_path, cassette=recorded)
    Outcome([path], SAID, *FLAGS)
    with pytest.raises(UnplayedEpisode, match=r"^episode 2 was not played\n"):
        check_executable(path, cassette=recorded)
    Outcome([path], SAID, *FLAGS)
    check_executable(path, cassette=recorded)


def test_check_raises_that_a_process_stopped_early(recorded: Path, tmp_path: Path) -> None:
    path = write_executable(tmp_path, cassette=recorded)
    Outcome([path], spoken(initialize()), *FLAGS)
    with pytest.raises(UnplayedEpisode, match=r"^episode 1 was not played to its end\n"):
        check_executable(path, cassette=recorded)


def test_check_raises_that_the_cassette_is_missing(tmp_path: Path) -> None:
    path = write_executable(tmp_path, cassette=tmp_path / "none.jsonl")
    Outcome([path], SAID, *FLAGS)
    with pytest.raises(CassetteNotFound):
        check_executable(path, cassette=tmp_path / "none.jsonl")


def test_the_fake_path_imports_nothing_heavy(recorded: Path) -> None:
    """Each of these modules costs milliseconds at every start of a fake; together they would double it."""
    heavy = ["dataclasses", "typing", "argparse", "orjson", "anyio", "asyncio", "inspect", "logging", "tempfile"]
    code = (
        "import sys; before = set(sys.modules); from claude_code_sdk.testing.fake_claude import serve; import os; "
        "serve(sys.argv, os.environ); "
        f"found = [name for name in {heavy} if name in sys.modules and name not in before]; "
        "sys.stderr.write(repr(found))"
    )
    command = [sys.executable, "-S", "-c", f"import sys; sys.path.insert(0, {str(_source())!r}); " + code]
    outcome = Outcome(command, SAID, *FLAGS, FAKE_CLAUDE_CASSETTE=str(recorded))
    assert outcome.frames[-1] == result("first")
    assert outcome.stderr == "[]"


def test_telling_a_mismatch_imports_nothing_heavy_either(recorded: Path) -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(_source())!r}); "
        "from claude_code_sdk.testing.fake_claude import serve; import os; code = serve(sys.argv, os.environ); "
        "print(code, [name for name in ('dataclasses', 'typing', 'traceback', 'orjson') if name in sys.modules])"
    )
    outcome = Outcome([sys.executable, "-S", "-c", code], b"[]\n", *FLAGS, FAKE_CLAUDE_CASSETTE=str(recorded))
    assert outcome.stdout == "70 []\n"


def _source() -> Path:
    import claude_code_sdk.testing.fake_claude as module

    return Path(module.__file__).parents[2]
