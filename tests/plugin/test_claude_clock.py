"""The fixture `claude_clock`, and `freeze_time=True` of the marker."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

import claude_code_sdk.testing.clock  # imported here for the reason that conftest.py gives
from claude_code_sdk.cassettes.cassette import Cassette, Episode
from claude_code_sdk.cassettes.jsonl import dump
from tests.testing.test_clock import session

from .conftest import Project
from .test_fake_claude import ENGINES

__all__ = ["claude_code_sdk"]

RECORDED = "2026-03-01T23:59:59Z"

PROGRAM = """
    import time
    from datetime import UTC, date, datetime
    import anyio
    from claude_code_sdk import ClaudeCodeOptions, PermissionResultAllow

    seen = []

    async def asked(text):
        async def may_use(name, given, context):
            with anyio.move_on_after(0.01):
                await anyio.sleep_forever()
            seen.append(datetime.now(UTC).isoformat())
            return PermissionResultAllow()

        async with ClaudeSDKClient(ClaudeCodeOptions(can_use_tool=may_use)) as client:
            await client.query(text)
            await client.drain()
"""


@pytest.fixture
def recorded(project: Project) -> Project:
    """A project with a recording that asks for permission half a second and two seconds after it began."""
    record(project, "test_it/test_asked.jsonl")
    return project


def record(project: Project, name: str) -> None:
    path = project.folder / "cassettes" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    dump(Cassette(str(path), {"recorded": RECORDED}, [Episode(session("one", 500, 2000))]), path)


def on(backend: str) -> str:
    return f"""
    @pytest.fixture
    def anyio_backend():
        return "{backend}"
    """


@ENGINES
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_callbacks_have_the_time_of_the_recording(recorded: Project, engine: str, backend: str) -> None:
    recorded.scripted(f"""{on(backend)}{PROGRAM}
    async def test_asked(claude_clock, claude_cassette):
        assert datetime.now(UTC).isoformat() == claude_clock.now.isoformat() == "2026-03-01T23:59:59+00:00"
        await asked("one")
        assert seen == ["2026-03-01T23:59:59.500000+00:00", "2026-03-02T00:00:01+00:00"]
        assert date.today() == date(2026, 3, 2)

    def test_afterwards_it_is_today():
        assert abs(time.time() - {datetime.now(UTC).timestamp()}) < 600
    """)
    assert recorded.run(f"--claude-engine={engine}").outcomes == {"passed": 2}


@ENGINES
def test_the_marker_freezes_the_time_too_and_the_fixture_is_the_same_clock(recorded: Project, engine: str) -> None:
    recorded.scripted(f"""{PROGRAM}
    @pytest.mark.claude_cassette(freeze_time=True)
    async def test_asked(claude_cassette):
        await asked("one")
        assert seen == ["2026-03-01T23:59:59.500000+00:00", "2026-03-02T00:00:01+00:00"]

    @pytest.mark.claude_cassette("cassettes/test_it/test_asked.jsonl", freeze_time=True)
    async def test_both(claude_cassette, claude_clock):
        seen.clear()
        claude_clock.move_to(datetime(2030, 12, 24, tzinfo=UTC))
        await asked("one")
        assert seen == ["2030-12-24T00:00:00.500000+00:00", "2030-12-24T00:00:02+00:00"]
    """)
    assert recorded.run(f"--claude-engine={engine}").outcomes == {"passed": 2}


@ENGINES
def test_in_a_script_it_is_the_clock_of_the_fake_cli(project: Project, engine: str) -> None:
    project.scripted(f"""{PROGRAM}
    async def test_asked(claude_clock, fake_claude):
        fake_claude.calls("Bash", command="touch a").says("Done")
        await asked("go")
        assert [moment[:10] for moment in seen] == ["2026-01-01"]
    """)
    assert project.run(f"--claude-engine={engine}").outcomes == {"passed": 1}


def test_without_the_fixture_the_time_is_real(recorded: Project) -> None:
    recorded.scripted(f"""{PROGRAM}
    async def test_asked(claude_cassette):
        await asked("one")
        assert not any(moment.startswith("2026-03-0") for moment in seen)
    """)
    assert recorded.run().outcomes == {"passed": 1}


def test_while_sessions_are_recorded_the_time_is_real(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCSDK_RECORD_MODE", "all")
    project.scripted(f"""{PROGRAM}
    def test_asked(claude_clock, claude_cassette):
        claude_clock.move_to(datetime(2030, 12, 24, tzinfo=UTC))
        assert abs(time.time() - {datetime.now(UTC).timestamp()}) < 600
        assert abs((claude_clock.now - datetime.now(UTC)).total_seconds()) < 60

    @pytest.mark.claude_cassette(freeze_time=True)
    def test_marked(claude_cassette):
        assert abs(time.time() - {datetime.now(UTC).timestamp()}) < 600
    """)
    assert project.run().outcomes == {"passed": 2}


def test_a_freeze_of_the_projects_own_is_told(recorded: Project) -> None:
    recorded.scripted("""
    import freezegun

    @pytest.fixture
    def christmas():
        with freezegun.freeze_time("2030-12-24"):
            yield

    def test_asked(christmas, claude_clock):
        pass
    """)
    outcome = recorded.run()
    assert outcome.outcomes == {"errors": 1}
    told = [line for line in outcome.report("ERROR at setup of test_asked") if line.startswith("E  ")]
    assert [line.removeprefix("E").strip() for line in told] == [
        (
            "RuntimeError: the time is frozen already, by freezegun: two freezes would not know of each other. "
            "Leave that one out, and give the clock a time of your own with move_to()"
        )
    ]


def test_a_word_in_place_of_true_and_false_is_refused(recorded: Project) -> None:
    recorded.scripted("""
    @pytest.mark.claude_cassette(freeze_time="yes", http="no")
    def test_asked(claude_cassette):
        pass
    """)
    outcome = recorded.run()
    assert outcome.report("ERROR at setup of test_asked") == [
        "@pytest.mark.claude_cassette: freeze_time='yes': it is True or False; see pytest --markers"
    ]


def test_how_long_tests_take_is_measured_in_real_time(recorded: Project, tmp_path: Path) -> None:
    recorded.scripted("""
    import time

    def test_asked(claude_clock):
        time.sleep(0.06)
    """)
    report = tmp_path / "report.xml"
    assert recorded.run(f"--junitxml={report}").outcomes == {"passed": 1}
    text = report.read_text()
    seconds = float(text.partition('name="test_asked" time="')[2].partition('"')[0])
    assert 0.05 < seconds < 60
    assert f'timestamp="{datetime.now().year}-' in text
