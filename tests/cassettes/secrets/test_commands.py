"""`claude-cassette scan` and `scrub`, as they are typed; and the hook for pre-commit."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from claude_code_sdk.cassettes.partial import PartialWriter
from claude_code_sdk.cassettes.secrets import residues
from tests.cassettes.cli.commands import CASSETTES, ROOT, run

from .placements import lines, prompt
from .vectors import VECTORS

KEY = next(vector.kept + vector.secret for vector in VECTORS if vector.rule == "anthropic-key")
HEADER = b'{"cassette":1,"sdk":null,"cli":null,"recorded":null,"mode":"record","redacted":{}}\n'
SPAWN = b'{"at":0,"from":"host","spawn":{"argv":["claude"],"cwd":null,"env":{}}}\n'


@pytest.fixture
def leaking(tmp_path: Path) -> Path:
    path = tmp_path / "leaking.jsonl"
    path.write_bytes(HEADER + SPAWN + lines(prompt(KEY)))
    return path


def test_scan_finds_nothing_in_the_cassettes_of_the_project() -> None:
    result = run("scan", ROOT / "cassettes", ROOT / "docs", ROOT / "tests", "--no-environment")
    assert result.exit_code == 0, result.output
    assert "no secret found" in result.stdout


def test_scan_says_where_a_secret_is_and_not_what(leaking: Path) -> None:
    result = run("scan", leaking.parent)
    assert result.exit_code == 1
    assert f"{leaking}:3: frame.message.content: anthropic-key" in result.stdout
    assert KEY not in result.output


def test_scan_for_programs(leaking: Path) -> None:
    result = run("scan", leaking, "--json")
    assert result.exit_code == 1
    said = json.loads(result.stdout)
    assert said["cassettes"] == 1
    assert said["findings"] == [
        {"path": str(leaking), "line": 3, "where": "frame.message.content", "rule": "anthropic-key"}
    ]


def test_scan_reads_partial_files_and_torn_lines(leaking: Path) -> None:
    partial = leaking.rename(leaking.with_name("left.jsonl.partial"))
    partial.write_bytes(partial.read_bytes()[:-5])
    result = run("scan", partial.parent)
    assert result.exit_code == 1
    assert f"{partial}:3: " in result.stdout


def test_scan_of_nothing_fails(tmp_path: Path) -> None:
    result = run("scan", tmp_path)
    assert result.exit_code == 1
    assert "no cassettes in" in result.stderr


def test_scan_looks_for_the_values_of_this_environment(leaking: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leaking.write_bytes(HEADER + SPAWN + lines(prompt("open sesame, please")))
    assert run("scan", leaking).exit_code == 0
    monkeypatch.setenv("CAVE_PASSWORD", "open sesame")
    assert "environment" in run("scan", leaking).stdout
    assert run("scan", leaking, "--no-environment").exit_code == 0


@pytest.mark.parametrize("name", ["rules.toml", "pyproject.toml"])
def test_scan_takes_rules_of_the_users_own(leaking: Path, name: str) -> None:
    leaking.write_bytes(HEADER + SPAWN + lines(prompt("see TICKET-123456")))
    table = "rules" if name == "rules.toml" else "tool.claude-cassette.rules"
    rules = leaking.with_name(name)
    rules.write_text(f"[[{table}]]\nname = \"ticket\"\npattern = 'TICKET-[0-9]{{6}}'\nliterals = ['ticket-']\n")
    result = run("scan", leaking, "--rules", rules)
    assert result.exit_code == 1
    assert "ticket" in result.stdout


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[[rules]]\nname = 'a'\npattern = '('\n", "no regular expression"),
        ("[[rules]]\nname = 'a'\n", "needs name"),
        ("[[rules]]\nname = 'a'\npattern = 'b'\ncolour = 1\n", "unknown: colour"),
        ("[[rules]]\nname = 'a'\npattern = 'b'\nliterals = 'b'\n", "literals is a list of texts"),
        ("nothing = 1\n", "no rules"),
        ("[[", "not TOML"),
    ],
)
def test_wrong_rules_are_refused(leaking: Path, content: str, message: str) -> None:
    rules = leaking.with_name("rules.toml")
    rules.write_text(content)
    result = run("scan", leaking, "--rules", rules)
    assert result.exit_code == 1
    assert message in result.stderr
    assert str(rules) in result.stderr


def test_scrub_takes_secrets_out_in_place_and_a_second_time_changes_nothing(leaking: Path) -> None:
    before = leaking.read_bytes()
    result = run("scrub", leaking)
    assert result.exit_code == 0
    assert "1 anthropic-key" in result.stdout
    content = leaking.read_bytes()
    assert content.startswith(HEADER + SPAWN)
    assert KEY.encode() not in content
    assert residues(content) == []
    assert content != before
    assert "nothing to take out" in run("scrub", leaking).stdout
    assert leaking.read_bytes() == content
    assert [path.name for path in leaking.parent.iterdir()] == [leaking.name]


def test_scrub_leaves_a_file_alone_that_is_being_recorded(leaking: Path) -> None:
    """To replace it would take it from under its writer."""
    path = leaking.with_name("now.jsonl.partial")
    writer = PartialWriter(str(path))
    writer.write(1, SPAWN + lines(prompt(KEY)), began=1)
    before = path.read_bytes()
    result = run("scrub", leaking.parent)
    assert result.exit_code == 1
    assert f"{path}: it is still being recorded" in result.output
    assert path.read_bytes() == before
    writer.close()
    assert run("scrub", leaking.parent).exit_code == 0


def test_scrub_keeps_the_permissions_of_a_file(leaking: Path) -> None:
    leaking.chmod(0o640)
    assert run("scrub", leaking).exit_code == 0
    assert leaking.stat().st_mode & 0o777 == 0o640


def test_scrub_check_changes_nothing_and_fails(leaking: Path) -> None:
    before = leaking.read_bytes()
    result = run("scrub", leaking, "--check", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["changed"] == [{"path": str(leaking), "redacted": {"anthropic-key": 1}}]
    assert leaking.read_bytes() == before


def test_scrub_gives_no_number_twice(leaking: Path) -> None:
    other = next(vector.kept + vector.secret for vector in VECTORS if vector.rule == "github-token")
    run("scrub", leaking)
    leaking.write_bytes(leaking.read_bytes().replace(SPAWN, SPAWN + lines(prompt(other))))
    run("scrub", leaking)
    assert set(re.findall(r"REDACTED\d+", leaking.read_text())) == {"REDACTED1", "REDACTED2"}


def hooks() -> list[dict[str, str]]:
    """The hooks of the file, whose YAML is a list of flat mappings."""
    found: list[dict[str, str]] = []
    for line in (ROOT / ".pre-commit-hooks.yaml").read_text().splitlines():
        if line.startswith("- "):
            found.append({})
        name, _, value = line.lstrip("- ").partition(": ")
        found[-1][name] = value
    return found


@pytest.mark.parametrize("hook", hooks(), ids=lambda hook: hook["id"])
def test_a_hook_of_pre_commit_runs_and_passes_for_clean_cassettes(hook: dict[str, str]) -> None:
    program, *arguments = shlex.split(hook["entry"])
    assert program == "claude-cassette"
    file = CASSETTES / "perm_deny.jsonl"
    assert re.search(hook["files"], str(file))
    assert run(*arguments, file).exit_code == 0


def test_the_scan_hook_fails_for_a_leaking_cassette(leaking: Path) -> None:
    (hook,) = (hook for hook in hooks() if hook["id"] == "claude-cassette-scan")
    assert re.search(hook["files"], "left.jsonl.partial")
    assert run(*shlex.split(hook["entry"])[1:], leaking).exit_code == 1


def test_the_hook_that_looks_for_secrets_sees_every_kind_of_recording() -> None:
    (pattern,) = [hook["files"] for hook in hooks() if hook["id"] == "claude-cassette-scan"]
    names = ["a/test_x.jsonl", "a/test_x.jsonl.partial", "a/test_x.http.yaml", "a/other.yaml", "a/xhttp.yaml"]
    assert [bool(re.search(pattern, name)) for name in names] == [True, True, True, False, False]
