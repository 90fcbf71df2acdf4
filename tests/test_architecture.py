"""Who may import whom (docs/explanation/architecture.md), read from the sources; and what is really loaded.

An import inside a function counts as one at the top, except where a rule says otherwise; what a type checker alone
imports does not count.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = "claude_code_sdk"
SRC = ROOT / "src" / PACKAGE
PLUGIN = ROOT / "pytest_plugin" / "pytest_claude_code"


class Import(NamedTuple):
    """`module`, by its full name, imported by the file `source`; `late` is inside a function."""

    source: str
    module: str
    late: bool


def module_path(name: str) -> Path | None:
    base = SRC.parent.joinpath(*name.split("."))
    return next((path for path in (base.with_suffix(".py"), base / "__init__.py") if path.exists()), None)


def imports_of(path: Path) -> Iterator[Import]:
    source = path.relative_to(SRC).as_posix() if path.is_relative_to(SRC) else path.relative_to(PLUGIN).as_posix()
    package = [PACKAGE, *Path(source).parent.parts] if path.is_relative_to(SRC) else [PLUGIN.name]

    def visit(node: ast.AST, late: bool) -> Iterator[Import]:
        if isinstance(node, ast.Import):
            yield from (Import(source, alias.name, late) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*origin, *filter(None, [node.module])])
            for alias in node.names:
                submodule = f"{module}.{alias.name}"
                yield Import(source, submodule if module_path(submodule) else module, late)
        else:
            type_checking = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
            late = late or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
            for child in node.orelse if type_checking and isinstance(node, ast.If) else ast.iter_child_nodes(node):
                yield from visit(child, late)

    return visit(ast.parse(path.read_text()), False)


ALL = [found for path in sorted(SRC.rglob("*.py")) for found in imports_of(path)]


def test_the_reader_of_imports_sees_every_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / PACKAGE / "cassettes"
    folder.mkdir(parents=True)
    (folder / "sample.py").write_text(
        "import os.path\nfrom ..protocol import codec\nfrom .. import errors as e\n"
        "if TYPE_CHECKING:\n    import typing\nelse:\n    import json\n"
        "def f():\n    from . import player\n"
    )
    for name in ("protocol/codec.py", "errors.py", "cassettes/player.py"):
        path = tmp_path / PACKAGE / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    monkeypatch.setattr(sys.modules[__name__], "SRC", tmp_path / PACKAGE)
    found = {(module, late) for _, module, late in imports_of(folder / "sample.py")}
    assert found == {
        ("os.path", False),
        ("claude_code_sdk.protocol.codec", False),
        ("claude_code_sdk.errors", False),
        ("json", False),
        ("claude_code_sdk.cassettes.player", True),
    }


# Layers, from the bottom to the top

VOCABULARY = {"blocks", "messages", "system_messages", "permissions", "hooks", "options", "option_types", "mcp_types"}
VOCABULARY |= {"errors", "control_types", "context_usage", "cancel_signal", "sessions"}
# Tables of names, what a program calls to make a tool, and modules that programs for the older SDKs import from.
SURFACE = frozenset({"__init__", "types", "mcp", "client", "query", "_errors"})

MAY_USE = {
    "vocabulary": {"vocabulary"},
    "protocol": {"protocol", "errors"},
    "transports": {"transports", "protocol", "errors"},
    "core": {"core", "vocabulary", "protocol", "transports", "errors"},
    "surface": {"surface", "core", "vocabulary", "protocol", "transports", "errors"},
    "cassettes": {"cassettes", "protocol", "transports.base", "errors"},
    "testing": {"testing", "cassettes", "surface", "core", "vocabulary", "protocol", "transports", "errors"},
}


def layer(source: str) -> str:
    """The layer of a file, by its path from the package."""
    first = source.removesuffix(".py").split("/")[0]
    if first in ("protocol", "transports", "cassettes", "testing"):
        return first
    if first in VOCABULARY:
        return "vocabulary"
    return "surface" if first in SURFACE else "core"


PUT_INTO_USE = {
    f"cassettes/{name}.py"
    for name in (
        "block",
        "live",
        "new_episodes",
        "recording_transport",
        "tentative",
        "transport",
        "use_cassette",
        "uses",
    )
}


def above_the_recordings(source: str) -> bool:
    """The files of `cassettes` that put recordings into use."""
    return source in PUT_INTO_USE or source.startswith(("cassettes/cli/", "cassettes/startup/"))


def names_of_layers(module: str) -> set[str]:
    """What a module of ours may be called in MAY_USE; most particular names too."""
    inner = module.removeprefix(PACKAGE).removeprefix(".") or "__init__"
    names = {layer(inner.replace(".", "/"))}
    if inner == "errors":
        names.add("errors")
    if inner == "transports.base":
        names.add("transports.base")
    return names


OURS = [found for found in ALL if found.module.split(".")[0] == PACKAGE]


@pytest.mark.parametrize("name", MAY_USE)
def test_a_layer_imports_nothing_from_above(name: str) -> None:
    wrong = []
    for source, module, _ in OURS:
        allowed = MAY_USE["testing"] - {"testing"} if above_the_recordings(source) else MAY_USE[layer(source)]
        if source.startswith("cassettes/cli/"):  # a program: nothing stands above it
            allowed = MAY_USE["testing"]
        version = module == PACKAGE  # `from . import __version__`: the package itself is loaded already
        if layer(source) == name and not names_of_layers(module) & allowed and not version:
            wrong.append(f"{source} imports {module}")
    assert wrong == []


def test_every_layer_has_files() -> None:
    assert {layer(path.relative_to(SRC).as_posix()) for path in SRC.rglob("*.py")} == set(MAY_USE)


# Packages of others, and parts of the standard library


def importers(package: str) -> set[str]:
    return {source for source, module, _ in ALL if module == package or module.startswith(f"{package}.")}


@pytest.mark.parametrize(
    ("package", "only"),
    [
        ("mcp", {"_mcp_bridge.py"}),
        ("vcr", {"testing/http.py"}),
        ("yaml", {"testing/http_yaml.py"}),
        ("freezegun", {"testing/clock.py"}),
        ("syrupy", set()),
        ("pytest", set()),
        ("_pytest", set()),
        ("claude_agent_sdk", set()),
        (
            "asyncio",
            {
                "_tasks.py",
                "testing/chaos/loop_asyncio.py",
                "testing/stdio.py",
                "transports/_detached.py",
                "transports/_process_asyncio.py",
                "transports/_scope_asyncio.py",
                "transports/_waiter.py",
            },
        ),
        ("trio", {"testing/chaos/loop_trio.py", "transports/_process_trio.py", "transports/_waiter.py"}),
    ],
)
def test_a_package_is_imported_only_where_it_belongs(package: str, only: set[str]) -> None:
    assert importers(package) <= only


@pytest.mark.parametrize("package", ["click", "rich"])
def test_the_packages_of_the_command_line_are_imported_nowhere_else(package: str) -> None:
    assert [source for source in importers(package) if not source.startswith("cassettes/cli/")] == []


def test_the_protocol_does_no_io_and_knows_no_clock_no_chance_and_no_log() -> None:
    used = {module.split(".")[0] for source, module, _ in ALL if layer(source) == "protocol"} - {PACKAGE}
    assert used <= {"__future__", "_json", "io", "json", "re"}
    # Of `io` its buffer in memory alone, which cuts lines faster than `bytes.split`.
    sources = [path.read_text() for path in (SRC / "protocol").glob("*.py")]
    assert [line for source in sources for line in source.splitlines() if re.search(r"\bio\b", line)] == [
        "from io import BytesIO"
    ]


def test_the_vocabulary_is_made_of_the_standard_library_alone() -> None:
    wrong = [
        (source, module)
        for source, module, late in ALL
        if layer(source) == "vocabulary"
        and module.split(".")[0] not in {PACKAGE, *sys.stdlib_module_names}
        # An event to wait for a cancellation is made when somebody waits.
        and not (source == "cancel_signal.py" and module == "anyio" and late)
    ]
    assert wrong == []


def test_the_plugin_imports_pytest_and_the_standard_library_until_it_is_used() -> None:
    path = PLUGIN / "plugin.py"
    early = {module.split(".")[0] for _, module, late in imports_of(path) if not late}
    assert early <= {"pytest", *sys.stdlib_module_names}


# The fake path: start-up is its product

FORBIDDEN_ON_THE_FAKE_PATH = {"dataclasses", "typing", "argparse", "orjson", "anyio", "asyncio"}


def loaded_by(*modules: str, then: str = "") -> set[str]:
    """Every module that a bare interpreter has loaded after importing `modules`, and doing something with them."""
    program = f"import sys; sys.path.insert(0, {str(SRC.parent)!r})\n"
    program += "".join(f"import {module}\n" for module in modules)
    program += f"{then}\nprint(*sys.modules, sep='\\n')"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, timeout=50)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


FAKE_PATH = [
    *(f"{PACKAGE}.protocol.{path.stem}" for path in sorted((SRC / "protocol").glob("[!_]*.py"))),
    f"{PACKAGE}.errors",
    f"{PACKAGE}.cassettes.jsonl",
    f"{PACKAGE}.cassettes.player",
    f"{PACKAGE}.testing.stdio",
    f"{PACKAGE}.testing.fake_claude",
    f"{PACKAGE}.testing.faults",
    f"{PACKAGE}.testing.run.observed_engine",
    f"{PACKAGE}.testing.run.wire_directory",
    f"{PACKAGE}.testing.run.wire_log",
    f"{PACKAGE}.testing.script",
    f"{PACKAGE}.testing.scripted_cli",
]


def test_the_fake_path_loads_nothing_that_takes_long() -> None:
    loaded = loaded_by(*FAKE_PATH)
    assert set(FAKE_PATH) <= loaded
    assert loaded & FORBIDDEN_ON_THE_FAKE_PATH == set()


HANDSHAKE = """
from claude_code_sdk.protocol.command import Command
from claude_code_sdk.protocol.engine import NeedData, Write
from claude_code_sdk.testing.script import Script
from claude_code_sdk.testing.scripted_cli import fake_cli_for

fake = fake_cli_for(Script.from_json({"script": 1, "turns": [[{"type": "text", "text": "Hello"}]]}).begin())
flags = "--output-format stream-json --verbose --input-format stream-json"
fake.open(Command(("claude", *flags.split()), env={}, cwd="/"))
fake.receive_data(b'{"type":"control_request","request_id":"r","request":{"subtype":"initialize"}}\\n')
written = []
while not isinstance(action := fake.next_action(0.0), NeedData):
    written.append(action.data)
assert b'"subtype":"success","request_id":"r"' in b"".join(written)
"""

OF_THE_HANDSHAKE = {"__future__", "_collections", "_heapq", "_json", "heapq", "select"}
"""Modules of the standard library that a scripted fake loads until it has answered `initialize`, all but two of them
written in C: this list is short because it is most of its start-up."""

OF_A_TURN = {"turn", "model", "stream", "tool_run", "commands", "compaction", "json_schema", "hook_shell", "shell_run"}
"""Parts of the fake CLI that are loaded when they are needed."""


def test_a_scripted_fake_answers_the_handshake_before_it_loads_what_a_turn_needs() -> None:
    bare = loaded_by("os")
    loaded = loaded_by("claude_code_sdk.testing.stdio", then=HANDSHAKE) - bare
    ours = {name for name in loaded if name.startswith(PACKAGE)}
    assert loaded - ours - OF_THE_HANDSHAKE == set()
    fake = f"{PACKAGE}.testing.fake_cli"
    assert f"{fake}.process" in ours
    assert ours & {f"{fake}.{name}" for name in OF_A_TURN} == set()


def test_importing_the_package_loads_none_of_it() -> None:
    loaded = loaded_by(PACKAGE)
    assert {name for name in loaded if name.startswith(f"{PACKAGE}.")} == set()
    assert loaded & FORBIDDEN_ON_THE_FAKE_PATH == set()
