"""The pytest plugin: what its fixtures add to a test, and what loading it adds to a run of pytest.

Settings: `what`, a function of `MEASURED`; `count`.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

CONFTEST = """
import json, os, pytest, statistics, time

took = {}

@pytest.fixture
def anyio_backend():
    return "asyncio"

@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    began = time.thread_time()
    try:
        return (yield)
    finally:
        took.setdefault(item.originalname, []).append(time.thread_time() - began)

def pytest_sessionfinish():
    warm = {name.removeprefix("test_"): times[len(times) // 10 :] for name, times in took.items()}
    with open(os.environ["BENCH_SAMPLE"], "w") as file:
        json.dump({name: statistics.median(times) * 1000 for name, times in warm.items()}, file)
"""

# The four of each number run one after the other, so that what else the machine does is the same for all of them.
TESTS = """
import pytest
from claude_code_sdk import ResultMessage, query

pytestmark = pytest.mark.anyio

def pytest_generate_tests(metafunc):
    metafunc.parametrize("number", range(COUNT), scope="module")

async def ask():
    messages = query(prompt="hello")
    assert [message.result async for message in messages if isinstance(message, ResultMessage)] == ["hi"]

async def test_empty(number):
    pass

async def test_fixture(number, claude_cassette):
    pass

async def test_played(number, claude_cassette):
    await ask()

async def test_scripted(number, fake_claude):
    fake_claude.says("hi")
    await ask()
"""

# A plugin that comes late is told of the options and of the configuration at once, as the others were.
LOADING = """
import time
from _pytest.config import _prepareconfig

config = _prepareconfig(["-q", "-p", "no:claude_code", "-p", "no:cacheprovider", "-p", "no:hypothesispytest"])
config._do_configure()
began = time.thread_time()
config.pluginmanager.unblock("claude_code")
config.pluginmanager.import_plugin("pytest_claude_code.plugin")
config.hook.pytest_report_header(config=config, start_path=config.rootpath)
print(time.thread_time() - began)
config._ensure_unconfigure()
"""

PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest", "-W", "ignore"]


def run(_sdk, settings, meter):
    with tempfile.TemporaryDirectory() as folder:
        return MEASURED[settings["what"]](Path(folder), settings["count"], meter)


def fixtures(folder, count, meter):
    """CPU milliseconds of a test, medians: an empty one, and what is added."""
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_it.py").write_text(TESTS.replace("COUNT", str(count)))
    cassettes = folder / "cassettes" / "test_it"
    cassettes.mkdir(parents=True)
    text = "".join(json.dumps(entry, separators=(",", ":")) + "\n" for entry in recorded())
    for number in range(count):
        for test in ("fixture", "played"):
            (cassettes / f"test_{test}[{number}].jsonl").write_text(text)
    sample = folder / "sample.json"
    with meter:
        subprocess.run(PYTEST, cwd=folder, env=environment(BENCH_SAMPLE=str(sample)), check=True, capture_output=True)
    return meter.sample(**json.loads(sample.read_text()))


def loading(folder, count, meter):
    """CPU milliseconds in which a run of pytest loads the plugin and gets it ready, the least of `count` runs."""
    took = []
    with meter:
        for _ in range(count):
            command = [sys.executable, "-c", LOADING]
            done = subprocess.run(command, cwd=folder, env=environment(), check=True, capture_output=True, text=True)
            took.append(float(done.stdout))
    return meter.sample(loading=min(took) * 1000)


def environment(**more):
    """Of the inner runs: nothing that the outer one was told reaches them."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("CCSDK_", "PYTEST_"))}
    return {**inherited, **more}


def recorded():
    """A cassette of one prompt and its reply."""
    fields = {"session_id": "s", "uuid": "u", "parent_tool_use_id": None}
    said = {"id": "m", "type": "message", "role": "assistant", "model": "m", "usage": {}, "stop_reason": None}
    text = {"type": "assistant", "message": {**said, "content": [{"type": "text", "text": "hi"}]}, **fields}
    result = {"type": "result", "subtype": "success", "is_error": False, "num_turns": 1, "result": "hi", **fields}
    result |= {"duration_ms": 1, "duration_api_ms": 1, "total_cost_usd": 0.0, "usage": {}}
    request = {"type": "control_request", "request_id": "r", "request": {"subtype": "initialize", "hooks": None}}
    answer = {"subtype": "success", "request_id": "r", "response": {}}
    prompt = {"type": "user", "message": {"role": "user", "content": "hello"}, "parent_tool_use_id": None}
    argv = ["claude", "--output-format", "stream-json", "--verbose", "--input-format", "stream-json"]
    host, cli = {"at": 0, "from": "host"}, {"at": 0, "from": "cli"}
    yield {"cassette": 1}
    yield {**host, "spawn": {"argv": argv, "cwd": "{{cwd}}", "env": {}}}
    yield {**host, "frame": request}
    yield {**cli, "frame": {"type": "control_response", "response": answer}}
    yield {**host, "frame": prompt}
    yield {**cli, "frame": text}
    yield {**cli, "frame": result}
    yield {**host, "eof": True}
    yield {**cli, "exit": 0}


MEASURED = {"fixtures": fixtures, "loading": loading}
