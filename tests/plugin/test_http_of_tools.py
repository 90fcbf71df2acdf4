"""The HTTP of a program's tools beside its test's cassette: recorded with the sessions, and played with them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

import claude_code_sdk.testing.http  # imported here for the reason that conftest.py gives
from claude_code_sdk.testing import Script, write_executable
from tests.testing.http_server import Api, running

from .conftest import Outcome, Project
from .test_fake_claude import ENGINES

__all__ = ["claude_code_sdk"]

HTTP = "cassettes/test_it/test_weather.http.yaml"

PROGRAM = """
    import anyio
    import httpx
    import requests
    from claude_code_sdk import ClaudeCodeOptions, create_sdk_mcp_server, tool

    URL = "{url}"

    @tool("weather", "The weather", {{"city": str}})
    async def weather(given):
        async with httpx.AsyncClient(trust_env=False) as client:
            said = (await client.get(URL + "/weather", params={{"city": given["city"], "api_key": "{key}"}})).json()
        return {{"content": [{{"type": "text", "text": said["given"]["city"] + " {unit}"}}]}}

    @tool("alerts", "Alerts", {{}})
    def alerts(given):
        said = requests.get(URL + "/alerts", timeout=20).json()
        return {{"content": [{{"type": "text", "text": said["path"]}}]}}

    async def tell():
        server = create_sdk_mcp_server("kit", tools=[weather, alerts])
        options = ClaudeCodeOptions(mcp_servers={{"kit": server}},
                                    allowed_tools=["mcp__kit__weather", "mcp__kit__alerts"])
        with anyio.fail_after(20):
            return [message.result async for message in query(prompt="weather?", options=options)
                    if isinstance(message, ResultMessage)]
"""

TEST = """
    {marker}
    async def test_weather(claude_cassette):
        assert await tell() == ["Sunny."]
"""


class Weather:
    """A project whose program has tools that call an API, and a `claude` that calls them."""

    def __init__(self, project: Project, api: Api) -> None:
        self.api = api
        self.project = project
        self._folder = project.folder / "bin"
        self._folder.mkdir()
        self.write()

    def record(self, mode: str = "once") -> Outcome:
        """Run the tests with a `claude` that calls both tools."""
        script = Script().calls("mcp__kit__weather", city="Rome").calls("mcp__kit__alerts").says("Sunny.")
        shutil.rmtree(self._folder)
        self._folder.mkdir()
        write_executable(self._folder, script)
        return self.project.run(f"--claude-record={mode}")

    def write(
        self, *, marker: str = "", path: str = "", key: str = "q8Zk2LmPx7Rt5Vw9Yb3N", unit: str = "C", test: str = TEST
    ) -> None:
        program = PROGRAM.format(url=self.api.url + path, key=key, unit=unit)
        self.project.scripted(f"{program}{test.format(marker=marker)}")

    @property
    def recorded(self) -> str | None:
        """What was recorded of the HTTP."""
        path = self.project.folder / HTTP
        return path.read_text().replace(f":{self.api.port}", "") if path.exists() else None


@pytest.fixture
def weather(project: Project, monkeypatch: pytest.MonkeyPatch) -> Iterator[Weather]:
    monkeypatch.setenv("PATH", os.pathsep.join([str(project.folder / "bin"), os.environ["PATH"]]))
    with running() as api:
        yield Weather(project, api)


@ENGINES
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_it_is_recorded_with_the_session_and_played_without_a_server(
    weather: Weather, engine: str, backend: str
) -> None:
    weather.write(
        marker=f"""
    @pytest.fixture
    def anyio_backend():
        return "{backend}"
"""
    )
    assert weather.record().outcomes == {"passed": 1}
    assert weather.recorded is not None
    assert "q8Zk2LmPx7Rt5Vw9Yb3N" not in weather.recorded
    assert "uri: http://api.weather.test/weather?city=Rome&api_key=REDACTED1xxxxxxxxxxx" in weather.recorded
    weather.api.stop()
    assert weather.project.run(f"--claude-engine={engine}").outcomes == {"passed": 1}
    assert len(weather.api.requests) == 2


def test_another_key_is_no_other_request(weather: Weather) -> None:
    weather.record()
    weather.write(key="Xw4Jd8Ns6Qc1Gf0Hk5Ta")
    assert weather.project.run().outcomes == {"passed": 1}


def test_a_request_that_was_not_recorded_fails_the_test_although_the_program_swallowed_it(weather: Weather) -> None:
    weather.record()
    weather.write(path="/v2", marker='@pytest.mark.claude_cassette(answers="ignore")')
    outcome = weather.project.run()
    assert outcome.outcomes == {"passed": 1, "errors": 1}
    told = outcome.report("ERROR at teardown of test_weather")
    assert [line.replace(f":{weather.api.port}", "") for line in told] == [
        "CassetteMismatch: a request of the program was not recorded",
        "",
        f"  {HTTP}",
        "  - GET http://api.weather.test/weather?city=Rome&api_key=REDACTED1xxxxxxxxxxx",
        "  + GET http://api.weather.test/v2/weather?city=Rome&api_key=REDACTED1xxxxxxxxxxx",
        "",
        "  0 of 2 recorded requests played; nothing was sent",
        "  accept the new behaviour:  pytest test_it.py::test_weather --claude-record=all",
    ]
    assert len(weather.api.requests) == 2


def test_a_test_that_fails_otherwise_tells_the_request_that_was_not_recorded(weather: Weather) -> None:
    weather.record()
    swallows = """
    {marker}
    def test_weather(claude_cassette):
        try:
            httpx.get(URL + "/v2/weather", trust_env=False)
        except BaseException:
            pass
        assert False
"""
    weather.write(test=swallows)
    outcome = weather.project.run()
    assert outcome.outcomes == {"failed": 1}
    lines = [line.replace(f":{weather.api.port}", "") for line in outcome.lines]
    begin = lines.index("---------------------------- claude_cassette, HTTP -----------------------------")
    assert lines[begin + 1 : begin + 9] == [
        "CassetteMismatch: a request of the program was not recorded",
        "",
        f"  {HTTP}",
        "  - GET http://api.weather.test/alerts",
        "  + GET http://api.weather.test/v2/weather",
        "",
        "  0 of 2 recorded requests played; nothing was sent",
        "  accept the new behaviour:  pytest test_it.py::test_weather --claude-record=all",
    ]


def test_a_recorded_request_that_is_not_made_fails_the_test_unless_it_may_stop_early(weather: Weather) -> None:
    weather.record()
    idle = """
    {marker}
    def test_weather(claude_cassette):
        pass
"""
    weather.write(test=idle)
    outcome = weather.project.run()
    assert outcome.outcomes == {"passed": 1, "errors": 1}
    told = outcome.report("ERROR at teardown of test_weather")
    assert [line.replace(f":{weather.api.port}", "") for line in told] == [
        f"UnplayedEpisode: {HTTP}: 2 recorded requests not made",
        "  GET http://api.weather.test/weather?city=Rome&api_key=REDACTED1xxxxxxxxxxx",
        "  GET http://api.weather.test/alerts",
        "",
        "  accept the new behaviour:  pytest test_it.py::test_weather --claude-record=all",
    ]
    weather.write(test=idle, marker='@pytest.mark.claude_cassette(unplayed="ignore")')
    assert weather.project.run().outcomes == {"passed": 1}


def test_new_episodes_record_what_is_not_there(weather: Weather) -> None:
    weather.record()
    before = weather.recorded
    assert weather.record("new_episodes").outcomes == {"passed": 1}
    assert (weather.recorded, len(weather.api.requests)) == (before, 2)
    weather.write(
        test="""
    async def test_weather(claude_cassette):
        assert await tell() == ["Sunny."]
        assert requests.get(URL + "/late", timeout=20).json()["path"] == "/late"
"""
    )
    assert weather.record("new_episodes").outcomes == {"passed": 1}
    assert len(weather.api.requests) == 3
    assert weather.project.run().outcomes == {"passed": 1}
    assert len(weather.api.requests) == 3


def test_a_test_that_fails_keeps_what_was_recorded(weather: Weather) -> None:
    weather.record()
    before = weather.recorded
    weather.write(path="/v2", test=TEST.replace("Sunny.", "Rainy."))
    assert weather.record("all").outcomes == {"failed": 1}
    assert weather.recorded == before


def test_recording_everything_anew_replaces_it(weather: Weather) -> None:
    weather.record()
    weather.write(path="/v2")
    assert weather.record("all").outcomes == {"passed": 1}
    assert weather.recorded is not None
    assert [line.strip() for line in weather.recorded.splitlines() if "uri:" in line] == [
        "uri: http://api.weather.test/v2/weather?city=Rome&api_key=REDACTED1xxxxxxxxxxx",
        "uri: http://api.weather.test/v2/alerts",
    ]


@pytest.mark.parametrize("by", ["marker", "ini"])
def test_it_may_be_left_alone(weather: Weather, by: str) -> None:
    if by == "ini":
        weather.project.ini("claude_http = false")
    else:
        weather.write(marker="@pytest.mark.claude_cassette(http=False)")
    assert weather.record().outcomes == {"passed": 1}
    assert weather.recorded is None
    assert weather.project.run().outcomes == {"passed": 1}
    assert len(weather.api.requests) == 4


def test_the_marker_goes_before_the_ini(weather: Weather) -> None:
    weather.project.ini("claude_http = false")
    weather.write(marker="@pytest.mark.claude_cassette(http=True)")
    assert weather.record().outcomes == {"passed": 1}
    assert weather.recorded is not None


def test_where_it_is_wanted_and_there_is_none_every_request_is_refused(weather: Weather) -> None:
    weather.project.ini("claude_http = true")
    weather.write(marker="@pytest.mark.claude_cassette(http=False)")
    weather.record()
    weather.write()
    outcome = weather.project.run()
    assert outcome.outcomes == {"failed": 1}
    assert len(weather.api.requests) == 2
    assert any(line.strip() == f"{HTTP}   is missing" for line in outcome.lines)


def test_another_word_in_the_ini_file_is_refused(weather: Weather) -> None:
    weather.project.ini("claude_http = sometimes")
    outcome = weather.record()
    assert outcome.report("ERROR at setup of test_weather") == [
        "claude_http='sometimes': it is one of auto, true, false"
    ]


def test_a_damaged_file_is_told(weather: Weather) -> None:
    weather.record()
    (weather.project.folder / HTTP).write_text("interactions: 7\n")
    outcome = weather.project.run()
    assert outcome.outcomes == {"errors": 1}
    assert outcome.report("ERROR at setup of test_weather") == [
        f"CassetteError: DIR/{HTTP}: the recorded HTTP cannot be read: 'int' object is not iterable"
    ]
