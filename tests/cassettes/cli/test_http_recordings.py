"""Recorded HTTP of tools under `claude-cassette show`, `scan` and `scrub`, as they are typed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .commands import CASSETTES, ROOT, run

KEY = "q8Zk2LmPx7Rt5Vw9Yb3N"

HTTP = f"""\
interactions:
- request:
    body: '{{"city": "Oslo"}}'
    headers:
      authorization:
      - Bearer {KEY}
    method: POST
    uri: https://api.example.com/v1?api_key={KEY}
  response:
    body:
      string: '{{"weather": "rain"}}'
    headers:
      content-type:
      - application/json
    status:
      code: 200
      message: OK
- request:
    body: null
    headers: {{}}
    method: GET
    uri: https://api.example.com/logo
  response:
    body:
      string: !!binary |
        iVBORw0KGgr/
    headers: {{}}
    status:
      code: 404
      message: Not Found
version: 1
"""

DAMAGED = "interactions:\n- request:\n    uri: 'https://\n"


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """A folder with a clean cassette and HTTP in which a key was left."""
    folder = tmp_path / "cassettes"
    (folder / "test_it").mkdir(parents=True)
    shutil.copytree(CASSETTES / "inventory", folder / "inventory")
    shutil.copy(CASSETTES / "perm_deny.jsonl", folder / "test_it" / "test_a.jsonl")
    (folder / "test_it" / "test_a.http.yaml").write_text(HTTP)
    return folder


def http_of(folder: Path) -> Path:
    return folder / "test_it" / "test_a.http.yaml"


def test_scan_finds_a_secret_in_it(recorded: Path) -> None:
    path = http_of(recorded)
    result = run("scan", recorded, "--no-environment")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[:2] == [
        f"{path}:6: interactions[0].request.headers.authorization[0]: header",
        f"{path}:8: interactions[0].request.uri: member",
    ]
    assert result.stdout.splitlines()[2].startswith("1 cassette, 1 recording of HTTP and ")
    assert result.stdout.splitlines()[2].endswith(": 2 secrets")
    assert KEY not in result.output


def test_scan_takes_it_alone(recorded: Path) -> None:
    path = http_of(recorded)
    result = run("scan", path, "--json", "--no-environment")
    assert result.exit_code == 1
    said = json.loads(result.stdout)
    assert (said["cassettes"], said["http"]) == (0, 1)
    assert said["findings"][1] == {
        "path": str(path),
        "line": 8,
        "where": "interactions[0].request.uri",
        "rule": "member",
    }
    path.write_text(HTTP.replace(KEY, "REDACTED1"))
    assert run("scan", path, "--no-environment").stdout == "1 recording of HTTP: no secret found\n"


def test_scan_takes_the_users_rules_and_the_environment(recorded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = http_of(recorded)
    path.write_text(HTTP.replace(KEY, "REDACTED1").replace("Oslo", "TICKET-123456"))
    rules = recorded / "rules.toml"
    rules.write_text("[[rules]]\nname = 'ticket'\npattern = 'TICKET-[0-9]{6}'\n")
    assert run("scan", path).exit_code == 0
    result = run("scan", path, "--rules", rules)
    assert (result.exit_code, result.stdout.splitlines()[0]) == (1, f"{path}:3: interactions[0].request.body: ticket")
    monkeypatch.setenv("CITY_PASSWORD", "TICKET-123456")
    assert run("scan", path).stdout.splitlines()[0] == f"{path}:3: interactions[0].request.body: environment"
    assert run("scan", path, "--no-environment").exit_code == 0


def test_scrub_takes_it_out_in_place_and_keeps_the_rest(recorded: Path) -> None:
    path = http_of(recorded)
    path.chmod(0o640)
    before = (recorded / "test_it" / "test_a.jsonl").read_bytes()
    result = run("scrub", recorded, "--no-environment")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [f"{path}: 1 header", "1 cassette and 1 recording of HTTP: 1 changed"]
    assert path.read_text() == HTTP.replace(KEY, "REDACTED1xxxxxxxxxxx")
    assert path.stat().st_mode & 0o777 == 0o640
    assert (recorded / "test_it" / "test_a.jsonl").read_bytes() == before
    assert sorted(file.name for file in path.parent.iterdir()) == ["test_a.http.yaml", "test_a.jsonl"]
    assert "nothing to take out" in run("scrub", recorded, "--no-environment").stdout


def test_scrub_check_changes_nothing_and_fails(recorded: Path) -> None:
    path = http_of(recorded)
    result = run("scrub", path, "--check", "--json", "--no-environment")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "cassettes": 0,
        "http": 1,
        "others": [],
        "changed": [{"path": str(path), "redacted": {"header": 1}}],
    }
    assert path.read_text() == HTTP


def test_show_tells_the_requests_behind_the_sessions(recorded: Path) -> None:
    result = run("show", recorded)
    sessions, _, http = result.stdout.partition(f"{http_of(recorded)}\n")
    assert sessions.startswith(f"{recorded}/test_it/test_a.jsonl\n")
    assert sessions.endswith("\n\n")
    assert http.splitlines() == [
        "HTTP, 2 requests",
        "",
        f"   2  request     POST https://api.example.com/v1?api_key={KEY}",
        '                  {"city": "Oslo"}',
        "   9  response    200 OK, application/json",
        '                  {"weather": "rain"}',
        "",
        "  18  request     GET https://api.example.com/logo",
        "  23  response    404 Not Found",
        "                  (9 bytes that are no text)",
    ]


def test_show_folds_a_long_body_and_says_how_to_see_it(recorded: Path) -> None:
    path = http_of(recorded)
    path.write_text(HTTP.replace('\'{"weather": "rain"}\'', '"' + "\\n".join(f"line {n}" for n in range(40)) + '"'))
    said = run("show", path).stdout
    assert "                  line 11\n                  … 28 more lines, 196 characters (--full shows them)\n" in said
    assert "line 39\n" in run("show", path, "--full").stdout


def test_show_for_programs(recorded: Path) -> None:
    said = json.loads(run("show", recorded, "--json").stdout)
    assert len(said["cassettes"]) == 1
    (http,) = said["http"]
    assert http["http"] == str(http_of(recorded))
    assert http["requests"][0] == {
        "line": 2,
        "method": "POST",
        "uri": f"https://api.example.com/v1?api_key={KEY}",
        "headers": {"authorization": [f"Bearer {KEY}"]},
        "body": '{"city": "Oslo"}',
        "response": {
            "line": 9,
            "status": 200,
            "reason": "OK",
            "headers": {"content-type": ["application/json"]},
            "body": '{"weather": "rain"}',
        },
    }
    assert http["requests"][1]["response"]["body"] == {"base64": "iVBORw0KGgr/"}


@pytest.mark.parametrize("option", [["--raw"], ["--episode", "1"]])
def test_entries_and_episodes_are_those_of_sessions(recorded: Path, option: list[str]) -> None:
    shown = run("show", recorded, *option)
    assert shown.exit_code == 0
    assert "api.example.com" not in shown.stdout
    alone = run("show", http_of(recorded), *option)
    assert alone.exit_code == 1
    what = "it is recorded HTTP of tools, which has no episodes; show, scan and scrub take it whole"
    assert alone.stderr == f"Error: {http_of(recorded)}: {what}\n"


@pytest.mark.parametrize("subcommand", ["show", "scan", "scrub"])
def test_a_damaged_one_is_an_error_and_not_as_if_it_were_absent(recorded: Path, subcommand: str) -> None:
    path = http_of(recorded)
    path.write_text(DAMAGED)
    result = run(subcommand, recorded)
    assert result.exit_code == 1
    assert f"Error: {path}:4: damaged: the recorded HTTP is no YAML: " in result.stderr
    assert "no secret found" not in result.stdout


def test_scan_tells_what_it_found_elsewhere_before_it_tells_of_the_damage(recorded: Path) -> None:
    (recorded / "damaged.http.yaml").write_text(DAMAGED)
    result = run("scan", recorded, "--no-environment")
    assert result.exit_code == 1
    assert f"{http_of(recorded)}:8: interactions[0].request.uri: member" in result.stdout
    assert f"{recorded}/damaged.http.yaml:4: damaged: " in result.stderr


def test_scrub_changes_nothing_where_one_is_damaged(recorded: Path) -> None:
    (recorded / "damaged.http.yaml").write_text(DAMAGED)
    assert run("scrub", recorded, "--no-environment").exit_code == 1
    assert http_of(recorded).read_text() == HTTP


@pytest.mark.parametrize("subcommand", ["check", "stats"])
def test_the_others_leave_it_out_of_a_folder_and_refuse_it_by_name(recorded: Path, subcommand: str) -> None:
    assert run(subcommand, recorded).exit_code == 0
    refused = run(subcommand, http_of(recorded))
    assert refused.exit_code == 1
    assert "it is recorded HTTP of tools, which has no episodes" in refused.stderr


def test_without_pyyaml_it_says_what_is_missing(recorded: Path) -> None:
    program = (
        "import sys; sys.modules['yaml'] = None; from claude_code_sdk.cassettes.cli import main; "
        f"main(['scan', {str(recorded)!r}])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == (
        f"Error: {http_of(recorded)}: recorded HTTP needs PyYAML:  pip install 'claude-code-sdk-harness[pytest]'\n"
    )


def test_the_examples_of_this_project_have_no_secret() -> None:
    result = run("scan", ROOT / "docs", "--no-environment")
    assert result.exit_code == 0, result.output
    assert " recordings of HTTP and " in result.stdout
