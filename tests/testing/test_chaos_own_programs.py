"""The README's programs and those of the documentation, while everything goes wrong: a test of our client."""

from __future__ import annotations

import dataclasses
import importlib
import logging
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import Any

import anyio
import pytest

from claude_code_sdk import ClaudeCodeOptions, query
from claude_code_sdk.testing import FaultReport, Script, claude_faults
from tests.docs.blocks import BLOCKS, ROOT

WAIT = 200.0  # seconds; two hundred attempts take ten, where nothing else runs
IDLE = 120.0
"""Seconds of silence that a program takes; without a bound it waits for ever for a CLI that falls silent."""

Program = Callable[[], Awaitable[Any]]

pytestmark = pytest.mark.timeout(WAIT + 20.0)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """What goes wrong is logged, megabytes of it."""
    logger = logging.getLogger("claude_code_sdk")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(before)


@pytest.fixture
def bounded(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """Imports a program of the documentation, whose options get the bound on silence."""
    monkeypatch.syspath_prepend(ROOT / "docs" / "examples")
    monkeypatch.syspath_prepend(ROOT / "docs" / "examples" / "triage")

    def imported(name: str) -> Any:
        module = importlib.import_module(name)
        monkeypatch.setattr(module, "ClaudeCodeOptions", partial(ClaudeCodeOptions, idle_timeout=IDLE))
        return module

    return imported


def readme(number: int) -> dict[str, Any]:
    """What the README's program of this number defines; it is not run, and prints nothing."""
    block = [block for block in BLOCKS if block.page == "README.md" and block.language == "python"][number]
    namespace: dict[str, Any] = {"print": lambda *printed: None}
    exec(compile(block.text.replace("anyio.run(main)", ""), f"README.md:{block.line}", "exec"), namespace)
    return namespace


def a_conversation() -> Script:
    return Script().calls("mcp__kit__weather", city="Oslo").calls("Bash", command="rm -rf /").says("It is sunny.")


async def found(program: Program, script: Script, *faults: str, **settings: Any) -> FaultReport:
    given: dict[str, Any] = {"faults": faults} if faults else {}
    with anyio.fail_after(WAIT):
        report = await claude_faults(program, script, **given, **settings)
    assert report.attempts > 1
    return report


async def test_the_first_program_of_the_readme() -> None:
    report = await found(readme(0)["main"], Script().says("4"))
    # It sets no bound on silence.
    assert [(finding.kind, finding.fault) for finding in report.findings] == [("hung", "stubborn_exit: the end")]


async def test_the_conversation_of_the_readme_as_it_is() -> None:
    report = await found(readme(1)["main"], a_conversation())
    assert report.attempts == 162
    assert {finding.kind for finding in report.findings} == {"hung"}
    assert {finding.fault.split(":")[0] for finding in report.findings} == {"lost"}


async def test_the_conversation_of_the_readme_with_a_bound_on_silence() -> None:
    names = readme(1)
    names["options"] = dataclasses.replace(names["options"], idle_timeout=IDLE)
    report = await found(names["main"], a_conversation())
    report.raise_for_findings()


async def test_the_conversation_of_the_readme_over_processes() -> None:
    names = readme(1)
    names["options"] = dataclasses.replace(names["options"], idle_timeout=5.0)
    report = await found(names["main"], a_conversation(), "torn", "slow_exit", engine="subprocess")
    report.raise_for_findings()
    assert report.attempts == 17


async def test_the_options_of_the_readme_with_a_query() -> None:
    options = dataclasses.replace(readme(1)["options"], idle_timeout=IDLE)

    async def clean_up() -> None:
        async for _ in query(prompt="Clean up", options=options):
            pass

    report = await found(clean_up, Script().calls("Bash", command="rm -rf build").says("I may not delete it."))
    report.raise_for_findings()


async def test_the_triage_of_the_readme(bounded: Callable[[str], Any]) -> None:
    triage = bounded("triage").triage
    report = await found(lambda: triage("I was charged twice"), Script().says("billing"))
    report.raise_for_findings()


async def test_the_librarian(bounded: Callable[[str], Any]) -> None:
    ask = bounded("librarian").ask
    script = Script().calls("mcp__library__find_book", title="Dune")
    script.calls("Write", file_path="/notes.md", content="Dune").says("On shelf F-HER.")
    report = await found(lambda: ask("Where is Dune?"), script)
    report.raise_for_findings()


async def test_the_office_assistant(bounded: Callable[[str], Any]) -> None:
    assistant = bounded("office_assistant").assistant

    async def office() -> None:
        async for _ in assistant():
            pass

    script = Script().calls("mcp__office__greet", name="Ada").calls("Bash", command="rm -rf build").says("Done.")
    report = await found(office, script)
    report.raise_for_findings()
