"""Parts of the pages that are made from the source when the site is built, so that they cannot fall behind it.

A page has a line `<!-- generated: NAME -->` where such a part goes; NAME is a key of `PARTS`.  mkdocs calls
`on_page_markdown` (`hooks` in mkdocs.yml).  The doc strings of this project are Markdown already.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import click

import claude_code_sdk
from claude_code_sdk import (
    _argv,
    _client,
    _query,
    blocks,
    errors,
    messages,
    option_types,
    options,
    permissions,
    system_messages,
    types,
)
from claude_code_sdk.cassettes import cli
from claude_code_sdk.hooks import inputs, matcher, outputs
from claude_code_sdk.protocol import state
from claude_code_sdk.testing import fake_claude

Function = ast.FunctionDef | ast.AsyncFunctionDef

PLACE = re.compile(r"^<!-- generated: ([\w-]+) -->$", re.MULTILINE)


def on_page_markdown(markdown: str, **_: Any) -> str:
    """What mkdocs calls with each page.  Raises `KeyError` for a part that there is not."""
    return PLACE.sub(lambda found: PARTS[found[1]](), markdown)


# Options


def options_by_group() -> str:
    """The doc string of the options, with a heading for each group."""
    head, *groups = re.split(r"\n\n(?=.+\n- )", _doc(options.ClaudeCodeOptions))
    return "\n\n".join([head, *("### " + group.replace("\n", "\n\n", 1) for group in groups)])


def options_table() -> str:
    """Every field in the order of the interface, with the flags of the CLI that it becomes."""
    flags = option_flags()
    rows = [
        f"| `{name}` | `{kind}` | `{default}` | {'<br>'.join(f'`{flag}`' for flag in flags.get(name, []))} |"
        for name, kind, default in fields(_class(options, "ClaudeCodeOptions"))
    ]
    return "\n".join(["| field | type | default | flags |", "|---|---|---|---|", *rows])


def option_flags() -> dict[str, list[str]]:
    """The flags that each option may become, read off the rows of `_argv.TABLE`."""
    found: dict[str, list[str]] = {}
    for row in _argv.TABLE:
        made_of = inspect.getclosurevars(row.make).nonlocals  # of a row that a factory made
        if "flag" in made_of:
            pairs = [(made_of["field"], made_of["flag"])]
        else:
            pairs = re.findall(r'Argument\("(\w+)", "(--[\w-]+)"', inspect.getsource(row.make))
        for field, flag in pairs:
            found.setdefault(field, []).append(flag)
    return {field: list(dict.fromkeys(flags)) for field, flags in found.items()}


# Classes


def classes(module: ModuleType) -> str:
    """Each public class of `module`: its doc string and its fields."""
    public = {*claude_code_sdk.__all__, *types.__all__, "HookContext"}
    nodes = [node for node in _tree(module).body if isinstance(node, ast.ClassDef) and node.name in public]
    return "\n\n".join("\n\n".join(_class_parts(node)) for node in nodes)


def _class_parts(node: ast.ClassDef) -> Iterator[str]:
    bases = [base for base in map(ast.unparse, node.bases) if base in claude_code_sdk.__all__]
    kind = f"A kind of `{bases[0]}`. " if bases else ""
    yield f"### {node.name}"
    yield kind + _spaced(ast.get_docstring(node) or "")
    declared = [f"{name}: {kind}{f' = {default}' if default else ''}" for name, kind, default in fields(node)]
    if declared:
        yield "\n".join(["```python", *declared, "```"])


def fields(node: ast.ClassDef) -> list[tuple[str, str, str]]:
    """The fields of a class as they stand in its source: name, type, default."""
    return [
        (item.target.id, ast.unparse(item.annotation), _default(item.value))
        for item in node.body
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
    ]


def _default(value: ast.expr | None) -> str:
    """A default as a reader would write it: what a factory makes instead of the factory."""
    match value:
        case None:
            return ""
        case ast.Call(func=ast.Name("field"), keywords=[ast.keyword("default_factory", factory), *_]):
            made = ast.unparse(factory)
            return {"list": "[]", "dict": "{}"}.get(made, made.removeprefix("lambda: "))
        case ast.BinOp() | ast.Constant(int()):
            number = eval(ast.unparse(value))  # of our own source
            return f"{number:_}" if type(number) is int else str(number)
    return ast.unparse(value)


# Functions


def client() -> str:
    """The public methods of the client."""
    methods = functions(_class(_client, "ClaudeSDKClient").body)
    return "\n\n".join(described(method, "###") for method in methods if not method.name.startswith("_"))


def query() -> str:
    """`query()`."""
    return described(functions(_tree(_query).body)[0], "##")


def functions(body: list[ast.stmt]) -> list[Function]:
    """The functions in the body of a module or class."""
    return [item for item in body if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)]


def described(node: Function, heading: str) -> str:
    """A function or method: its signature and its doc string."""
    returns = "" if node.returns is None else ast.unparse(node.returns)
    if any(ast.unparse(decorator) == "property" for decorator in node.decorator_list):
        line = f"{node.name}: {returns}"
    else:
        word = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
        given = _parameters(node.args)
        line = f"{word} {node.name}({', '.join(given)}) -> {returns}"
        if len(line) > 90:
            line = "\n".join([f"{word} {node.name}(", *(f"    {one}," for one in given), f") -> {returns}"])
    return f"{heading} {node.name}\n\n```python\n{line}\n```\n\n{_spaced(ast.get_docstring(node) or '')}"


def _parameters(given: ast.arguments) -> list[str]:
    """Each parameter as it is written, without `self`."""
    defaults = [None] * (len(given.args) - len(given.defaults)) + given.defaults
    positional = [_parameter(*pair) for pair in zip(given.args, defaults, strict=True) if pair[0].arg != "self"]
    keywords = [_parameter(*pair) for pair in zip(given.kwonlyargs, given.kw_defaults, strict=True)]
    rest = [f"**{ast.unparse(given.kwarg)}"] if given.kwarg else []
    return [*positional, *(["*", *keywords] if keywords else []), *rest]


def _parameter(argument: ast.arg, default: ast.expr | None) -> str:
    return ast.unparse(argument) + (f" = {ast.unparse(default)}" if default is not None else "")


# Drawings and tables


def error_tree() -> str:
    """The tree of the exceptions, as its module draws it."""
    return f"```text\n{_drawing(errors, 'ClaudeSDKError')}\n```"


def fake_claude_settings() -> str:
    """The environment variables of `fake-claude`, as its module lists them."""
    rows = re.findall(r"(?m)^(FAKE_CLAUDE_\w+) +((?:.+\n?)(?: {4,}.+\n?)*)", _drawing(fake_claude, "FAKE_CLAUDE_"))
    return "\n".join(["| variable | meaning |", "|---|---|", *(f"| `{n}` | {' '.join(t.split())} |" for n, t in rows)])


def state_table() -> str:
    """Every transition of the connection's two sides, from `TRANSITIONS` and `JOINT`."""
    rows = []
    for (sender, sent), moves in state.TRANSITIONS.items():
        stays = ", ".join(before for before, after in moves.items() if before == after)
        goes = _arrows({before: after for before, after in moves.items() if before != after})
        rows.append(f"| {sender} | {sent} | {goes} | {stays} | {_arrows(state.JOINT.get((sender, sent), {}))} |")
    head = "| sender | what it sends | moves its own side | legal, moves nothing | moves the other side too |"
    return "\n".join([head, "|---|---|---|---|---|", *rows])


def state_drawing() -> str:
    """The two state machines, as the module of the table draws them."""
    return f"```text\n{_drawing(state, 'HALF_CLOSED')}\n```"


def _drawing(module: ModuleType, word: str) -> str:
    """The indented paragraph of a module's doc string that has `word` in it."""
    paragraphs = (module.__doc__ or "").split("\n\n")
    return next(inspect.cleandoc(text) for text in paragraphs if text.startswith("    ") and word in text)


def _arrows(moves: dict[str, str]) -> str:
    return "<br>".join(f"{before} → {after}" for before, after in moves.items())


def commands() -> str:
    """The help of every subcommand of `claude-cassette`, as it is printed."""
    context = click.Context(cli.main, info_name="claude-cassette")
    parts = []
    for name in cli.COMMANDS:
        command = cli.main.get_command(context, name)
        help_text = command.get_help(click.Context(command, info_name=name, parent=context, terminal_width=80))
        parts.append(f"### claude-cassette {name}\n\n```text\n{help_text.strip()}\n```")
    return "\n\n".join(parts)


# Reading the source


def _tree(module: ModuleType) -> ast.Module:
    return ast.parse(inspect.getsource(module))


def _class(module: ModuleType, name: str) -> ast.ClassDef:
    return next(node for node in _tree(module).body if isinstance(node, ast.ClassDef) and node.name == name)


def _doc(thing: Any) -> str:
    return inspect.getdoc(thing) or ""


def _spaced(text: str) -> str:
    """Markdown wants an empty line before a list."""
    return re.sub(r"(?m)^(?![- ]|$)(.*)\n(?=- )", r"\1\n\n", text)


PARTS: dict[str, Callable[[], str]] = {
    "blocks": lambda: classes(blocks),
    "client": client,
    "commands": commands,
    "error-classes": lambda: classes(errors),
    "error-tree": error_tree,
    "fake-claude-settings": fake_claude_settings,
    "hook-inputs": lambda: classes(inputs),
    "hook-matcher": lambda: classes(matcher),
    "hook-outputs": lambda: classes(outputs),
    "messages": lambda: classes(messages),
    "option-types": lambda: classes(option_types),
    "options-by-group": options_by_group,
    "options-table": options_table,
    "permissions": lambda: classes(permissions),
    "query": query,
    "state-drawing": state_drawing,
    "states": state_table,
    "system-messages": lambda: classes(system_messages),
}
"""The parts, by the name that pages call them."""
