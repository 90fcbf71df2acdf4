"""The fixtures `claude_environment` and `claude_options`: nothing of the developer reaches a CLI."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_claude_code.options_fixture import safe_environment

from .conftest import Project


def test_credentials_that_are_inherited_are_overridden_with_nothing(tmp_path: Path) -> None:
    inherited = {
        "ANTHROPIC_API_KEY": "a",
        "CLAUDE_CODE_OAUTH_TOKEN": "b",
        "AWS_SECRET_ACCESS_KEY": "c",
        "GOOGLE_APPLICATION_CREDENTIALS": "/d",
        "npm_config_password": "e",
        "EMPTY_TOKEN": "",
        "PATH": "/bin",
        "LANG": "C",
    }
    safe = safe_environment(tmp_path, inherited)
    assert {name for name, value in safe.items() if value == ""} == {
        "ANTHROPIC_API_KEY",
        "CLAUDE_CODE_OAUTH_TOKEN",
        "AWS_SECRET_ACCESS_KEY",
        "GOOGLE_APPLICATION_CREDENTIALS",
        "npm_config_password",
    }
    assert (safe["HOME"], safe["CLAUDE_CONFIG_DIR"]) == (str(tmp_path), str(tmp_path / ".claude"))
    assert "PATH" not in safe


@pytest.mark.parametrize("engine", ["in-process", "subprocess"])
def test_a_program_runs_with_them(project: Project, engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "made-up")
    project.scripted("""
        import os
        from claude_code_sdk import ClaudeCodeOptions

        async def test_greet(fake_claude, claude_options):
            assert type(claude_options) is ClaudeCodeOptions
            assert claude_options.env["ANTHROPIC_API_KEY"] == ""
            assert os.listdir(claude_options.env["HOME"]) == []
            assert os.environ["ANTHROPIC_API_KEY"] == "made-up"
            claude_options.system_prompt = "Be brief."
            fake_claude.says("Hello.")
            async with ClaudeSDKClient(claude_options) as client:
                await client.query("hello")
                assert (await client.drain()).result == "Hello."
    """)
    assert project.run(f"--claude-engine={engine}").outcomes == {"passed": 1}


def test_a_conftest_can_let_something_through(project: Project) -> None:
    project.scripted("""
        @pytest.fixture
        def claude_environment(claude_environment):
            return {**claude_environment, "ANTHROPIC_API_KEY": "let through"}

        def test_key(claude_options):
            assert claude_options.env["ANTHROPIC_API_KEY"] == "let through"
            assert "HOME" in claude_options.env
    """)
    assert project.run().outcomes == {"passed": 1}


def test_they_can_be_those_of_the_official_sdk(project: Project) -> None:
    (project.folder / "claude_agent_sdk.py").write_text(
        "class ClaudeAgentOptions:\n    def __init__(self, env): self.env = env\n"
    )
    project.ini("claude_sdk = claude_agent_sdk", "pythonpath = .")
    project.scripted("""
        def test_options(claude_options):
            assert type(claude_options).__module__ == "claude_agent_sdk"
            assert claude_options.env["HOME"]
    """)
    assert project.run().outcomes == {"passed": 1}


def test_another_sdk_is_refused(project: Project) -> None:
    project.ini("claude_sdk = other")
    project.scripted("""
        def test_options(claude_options):
            pass
    """)
    assert project.run().report("ERROR at setup of test_options") == [
        "claude_sdk='other': it is one of claude_code_sdk, claude_agent_sdk"
    ]
