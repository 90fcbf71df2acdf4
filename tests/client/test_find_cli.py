"""Which executable is run, and what is said when there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from claude_code_sdk.errors import CLIConnectionError, CLINotFoundError
from claude_code_sdk.transports import find_cli as module
from claude_code_sdk.transports.find_cli import find_cli, resolve_cli


def executable(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture(autouse=True)
def only_the_home_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine that runs the tests may have a CLI of its own."""
    monkeypatch.setattr(module, "PLACES", tuple(place for place in module.PLACES if not place.startswith("/")))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)


def test_the_users_own_cli_on_path_comes_first(tmp_path: Path) -> None:
    on_path = executable(tmp_path / "bin/claude")
    executable(tmp_path / "home/.local/bin/claude")
    assert find_cli(env={"PATH": str(tmp_path / "bin")}, home=tmp_path / "home") == on_path


def test_entries_of_path_are_searched_in_order(tmp_path: Path) -> None:
    first = executable(tmp_path / "one/claude")
    executable(tmp_path / "two/claude")
    assert find_cli(env={"PATH": f"{tmp_path}/none:{tmp_path}/one:{tmp_path}/two"}, home=tmp_path) == first


@pytest.mark.parametrize(
    "place",
    [
        ".npm-global/bin/claude",
        ".local/bin/claude",
        "node_modules/.bin/claude",
        ".yarn/bin/claude",
        ".claude/local/claude",
    ],
)
def test_the_places_of_the_installers_are_searched_when_path_has_none(tmp_path: Path, place: str) -> None:
    expected = executable(tmp_path / place)
    assert find_cli(env={"PATH": str(tmp_path / "empty")}, home=tmp_path) == expected


def test_a_file_that_cannot_be_executed_is_passed_over(tmp_path: Path) -> None:
    Path(executable(tmp_path / ".npm-global/bin/claude")).chmod(0o644)
    expected = executable(tmp_path / ".local/bin/claude")
    assert find_cli(env={"PATH": str(tmp_path)}, home=tmp_path) == expected


def test_another_name_can_be_searched_for(tmp_path: Path) -> None:
    expected = executable(tmp_path / "claude-next")
    assert find_cli("claude-next", env={"PATH": str(tmp_path)}, home=tmp_path) == expected


def test_the_cli_inside_an_installed_agent_sdk_is_the_last_resort_and_that_sdk_is_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(module, "PLACES", ())
    monkeypatch.delitem(__import__("sys").modules, "claude_agent_sdk", raising=False)
    monkeypatch.syspath_prepend(tmp_path / "site")
    bundled = executable(tmp_path / "site/claude_agent_sdk/_bundled/claude")
    (tmp_path / "site/claude_agent_sdk/__init__.py").write_text("raise RuntimeError('imported')")
    assert find_cli(env={"PATH": str(tmp_path)}, home=tmp_path) == bundled


@pytest.mark.requirement("missing-cli")
def test_not_found_says_where_it_looked_and_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(CLINotFoundError) as caught:
        find_cli(env={"PATH": "/nowhere:/neither"}, home="/home/me")
    assert str(caught.value) == (
        "Claude Code not found. Looked for an executable 'claude' in:\n"
        "  - PATH (/nowhere:/neither)\n"
        "  - /home/me/.npm-global/bin/claude\n"
        "  - /home/me/.local/bin/claude\n"
        "  - /home/me/node_modules/.bin/claude\n"
        "  - /home/me/.yarn/bin/claude\n"
        "  - /home/me/.claude/local/claude\n"
        "Install it: curl -fsSL https://claude.ai/install.sh | bash\n"
        "or with npm: npm install -g @anthropic-ai/claude-code\n"
        'or say where it is: ClaudeCodeOptions(cli_path="/path/to/claude")'
    )


def test_an_explicit_path_is_taken_as_it_is() -> None:
    assert resolve_cli("/no/such/claude", env={}, home="/home/me") == "/no/such/claude"


def test_the_bare_name_is_found(tmp_path: Path) -> None:
    expected = executable(tmp_path / "claude")
    assert resolve_cli("claude", env={"PATH": str(tmp_path)}, home=tmp_path) == expected


def test_on_windows_only_an_exe_in_an_absolute_entry_of_path_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    executable(tmp_path / "here/claude.exe")
    executable(tmp_path / "npm/claude.cmd")
    expected = executable(tmp_path / "programs/claude.exe")
    env = {"Path": f".:here:{tmp_path}/npm:{tmp_path}/programs"}
    assert find_cli(env=env, home=tmp_path, platform="win32") == expected


def test_on_windows_the_native_installers_place_is_searched(tmp_path: Path) -> None:
    expected = executable(tmp_path / ".local/bin/claude.exe")
    assert find_cli(env={"PATH": ""}, home=tmp_path, platform="win32") == expected


def test_not_found_on_windows_names_the_native_installer(tmp_path: Path) -> None:
    with pytest.raises(CLINotFoundError) as caught:
        find_cli(env={"PATH": "/npm"}, home="/me", platform="win32")
    assert str(caught.value) == (
        "Claude Code not found. Looked for a claude.exe in:\n"
        "  - PATH (/npm)\n"
        "  - /me/.local/bin/claude.exe\n"
        "Install it: irm https://claude.ai/install.ps1 | iex\n"
        "(npm's claude.cmd is a batch file, which cannot be run safely: it does not count.)\n"
        'or say where it is: ClaudeCodeOptions(cli_path="/path/to/claude")'
    )


@pytest.mark.parametrize(
    "path",
    [
        r"C:\npm\claude.cmd",
        r"C:\npm\claude.BAT",
        "C:claude.cmd",
        "claude.cmd. .",
        "claude:evil.cmd",
        "claude.cmd:stream",
        r"claude.cmd\x\..",
        "npm/claude.cmd",
    ],
)
def test_a_batch_file_is_refused_on_windows(path: str) -> None:
    with pytest.raises(CLIConnectionError, match=r"^Refusing to run .* cmd\.exe would read the arguments"):
        resolve_cli(path, env={}, home="/me", platform="win32")


def test_a_name_that_merely_contains_cmd_is_not_a_batch_file() -> None:
    assert resolve_cli(r"C:\my.cmds\claude.exe", env={}, home="/me", platform="win32") == r"C:\my.cmds\claude.exe"


def test_a_batch_files_name_means_nothing_elsewhere() -> None:
    assert resolve_cli("/bin/claude.cmd", env={}, home="/me", platform="linux") == "/bin/claude.cmd"
