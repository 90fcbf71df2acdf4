"""Command lines: which run without asking, and what is said of the others, as CLI 2.1.330 does with the same lines."""

from __future__ import annotations

import pytest

from claude_code_sdk.testing.fake_cli.shell import command_rules
from claude_code_sdk.testing.fake_cli.shell.line import Line

from .asked import asked_about, denied_with, runs, suggests


@pytest.mark.parametrize(
    "command",
    [
        "ls -la sub",
        "cat a.txt | grep o",
        'echo "a > b"',
        "ls >/dev/null 2>&1",
        "git log --oneline -5",
        "git branch -a",
        "find . -name '*.py' | head",
        "sed -n 1,5p a.txt",
        "timeout 5 ls",
        "ls | xargs wc -l",
        "if [ -f a ]; then cat a; fi",
        "cd sub && ls",
        "NODE_ENV=test ls",
        "cat <<'EOF'\nrm -rf x\nEOF",
    ],
)
def test_what_only_reads_runs_without_asking(command: str) -> None:
    assert runs(command) == "subcommandResults"


@pytest.mark.parametrize(
    ("command", "rule"),
    [
        ("npm run build --fast", "npm run *"),
        ("python3 x.py", "python3 x.py"),
        ("git commit -m x", "git commit *"),
        ("sudo ls", "sudo ls"),
        ("FOO=1 npm test", "FOO=1 npm test"),
        ("NODE_ENV=test npm test", "npm test *"),
        ("sort -o b a", "sort -o b a"),
        ("date -s now", "date -s now"),
    ],
)
def test_a_command_that_is_not_known_needs_approval_and_offers_a_rule(command: str, rule: str) -> None:
    asked = asked_about(command)
    assert asked["decision_reason"] == "This command requires approval"
    assert suggests(asked) == [rule]


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("echo $(date)", "A nested command in this command can't be checked before it runs"),
        ("echo ${HOME}", "A variable in braces in this command can't be checked before it runs"),
        ("cat $FILE", "A variable in this command can't be checked before it runs"),
        ("ls {a,b}", "Brace expansion"),
        ("f() { ls; }", "A function definition in this command can't be checked before it runs"),
        ("eval ls", "'eval' evaluates arguments as shell code"),
        ('echo "open', "Parse error"),
        ("cat <<EOF\nx\nEOF", "Heredoc with unquoted delimiter undergoes shell expansion"),
    ],
)
def test_what_cannot_be_read_is_asked_about_and_offers_nothing(command: str, reason: str) -> None:
    asked = asked_about(command)
    assert (asked["decision_reason"], asked["decision_reason_type"]) == (reason, "other")
    assert asked["permission_suggestions"] == []


def test_a_command_that_changes_a_file_names_it_and_offers_the_mode() -> None:
    asked = asked_about("touch notes.txt")
    assert asked["blocked_path"] == "/project/notes.txt"
    assert [offer["type"] for offer in asked["permission_suggestions"]] == ["addRules", "addDirectories", "setMode"]
    assert "decision_reason_type" not in asked


def test_a_redirection_names_its_file_and_offers_no_mode() -> None:
    asked = asked_about("echo hi > /elsewhere/out.txt")
    assert asked["blocked_path"] == "/elsewhere/out.txt"
    assert [offer["type"] for offer in asked["permission_suggestions"]] == ["addRules", "addDirectories"]


def test_of_a_line_the_commands_that_need_approval_are_offered() -> None:
    asked = asked_about("git status && git push origin main")
    assert asked["decision_reason_type"] == "subcommandResults"
    assert suggests(asked) == ["git push *"]


def test_several_of_a_line_are_offered_together() -> None:
    assert suggests(asked_about("touch one && touch two.txt")) == ["touch one *", "touch two.txt"]


def test_after_a_change_of_directory_a_line_that_writes_offers_nothing() -> None:
    assert "permission_suggestions" not in asked_about("mkdir d && cd d && touch x")


def test_what_nobody_would_want_removed_is_asked_about_in_every_mode() -> None:
    asked = asked_about("rm -rf /", "--permission-mode", "bypassPermissions")
    assert asked["decision_reason"] == "Dangerous rm operation on critical path: /"
    assert asked["suppress_always_allow_rule"] is True


@pytest.mark.parametrize(
    "command", ["touch x", "mkdir -p a/b", "rm a.txt", "sed -i s/a/b/ a.txt", "echo x > y", "cp a b"]
)
def test_accept_edits_lets_commands_change_files_of_the_project(command: str) -> None:
    assert runs(command, "--permission-mode", "acceptEdits") == "subcommandResults"


@pytest.mark.parametrize("command", ["touch /elsewhere/x", "python3 x.py", "rm .git/config", "cp -r a b"])
def test_accept_edits_lets_them_do_no_more(command: str) -> None:
    assert asked_about(command, "--permission-mode", "acceptEdits")


def test_nobody_to_ask_is_told_of_the_parts_that_need_approval() -> None:
    assert denied_with("npm test && touch x") == (
        "This Bash command contains multiple operations. The following parts require approval: npm test, touch x"
    )


def test_nobody_to_ask_is_told_of_the_folder_that_may_be_read() -> None:
    assert denied_with("cat /etc/hosts") == (
        "cat in '/etc/hosts' was blocked. For security, Claude Code may only concatenate files from the allowed "
        "working directories for this session: '/project'."
    )


def test_a_long_sleep_is_refused_before_anybody_is_asked() -> None:
    assert denied_with("sleep 30 && ls").startswith("Blocked: sleep 30 followed by: ls. To wait for a condition,")


@pytest.mark.parametrize(
    ("content", "command", "fits"),
    [
        ("npm test:*", "npm test", True),
        ("npm test:*", "npm test x", True),
        ("npm test:*", "npm tests", False),
        ("git push *", "git push origin", True),
        ("npm * --fast", "npm run x --fast", True),
        ("ls", "ls -l", False),
        ("npm test", "NODE_ENV=ci npm test", True),
        ("npm test", "FOO=1 npm test", False),
        ("npm test", "timeout 5 npm test", True),
    ],
)
def test_an_allow_rule_is_about_commands_that_begin_as_it_says(content: str, command: str, fits: bool) -> None:
    assert command_rules.allows(content, command) is fits


@pytest.mark.parametrize("command", ["rm x", "FOO=1 rm x", "sudo rm x", "timeout 5 rm x"])
def test_a_deny_rule_is_about_a_command_however_it_is_started(command: str) -> None:
    assert command_rules.forbids("rm:*", command)


def test_a_line_is_cut_into_commands_without_their_redirections() -> None:
    line = Line("FOO=1 cat 'a b' 2>/dev/null | wc -l >> out; ls # rest")
    assert [command.words for command in line.commands] == [["cat", "a b"], ["wc", "-l"], ["ls"]]
    assert [command.bare for command in line.commands] == ["FOO=1 cat 'a b'", "wc -l", "ls"]
    assert [redirect.writes for command in line.commands for redirect in command.redirects] == [False, True]
