"""What a hook's command plainly says, read without running it."""

from __future__ import annotations

from pathlib import Path

import pytest

from claude_code_sdk.testing.fake_cli.found_files import FoundFiles
from claude_code_sdk.testing.fake_cli.hook_shell import follow


@pytest.mark.parametrize(
    ("command", "stdout"),
    [
        ("echo one 'two  three' \"four\"", "one two  three four\n"),
        ("echo -n text", "text"),
        ("echo 'a\\nb'", "a\nb\n"),
        ("printf '%s is %d%%\\n' all 100", "all is 100%\n"),
        ("printf '%s,' a b", "a,b,"),
        ("echo a; echo b # c", "a\nb\n"),
        ("echo a\necho b", "a\nb\n"),
        ("false && echo a || echo b", "b\n"),
        ("true || echo a && echo b", "b\n"),
        ('x=1 y="$x 2"; echo $y \'$x\' "${x}"', "1 2 $x 1\n"),
        ('echo "[$(cat)]"', "[given]\n"),
        ("echo [`echo a`]", "[a]\n"),
        ("cat | grep -q iv && echo found", "found\n"),
        ("cat | grep -qi GIV || echo missing; echo $?", "0\n"),
        ("grep -q nothing || echo missing", "missing\n"),
        ('if [ "$(cat)" = given ]; then echo yes; else echo no; fi', "yes\n"),
        ("if test -z x; then echo a; elif [ ! -n x ]; then echo b; else echo c; fi", "c\n"),
        ('case "$(cat)" in a|b) echo ab;; g*n) echo it;; *) echo other;; esac', "it\n"),
        ("case 'a*' in 'a*') echo literal;; esac", "literal\n"),
        ("case ab in 'a*') echo literal;; a*) echo pattern;; esac", "pattern\n"),
        ("echo lost > file; echo kept", "kept\n"),
        ("echo lost >/dev/null 2>&1", ""),
        ("echo $HOME", "/home/me\n"),
        ('echo "costs 5 $"', "costs 5 $\n"),
        ("echo a; exit; echo b", "a\n"),
        ("cat; cat", "given"),
        ("{ echo a; echo b; } >/dev/null; echo c", "c\n"),
        ("false || { echo a; echo b; }", "a\nb\n"),
        ('say() { echo "<$1|${2}>"; }; say a "b c"; say d', "<a|b c>\n<d|>\n"),
        ("outer() { inner x; echo $1; }\ninner() {\n echo in $1\n}\nouter y", "in x\ny\n"),
        ("echo [$1] $0", "[] /bin/sh\n"),
    ],
)
def test_a_plain_command_prints_what_the_shell_would(command: str, stdout: str) -> None:
    printed = follow(command, "given", {"HOME": "/home/me"})
    assert printed is not None
    assert printed.stdout == stdout


@pytest.mark.parametrize(
    ("command", "exit_code"),
    [
        ("exit 2", 2),
        ("exit 258", 2),
        ("false; exit", 1),
        ("false", 1),
        ("true; false; true", 0),
        ("x=$(false)", 1),
        ("echo $(exit 3)", 0),
        ("exit 3 | true", 0),
        ("case a in b) exit 1;; esac", 0),
        ("if false; then exit 1; fi", 0),
    ],
)
def test_it_ends_as_the_shell_would(command: str, exit_code: int) -> None:
    printed = follow(command, "", {})
    assert printed is not None
    assert printed.exit_code == exit_code


def test_what_goes_to_stderr_is_kept_apart() -> None:
    printed = follow("echo a >&2; echo b 1>&2; echo c 2>&1", "", {})
    assert printed is not None
    assert (printed.stdout, printed.stderr) == ("c\n", "a\nb\n")


def test_time_passes_where_a_command_sleeps() -> None:
    printed = follow("sleep 1; sleep .5 && echo done", "", {})
    assert printed is not None
    assert printed.seconds == 1.5


@pytest.mark.parametrize(
    "command",
    [
        "python3 check.py",
        "echo a; ./check.sh",
        "for x in a b; do echo $x; done",
        "echo 'not closed",
        'echo "not closed',
        "echo $(not closed",
        "echo a &",
        "cat < file",
        "cat <<EOF\nEOF",
        "(echo a)",
        "{ echo a",
        "f() echo a",
        "f() { f; }; f",
        "echo $@",
        "echo a |",
        "if true; then echo a",
        "case a in a echo;; esac",
        "exit two",
        "printf %x 1",
        "cat file",
        "[ a -lt b ]",
        "touch -d yesterday x",
        "touch",
        "touch /not/there/x",
        "echo x > /not/there/x",
        "rm /not/there",
        "rm -rf /tmp",
        "rm -f /tmp",
        "sleep",
        "a ; ;; b",
    ],
)
def test_what_it_does_not_understand_it_leaves_alone(command: str) -> None:
    assert follow(command, "", {}) is None


@pytest.mark.parametrize(
    ("text", "stdout", "exit_code"),
    [
        ('echo "$1|$2|$0"', "a b|c|./x\n", 0),
        ("cat; echo; echo $HOME $FOO $kept", "given\n/home/me bar\n", 0),
        ("#!/bin/bash\necho 'a\\nb'", "a\\nb\n", 0),
        ("#!/usr/bin/env bash\nset -euo pipefail\necho a\nfalse\necho b", "a\n", 1),
        ("#!/bin/sh\nset -e\nfalse || echo a\nif false; then echo b; fi\nfalse && echo c\necho d", "a\nd\n", 0),
        ("#!/bin/sh\nset -e\nif grep -q given; then echo found >&2; exit 2; fi", "", 2),
    ],
)
def test_a_script_in_a_file_is_followed_as_a_process_of_its_own(
    tmp_path: Path, text: str, stdout: str, exit_code: int
) -> None:
    (tmp_path / "x").write_text(text)
    (tmp_path / "x").chmod(0o755)
    printed = follow("kept=1; FOO=bar ./x 'a b' c", "given", {"HOME": "/home/me", "PWD": str(tmp_path)})
    assert printed is not None
    assert (printed.stdout, printed.exit_code) == (stdout, exit_code)


def test_what_follows_a_script_goes_on_after_its_exit(tmp_path: Path) -> None:
    (tmp_path / "x.sh").write_text("set -e; exit 3")
    printed = follow("sh x.sh || echo $?; false; echo on", "", {"PWD": str(tmp_path)})
    assert printed is not None
    assert printed.stdout == "3\non\n"


def test_a_variable_that_is_not_set_is_not_understood_under_set_u() -> None:
    assert follow("set -u; echo $nothing", "", {}) is None


@pytest.mark.parametrize(
    ("command", "stdout"),
    [
        ("[ -e x ] || echo no; touch x; [ -e x ] && echo yes", "no\nyes\n"),
        ("if test -f ./x; then echo a; fi; : > x; if test -f $PWD/x; then echo b; fi", "b\n"),
        ("{ echo a; } >> 'a b'; test -e 'a b' && echo kept", "kept\n"),
        ("touch x y; rm x; [ ! -e x ] && [ -e y ] && echo right", "right\n"),
        ("rm -f x; rm -f there; [ -e there ] || echo gone", "gone\n"),
        ("[ -d . ] && [ ! -f . ] && [ -f there ] && [ ! -d there ] && echo right", "right\n"),
        ("echo lost >/dev/null; touch there; echo on", "on\n"),
    ],
)
def test_files_are_remembered_and_none_is_written(tmp_path: Path, command: str, stdout: str) -> None:
    (tmp_path / "there").write_text("")
    printed = follow(command, "", {"PWD": str(tmp_path)})
    assert printed is not None
    assert printed.stdout == stdout
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


def test_the_next_command_finds_the_files_of_one_that_was_understood(tmp_path: Path) -> None:
    files, env = FoundFiles(), {"PWD": str(tmp_path)}
    follow("touch x", "", env, files)
    follow("touch y; python3 check.py", "", env, files)
    assert files.has(f"{tmp_path}/x")
    assert not files.has(f"{tmp_path}/y")


def test_files_that_are_known_from_elsewhere_are_there_too(tmp_path: Path) -> None:
    printed = follow("[ -e x ] && echo yes", "", {"PWD": "/project"}, FoundFiles(lambda path: path == "/project/x"))
    assert printed is not None
    assert printed.stdout == "yes\n"
