"""The fixture `claude_faults`: the script is that of the test's `fake_claude`."""

from __future__ import annotations

import pytest

from .conftest import Project

FOUND = "claude_code_sdk.testing.chaos.report.ClaudeFaultsFound"
TURNS = '"turns":[[{"type":"text","text":"Hello."}]]'


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_program_without_weak_spots_passes(project: Project, backend: str) -> None:
    project.scripted(f"""
        from claude_code_sdk import ClaudeCodeOptions

        @pytest.fixture
        def anyio_backend():
            return "{backend}"

        async def test_program(fake_claude, claude_faults):
            fake_claude.calls("Bash", command="ls").returns("a.txt").says("One file.")

            async def program():
                async for message in query(prompt="hello", options=ClaudeCodeOptions(idle_timeout=60)):
                    pass

            report = await claude_faults(program)
            assert report.frames == (8,)
            report.raise_for_findings()
    """)
    assert project.run().outcomes == {"passed": 1}


def test_what_is_found_fails_the_test_with_the_report(project: Project) -> None:
    project.scripted("""
        from claude_code_sdk import ClaudeSDKError

        async def test_program(fake_claude, claude_faults):
            fake_claude.says("Hello.")

            async def program():
                answers = []
                try:
                    answers = await ask("hello")
                except ClaudeSDKError:
                    pass
                return answers[0]

            report = await claude_faults(program, faults=["slow_exit", "lost"])
            report.raise_for_findings()
    """)
    outcome = project.run()
    assert outcome.outcomes == {"failed": 1}
    report = outcome.report("test_program")
    assert report[report.index(">       report.raise_for_findings()") :] == [
        ">       report.raise_for_findings()",
        f"E       {FOUND}: claude_faults: 2 findings in 8 attempts, on 6 frames in 1 run of the CLI",
        "E       the program returned (6), raised IndexError (2)",
        "E       ",
        "E       1. raised, lost: frame 1 (control_response)",
        "E            IndexError: list index out of range",
        "E            at test_it.py:20 in program: return answers[0]",
        'E            script: {"script":1,"turns":[],"faults":[{"instead":1,"process":1,"lost":true}]}',
        "E       ",
        "E       2. raised, lost: frame 5 (result success)",
        "E            IndexError: list index out of range",
        "E            at test_it.py:20 in program: return answers[0]",
        f'E            script: {{"script":1,{TURNS},"faults":[{{"instead":5,"process":1,"lost":true}}]}}',
        "",
        "test_it.py:23: ClaudeFaultsFound",
    ]


def test_other_runs_of_the_test_play_the_script_too(project: Project) -> None:
    project.scripted("""
        async def test_program(fake_claude, claude_faults):
            fake_claude.says("Hello.")
            report = await claude_faults(lambda: ask("hello"), faults=["crash"])
            assert report.ok
            assert await ask("hello") == ["Hello."]
            assert fake_claude.run.prompts == ["hello"]
    """)
    assert project.run().outcomes == {"passed": 1}


def test_it_takes_the_parameters_of_the_function(project: Project) -> None:
    project.scripted("""
        async def test_program(fake_claude, claude_faults):
            fake_claude.says("Hello.")
            told = []

            def check(answer):
                assert answer == ["Hello."]

            async def program():
                try:
                    return await ask("hello")
                except Exception:
                    raise LookupError from None

            report = await claude_faults(
                program,
                faults=["end", "slow_exit"],
                engine="subprocess",
                hang_after=20.0,
                allow=(LookupError,),
                check=check,
                progress=lambda *progress: told.append(progress),
            )
            assert report.ok, str(report)
            assert told[-1] == (8, 8, "slow_exit: the end")
    """)
    assert project.run().outcomes == {"passed": 1}
