"""Each rule by its vectors: it finds its secret, keeps its beginning, and leaves alone what it has put there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from claude_code_sdk.cassettes.secrets import RULES, RULES_DATE, Rule, residues
from claude_code_sdk.cassettes.secrets.search import Search

from .vectors import IDS, VECTORS, Vector

of_each_vector = pytest.mark.parametrize("vector", VECTORS, ids=IDS)

BESIDE_RULES = {"email", "user-name"}


def search() -> Search:
    return Search(None, {})


def test_every_rule_has_a_vector() -> None:
    assert {vector.rule for vector in VECTORS} == {rule.name for rule in RULES} | BESIDE_RULES


@of_each_vector
def test_a_secret_is_found_by_its_rule(vector: Vector) -> None:
    assert [edit.rule for edit in search().edits(vector.text)] == [vector.rule]


@of_each_vector
def test_a_secret_goes_and_its_beginning_stays(vector: Vector) -> None:
    text = search().replace(vector.text)
    assert vector.secret not in text
    assert vector.kept in text
    before, _, after = vector.text.partition(vector.kept + vector.secret)
    assert text.startswith(before)
    assert text.endswith(after)


@of_each_vector
def test_what_was_put_in_its_place_is_left_alone(vector: Vector) -> None:
    once = search().replace(vector.text)
    assert search().edits(once) == []


@of_each_vector
def test_the_prefilter_lets_no_secret_by(vector: Vector) -> None:
    suspicious = search().suspicious()
    assert suspicious(vector.text.encode())
    assert suspicious(json.dumps({"a": vector.text}).encode())
    assert suspicious(json.dumps({"a": json.dumps({"b": vector.text})}).encode())


def test_the_file_of_vectors_itself_holds_no_secret() -> None:
    content = Path(__file__).with_name("vectors.toml").read_text()
    assert not [vector for vector in VECTORS if vector.secret in content]
    assert residues(json.dumps({"a": content}).encode()) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_of_ours_is_well_formed(rule: Rule) -> None:
    rule.check()
    assert rule.literals


def test_the_set_has_a_date() -> None:
    assert RULES_DATE.count("-") == 2


@pytest.mark.parametrize(
    "text",
    [
        "keys begin with sk-ant- or with sk-",
        "use Bearer authentication, or Basic authentication",
        'password = get_password()\ntoken = os.environ["TOKEN"]\napi_key: str',
        '{"password": {"type": "string"}, "token": "access_token"}',
        "PASSWORD=$PASSWORD TOKEN=${TOKEN} SECRET_KEY=<your key>",
        "input_tokens=100 max_tokens: 32000 MAX_THINKING_TOKENS=31999",
        "git@github.com:a/b.git, noreply@anthropic.com, anna@example.com, icon@2x.png, @pytest.fixture",
        "\\n@pytest.mark.anyio\\nasync def test() -> None:",
        "/home/user/project and /Users/Shared and https://example.org/home/about and src/home/page.tsx",
        "-----BEGIN CERTIFICATE-----",
        "https://example.org:8080/path@v2 and http://localhost:3000/",
        "toolu_01A09q90qw90lq917835lq9 msg_01XFDUDYJgAACzvnptvVoYEL f805a4e3-3c08-444d-aa9c-3bc2077cf7ed",
        "sorted(items, key=operator.itemgetter(1), reverse=True)",
        "100% of 50%20 ~5 minutes, HEAD~1, a ~approximate~ value",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "{{home}}/.claude and {{cwd-slug}}",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert search().replace(text) == text


def test_the_same_secret_gets_the_same_number_and_another_one_another() -> None:
    texts = search()
    one, other = (vector for vector in VECTORS if vector.rule == "github-token" and vector.kept in ("ghp_", "gho_"))
    text = texts.replace(f"{one.kept}{one.secret} {other.kept}{other.secret} {one.kept}{one.secret}")
    first, second, third = text.split()
    assert first == third
    assert first.startswith("ghp_REDACTED1")
    assert second.startswith("gho_REDACTED2")


def test_a_secret_cannot_pose_as_a_pseudonym() -> None:
    vector = next(vector for vector in VECTORS if vector.rule == "github-token")
    posing = f"{vector.kept}REDACTED1{vector.secret[:30]}"
    assert vector.secret[:30] not in search().replace(posing)


@pytest.mark.parametrize(
    ("pattern", "literals", "message"),
    [
        ("(", (), "no regular expression"),
        ("x*", (), "matches the empty text"),
        ("abc", ("ABC",), "must be lower-case"),
    ],
)
def test_a_wrong_rule_says_what_is_wrong(pattern: str, literals: tuple[str, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Rule("mine", pattern, literals=literals).check()
