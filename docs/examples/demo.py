"""The demo: one program, `office_assistant.py`, on a recorded session of the real Claude Code CLI, three times.

    python docs/examples/demo.py           needs no CLI, no key and no network
    python docs/examples/demo.py --live    runs it on the `claude` on your PATH, with your credentials

Exit status 0 when everything that was shown came out as it should, 1 otherwise.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import office_assistant
from frame_tap import FrameTap
from rich.console import Console
from rich.table import Table
from rich.text import Text
from transcript import Transcript

from claude_code_sdk import ClaudeSDKError, Message, ResultMessage, SubprocessTransport, use_transport
from claude_code_sdk.cassettes.cassette import Cassette
from claude_code_sdk.cassettes.jsonl import load
from claude_code_sdk.cassettes.mismatch import CassetteMismatch, UnplayedEpisode
from claude_code_sdk.cassettes.transport import CassetteTransport
from claude_code_sdk.testing.executable import write_executable
from claude_code_sdk.transports.base import Transport

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CASSETTE = HERE / "cassettes" / "office_assistant.jsonl"
TESTS = HERE / "test_office_assistant.py"

Frames = list[tuple[str, dict[str, Any]]]


class DemoError(Exception):
    """Something did not come out as it should."""


def main() -> int:
    """Run what the command line asks for; returns the exit status."""
    parser = argparse.ArgumentParser(description="One program on a recorded session, in three ways.")
    parser.add_argument("--live", action="store_true", help="run it on your own claude instead, with your credentials")
    given = parser.parse_args()
    console = Console(highlight=False)
    console.width = min(console.width, 100)
    try:
        with tempfile.TemporaryDirectory() as folder:
            if given.live:
                live(console, Path(folder).resolve())
            else:
                recorded(console, Path(folder).resolve())
    except (DemoError, CassetteMismatch, UnplayedEpisode, ClaudeSDKError) as error:
        console.print(Text(f"\nfailed: {error}", "bold red"))
        return 1
    return 0


def recorded(console: Console, folder: Path) -> None:
    """The demo without a CLI."""
    cassette = load(CASSETTE)
    heading(console, "The program")
    say(
        console,
        "docs/examples/office_assistant.py has a tool of its own, a hook that forbids deleting, and a policy that is "
        f"asked for permission. It was recorded once on the real Claude Code CLI {cassette.header['cli']}, with a "
        "scripted model. Below, the CLI's side is that recording; the tool, the hook and the policy really run.",
    )
    times = {"real CLI, when it was recorded": cassette.episodes[0].entries[-1].at / 1000}

    heading(console, "1. In process: CassetteTransport")
    messages, frames, _ = run(CassetteTransport(cassette, answers="verify"), folder)
    show(console, frames, folder)
    _, _, times["replayed in process"] = run(CassetteTransport(cassette, answers="verify"), folder)

    heading(console, "2. As a process: fake-claude, an executable that any SDK can start")
    executable = write_executable(folder, cassette=CASSETTE, answers="verify")
    again, _, times["replayed by fake-claude, a process"] = run(SubprocessTransport(), folder, cli_path=executable)
    if again != messages:
        raise DemoError("fake-claude did not give the same messages as the cassette in process")
    say(console, f"With cli_path={executable!r}, {len(again)} messages came over pipes, equal to those above.")

    heading(console, "3. As a test: the pytest plugin")
    tests, seconds = run_tests(console)
    times[f"{tests} tests with pytest, start to end"] = seconds

    heading(console, "4. When the program changes: the hook forgets to deny")
    say(console, "The same run, with a hook that answers {}. A test that replays the recording fails with:\n")
    for line in mismatch(cassette, folder).splitlines():
        indent = " " * (len(line) - len(line.lstrip()) + 4)
        say(console, line, subsequent_indent=indent, style="yellow")

    heading(console, "How long it took")
    console.print(table(times))
    console.print()
    python = sys.executable.removeprefix(f"{ROOT}/")
    say(console, "Next: make test; the README; or this program on your own claude, with your credentials:")
    say(console, f"    {python} docs/examples/demo.py --live")


def live(console: Console, folder: Path) -> None:
    """The program on the real CLI of this machine, in an empty folder."""
    executable = shutil.which("claude")
    if executable is None:
        raise DemoError("there is no claude on PATH; https://claude.com/claude-code says how to get it")
    heading(console, f"Live: {executable}, in an empty folder")
    transcript = Transcript(console, str(folder))
    messages, _, seconds = run(SubprocessTransport(), folder, cli_path=executable, on_frame=transcript.show)
    results = [message for message in messages if isinstance(message, ResultMessage)]
    if not results or results[-1].is_error:
        raise DemoError("the session did not end with a result that is a success")
    written = "written" if (folder / "visitors.txt").exists() else "not written"
    console.print(f"\n{seconds:.1f} s; visitors.txt: {written}")


def run(
    transport: Transport,
    folder: Path,
    *,
    cli_path: str | None = None,
    on_frame: Callable[[str, dict[str, Any]], None] | None = None,
) -> tuple[list[Message], Frames, float]:
    """Run the assistant on `transport`: its messages, the frames that crossed, and the seconds it took."""
    frames: Frames = []
    tap = FrameTap(transport, on_frame or (lambda source, frame: frames.append((source, frame))))

    async def collect() -> list[Message]:
        return [message async for message in office_assistant.assistant(cwd=folder, cli_path=cli_path)]

    with use_transport(tap):
        start = time.perf_counter()
        messages = anyio.run(collect)
        seconds = time.perf_counter() - start
    if isinstance(transport, CassetteTransport):
        transport.check()
    return messages, frames, seconds


def run_tests(console: Console) -> tuple[int, float]:
    """Run the example's tests with pytest, as a user would; how many there are, and the seconds they took."""
    command = [sys.executable, "-m", "pytest", "-v", "--no-header", "-p", "no:cacheprovider", str(TESTS)]
    start = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        raise DemoError(f"pytest ended with {done.returncode}\n{done.stdout}{done.stderr}")
    tests = [line.split("::")[1].split()[0] for line in done.stdout.splitlines() if " PASSED" in line]
    for test in tests:
        console.print(Text.assemble(("passed ", "green"), test))
    return len(tests), seconds


def mismatch(cassette: Cassette, folder: Path) -> str:
    """What a test says when the hook no longer denies."""

    async def forgetful(given: dict[str, Any], tool_use_id: str | None, context: Any) -> dict[str, Any]:
        return {}

    kept, office_assistant.no_deleting = office_assistant.no_deleting, forgetful
    try:
        run(CassetteTransport(cassette, answers="verify"), folder)
    except CassetteMismatch as verdict:
        return f"CassetteMismatch: {verdict}".replace(f"{ROOT}/", "")
    finally:
        office_assistant.no_deleting = kept
    raise DemoError("a hook that denies nothing was not noticed")


def show(console: Console, frames: Frames, folder: Path) -> None:
    """Print the transcript of `frames`."""
    transcript = Transcript(console, str(folder))
    for source, frame in frames:
        transcript.show(source, frame)


def say(console: Console, text: str, *, subsequent_indent: str = "", style: str = "") -> None:
    """Print a paragraph; a line break at its end is kept."""
    filled = textwrap.fill(text, console.width, subsequent_indent=subsequent_indent, break_on_hyphens=False)
    console.print(Text(filled + "\n" * text.endswith("\n"), style))


def heading(console: Console, text: str) -> None:
    """A line that begins a part."""
    console.print()
    console.rule(Text(text, "bold"), align="left", style="dim")


def table(times: dict[str, float]) -> Table:
    """Seconds by what took them."""
    rows = Table(box=None, show_header=False, pad_edge=False)
    for what, seconds in times.items():
        rows.add_row(what, Text(f"{seconds * 1000:,.0f} ms", justify="right"))
    return rows


if __name__ == "__main__":
    sys.exit(main())
