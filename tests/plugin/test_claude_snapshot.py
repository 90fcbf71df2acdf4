"""The fixture `claude_snapshot`: transcripts in files, with syrupy's flow of updating them."""

from __future__ import annotations

from pathlib import Path

import pytest

import claude_code_sdk.testing.run.review_text  # imported here for the reason that conftest.py gives

from .conftest import Project, one_turn
from .test_fake_claude import ENGINES

__all__ = ["claude_code_sdk"]

PROGRAM = """
    from claude_code_sdk import ClaudeCodeOptions, HookMatcher

    async def list_files(command="ls"):
        async def deny(given, tool_use_id, context):
            return {"hookSpecificOutput": {"hookEventName": "PreToolUse", "permissionDecision": "deny",
                                           "permissionDecisionReason": "not here"}}

        hooks = {"PreToolUse": [HookMatcher(matcher="Bash", hooks=[deny])]}
        async for _ in query(prompt="list", options=ClaudeCodeOptions(hooks=hooks)):
            pass
"""

TEST = f"""{PROGRAM}
    async def test_list(fake_claude, claude_snapshot):
        fake_claude.calls("Bash", command="ls").says("I may not.")
        await list_files()
        assert fake_claude.run == claude_snapshot
"""

TRANSCRIPT = """\
start       claude --output-format stream-json --verbose --input-format stream-json
initialize  hooks PreToolUse
prompt      list
session     claude-opus-5-5, permissions default, 22 tools
call        Bash(command="ls")
hook        PreToolUse Bash → deny (not here)
error       Bash: PreToolUse:Bash hook error: not here
model       I may not.
turn end    success, 2 turns, 1 denied
"""

SUMMARY = "--------------------------- snapshot report summary ----------------------------"


def kept(project: Project) -> list[str]:
    folder = project.folder / "__snapshots__"
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def summary(lines: list[str]) -> list[str]:
    """What syrupy says at the end, without the line of pytest's."""
    return [line for line in lines[lines.index(SUMMARY) + 1 :] if line and not line.startswith("=")]


@ENGINES
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_transcript_is_written_and_compared(project: Project, engine: str, backend: str) -> None:
    project.scripted(f"""
    @pytest.fixture
    def anyio_backend():
        return "{backend}"
    {TEST}""")
    outcome = project.run(f"--claude-engine={engine}", "--snapshot-update")
    assert outcome.outcomes == {"passed": 1}
    assert summary(outcome.lines) == ["1 snapshot generated."]
    assert kept(project) == ["test_it/test_list.transcript"]
    assert (project.folder / "__snapshots__/test_it/test_list.transcript").read_text() == TRANSCRIPT
    again = project.run(f"--claude-engine={engine}")
    assert again.outcomes == {"passed": 1}
    assert summary(again.lines) == ["1 snapshot passed."]


def test_a_missing_snapshot_fails_the_test(project: Project) -> None:
    project.scripted(TEST)
    outcome = project.run()
    assert outcome.outcomes == {"failed": 1}
    assert [line for line in outcome.report("test_list") if line.startswith("E  ")][:3] == [
        "E       assert [+ received] == [- snapshot]",
        "E         Snapshot 'test_list' does not exist!",
        "E         + start       claude --output-format stream-json --verbose --input-format stream-json",
    ]
    assert kept(project) == []
    assert summary(outcome.lines)[:1] == ["1 snapshot failed."]


def test_a_difference_is_shown_line_by_line_and_updated_when_asked_for(project: Project) -> None:
    project.scripted(TEST)
    project.run("--snapshot-update")
    project.scripted(TEST.replace('"not here"', '"never"'))
    outcome = project.run()
    assert outcome.outcomes == {"failed": 1}
    assert [line for line in outcome.report("test_list") if line.startswith("E  ")] == [
        "E       assert [+ received] == [- snapshot]",
        "E           start       claude --output-format stream-json --verbose --input-format stream-json",
        "E           ...",
        'E           call        Bash(command="ls")',
        "E         - hook        PreToolUse Bash → deny (not here)",
        "E         + hook        PreToolUse Bash → deny (never)",
        "E         - error       Bash: PreToolUse:Bash hook error: not here",
        "E         + error       Bash: PreToolUse:Bash hook error: never",
        "E           model       I may not.",
        "E           turn end    success, 2 turns, 1 denied",
    ]
    assert summary(project.run("--snapshot-update").lines) == ["1 snapshot updated."]
    assert project.run().outcomes == {"passed": 1}


def test_parametrised_tests_each_have_a_file(project: Project) -> None:
    project.scripted("""
    @pytest.mark.parametrize("text", ["a/b", "ab", "a:b", "a|b", "a b", "x][y", "é", "." * 200, "." * 201], ids=str)
    async def test_say(fake_claude, claude_snapshot, text):
        fake_claude.says(text)
        await ask("say it")
        assert fake_claude.run == claude_snapshot
        assert fake_claude.run == claude_snapshot(name="y")
    """)
    updated = project.run("--snapshot-update")
    assert updated.outcomes == {"passed": 9}
    assert summary(updated.lines) == ["18 snapshots generated."]
    names = kept(project)
    assert len(set(names)) == 18
    assert [name for name in names if len(Path(name).name) < 40 and "~" not in name] == [
        "test_it/test_say[%5Cxe9].transcript",
        "test_it/test_say[a%20b].transcript",
        "test_it/test_say[a%2Fb].transcript",
        "test_it/test_say[a%3Ab].transcript",
        "test_it/test_say[a%7Cb].transcript",
        "test_it/test_say[ab].transcript",
        "test_it/test_say[x][y].transcript",
    ]
    again = project.run()
    assert again.outcomes == {"passed": 9}
    assert summary(again.lines) == ["18 snapshots passed."]


def test_both_event_loops_share_a_file(project: Project) -> None:
    project.scripted(f"""
    @pytest.fixture(params=["asyncio", "trio"])
    def anyio_backend(request):
        return request.param
    {TEST}""")
    assert project.run("--snapshot-update").outcomes == {"passed": 2}
    assert kept(project) == ["test_it/test_list.transcript"]
    assert project.run().outcomes == {"passed": 2}


def test_classes_and_several_snapshots_of_a_test_have_files_of_their_own(project: Project) -> None:
    project.scripted("""
    class TestGreeting:
        async def test_say(self, fake_claude, claude_snapshot):
            fake_claude.says("Hello")
            await ask("one")
            assert fake_claude.run == claude_snapshot
            fake_claude.says("Bye")
            await ask("two")
            assert fake_claude.run == claude_snapshot
            assert fake_claude.run.sessions[1] == claude_snapshot(name="the second")

    async def test_say(fake_claude, claude_snapshot):
        fake_claude.says("Hello")
        await ask("one")
        assert fake_claude == claude_snapshot
    """)
    assert project.run("--snapshot-update").outcomes == {"passed": 2}
    assert kept(project) == [
        "test_it/TestGreeting.test_say.1.transcript",
        "test_it/TestGreeting.test_say.transcript",
        "test_it/TestGreeting.test_say~the%20second.transcript",
        "test_it/test_say.transcript",
    ]
    folder = project.folder / "__snapshots__/test_it"
    both = (folder / "TestGreeting.test_say.1.transcript").read_text().splitlines()
    assert [line for line in both if line.startswith(("session 1", "session 2", "prompt", "model"))] == [
        "session 1 of 2",
        "prompt      one",
        "model       Hello",
        "session 2 of 2",
        "prompt      two",
        "model       Bye",
    ]
    assert "prompt      one" not in (folder / "TestGreeting.test_say~the%20second.transcript").read_text()


def test_snapshots_that_no_test_has_are_told_and_removed_by_an_update(project: Project) -> None:
    project.scripted(TEST)
    project.run("--snapshot-update")
    project.scripted(TEST.replace("def test_list", "def test_other"))
    project.run("--snapshot-update-new-only")
    outcome = project.run()
    assert outcome.outcomes == {"passed": 1}
    assert summary(outcome.lines) == [
        "1 snapshot passed. 1 snapshot unused.",
        "Re-run pytest with --snapshot-update to delete unused snapshots.",
    ]
    assert summary(project.run("--snapshot-update").lines)[:1] == ["1 snapshot passed. 1 unused snapshot deleted."]
    assert kept(project) == ["test_it/test_other.transcript"]


def test_a_cassette_is_compared_by_its_path(project: Project) -> None:
    project.record("test_it/test_hello.jsonl", one_turn("hello", "hi"))
    project.scripted("""
    async def test_hello(claude_cassette, claude_run, claude_snapshot):
        await ask("hello")
        assert claude_cassette.path == claude_snapshot(name="recorded")
        assert str(claude_cassette.path) == claude_snapshot(name="recorded")
        assert claude_run == claude_snapshot(name="played")
        assert claude_cassette == claude_snapshot(name="played")
    """)
    assert project.run("--snapshot-update").outcomes == {"passed": 1}
    recorded, played = (
        (project.folder / f"__snapshots__/test_it/test_hello~{name}.transcript").read_text()
        for name in ("recorded", "played")
    )
    assert recorded == played
    assert "model       hi" in played


def test_anything_else_is_told_what_is_kept(project: Project) -> None:
    project.scripted("""
    def test_list(claude_snapshot):
        assert {"a": 1} == claude_snapshot
    """)
    outcome = project.run("--snapshot-update")
    assert outcome.outcomes == {"failed": 1}
    assert (
        "E         TypeError: claude_snapshot keeps what happened in a test: claude_run, one of its sessions, "
        "fake_claude, claude_cassette or the path of a cassette, not dict"
    ) in outcome.report("test_list")
    assert kept(project) == []


def test_without_syrupy_the_fixture_says_what_it_needs(project: Project) -> None:
    project.scripted("""
    def test_list(claude_snapshot):
        pass
    """)
    outcome = project.run("-p", "no:syrupy")
    assert outcome.report("ERROR at setup of test_list") == [
        "claude_snapshot needs the pytest plugin syrupy, which is switched off (-p no:syrupy)"
    ]
