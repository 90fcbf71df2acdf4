"""Rules in a TOML file: what is written is read again, and what is wrong is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from claude_code_sdk.cassettes.secrets import Rule, load_rules
from claude_code_sdk.cassettes.secrets.plausible import random_looking
from claude_code_sdk.cassettes.secrets.pseudonyms import bare
from claude_code_sdk.cassettes.secrets.rules_file import has_own_functions, rules_text
from claude_code_sdk.errors import CassetteError


def as_values(rule: Rule) -> tuple[object, ...]:
    return rule.name, rule.pattern, rule.literals, rule.shape, rule.accept, rule.seen


def test_rules_are_the_same_after_a_file(tmp_path: Path) -> None:
    rules = [
        Rule("ticket", r"TICKET-(?P<secret>[0-9]{6})", literals=["ticket-"]),
        Rule('odd "name"', "\\\\ ' \" \n \x7f \x01 ünï 🙂 \\x7f"),
        Rule("shaped", "x+", shape=bare, accept=random_looking, seen=True),
    ]
    path = tmp_path / "rules.toml"
    path.write_text(rules_text(rules), encoding="utf-8")
    assert [as_values(rule) for rule in load_rules(path)] == [as_values(rule) for rule in rules]


def test_built_in_functions_need_nothing_of_the_users_own() -> None:
    assert not has_own_functions([Rule("shaped", "x+", shape=bare, accept=random_looking)])
    assert has_own_functions([Rule("shaped", "x+", shape=as_shape)])


def as_shape(secret: str, number: int) -> str:
    return f"REDACTED{number}"


def test_a_function_that_no_process_can_import_is_refused() -> None:
    with pytest.raises(ValueError) as refused:
        rules_text([Rule("ticket", "x+", accept=lambda secret: True)])
    text = str(refused.value)
    assert re.match("rule 'ticket': accept is <function .*<lambda> at .*>: a process of its own imports it by", text)
    assert text.endswith(" its name, so it must be a function of a module, at its top")


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("seen = 1", "rule 1 (ticket): seen is true or false"),
        ("shape = 1", "rule 1 (ticket): shape is a function, written MODULE:NAME"),
        ('shape = "bare"', "rule 1 (ticket): shape: bare cannot be imported: ModuleNotFoundError: No module named"),
        ('accept = "re:none"', "rule 1 (ticket): accept: re:none cannot be imported: AttributeError: module 're' has"),
    ],
)
def test_a_setting_of_a_rule_that_is_wrong_is_named(tmp_path: Path, line: str, text: str) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(f'[[rules]]\nname = "ticket"\npattern = "x+"\n{line}\n')
    with pytest.raises(CassetteError) as refused:
        load_rules(path)
    assert str(refused.value).startswith(f"{path}: {text}")
