"""Command rules: which commands the content of `Bash(…)` is about, and which content would be suggested for one.

npm test       this command           npm test:*     this and with anything after it
npm * --fast   with anything at `*`   git push *     the same as `git push:*`
"""

from __future__ import annotations

import re

from ..rules import matches
from .verdict import SAFE_VARIABLES

_PLAIN_WORD = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_ASSIGNED = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(?:'[^']*'|\"[^\"]*\"|[^\s'\"]*)\s+")
_WRAPPED = re.compile(r"(?:timeout\s+(?:-\S+\s+)*\S+|time|nohup|nice(?:\s+-n\s*\S+)?|stdbuf(?:\s+-\S+)+)\s+")
_RAISED = re.compile(r"(?:sudo|doas|env)\s+(?:-\S+\s+)*")

NO_PREFIX = frozenset(
    ["sudo", "doas", "env", "nice", "nohup", "time", "timeout", "xargs", "bash", "sh", "zsh", "stdbuf"]
)
"""Commands whose next word is a command itself: no prefix of theirs is suggested."""


def exactly(content: str, command: str) -> bool:
    """Whether a content is about this command and names all of it."""
    return any(form in (content, content.removesuffix(":*")) for form in _allowed_forms(command))


def allows(content: str, command: str) -> bool:
    """Whether an allow rule is about a command; variables that might change what it does are not looked past."""
    return any(_fits(content, form) for form in _allowed_forms(command))


def forbids(content: str, command: str) -> bool:
    """Whether a deny or ask rule is about a command, however it is started."""
    form = command
    for _ in range(10):
        if _fits(content, form):
            return True
        shorter = _RAISED.sub("", _WRAPPED.sub("", _ASSIGNED.sub("", form, count=1), count=1), count=1)
        if shorter == form:
            return False
        form = shorter
    return False


def _allowed_forms(command: str) -> list[str]:
    forms, form = [command], command
    while True:
        found = _ASSIGNED.match(form)
        if found is not None and found[1] in SAFE_VARIABLES:
            form = form[found.end() :]
        else:
            wrapped = _WRAPPED.match(form)
            if wrapped is None:
                return forms
            form = form[wrapped.end() :]
        forms.append(form)


def _fits(content: str, command: str) -> bool:
    if content.endswith(":*"):
        prefix = content.removesuffix(":*")
        return command == prefix or command.startswith(f"{prefix} ")
    if "*" not in content:
        return command == content
    if content.endswith(" *") and content.count("*") == 1:
        prefix = content.removesuffix(" *")
        return command == prefix or command.startswith(f"{prefix} ")
    return matches(content, command)


def suggested(text: str) -> str:
    """The content of a rule for a command and those like it: its first two words, or all of it."""
    stripped = text
    while (found := _ASSIGNED.match(stripped)) is not None and found[1] in SAFE_VARIABLES:
        stripped = stripped[found.end() :]
    words = stripped.split(" ")
    if len(words) == 1 or words[0].rpartition("/")[2] in NO_PREFIX or "=" in words[0]:
        return text
    return f"{words[0]} {words[1]} *" if _PLAIN_WORD.fullmatch(words[1]) else text
