"""What the tests of the plugin share: a project of one test module with cassettes, run by a pytest inside pytest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from textwrap import dedent

import pytest
import trio

import claude_code_sdk
import pytest_claude_code
from claude_code_sdk.cassettes.cassette import Entry
from claude_code_sdk.cassettes.jsonl import dump
from tests.cassettes.playing import cassette, eof, exits, handshake, spawn, turn

__all__ = ["trio"]  # it looks unused

# An inner run forgets what it imported itself: two copies of trio do not work, an instance of one copy of a class is
# none of the other.  So that nothing of ours is imported there first, all of it is imported here.
for _package in (claude_code_sdk, pytest_claude_code):
    for _module in walk_packages(_package.__path__, f"{_package.__name__}."):
        if not _module.name.endswith("__main__"):
            import_module(_module.name)

PROGRAM = """
import pytest
from claude_code_sdk import ClaudeSDKClient, ResultMessage, query

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("claude_cassette")]

async def ask(prompt):
    return [message.result async for message in query(prompt=prompt) if isinstance(message, ResultMessage)]
"""
"""The beginning of each inner test module."""

SCRIPTED = PROGRAM.replace('[pytest.mark.anyio, pytest.mark.usefixtures("claude_cassette")]', "pytest.mark.anyio")
"""The same for tests that say themselves what they are played by."""


def one_turn(prompt: str = "hello", reply: str = "hi") -> list[Entry]:
    """An episode: one prompt, one reply."""
    return [spawn(), *handshake(), *turn(prompt, reply), eof(), exits()]


def two_turns() -> list[Entry]:
    """An episode: the prompts "one" and "two"."""
    return [spawn(), *handshake(), *turn("one", "1"), *turn("two", "2"), eof(), exits()]


@pytest.fixture(autouse=True)
def _as_if_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """An inner run that finds these believes to be a worker of the run around it, and reports to nobody; or to be on a
    CI server, where pytest repeats whole messages in its summary."""
    for name in ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_XDIST_TESTRUNUID", "CI", "BUILD_NUMBER"):
        monkeypatch.delenv(name, raising=False)


class Project:
    """A folder with `test_it.py`; `run` runs its tests."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self._pytester = pytester
        self.folder = pytester.path
        self._ini: list[str] = []
        self.ini("addopts = --strict-markers")
        # One event loop unless a test is about both: reports then have one name.
        pytester.makeconftest("import pytest\n@pytest.fixture\ndef anyio_backend(): return 'asyncio'\n")

    def tests(self, source: str) -> None:
        """Write the tests; `PROGRAM` stands before them."""
        self.module(PROGRAM, source)

    def scripted(self, source: str) -> None:
        """The same without a fixture that each test uses."""
        self.module(SCRIPTED, source)

    def module(self, beginning: str, source: str) -> None:
        """The same with a beginning of one's own."""
        self._pytester.makepyfile(test_it=beginning + dedent(source))

    def ini(self, *lines: str) -> None:
        """Add lines to the ini file."""
        self._ini += lines
        self._pytester.makeini("\n".join(["[pytest]", *self._ini, ""]))

    def record(self, path: str, *episodes: Sequence[Entry]) -> Path:
        """Write a cassette, by its path below `cassettes`."""
        file = self.folder / "cassettes" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        dump(cassette(*(episodes or [one_turn()])), file)
        return file

    def run(self, *arguments: str) -> Outcome:
        """Run the tests in this process."""
        without = ("cacheprovider", "logging", "hypothesispytest")  # the last takes a second to load
        settings = [item for name in without for item in ("-p", f"no:{name}")]
        return Outcome(self._pytester.runpytest_inprocess(*settings, *arguments), self.folder)


class Outcome:
    """How an inner run ended.

    - `code`: its exit code.
    - `lines`, `errors`: all that it printed, with `DIR` for the folder of the project.
    """

    def __init__(self, result: pytest.RunResult, folder: Path) -> None:
        self._result = result
        self.code = result.ret
        self.errors = result.errlines
        self.lines = [line.replace(str(folder), "DIR") for line in result.outlines]

    @property
    def outcomes(self) -> dict[str, int]:
        """`{"passed": 1, "errors": 2}` and so on."""
        return self._result.parseoutcomes()

    def report(self, title: str) -> list[str]:
        """The lines under a report's title, as pytest prints them, with `DIR` for the folder of the project."""
        titles = [number for number, line in enumerate(self.lines) if re.fullmatch(r"([_=])\1+ .* \1\1+", line)]
        (start,) = [number for number in titles if self.lines[number].strip("_= ") == title]
        return self.lines[start + 1 : min(number for number in titles if number > start)]


def raised(error: str, lines: list[str]) -> list[str]:
    """The lines of an exception below the line that raised it."""
    first, *others = lines
    return [f"E       {error}: {first}", *(f"E       {line}" for line in others)]


@pytest.fixture
def project(pytester: pytest.Pytester) -> Project:
    """A project to run tests in."""
    return Project(pytester)
