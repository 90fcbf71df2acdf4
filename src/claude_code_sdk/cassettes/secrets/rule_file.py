"""Rules for secrets of a project's own, from a TOML file, for the commands.

Above: `claude-cassette record --rules`.  Below: rules.py.

    [[rule]]
    name = "acme-token"
    pattern = "acme_(?P<secret>[0-9a-f]{32})"
    literals = ["acme_"]
"""

from __future__ import annotations

import os
import tomllib
from typing import Any

from ...errors import CassetteError
from .rules import Rule


def load_rules(path: str | os.PathLike[str]) -> list[Rule]:
    """The rules in the file `path`.

    Raises:
        CassetteError: It cannot be read, or has something else in it.
    """
    name = os.fspath(path)
    try:
        with open(name, "rb") as file:
            content = tomllib.load(file)
    except OSError as error:
        raise CassetteError(f"{name}: the rules cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CassetteError(f"{name}: the rules are not TOML: {error}") from error
    given = content.pop("rule", None)
    if content or not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise CassetteError(f"{name}: a file of rules has [[rule]] tables and nothing else")
    return [_rule(each, name) for each in given]


def _rule(given: dict[str, Any], path: str) -> Rule:
    name, pattern, literals = given.pop("name", None), given.pop("pattern", None), given.pop("literals", [])
    texts = isinstance(literals, list) and all(isinstance(literal, str) for literal in literals)
    if given or not isinstance(name, str) or not isinstance(pattern, str) or not texts:
        raise CassetteError(f"{path}: a rule has a name, a pattern, and literals (a list of texts) or none")
    rule = Rule(name, pattern, literals=literals)
    try:
        rule.check()
    except ValueError as error:
        raise CassetteError(f"{path}: {error}") from error
    return rule
