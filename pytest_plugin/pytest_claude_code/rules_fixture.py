"""The fixture `claude_rules`, as a project has overridden it: further rules for secrets.

Above: `plugin.py`.  Below: the rules of cassettes, which are loaded when there are some.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from claude_code_sdk.cassettes.secrets.rules import Rule


def checked_rules(given: Any) -> tuple[Rule, ...]:
    """The rules that the fixture gives.  Fails the test for what is none: nothing would be taken out by it."""
    if not given:
        return ()
    rules = tuple(given) if isinstance(given, Iterable) and not isinstance(given, (str, bytes)) else (given,)
    wrong = next((what for what in map(_wrong, rules) if what), None)
    if wrong:
        pytest.fail(wrong, pytrace=False)
    return rules


def _wrong(rule: Any) -> str:
    """What is wrong with one; nothing when nothing is."""
    from claude_code_sdk.cassettes.secrets.rules import Rule

    if not isinstance(rule, Rule):
        return (
            f"claude_rules gives {rule!r}: it is a list of rules for secrets, claude_code_sdk.cassettes.secrets.Rule, "
            "or what load_rules() reads from a file"
        )
    try:
        rule.check()
    except ValueError as error:
        return f"claude_rules: {error}"
    return ""
