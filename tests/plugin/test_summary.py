"""What the terminal says of cassettes, and what becomes of those that no test uses; also over processes of xdist."""

from __future__ import annotations

import pytest

from .conftest import Outcome, Project, one_turn, two_turns

HELLO = """
    async def test_hello():
        assert await ask("hello") == ["hi"]
"""

XDIST = pytest.mark.parametrize("arguments", [[], ["-n2"]], ids=["one process", "two workers"])


def section(outcome: Outcome) -> list[str]:
    """The lines of our section; none when there is no such section."""
    try:
        return [line for line in outcome.report("claude cassettes") if line]
    except ValueError:
        return []


def test_the_head_names_the_engine_the_mode_and_whether_runs_are_live(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CCSDK_LIVE", raising=False)
    assert "claude: engine in-process, record mode none, live runs refused" in project.run().lines
    recording = project.run("--claude-record=once").lines
    assert "claude: engine in-process, record mode once, live runs only where they are recorded" in recording
    arguments = ["--claude-engine=subprocess", "--claude-record=once", "--claude-allow-live"]
    assert "claude: engine subprocess, record mode once, live runs allowed" in project.run(*arguments).lines


@XDIST
def test_the_end_tells_what_became_of_each_cassette(project: Project, arguments: list[str]) -> None:
    project.record("test_it/test_hello.jsonl")
    project.record("test_it/test_early.jsonl", two_turns())
    project.record("test_it/test_gone.jsonl")
    project.record("test_removed/test_old.jsonl")
    project.record("shared/anything.jsonl")
    project.tests(f"""{HELLO}
    async def test_again(claude_cassette):
        assert claude_cassette.path.name == "test_again.jsonl"

    async def test_early():
        async with ClaudeSDKClient() as client:
            await client.query("one")
            await client.drain()

    async def test_missing():
        await ask("hello")
    """)
    outcome = project.run(*arguments)
    assert outcome.outcomes == {"passed": 3, "failed": 1, "errors": 1}
    assert section(outcome) == [
        "1 replayed, 1 unplayed, 1 missing, 2 unused",
        "unplayed   cassettes/test_it/test_early.jsonl  (test_it.py::test_early)",
        "missing    cassettes/test_it/test_missing.jsonl  (test_it.py::test_missing)",
        "unused     cassettes/test_it/test_gone.jsonl",
        "unused     cassettes/test_removed/test_old.jsonl",
        "remove the unused ones:  pytest --claude-unused-cassettes=prune",
    ]


def test_a_run_without_cassettes_has_no_section(project: Project) -> None:
    project.scripted("""
        async def test_greet(fake_claude):
            fake_claude.says("Hello.")
            assert await ask("hi") == ["Hello."]
    """)
    assert section(project.run()) == []


def test_with_v_the_replayed_ones_are_named_too(project: Project) -> None:
    project.record("test_it/test_hello.jsonl")
    project.tests(HELLO)
    assert section(project.run("-v")) == [
        "1 replayed",
        "replayed   cassettes/test_it/test_hello.jsonl  (test_it.py::test_hello)",
    ]


@XDIST
def test_unused_cassettes_can_fail_the_run(project: Project, arguments: list[str]) -> None:
    project.record("test_it/test_hello.jsonl")
    project.record("test_it/test_gone.jsonl")
    project.tests(HELLO)
    outcome = project.run("--claude-unused-cassettes=fail", *arguments)
    assert (outcome.code, outcome.outcomes) == (pytest.ExitCode.TESTS_FAILED, {"passed": 1})
    assert section(outcome) == [
        "1 replayed, 1 unused",
        "unused     cassettes/test_it/test_gone.jsonl",
        "unused cassettes fail this run:  --claude-unused-cassettes=fail",
        "remove the unused ones:  pytest --claude-unused-cassettes=prune",
    ]
    (project.folder / "cassettes/test_it/test_gone.jsonl").unlink()
    assert project.run("--claude-unused-cassettes=fail", *arguments).code == pytest.ExitCode.OK


@pytest.mark.parametrize(
    ("by", "said"), [("ini", "claude_unused_cassettes=fail"), ("environment", "CCSDK_UNUSED_CASSETTES=fail")]
)
def test_the_summary_names_who_lets_them_fail(
    project: Project, monkeypatch: pytest.MonkeyPatch, by: str, said: str
) -> None:
    project.record("test_it/test_gone.jsonl")
    project.scripted("def test_it(): pass")
    if by == "ini":
        project.ini("claude_unused_cassettes = fail")
    else:
        monkeypatch.setenv("CCSDK_UNUSED_CASSETTES", "fail")
    outcome = project.run()
    assert outcome.code == pytest.ExitCode.TESTS_FAILED
    assert f"unused cassettes fail this run:  {said}" in section(outcome)


@XDIST
def test_unused_cassettes_can_be_removed(project: Project, arguments: list[str]) -> None:
    kept = project.record("test_it/test_hello.jsonl")
    gone = project.record("test_it/TestGone/test_gone.jsonl")
    beside = gone.with_name("test_gone.http.yaml")
    beside.write_text("interactions: []\n")
    project.tests(HELLO)
    outcome = project.run("--claude-unused-cassettes=prune", *arguments)
    assert section(outcome) == [
        "1 replayed, 1 pruned",
        "pruned     cassettes/test_it/TestGone/test_gone.jsonl, and its .http.yaml",
    ]
    assert kept.exists()
    assert not gone.parent.exists()


def test_the_cassette_of_a_test_that_passed_without_it_is_unused(project: Project) -> None:
    project.record("test_it/test_nothing.jsonl")
    project.tests("""
        def test_nothing():
            pass
    """)
    assert section(project.run())[0] == "0 replayed, 1 unused"


@pytest.mark.parametrize(
    "arguments", [["test_it.py::test_hello"], ["-k", "hello"], ["--deselect", "test_it.py::test_other"], ["-x"]]
)
def test_the_cassettes_of_tests_that_did_not_run_are_not_unused(project: Project, arguments: list[str]) -> None:
    project.record("test_it/test_hello.jsonl")
    other = project.record("test_it/test_other.jsonl", one_turn("other"))
    project.tests(f"""
    async def test_broken():
        assert "-x" not in {arguments!r}
    {HELLO}
    async def test_other():
        assert await ask("other") == ["hi"]
    """)
    assert not [line for line in section(project.run("--claude-unused-cassettes=prune", *arguments)) if "test_" in line]
    assert other.exists()


def test_a_cassette_of_an_earlier_layout_is_played_until_there_is_a_new_one(project: Project) -> None:
    old = project.record("test_it/TestAda.test_hello.jsonl", one_turn(reply="old"))
    project.tests("""
        class TestAda:
            async def test_hello(self, claude_cassette):
                assert await ask("hello") == [claude_cassette.path.parent.name == "TestAda" and "new" or "old"]
    """)
    assert section(project.run()) == ["1 replayed"]
    project.record("test_it/TestAda/test_hello.jsonl", one_turn(reply="new"))
    assert "unused     cassettes/test_it/TestAda.test_hello.jsonl" in section(project.run())
    assert old.exists()


def test_the_folder_of_cassettes_can_have_another_name(project: Project) -> None:
    project.ini("claude_cassettes = tapes")
    project.record("test_it/test_hello.jsonl").rename(project.folder / "one.jsonl")
    tape = project.folder / "tapes" / "test_it" / "test_hello.jsonl"
    tape.parent.mkdir(parents=True)
    (project.folder / "one.jsonl").rename(tape)
    project.tests(HELLO)
    outcome = project.run("-v")
    assert section(outcome)[1] == "replayed   tapes/test_it/test_hello.jsonl  (test_it.py::test_hello)"
