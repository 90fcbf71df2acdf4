"""Rules of the user's own in a TOML file, for the command line and for other processes.

Above: `claude-cassette record`, `scan` and `scrub`; `fake-claude`; `write_executable`, which writes such a file.
Below: rules.py, and references.py for functions.  A file of rules has a table `[[rules]]` for each; in a
`pyproject.toml` they are `[[tool.claude-cassette.rules]]`.
"""

from __future__ import annotations

import os

from ...errors import CassetteError
from .rules import Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

_KEYS = {"name", "pattern", "literals", "seen", "shape", "accept"}
_FUNCTIONS = ("shape", "accept")


def rules_text(rules: Sequence[Rule]) -> str:
    """The content of a file of these rules.  Functions in them travel as `MODULE:NAME`.

    Raises:
        ValueError: A function cannot be imported by its name from another process.
    """
    lines: list[str] = []
    for rule in rules:
        lines += ["[[rules]]", f"name = {_quoted(rule.name)}", f"pattern = {_quoted(rule.pattern)}"]
        if rule.literals:
            lines.append(f"literals = [{', '.join(map(_quoted, rule.literals))}]")
        if rule.seen:
            lines.append("seen = true")
        lines += [f"{key} = {_quoted(name)}" for key, name in _references(rule).items()]
        lines.append("")
    return "\n".join(lines)


def has_own_functions(rules: Sequence[Rule]) -> bool:
    """Whether a process that is to have these rules must import something that is not this package's."""
    package = f"{__name__.partition('.')[0]}."
    return any(not name.startswith(package) for rule in rules for name in _references(rule).values())


def _references(rule: Rule) -> dict[str, str]:
    """Its functions by their names, without the usual ones."""
    from ..references import reference
    from .pseudonyms import filled

    found = {}
    for key in _FUNCTIONS:
        function = getattr(rule, key)
        if function is None or function is filled:
            continue
        name = reference(function)
        if name is None:
            raise ValueError(
                f"rule {rule.name!r}: {key} is {function!r}: a process of its own imports it by its name, so it must "
                "be a function of a module, at its top"
            )
        found[key] = name
    return found


def _quoted(text: str) -> str:
    """`text` as a string of TOML, which is one of JSON but for one character."""
    import json

    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def load_rules(path: str | os.PathLike[str]) -> list[Rule]:
    """The rules in the file `path`, each with `name`, `pattern` and, to be quick, `literals`.

    The other parameters of `Rule` may be there too; `shape` and `accept` are functions, written `MODULE:NAME`.

    Raises:
        CassetteError: It cannot be read, is no TOML, or a rule in it is wrong; the message says which and why.
    """
    import tomllib

    name = os.fspath(path)
    try:
        with open(name, "rb") as file:
            content = tomllib.load(file)
    except OSError as error:
        raise CassetteError(f"{name}: the rules cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CassetteError(f"{name}: the rules are not TOML: {error}") from error
    tables = content.get("rules")
    if tables is None:
        tables = content.get("tool", {}).get("claude-cassette", {}).get("rules")
    if not isinstance(tables, list) or not tables:
        raise CassetteError(
            f"{name}: no rules; a rule is a table [[rules]], in pyproject.toml [[tool.claude-cassette.rules]]"
        )
    return [_rule(name, number, table) for number, table in enumerate(tables, 1)]


def _rule(path: str, number: int, table: Any) -> Rule:
    if (
        not isinstance(table, dict)
        or not isinstance(table.get("name"), str)
        or not isinstance(table.get("pattern"), str)
    ):
        raise CassetteError(f'{path}: rule {number} needs name = "…" and pattern = "…"')
    unknown = sorted(table.keys() - _KEYS)
    if unknown:
        raise CassetteError(f"{path}: rule {number} ({table['name']}): unknown: {', '.join(unknown)}")
    literals = table.get("literals", [])
    if not isinstance(literals, list) or not all(isinstance(literal, str) for literal in literals):
        raise CassetteError(f"{path}: rule {number} ({table['name']}): literals is a list of texts")
    from ..references import imported

    settings = {key: table[key] for key in ("seen", *_FUNCTIONS) if key in table}
    if not isinstance(settings.get("seen", False), bool):
        raise CassetteError(f"{path}: rule {number} ({table['name']}): seen is true or false")
    for key in settings.keys() & set(_FUNCTIONS):
        if not isinstance(settings[key], str):
            raise CassetteError(f"{path}: rule {number} ({table['name']}): {key} is a function, written MODULE:NAME")
        try:
            settings[key] = imported(settings[key])
        except ValueError as error:
            raise CassetteError(f"{path}: rule {number} ({table['name']}): {key}: {error}") from error
    try:
        rule = Rule(table["name"], table["pattern"], literals=literals, **settings)
        rule.check()
    except ValueError as error:
        raise CassetteError(f"{path}: {error}") from error
    return rule
