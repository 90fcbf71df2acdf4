"""How assertions about what happened read in pytest's own report."""

from __future__ import annotations

from textwrap import dedent

import pytest

FACTS = """
import re
from claude_code_sdk.testing import HookCall, Run, ToolCall

CALLS = [
    HookCall("PreToolUse", "Bash", {"command": "rm -rf build"}, decision="deny", reason="no rm here"),
    HookCall("PreToolUse", "Bash", {"command": "ls"}),
    HookCall("Stop", input={"stop_hook_active": False}),
]
"""


@pytest.fixture(autouse=True)
def not_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    """There pytest cuts nothing."""
    for name in ("CI", "BUILD_NUMBER"):
        monkeypatch.delenv(name, raising=False)


def report(pytester: pytest.Pytester, test: str, *options: str) -> str:
    """The lines of a failing test's error, without their `E`."""
    pytester.makepyfile(FACTS + dedent(test))
    done = pytester.runpytest_inprocess("-q", "-p", "no:xdist", "-p", "no:cacheprovider", *options)
    done.assert_outcomes(failed=1)
    return "".join(f"{line[8:].rstrip()}\n" for line in done.outlines if line.startswith("E "))


def block(text: str) -> str:
    return dedent(text).lstrip("\n")


def test_lists_are_compared_fact_by_fact(pytester: pytest.Pytester) -> None:
    test = """
    def test_it():
        assert CALLS == [
            HookCall("PreToolUse", "Bash", {"command": "rm -rf /"}, decision="ask", reason=re.compile("^no")),
            HookCall("PreToolUse", "Bash", {"command": "ls"}),
            HookCall("Stop", input=...),
        ]
    """
    assert report(pytester, test) == block("""
        AssertionError: assert 3 hook calls == 3 hook calls
          2 as expected; of the others
          1. PreToolUse of Bash {'command': 'rm -rf build'} -> deny, 'no rm here'
               input.command  expected 'rm -rf /', was 'rm -rf build'
               decision       expected 'ask', was 'deny'
    """)


def test_what_is_too_much_and_what_is_missing_is_named(pytester: pytest.Pytester) -> None:
    test = """
    def test_it():
        assert CALLS == [HookCall("PreToolUse", "Bash", {"command": "rm -rf build"}, decision="deny", reason=...)]
    """
    assert report(pytester, test) == block("""
        AssertionError: assert 3 hook calls == 1 hook call
          1 as expected; of the others
          2. not expected: PreToolUse of Bash {'command': 'ls'} -> no decision
          3. not expected: Stop {'stop_hook_active': False} -> no decision
    """)
    test = """
    def test_it():
        assert [] == [ToolCall("Bash", {"command": "ls"}, result="a.txt")]
    """
    assert report(pytester, test) == block("""
        AssertionError: assert 0 facts == 1 tool call
          1. missing: Bash {'command': 'ls'} -> 'a.txt'
    """)


def test_patterns_on_the_left_are_what_is_expected(pytester: pytest.Pytester) -> None:
    test = """
    def test_it():
        assert [HookCall("PreToolUse", "Bash", ..., decision="ask", reason=...)] == CALLS[:1]
    """
    assert report(pytester, test) == block("""
        AssertionError: assert 1 hook call == 1 hook call
          1. PreToolUse of Bash {'command': 'rm -rf build'} -> deny, 'no rm here'
               decision  expected 'ask', was 'deny'
    """)


def test_one_fact_is_compared_by_its_fields(pytester: pytest.Pytester) -> None:
    test = """
    def test_it():
        assert CALLS[0] == HookCall("PreToolUse", "Write", input=..., decision="deny", reason="no")
    """
    assert report(pytester, test) == block("""
        AssertionError: assert one hook call == another
          PreToolUse of Bash {'command': 'rm -rf build'} -> deny, 'no rm here'
               tool    expected 'Write', was 'Bash'
               reason  expected 'no', was 'no rm here'
    """)


def test_without_the_plugin_pytest_shows_the_fields_that_differ(pytester: pytest.Pytester) -> None:
    test = """
    def test_it():
        assert CALLS[1] == HookCall("PreToolUse", "Bash", {"command": re.compile("rm")})
    """
    assert report(pytester, test, "-p", "no:claude_code") == block("""
        AssertionError: assert HookCall(even...e, agent=None) == HookCall(even...e, agent=None)

          Omitting 8 identical items, use -vv to show
          Differing attributes:
          ['input']

          Drill down into differing attribute input:
            input: {'command': 'ls'} != {'command': re.compile('rm')}...

          ...Full output truncated, use '-vv' to show
    """)


def test_an_assertion_is_shown_where_the_test_calls_it(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        FACTS
        + dedent("""
        def test_it():
            Run.of([]).assert_tool_called("Bash", {"command": "ls"})
        """)
    )
    done = pytester.runpytest_inprocess("-q", "-p", "no:xdist", "-p", "no:cacheprovider")
    start = next(number for number, line in enumerate(done.outlines) if line.startswith("____"))
    end = next(number for number, line in enumerate(done.outlines) if line.startswith("===") and number > start)
    assert "".join(f"{line.rstrip()}\n" for line in done.outlines[start + 2 : end]) == block("""
            def test_it():
        >       Run.of([]).assert_tool_called("Bash", {"command": "ls"})
        E       AssertionError: expected a tool call with
        E         name   'Bash'
        E         input  {'command': 'ls'}
        E       but there was no tool call at all

        test_an_assertion_is_shown_where_the_test_calls_it.py:11: AssertionError
    """)


def test_other_lists_are_left_to_pytest(pytester: pytest.Pytester) -> None:
    test = """
    def test_it():
        assert [1, 2] == [1, 3]
    """
    assert report(pytester, test) == block("""
        assert [1, 2] == [1, 3]

          At index 1 diff: 2 != 3
          Use -v to get more diff
    """)
