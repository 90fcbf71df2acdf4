"""What the README and the documentation say can be done.

How each kind of block is tested is said in docs/contributing.md, for those who write them.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest

import claude_code_sdk
from claude_code_sdk import use_transport
from claude_code_sdk.transports.in_process import InProcessTransport
from tests.docs.blocks import BLOCKS, EXAMPLES, PAGES, ROOT, Block, blocks_of
from tests.docs.curious_cli import CuriousCLI

PYTHON_PAGES = sorted({block.page for block in BLOCKS if block.language == "python" and not block.title})
NEVER_RUN = {"console", "text", "json", "jsonl"}


def ids(values: list[Block]) -> list[str]:
    return [str(value) for value in values]


def test_every_block_is_of_a_kind_that_has_a_rule() -> None:
    wrong = [str(block) for block in BLOCKS if block.language not in NEVER_RUN | {"python", "bash"}]
    assert wrong == []


def test_every_fence_is_read_as_a_block() -> None:
    fences = sum(len(re.findall(r"^```", path.read_text("utf-8"), re.MULTILINE)) for path in PAGES)
    assert fences == 2 * len(BLOCKS)


def test_the_reader_of_blocks_sees_language_title_and_line() -> None:
    text = 'One\n\n```python title="a.py"\nx = 1\n```\n\n```text\n```\n'
    assert blocks_of(text, "page.md") == [
        Block("page.md", 4, "python", "a.py", "x = 1\n"),
        Block("page.md", 8, "text", "", ""),
    ]


# Programs


@pytest.fixture
def clis(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[CuriousCLI]]:
    """The CLIs that the programs of a page meet, in place of `claude` processes."""
    monkeypatch.chdir(ROOT)  # cassettes are named from there
    monkeypatch.syspath_prepend(EXAMPLES)
    met: list[CuriousCLI] = []

    def meet(command: object) -> CuriousCLI:
        met.append(CuriousCLI())
        return met[-1]

    with use_transport(InProcessTransport(meet)):
        yield met
    assert [problem for cli in met for problem in cli.problems] == []


@pytest.mark.parametrize("page", PYTHON_PAGES)
def test_the_programs_of_a_page_run(page: str, clis: list[CuriousCLI], capsys: pytest.CaptureFixture[str]) -> None:
    namespace: dict[str, Any] = {"__name__": page}
    for block in BLOCKS:
        if block.page == page and block.language == "python" and not block.title:
            run(block, namespace)


def run(block: Block, namespace: dict[str, Any]) -> None:
    """Run a block, whose tracebacks then show its own lines; one with `await` at its top in an event loop."""
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    source = "\n" * (block.line - 1) + block.text
    code = compile(source, str(ROOT / block.page), "exec", flags=flags, dont_inherit=True)
    if not code.co_flags & inspect.CO_COROUTINE:
        exec(code, namespace)
        return

    async def main() -> None:
        with anyio.fail_after(20):
            await eval(code, namespace)

    anyio.run(main)


def test_a_program_with_a_callback_that_fails_is_found(clis: list[CuriousCLI]) -> None:
    text = (
        "from claude_code_sdk import ClaudeCodeOptions, query\n"
        "async def wrong(name, given, context): return 'yes'\n"
        "async for message in query(prompt='hi', options=ClaudeCodeOptions(can_use_tool=wrong)): pass\n"
    )
    run(Block("page.md", 1, "python", "", text), {})
    problems = [problem["error"] for cli in clis for problem in cli.problems]
    clis.clear()
    assert len(problems) == 2
    assert "not str: 'yes'" in problems[0]


@pytest.mark.parametrize("block", titled := [block for block in BLOCKS if block.title], ids=ids(titled))
def test_a_block_with_a_title_is_a_file_of_the_examples(block: Block) -> None:
    (path,) = EXAMPLES.rglob(block.title)
    assert block.text == path.read_text("utf-8")


DOWNSTREAM = EXAMPLES / "downstream"
TESTS = [path for path in sorted(EXAMPLES.rglob("test_*.py")) if not path.is_relative_to(DOWNSTREAM)]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("path", [*TESTS, DOWNSTREAM], ids=lambda path: path.name)
def test_the_tests_of_the_examples_pass(path: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False, timeout=110)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout


# Commands

COMMANDS = [
    (block, line.split("#")[0].strip())
    for block in BLOCKS
    if block.language == "bash"
    for line in block.text.splitlines()
]
TARGETS = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.mark.parametrize(("block", "line"), COMMANDS, ids=[f"{block}-{line}" for block, line in COMMANDS])
def test_a_command_exists(block: Block, line: str) -> None:
    check_command(shlex.split(line))


def check_command(words: list[str]) -> None:
    """Raises AssertionError for a command that there is not, in this repository or in what it installs."""
    match words:
        case ["make", target, *variables]:
            assert target in TARGETS
            makefile = (ROOT / "Makefile").read_text("utf-8")
            assert all(f"$({name.partition('=')[0]})" in makefile for name in variables)
        case ["python", "-m", "pip", "install", requirement]:
            name, _, extras = requirement.rstrip("]").partition("[")
            assert name in (".", PROJECT["name"])
            assert set(filter(None, extras.split(","))) <= set(PROJECT["optional-dependencies"])
        case ["python", "-m", "pytest", *rest]:
            assert all((ROOT / word).exists() for word in rest if not word.startswith("-"))
        case ["python", script, *rest] if script.endswith(".py"):
            assert set(flags_of(rest)) <= set(flags_of(help_of([sys.executable, str(ROOT / script)])))
        case ["claude-cassette", subcommand, *rest]:
            program = (
                "import sys; sys.argv[0] = 'claude-cassette'; from claude_code_sdk.cassettes.cli import main; main()"
            )
            own = rest[: rest.index("--")] if "--" in rest else rest  # what follows is another program's
            assert set(flags_of(own)) <= set(flags_of(help_of([sys.executable, "-c", program, subcommand])))
        case _:
            raise AssertionError(f"no rule for this command: {words}")


def help_of(command: list[str]) -> list[str]:
    done = subprocess.run([*command, "--help"], capture_output=True, encoding="utf-8", check=False, timeout=50)
    assert done.returncode == 0, done.stderr
    return re.findall(r"--[\w-]+", done.stdout)


def flags_of(words: list[str]) -> list[str]:
    return [word for word in words if word.startswith("--")]


@pytest.mark.parametrize(
    "line",
    [
        "make tea",
        "make conformance NONE=1",
        "python -m pip install something-else",
        "python -m pip install '.[none]'",
        "python -m pytest tests/none",
        "python docs/examples/demo.py --dead",
        "python docs/examples/none.py",
        "claude-cassette import --none",
        "claude-cassette none",
        "rm -rf build",
    ],
)
def test_a_command_that_does_not_exist_is_found(line: str) -> None:
    with pytest.raises(AssertionError):
        check_command(shlex.split(line))


# Names


def test_every_name_that_a_page_takes_from_the_package_exists() -> None:
    """Names in running text: `claude_code_sdk.a.b` in code marks."""
    named = {name for path in PAGES for name in re.findall(r"`(claude_code_sdk(?:\.\w+)+)`", path.read_text("utf-8"))}
    assert named
    for name in named:
        module, _, attribute = name.rpartition(".")
        namespace: dict[str, Any] = {}
        try:
            exec(f"import {name}", namespace)
        except ImportError:
            exec(f"from {module} import {attribute}", namespace)


def test_every_file_that_a_page_names_exists() -> None:
    known = {path.name for path in ROOT.rglob("*.py") if ".venv" not in path.parts}
    named = {
        (path.name, name)
        for path in PAGES
        for name in re.findall(r"`((?:docs|tests|benchmarks)/[\w./-]+\w)`", path.read_text("utf-8"))
    }
    assert named
    assert [pair for pair in sorted(named) if not (ROOT / pair[1]).exists()] == []
    bare = {name for path in PAGES for name in re.findall(r"`(\w+\.py)`", path.read_text("utf-8"))}
    assert bare <= known


def test_every_error_and_every_option_is_in_the_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    generated = generated_parts(monkeypatch)
    names = {name: getattr(claude_code_sdk, name) for name in claude_code_sdk.__all__}
    errors = [name for name, value in names.items() if isinstance(value, type) and issubclass(value, Exception)]
    errors.remove("CanUseToolShadowedWarning")
    assert [name for name in errors if f"### {name}\n" not in generated.PARTS["error-classes"]()] == []
    fields = claude_code_sdk.ClaudeCodeOptions.__dataclass_fields__
    table, groups = generated.PARTS["options-table"](), generated.PARTS["options-by-group"]()
    assert [name for name in fields if f"| `{name}` |" not in table] == []
    assert [name for name in fields if f"`{name}`" not in groups] == []
    assert "`--system-prompt`<br>`--system-prompt-file`<br>`--append-system-prompt`" in table
    assert "| `max_unread_bytes` | `int` | `134_217_728` |" in table


def test_every_generated_part_is_used_and_every_used_one_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    generated = generated_parts(monkeypatch)
    used = {name for path in PAGES for name in generated.PLACE.findall(path.read_text("utf-8"))}
    assert used == set(generated.PARTS)
    for name in generated.PARTS:
        assert generated.on_page_markdown(f"<!-- generated: {name} -->\n").count("\n") > 2


def generated_parts(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(ROOT / "docs")
    return importlib.import_module("generated")


def test_every_page_is_in_the_navigation() -> None:
    nav = (ROOT / "mkdocs.yml").read_text("utf-8")
    pages = [path.relative_to(ROOT / "docs").as_posix() for path in PAGES if path.is_relative_to(ROOT / "docs")]
    assert [
        page for page in pages if not re.search(rf"- (Home: )?{page}\n", nav) and not page.startswith("changes/")
    ] == []
