"""Path rules: which files the content of `Read(…)` and `Edit(…)` is about, in the manner of .gitignore.

//etc/**    from the root                 ~/notes/**   from the home
/src/**     from where the rule is written (the project; for the user's settings, their folder)
src/*.py    from the working directory    *.env        in any folder
"""

from __future__ import annotations

from os.path import normpath, relpath

from ...protocol.later import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from re import Pattern

_compiled: dict[str, Pattern[str]] = {}


def path_fits(pattern: str, path: str, *, cwd: str, home: str, origin: str) -> bool:
    """Whether a rule is about a file.

    - `path`: absolute.
    - `cwd`, `home`, `origin`: what patterns may be relative to; `origin` is the folder of the rule's settings.
    """
    root = cwd
    if pattern.startswith("//"):
        root, pattern = "/", pattern[1:]
    elif pattern.startswith("~/"):
        root, pattern = home, pattern[1:]
    elif pattern.startswith("/"):
        root = origin
    elif pattern.startswith("./"):
        pattern = pattern[2:]
    below = relpath(normpath(path), normpath(root))
    if below.startswith(".."):
        return False
    found = _compiled.get(pattern)
    if found is None:
        found = _compiled[pattern] = _compile(pattern)
    return found.fullmatch(below) is not None


def _compile(pattern: str) -> Pattern[str]:
    """A .gitignore pattern; what it names includes everything below."""
    pattern = pattern.removesuffix("/**").rstrip("/") or "**"
    anchored = "/" in pattern
    pattern = pattern.lstrip("/")
    made = "" if anchored else "(?:.*/)?"
    position = 0
    while position < len(pattern):
        if pattern.startswith("**/", position):
            made, position = made + "(?:.*/)?", position + 3
        elif pattern.startswith("**", position):
            made, position = made + ".*", position + 2
        elif pattern[position] == "*":
            made, position = made + "[^/]*", position + 1
        elif pattern[position] == "?":
            made, position = made + "[^/]", position + 1
        else:
            made, position = made + re.escape(pattern[position]), position + 1
    return re.compile(f"{made}(?:/.*)?", re.DOTALL)
