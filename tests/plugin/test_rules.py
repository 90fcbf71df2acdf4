"""Rules for secrets of the user's own: the fixture `claude_rules`, overridden in a conftest.py."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cassettes.playing import eof, exits, handshake, spawn, turn

from .conftest import Project
from .test_fake_claude import ENGINES
from .test_http_of_tools import HTTP, Weather, weather
from .test_record_modes import CASSETTE, live

__all__ = ["live", "weather"]

NO_RULE = (
    "it is a list of rules for secrets, claude_code_sdk.cassettes.secrets.Rule, or what load_rules() reads from a file"
)
PATTERN = "claude_rules: rule 'ticket': the pattern"

TICKET = r"""Rule("ticket", r"TICKET-(?P<secret>[0-9]{6})", literals=["ticket-"])"""

OVERRIDE = """
import pytest
from claude_code_sdk.cassettes.secrets import Rule, load_rules

@pytest.fixture(scope="SCOPE")
def claude_rules():
    return RULES

@pytest.fixture
def anyio_backend():
    return "asyncio"
"""

ASKS = """
    async def test_hello(claude_cassette):
        assert await ask("see TICKET-NUMBER") == ["REPLY"]
"""


def override(project: Project, rules: str = f"[{TICKET}]", *, scope: str = "function") -> None:
    (project.folder / "conftest.py").write_text(OVERRIDE.replace("SCOPE", scope).replace("RULES", rules))


def asks(number: str, reply: str = "live") -> str:
    return ASKS.replace("NUMBER", number).replace("REPLY", reply)


def ticket_cassette(project: Project) -> Path:
    """One that was recorded with the rule."""
    episode = [spawn(), *handshake(), *turn("see TICKET-REDACTED1", "hi"), eof(), exits()]
    return project.record("test_it/test_hello.jsonl", episode)


@pytest.mark.parametrize("mode", ["once", "new_episodes", "all"])
@pytest.mark.parametrize("scope", ["function", "module", "session"])
def test_a_cassette_is_recorded_by_them(live: Project, mode: str, scope: str) -> None:
    override(live, scope=scope)
    live.scripted(asks("123456"))
    assert live.run(f"--claude-record={mode}").outcomes == {"passed": 1}
    recorded = (live.folder / CASSETTE).read_text()
    assert "123456" not in recorded
    assert "see TICKET-REDACTED1" in recorded
    assert json.loads(recorded.splitlines()[0])["redacted"]["ticket"] == 1


def test_what_is_appended_is_recorded_by_them_too(live: Project) -> None:
    override(live)
    path = live.record("test_it/test_hello.jsonl")
    live.scripted(asks("123456"))
    assert live.run("--claude-record=new_episodes").outcomes == {"passed": 1}
    assert "123456" not in path.read_text()
    assert "see TICKET-REDACTED1" in path.read_text()


@ENGINES
def test_another_such_secret_fits_the_recorded_one(project: Project, engine: str) -> None:
    ticket_cassette(project)
    override(project)
    project.scripted(asks("654321", "hi"))
    assert project.run(f"--claude-engine={engine}").outcomes == {"passed": 1}


@ENGINES
def test_without_them_it_does_not(project: Project, engine: str) -> None:
    ticket_cassette(project)
    project.scripted(asks("654321", "hi"))
    outcome = project.run(f"--claude-engine={engine}")
    assert outcome.outcomes == {"failed": 1}
    assert any('+ message.content: "see TICKET-654321"' in line for line in outcome.lines)


@ENGINES
def test_a_mismatch_does_not_show_such_a_secret(project: Project, engine: str) -> None:
    ticket_cassette(project)
    override(project)
    project.scripted(asks("654321, please", "hi"))
    outcome = project.run(f"--claude-engine={engine}")
    assert outcome.outcomes == {"failed": 1}
    assert [line.lstrip("E ") for line in outcome.lines if "message.content: " in line] == [
        '- message.content: "see TICKET-REDACTED1"',
        '+ message.content: "see TICKET-REDACTED1, please"',
    ]


@ENGINES
def test_a_class_may_have_its_own(project: Project, engine: str) -> None:
    ticket_cassette(project).rename(project.folder / "cassettes" / "ticket.jsonl")
    project.scripted(f"""
        from claude_code_sdk.cassettes.secrets import Rule

        @pytest.mark.claude_cassette("cassettes/ticket.jsonl")
        class TestTickets:
            @pytest.fixture
            def claude_rules(self):
                return [{TICKET}]

            async def test_hello(self, claude_cassette):
                assert await ask("see TICKET-777777") == ["hi"]
    """)
    assert project.run(f"--claude-engine={engine}").outcomes == {"passed": 1}


@ENGINES
def test_they_may_come_from_the_file_that_the_command_line_takes(project: Project, engine: str) -> None:
    ticket_cassette(project)
    (project.folder / "secrets.toml").write_text(
        """[[rules]]\nname = "ticket"\npattern = 'TICKET-(?P<secret>[0-9]{6})'\nliterals = ["ticket-"]\n"""
    )
    override(project, "load_rules('secrets.toml')")
    project.scripted(asks("654321", "hi"))
    assert project.run(f"--claude-engine={engine}").outcomes == {"passed": 1}


@ENGINES
def test_a_rule_may_have_functions_of_a_module(project: Project, engine: str) -> None:
    ticket_cassette(project)
    (project.folder / "tickets_of_a_project.py").write_text(
        "def shape(secret, number): return f'REDACTED{number}'\ndef is_old(secret): return secret < '500000'\n"
    )
    rule = "Rule('ticket', 'TICKET-(?P<secret>[0-9]{6})', literals=['ticket-'], shape=t.shape, accept=t.is_old)"
    override(project, f"[{rule}]")
    conftest = project.folder / "conftest.py"
    conftest.write_text(f"import tickets_of_a_project as t\n{conftest.read_text()}")
    project.scripted(asks("400000", "hi"))
    assert project.run(f"--claude-engine={engine}").outcomes == {"passed": 1}
    project.scripted(asks("600000", "hi"))
    assert project.run(f"--claude-engine={engine}").outcomes == {"failed": 1}


@ENGINES
def test_http_is_recorded_and_played_by_them(weather: Weather, engine: str) -> None:
    override(weather.project)
    weather.write(path="/TICKET-123456", unit="TICKET-123456")
    assert weather.record().outcomes == {"passed": 1}
    sessions = (weather.project.folder / HTTP.replace(".http.yaml", ".jsonl")).read_text()
    assert weather.recorded is not None
    assert "123456" not in sessions + weather.recorded
    assert "/TICKET-REDACTED2/weather" in weather.recorded
    weather.api.stop()
    weather.write(path="/TICKET-654321", unit="TICKET-654321")
    assert weather.project.run(f"--claude-engine={engine}").outcomes == {"passed": 1}
    override(weather.project, "()")
    outcome = weather.project.run(f"--claude-engine={engine}")
    assert "passed" not in outcome.outcomes
    assert any(line.strip().startswith("+ GET ") and "/TICKET-654321/weather" in line for line in outcome.lines)


@pytest.mark.parametrize(
    ("rules", "text"),
    [
        ("['TICKET-[0-9]+']", f"claude_rules gives 'TICKET-[0-9]+': {NO_RULE}"),
        ("'secrets.toml'", f"claude_rules gives 'secrets.toml': {NO_RULE}"),
        ("[Rule('ticket', '[0-9')]", f"{PATTERN} is no regular expression: unterminated character set at position 0"),
        ("[Rule('ticket', '[0-9]*')]", f"{PATTERN} matches the empty text"),
    ],
)
def test_what_is_no_rule_fails_the_test(project: Project, rules: str, text: str) -> None:
    override(project, rules)
    project.scripted(asks("1"))
    outcome = project.run()
    assert outcome.outcomes == {"errors": 1}
    assert outcome.report("ERROR at setup of test_hello") == [text]


@pytest.mark.parametrize("rules", ["[]", "None", f"{TICKET}"])
def test_none_and_a_single_one_are_fine(project: Project, rules: str) -> None:
    project.record("test_it/test_hello.jsonl")
    override(project, rules)
    project.scripted("""
        async def test_hello(claude_cassette):
            assert await ask("hello") == ["hi"]
    """)
    assert project.run().outcomes == {"passed": 1}
