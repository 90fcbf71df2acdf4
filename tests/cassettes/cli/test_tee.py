"""The recorder executable passes everything on as it comes: bytes, pressure, signals, ends."""

from __future__ import annotations

import os
import select
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from claude_code_sdk.cassettes.cassette import Episode
from claude_code_sdk.cassettes.saving import recover
from claude_code_sdk.cassettes.startup.spool import Spool
from claude_code_sdk.cassettes.startup.surroundings import surround
from claude_code_sdk.cassettes.startup.tee import is_session

from .programs import write_script

BIG = b'{"type":"keep_alive","text":"' + b"some words " * 20_000 + b'"}\n'


class Teed:
    """The recorder before a CLI that is a shell script."""

    def __init__(self, spool: Spool, cli: str) -> None:
        self.spool = spool
        self.command = [spool.recorder, "-p"]
        self.env = surround(os.environ, spool=spool.folder, recorder=spool.recorder, cli=cli)

    def run(self, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(self.command, env=self.env, input=given, capture_output=True, check=False, timeout=40)

    def start(self) -> subprocess.Popen[bytes]:
        pipe = subprocess.PIPE
        return subprocess.Popen(self.command, env=self.env, stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0)

    @property
    def episode(self) -> Episode:
        (part,) = self.spool.parts
        (episode,) = recover(part).episodes
        return episode

    def entries(self) -> list[tuple[str, str, object]]:
        return [(entry.source, entry.kind, entry.value) for entry in self.episode.entries[1:]]


@pytest.fixture
def teed(tmp_path: Path) -> Callable[[str], Teed]:
    """Makes a recorder before the CLI with this script."""

    def make(script: str) -> Teed:
        cli = write_script(tmp_path / "cli", script)
        return Teed(Spool(str(tmp_path / "c.jsonl")), cli)

    return make


def test_bytes_go_through_untouched_in_both_directions(teed: Callable[[str], Teed]) -> None:
    given = b'{"type": "user",  "n": 1.50}\r\n\xff\xfe no JSON\n\n{"torn":'
    done = teed("cat; echo oops >&2; printf last >&2").run(given)
    assert (done.returncode, done.stdout, done.stderr) == (0, given, b"oops\nlast")


def test_what_went_through_is_recorded(teed: Callable[[str], Teed]) -> None:
    tee = teed('read line; echo "{\\"type\\":\\"x\\"}"; echo noise; echo oops >&2; cat >/dev/null; exit 3')
    assert tee.run(b'{"type":"user","message":1}\n').returncode == 3
    told = tee.entries()
    assert sorted(told[:-1], key=str) == [
        ("cli", "frame", {"type": "x"}),
        ("cli", "noise", "noise"),
        ("cli", "stderr", "oops"),
        ("host", "eof", True),
        ("host", "frame", {"type": "user", "message": 1}),
    ]
    assert told[-1] == ("cli", "exit", 3)
    assert tee.episode.argv == ["claude", "-p"]


def test_more_than_pipes_hold_goes_through(teed: Callable[[str], Teed]) -> None:
    tee = teed("cat")
    assert tee.run(BIG * 25).stdout == BIG * 25
    assert len(tee.episode.entries) == 1 + 2 * 25 + 2


def test_a_host_that_does_not_read_is_felt_by_the_cli(teed: Callable[[str], Teed]) -> None:
    """Pressure goes through: a CLI whose output nobody takes cannot get rid of it."""
    with teed('yes \'{"type":"keep_alive"}\' | head -c 1000000; echo written >&2').start() as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        assert len(process.stdout.read(1)) == 1
        os.set_blocking(process.stderr.fileno(), False)
        assert process.stderr.read() is None  # not yet
        os.set_blocking(process.stderr.fileno(), True)
        while process.stdout.read(65536):
            pass
        assert process.stderr.readline() == b"written\n"
        assert process.wait(20) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_reaches_the_cli_once_and_its_exit_code_comes_back(
    teed: Callable[[str], Teed], number: signal.Signals
) -> None:
    name = number.name.removeprefix("SIG")
    tee = teed(f"trap 'echo caught' {name}\necho ready\nread a\nread b\nexit 9")
    with tee.start() as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(number)
        said = process.stdout.readline()
        assert said == b"caught\n"
        process.stdin.write(b"a\nb\n")
        assert (process.wait(20), process.stdout.read()) == (9, b"")
        assert ("host", "signal", number.name) in tee.entries()
        assert ("cli", "exit", 9) in tee.entries()


def test_a_cli_that_dies_by_a_signal_takes_the_recorder_with_it(teed: Callable[[str], Teed]) -> None:
    tee = teed("kill -TERM $$")
    assert tee.run().returncode == -signal.SIGTERM
    assert tee.episode.exit_code == -signal.SIGTERM


def test_a_recorder_that_is_killed_takes_the_cli_with_it(teed: Callable[[str], Teed]) -> None:
    tee = teed("echo $$; exec 0</dev/null; exec tail -f /dev/null")
    with tee.start() as process:
        assert process.stdout is not None
        cli = int(process.stdout.readline())
        fd = os.pidfd_open(cli)
        process.kill()
        process.wait(20)
    assert select.select([fd], [], [], 20)[0] == [fd]
    os.close(fd)
    assert ("cli", "noise", str(cli)) in tee.entries()


def test_a_cli_that_reads_no_more_is_noticed_by_the_host(teed: Callable[[str], Teed]) -> None:
    with teed("exec 0<&-; echo closed; read x < /dev/stderr").start() as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == b"closed\n"
        with pytest.raises(BrokenPipeError):
            while True:
                process.stdin.write(BIG)
        process.kill()
        process.communicate(timeout=20)


def test_a_host_that_reads_no_more_is_noticed_by_the_cli(teed: Callable[[str], Teed]) -> None:
    with teed('while echo "{\\"type\\":\\"keep_alive\\"}"; do :; done 2>/dev/null; exit 4').start() as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(20) in (4, -signal.SIGPIPE)
        assert process.stdin is not None
        process.stdin.close()


def test_something_that_still_holds_the_output_does_not_keep_the_recorder(teed: Callable[[str], Teed]) -> None:
    tee = teed("tail -f /dev/null & echo $!; exit 0")
    with tee.start() as process:
        assert process.stdout is not None
        left = int(process.stdout.readline())
        try:
            assert process.wait(20) == 0
        finally:
            os.kill(left, signal.SIGKILL)
        assert tee.episode.exit_code == 0


def test_without_a_spool_folder_the_real_cli_takes_its_place(teed: Callable[[str], Teed]) -> None:
    tee = teed('echo "$$ $*"')
    del tee.env["CCSDK_SPOOL"]
    with tee.start() as process:
        out, _ = process.communicate(timeout=20)
        assert out == f"{process.pid} -p\n".encode()
        assert tee.spool.parts == []


def test_a_missing_cli_is_exit_code_127_and_says_where_it_was_looked_for(tmp_path: Path) -> None:
    spool = Spool(str(tmp_path / "c.jsonl"))
    env = surround({"PATH": "/bin:/usr/bin", "HOME": str(tmp_path)}, spool=spool.folder, recorder=spool.recorder)
    done = subprocess.run([spool.recorder, "-p"], env=env, capture_output=True, encoding="utf-8", check=False)
    if done.returncode != 127:
        pytest.skip("a CLI is installed on this machine, or in this environment")
    assert done.stderr.startswith(
        "claude-cassette record: Claude Code not found. Looked for an executable 'claude' in:"
    )


def test_a_cli_that_cannot_be_started_is_exit_code_126(tmp_path: Path, teed: Callable[[str], Teed]) -> None:
    tee = teed("")
    (tmp_path / "cli").write_text("#!/no/such/interpreter\n")
    done = tee.run()
    assert done.returncode == 126
    assert done.stderr.endswith(b"/cli: No such file or directory\n")


def test_a_recording_that_fails_does_not_show_in_the_program(tmp_path: Path, teed: Callable[[str], Teed]) -> None:
    tee = teed("cat")
    tee.env["CCSDK_RULES"] = str(tmp_path / "nowhere.toml")
    done = tee.run(b"{}\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"{}\n", b"")
    (failure,) = tee.spool.failures
    assert failure.endswith("nowhere.toml: the rules cannot be read: No such file or directory")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--output-format", "stream-json", "--verbose"], True),
        (["-p", "hello"], True),
        (["--print=x"], True),
        (["--version"], False),
        (["mcp", "list"], False),
        ([], False),
    ],
)
def test_only_sessions_are_recorded(arguments: list[str], expected: bool) -> None:
    assert is_session(arguments) == expected


def before_main(tee: Teed, code: str) -> None:
    """Let the recorder run this first."""
    recorder = Path(tee.command[0])
    (recorder.parent / "before_main.py").write_text(code)
    text = recorder.read_text()
    assert "import sys; " in text
    recorder.write_text(
        text.replace("main; main()", f'main; sys.path.append("{recorder.parent}"); import before_main; main()')
    )


def test_a_host_that_reads_late_gets_all_that_the_cli_said_before_it_exited(teed: Callable[[str], Teed]) -> None:
    """As without a recorder: what was written waits in the pipe."""
    tee = teed(f"head -c {100 * 1024} /dev/zero; exit 3")
    before_main(tee, "import claude_code_sdk.cassettes.startup.tee as tee; tee.LAST_OUTPUT = 0.1")
    process = tee.start()
    assert process.stdin is not None
    process.stdin.close()
    process.stdin = None
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1)
    output, _ = process.communicate(timeout=20)
    assert len(output) == 100 * 1024
    assert process.returncode == 3


SIGNALLING = """
import os, signal
from claude_code_sdk.cassettes.partial import PartialWriter

append, left = PartialWriter._append, [signal.SIGUSR1]

def append_and_signal(self, data):
    append(self, data)
    if self._lock.locked() and left:
        os.kill(os.getpid(), left.pop())

PartialWriter._append = append_and_signal
"""


def test_a_signal_that_comes_while_the_recording_begins_is_passed_on(teed: Callable[[str], Teed]) -> None:
    """Its handler runs between any two steps of the main thread, which has the recording's file locked in some."""
    tee = teed("trap 'exit 4' USR1; while :; do sleep 0.05; done")
    before_main(tee, SIGNALLING)
    assert tee.run().returncode in (4, -signal.SIGUSR1)  # before or after its `trap`: it had the signal
    assert ("host", "signal", "SIGUSR1") in tee.entries()
