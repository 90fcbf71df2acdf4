"""What it costs to have the plugin installed, and what happens when the package beside it is not ours."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import claude_code_sdk
import pytest_claude_code
from claude_code_sdk import _official_import
from pytest_claude_code import official_watcher

HEAVY = ["anyio", "asyncio", "click", "claude_code_sdk", "jsonschema", "mcp", "orjson", "pydantic", "rich", "trio"]
HEAVY += ["aiohttp", "freezegun", "httpx", "requests", "vcr"]

COLLECT = """
import json, sys
before = set(sys.modules)
import pytest
code = pytest.main(["--co", "-q", "-p", "no:cacheprovider", "-p", "no:anyio", "-p", "no:hypothesispytest"])
print(json.dumps([int(code), sorted(name for name in set(sys.modules) - before)]))
"""


def test_a_project_that_does_not_use_the_plugin_loads_nothing_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CCSDK_LIVE")  # of this run: what a program loads where it says `refuse` is another matter
    done = subprocess.run([sys.executable, "-c", COLLECT], cwd=tmp_path, capture_output=True, text=True, check=True)
    code, loaded = json.loads(done.stdout.splitlines()[-1])
    assert code == pytest.ExitCode.NO_TESTS_COLLECTED
    assert [name for name in loaded if name.startswith("pytest_claude_code")] == [
        "pytest_claude_code",
        "pytest_claude_code.config",
        "pytest_claude_code.ledger",
        "pytest_claude_code.live",
        "pytest_claude_code.official_watcher",
        "pytest_claude_code.plugin",
        "pytest_claude_code.summary",
    ]
    assert [name for name in HEAVY if name in loaded] == []


@pytest.mark.parametrize(("live", "loaded"), [("refuse", True), ("allow", False), ("", False)])
def test_a_program_loads_what_watches_the_official_sdk_only_where_real_clis_are_refused(
    live: str, loaded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CCSDK_LIVE", live)
    program = "import sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    names = done.stdout.split()
    assert ("pytest_claude_code.official_watcher" in names) is loaded
    assert not [name for name in ("typing", *HEAVY) if name in names]


def test_the_classes_of_the_fixtures_are_where_tests_import_them_from() -> None:
    classes = [getattr(pytest_claude_code, name) for name in pytest_claude_code.__all__]
    assert [(found.__name__, found.__module__.rpartition(".")[2]) for found in classes] == [
        ("ClaudeCassette", "cassette_fixture"),
        ("ClaudeFaults", "chaos_fixture"),
        ("FakeClaude", "script_fixture"),
    ]
    with pytest.raises(AttributeError, match="module 'pytest_claude_code' has no attribute 'Claude'"):
        getattr(pytest_claude_code, "Claude")  # noqa: B009  # a name that mypy would refuse


@pytest.mark.parametrize("live", ["refuse", "allow"])
def test_pytest_has_nothing_to_warn_of_where_a_test_starts_it(
    live: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CCSDK_LIVE", live)
    (tmp_path / "test_it.py").write_text("def test_it(claude_engine): pass\n")
    words = ["-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", "-p", "no:hypothesispytest"]
    done = subprocess.run([sys.executable, *words], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_module_that_is_watched_for_is_the_one_that_is_patched() -> None:
    assert official_watcher.MODULE == _official_import.MODULE


def test_the_marker_and_the_fixture_are_listed(pytester: pytest.Pytester) -> None:
    markers = pytester.runpytest_inprocess("--markers", "-p", "no:hypothesispytest").stdout.str()
    assert "@pytest.mark.claude_cassette(path, *, name=None, record_mode=None, match_on=" in markers
    assert "@pytest.mark.fake_claude(unplayed='fail'): " in markers
    assert "@pytest.mark.claude_engine(*engines, reason): " in markers
    fixtures = pytester.runpytest_inprocess("--fixtures", "-p", "no:hypothesispytest").stdout.str()
    assert "Plays `<test dir>/cassettes/<module>/<class>/<test>.jsonl` for every `query()`" in fixtures


def test_under_the_old_distribution_of_that_name_the_fixture_says_what_to_do(tmp_path: Path) -> None:
    ours = Path(claude_code_sdk.__path__[0])
    package = tmp_path / "site" / "claude_code_sdk"
    package.mkdir(parents=True)
    shutil.copy(ours / "_clash.py", package)
    (package / "__init__.py").write_text('__version__ = "0.0.25"\n')
    (tmp_path / "test_it.py").write_text("def test_it(claude_cassette): pass\n")
    program = f"import sys; sys.path.insert(0, {str(package.parent)!r}); import pytest; sys.exit(pytest.main())"

    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert "1 error in" in done.stdout
    what = f"the package claude_code_sdk in {package} is the old distribution claude-code-sdk 0.0.25"
    cure = "pip uninstall claude-code-sdk, then pip install --force-reinstall --no-deps claude-code-sdk-harness"
    expected = f"ImportError: {what}, installed over claude-code-sdk-harness. What to do: {cure}"
    assert f"E       {expected}\n" in done.stdout
