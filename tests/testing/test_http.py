"""ToolHttp: the HTTP of a program's tools, recorded and played, by each client, from tasks and threads."""

from __future__ import annotations

import json
import re
import threading
import urllib.request
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import aiohttp
import anyio
import anyio.to_thread
import httpx
import pytest
import requests

from claude_code_sdk import tool
from claude_code_sdk._bound_tool import BoundTool
from claude_code_sdk.cassettes.mismatch import CassetteMismatch, UnplayedEpisode
from claude_code_sdk.errors import CassetteError
from claude_code_sdk.testing import ToolHttp

from .http_server import Api, running

LIMIT = 20.0

Fetch = Callable[[str], Awaitable[Any]]


async def by_httpx(url: str) -> Any:
    async with httpx.AsyncClient(trust_env=False) as client:
        return (await client.get(url)).json()


async def by_httpx_in_a_thread(url: str) -> Any:
    def get() -> Any:
        with httpx.Client(trust_env=False) as client:
            return client.get(url).json()

    return await anyio.to_thread.run_sync(get)


async def by_requests(url: str) -> Any:
    return await anyio.to_thread.run_sync(lambda: requests.get(url, timeout=LIMIT).json())


async def by_urllib(url: str) -> Any:
    def get() -> Any:
        with urllib.request.urlopen(url, timeout=LIMIT) as response:
            return json.loads(response.read())

    return await anyio.to_thread.run_sync(get)


async def by_aiohttp(url: str) -> Any:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return await response.json()


CLIENTS: dict[str, Fetch] = {
    "httpx": by_httpx,
    "httpx in a thread": by_httpx_in_a_thread,
    "requests": by_requests,
    "urllib": by_urllib,
    "aiohttp": by_aiohttp,
}


@pytest.fixture
def api() -> Iterator[Api]:
    with running() as api:
        yield api


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cassettes" / "test_it.http.yaml"


def fetch(url: str) -> Any:
    return requests.get(url, timeout=LIMIT).json()


def record(path: Path, *urls: str) -> list[Any]:
    with ToolHttp(path, mode="all") as http:
        said = [fetch(url) for url in urls]
    http.save()
    return said


@pytest.mark.parametrize("client", CLIENTS)
async def test_each_client_is_recorded_and_played_with_the_server_gone(
    api: Api, path: Path, client: str, anyio_backend_name: str
) -> None:
    if client == "aiohttp" and anyio_backend_name == "trio":
        return await run_on_asyncio(api, path)
    await recorded_and_played(api, path, CLIENTS[client])


async def run_on_asyncio(api: Api, path: Path) -> None:
    """aiohttp runs on asyncio alone: a program on trio has it in a thread."""
    await anyio.to_thread.run_sync(lambda: anyio.run(recorded_and_played, api, path, by_aiohttp))


async def recorded_and_played(api: Api, path: Path, get: Fetch) -> None:
    with anyio.fail_after(LIMIT):
        with ToolHttp(path, mode="all") as http:
            live = [await get(f"{api.url}/weather?city={city}") for city in ("Rome", "Oslo")]
        assert http.save()
        api.stop()
        with ToolHttp(path) as http:
            played = [await get(f"{api.url}/weather?city={city}") for city in ("Rome", "Oslo")]
        http.check()
    assert [one["given"]["city"] for one in live] == ["Rome", "Oslo"]
    assert played == live
    assert len(api.requests) == 2


async def test_what_tasks_and_threads_send_at_once_is_recorded_whole(api: Api, path: Path) -> None:
    gets = [by_httpx, by_requests, by_httpx_in_a_thread, by_urllib]
    urls = [f"{api.url}/weather?city={number}" for number in range(24)]
    said: dict[str, Any] = {}

    async def get(number: int) -> None:
        said[urls[number]] = await gets[number % len(gets)](urls[number])

    async def all_at_once() -> None:
        with anyio.fail_after(LIMIT):
            async with anyio.create_task_group() as group:
                for number in range(len(urls)):
                    group.start_soon(get, number)

    with ToolHttp(path, mode="all") as http:
        await all_at_once()
    http.save()
    live = dict(said)
    with ToolHttp(path) as http:
        await all_at_once()
    http.check()
    assert said == live
    assert len(api.requests) == len(urls)


@pytest.mark.parametrize("mode", ["all", "none"])
async def test_sync_tools_take_turns_while_http_is_recorded_and_only_then(path: Path, mode: Any) -> None:
    running_now, most = 0, 0
    lock, both = threading.Lock(), threading.Event()

    def look(given: dict[str, Any]) -> dict[str, Any]:
        nonlocal running_now, most
        with lock:
            running_now += 1
            most = max(most, running_now)
            if running_now == 2:
                both.set()
        both.wait(0.2 if mode == "all" else LIMIT)
        with lock:
            running_now -= 1
        return {"content": [{"type": "text", "text": "noted"}]}

    bound = BoundTool(tool("look", "Look", {})(look))
    with ToolHttp(path, mode=mode):
        with anyio.fail_after(LIMIT):
            async with anyio.create_task_group() as group:
                for _ in range(2):
                    group.start_soon(bound.run, {})
    assert most == (1 if mode == "all" else 2)


def test_the_recording_is_a_file_that_a_person_can_read(api: Api, path: Path) -> None:
    with ToolHttp(path, mode="all") as http:
        requests.get(f"{api.url}/weather?city=Rome", headers={"User-Agent": "tool", "Accept": "*/*"}, timeout=LIMIT)
    http.save()
    lines = path.read_text().replace(str(api.port), "PORT").splitlines()
    assert [line for line in lines if "Date" not in line and "GMT" not in line and "Python" not in line] == [
        "interactions:",
        "- request:",
        "    body: null",
        "    headers:",
        "      Accept:",
        "      - '*/*'",
        "      Accept-Encoding:",
        "      - gzip, deflate",
        "      Connection:",
        "      - keep-alive",
        "      User-Agent:",
        "      - tool",
        "    method: GET",
        "    uri: http://api.weather.test:PORT/weather?city=Rome",
        "  response:",
        "    body:",
        '      string: \'{"path": "/weather", "given": {"city": "Rome"}, "sent": "", "number":',
        "        1}'",
        "    headers:",
        "      Content-Length:",
        "      - '72'",
        "      Content-Type:",
        "      - application/json",
        "      Server:",
        "    status:",
        "      code: 200",
        "      message: OK",
        "version: 1",
    ]


def test_no_secret_is_written_and_the_program_with_another_one_is_played(api: Api, path: Path) -> None:
    def program(key: str, password: str) -> list[Any]:
        headers = {"Authorization": f"Bearer {key}", "X-Api-Key": key, "Cookie": f"session={key}"}
        return [
            requests.get(f"{api.url}/token?api_key={key}&city=Rome", headers=headers, timeout=LIMIT).json()["path"],
            requests.post(f"{api.url}/login", json={"user": "ann", "password": password}, timeout=LIMIT).json()["path"],
            requests.post(f"{api.url}/form", data={"password": password, "a": "b"}, timeout=LIMIT).json()["path"],
            requests.get(f"{api.url}/basic", auth=("ann", password), timeout=LIMIT).json()["path"],
        ]

    key, password = "q8Zk2LmPx7Rt5Vw9Yb3N", "correct-horse-7-staple"
    with ToolHttp(path, mode="all") as http:
        live = program(key, password)
    http.save()
    text = path.read_text()
    secrets = [key, password, "tok-4f6a9c21b7e8d035", "s3cr3t-c00kie", b64encode(f"ann:{password}".encode()).decode()]
    assert [secret for secret in secrets if secret in text] == []
    assert "user" in text
    assert "session=REDACTED" in text
    with ToolHttp(path) as http:
        assert program("Xw4Jd8Ns6Qc1Gf0Hk5Ta", "other-battery-9-clip") == live
    http.check()


def test_a_compressed_response_is_kept_so_that_secrets_can_be_found_and_read(api: Api, path: Path) -> None:
    live = record(path, f"{api.url}/packed")
    assert '"path": "/packed"' in path.read_text()
    with ToolHttp(path):
        assert [fetch(f"{api.url}/packed")] == live


def test_redirects_are_recorded_and_played(api: Api, path: Path) -> None:
    live = record(path, f"{api.url}/old")
    assert live[0]["path"] == "/new"
    with ToolHttp(path) as http:
        assert [fetch(f"{api.url}/old")] == live
    http.check()
    assert len(api.requests) == 2


def test_the_same_request_is_played_as_often_as_it_was_recorded_in_its_order(api: Api, path: Path) -> None:
    live = record(path, *[f"{api.url}/weather"] * 3)
    assert [one["number"] for one in live] == [1, 2, 3]
    with ToolHttp(path):
        assert [fetch(f"{api.url}/weather") for _ in range(3)] == live


def test_the_order_of_parameters_and_the_writing_of_json_do_not_count(api: Api, path: Path) -> None:
    header = {"Content-Type": "application/json"}
    with ToolHttp(path, mode="all") as http:
        live = requests.post(f"{api.url}/o?a=1&b=2", data='{"x": 1, "y": 2}', headers=header, timeout=LIMIT).json()
    http.save()
    with ToolHttp(path) as http:
        played = requests.post(f"{api.url}/o?b=2&a=1", data='{"y":2,"x":1}', headers=header, timeout=LIMIT).json()
    assert played == live


def test_requests_to_this_machine_are_left_alone(api: Api, path: Path) -> None:
    here = f"http://127.0.0.1:{api.port}/weather"
    with ToolHttp(path, mode="all") as http:
        fetch(here)
    assert not http.save()
    assert not path.exists()
    with ToolHttp(path) as http:
        fetch(here)
    http.check()
    assert len(api.requests) == 2


def test_what_httpx_answers_itself_is_left_alone(path: Path) -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json={"city": "Rome"}))
    for mode in ("all", "none"):
        with ToolHttp(path, mode=mode) as http, httpx.Client(transport=transport) as client:
            assert client.get("http://api.weather.test/").json() == {"city": "Rome"}
        assert not http.save()
        http.check()


def without_port(error: BaseException, api: Api, path: Path) -> list[str]:
    text = str(error).replace(str(path), "it.http.yaml").replace(f":{api.port}", "")
    return text.splitlines()


def test_a_request_that_was_not_recorded_is_refused_and_told_again_at_the_end(api: Api, path: Path) -> None:
    record(path, f"{api.url}/weather?city=Rome", f"{api.url}/alerts")
    with ToolHttp(path, accept="pytest test_it.py --claude-record=all") as http:
        fetch(f"{api.url}/alerts")
        with pytest.raises(CassetteMismatch) as caught:
            fetch(f"{api.url}/weather?city=Paris")
    assert without_port(caught.value, api, path) == [
        "a request of the program was not recorded",
        "",
        "  it.http.yaml",
        "  - GET http://api.weather.test/weather?city=Rome",
        "  + GET http://api.weather.test/weather?city=Paris",
        "",
        "  1 of 2 recorded requests played; nothing was sent",
        "  accept the new behaviour:  pytest test_it.py --claude-record=all",
    ]
    with pytest.raises(CassetteMismatch) as again:
        http.check()
    assert again.value is caught.value
    assert len(api.requests) == 2


def test_another_body_is_told(api: Api, path: Path) -> None:
    with ToolHttp(path, mode="all") as http:
        requests.post(f"{api.url}/orders", json={"item": "tea"}, timeout=LIMIT)
    http.save()
    with ToolHttp(path), pytest.raises(CassetteMismatch) as caught:
        requests.post(f"{api.url}/orders", json={"item": "milk", "token": "q8Zk2LmPx7Rt5Vw9Yb3N"}, timeout=LIMIT)
    assert without_port(caught.value, api, path) == [
        "a request of the program was not recorded",
        "",
        "  it.http.yaml",
        "    POST http://api.weather.test/orders",
        '  - body: {"item": "tea"}',
        '  + body: {"item": "milk", "token": "REDACTED1xxxxxxxxxxx"}',
        "",
        "  0 of 1 recorded request played; nothing was sent",
        "  accept the new behaviour:  record this cassette again",
    ]


def test_a_request_more_than_was_recorded_is_told(api: Api, path: Path) -> None:
    record(path, f"{api.url}/weather")
    with ToolHttp(path):
        fetch(f"{api.url}/weather")
        with pytest.raises(CassetteMismatch) as caught:
            fetch(f"{api.url}/weather")
    assert without_port(caught.value, api, path) == [
        "a request of the program was not recorded",
        "",
        "  it.http.yaml",
        "  + GET http://api.weather.test/weather",
        "",
        "  it was recorded once and played once",
        "",
        "  1 of 1 recorded request played; nothing was sent",
        "  accept the new behaviour:  record this cassette again",
    ]


def test_without_a_recording_every_request_is_refused(api: Api, path: Path) -> None:
    with ToolHttp(path), pytest.raises(CassetteMismatch) as caught:
        fetch(f"{api.url}/weather")
    assert without_port(caught.value, api, path) == [
        "a request of the program was not recorded",
        "",
        "  it.http.yaml   is missing",
        "  + GET http://api.weather.test/weather",
        "",
        "  0 of 0 recorded requests played; nothing was sent",
        "  accept the new behaviour:  record this cassette again",
    ]
    assert api.requests == []


def test_recorded_requests_that_were_not_made_are_told(api: Api, path: Path) -> None:
    record(path, f"{api.url}/weather", f"{api.url}/alerts")
    with ToolHttp(path) as http:
        fetch(f"{api.url}/alerts")
    with pytest.raises(UnplayedEpisode) as caught:
        http.check()
    assert without_port(caught.value, api, path) == [
        "it.http.yaml: 1 recorded request not made",
        "  GET http://api.weather.test/weather",
        "",
        "  accept the new behaviour:  record this cassette again",
    ]
    http.check(unplayed=False)


def test_new_episodes_play_what_is_there_and_record_the_rest(api: Api, path: Path) -> None:
    first = record(path, f"{api.url}/weather")
    with ToolHttp(path, mode="new_episodes") as http:
        said = [fetch(f"{api.url}/{what}") for what in ("weather", "alerts", "alerts")]
    assert http.save()
    assert said[0] == first[0]
    assert [one["number"] for one in said] == [1, 2, 3]
    with ToolHttp(path) as http:
        assert [fetch(f"{api.url}/{what}") for what in ("weather", "alerts", "alerts")] == said
    http.check()


def test_what_was_recorded_is_not_written_before_it_is_saved(api: Api, path: Path) -> None:
    with ToolHttp(path, mode="all"):
        fetch(f"{api.url}/weather")
    assert not path.exists()


def test_a_recording_that_differs_in_dates_alone_leaves_the_file(api: Api, path: Path) -> None:
    record(path, f"{api.url}/weather")
    path.write_text(re.sub(r"[0-9:]{8} GMT", "00:00:00 GMT", path.read_text()))
    api.requests.clear()
    with ToolHttp(path, mode="all") as http:
        fetch(f"{api.url}/weather")
    assert not http.save()
    api.requests.append("one more")
    with ToolHttp(path, mode="all") as http:
        fetch(f"{api.url}/weather")
    assert http.save()


def test_a_recording_without_requests_removes_the_file(api: Api, path: Path) -> None:
    record(path, f"{api.url}/weather")
    with ToolHttp(path, mode="all") as http:
        pass
    assert http.save()
    assert not path.exists()


@pytest.mark.parametrize("content", ["interactions: [", "just text", "interactions: 7\n", "\xff"])
def test_a_damaged_file_is_an_error_and_not_a_missing_one(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(CassetteError, match=r"test_it\.http\.yaml: the recorded HTTP cannot be read: "), ToolHttp(path):
        pass


def test_after_the_block_clients_are_as_they_were(api: Api, path: Path) -> None:
    before = (httpx.HTTPTransport.handle_request, aiohttp.ClientSession._request)
    record(path, f"{api.url}/weather")
    assert (httpx.HTTPTransport.handle_request, aiohttp.ClientSession._request) == before
    fetch(f"{api.url}/weather")
    assert len(api.requests) == 2


def test_many_threads_play_as_often_as_was_recorded(api: Api, path: Path) -> None:
    record(path, *[f"{api.url}/weather"] * 16)
    with ToolHttp(path) as http, ThreadPoolExecutor(8) as threads:
        numbers = list(threads.map(lambda _: fetch(f"{api.url}/weather")["number"], range(16)))
    http.check()
    assert sorted(numbers) == list(range(1, 17))
