"""Rules of the user's own in a TOML file, for the command line.

Above: `claude-cassette scan` and `scrub`.  Below: rules.py.  A file of rules has a table `[[rules]]` for each; in a
`pyproject.toml` they are `[[tool.claude-cassette.rules]]`.
"""

from __future__ import annotations

import os

from ...errors import CassetteError
from .rules import Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_KEYS = {"name", "pattern", "literals"}


def load_rules(path: str | os.PathLike[str]) -> list[Rule]:
    """The rules in the file `path`, each with `name`, `pattern` and, to be quick, `literals`.

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
    rule = Rule(table["name"], table["pattern"], literals=literals)
    try:
        rule.check()
    except ValueError as error:
        raise CassetteError(f"{path}: {error}") from error
    return rule
