"""Who used the machine: names in paths of home directories, and e-mail addresses.

Above: search.py, prefilter.py.  A name is looked for only where it is part of a path, of the CLI's dash-encoded form of
one, or behind a tilde; in prose it may be any word.  The run's own home is a placeholder already (placeholders.py).
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Nobody's: accounts of images, machines of continuous integration, what documentation writes, shared folders.
_NOBODY = """
    admin agent all-users app appuser build builder ci circleci claude codespace default dev developer docker ec2-user
    git gitpod guest home jenkins linuxbrew me myuser name nobody node nonroot public pwuser root runner runneradmin
    sandbox sandboxuser shared someone test testuser travis ubuntu user username users vagrant vscode work workspace you
    your-name yourname your_name your-username
"""
NOBODY = frozenset(_NOBODY.split())

LITERALS = ("/home/", "/users/", "\\users\\", "-home-", "-users-")
"""One of these, in lower case, stands wherever the home of somebody stands in JSON, apart from that of a known user."""

IN_HOMES = ("home", "users", "documents and settings", "~")
"""One of these, in lower case, is a part of every text in which `_HOME` finds something."""

# Not inside of a longer path or of a URL; behind an escape of JSON it does begin.
_BEGIN = r"(?:(?<![A-Za-z0-9_.~*)}\-])|(?<=\\[bfnrt])|(?<=\\u[0-9a-fA-F]{4})|(?<=^[ab]))"
_NAME = r"[^\W_](?:[\w.-]{0,62}\w)?"
_HOME = re.compile(
    rf"{_BEGIN}(?:/host|/mnt/[a-z]|/[a-z](?=/Users)|/private|/var|/export|/data)?"
    rf"(?:\\?/)(?:home|Users)(?:\\?/)(?P<posix>{_NAME})"
    rf"|(?i:\b[a-z]:(?:\\+|/+)(?:users|documents and settings)(?:\\+|/+))"
    rf"(?P<windows>[^\W_](?:[\w. -]{{0,62}}\w)?(?=\\|/|$|[\"'\s])|{_NAME})"
    rf"|(?:(?<=[/\\\s\"'])|^)-(?:home|Users)-(?P<slug>[A-Za-z0-9]+)"
    rf"|(?:(?<=[/\\\s\"'])|^)[A-Za-z]--Users-(?P<windows_slug>[A-Za-z0-9]+)"
    rf"|(?<![\w/~.])~(?P<tilde>[a-z_][a-z0-9_-]{{2,31}})(?=/\w)"
)

_DOMAINS = (
    "com|org|net|edu|gov|mil|int|info|biz|name|pro|io|ai|app|dev|xyz|cloud|tech|online|site|email|company|team|work"
    "|systems|software|solutions|digital|agency|group|world|life|live|studio|design|health|club|shop|store|blog|page"
)
_FILES = "py|js|ts|sh|rs|md|so|pl|cc|mm|hs|ml|vb|cs|go|rb|kt|tf|ps"
_EMAIL = re.compile(
    rf"(?:(?<![A-Za-z0-9._%+\\-])|(?<=\\[bfnrt])|(?<=%[0-9A-Fa-f]{{2}}))(?P<local>[A-Za-z0-9][A-Za-z0-9._%+'-]{{0,63}})@"
    rf"(?P<domain>(?:[A-Za-z0-9](?:[A-Za-z0-9-]{{0,61}}[A-Za-z0-9])?\.)+(?:{_DOMAINS}|(?!(?:{_FILES})\b)[A-Za-z]{{2}}))(?![A-Za-z0-9-]|\.[A-Za-z0-9])"
)
_RESERVED = re.compile(r"(?:^|\.)(?:example\.(?:com|org|net|edu)|example|test|invalid|localhost|local)$")
_ROLES = frozenset(("git", "noreply", "no-reply", "donotreply", "notifications", "mailer-daemon"))


def user_names(environment: Mapping[str, str]) -> list[str]:
    """The names of the user whose environment this is."""
    homes = (
        environment.get(name, "").replace("\\", "/").rstrip("/").rpartition("/")[2] for name in ("HOME", "USERPROFILE")
    )
    users = (environment.get(name, "") for name in ("USER", "LOGNAME", "USERNAME", "SUDO_USER"))
    return [name for name in dict.fromkeys([*homes, *users]) if len(name) >= 3 and name.lower() not in NOBODY]


class People:
    """Finds names and addresses in texts; `names` are those of users who are known.

    - `literals`: texts of which one stands in JSON wherever a known name does.
    """

    __slots__ = ("_known", "_names", "literals")

    def __init__(self, names: list[str]) -> None:
        self.literals = tuple(names)
        self._names = names
        self._known = _known_pattern(names)

    def find_names(self, text: str, *, homes: bool = True) -> Iterator[tuple[int, int, str]]:
        """Where somebody's name stands in a path of `text`, and the name; `homes`: one of `IN_HOMES` may be in it."""
        for found in _HOME.finditer(text) if homes else ():
            group = found.lastgroup or "posix"
            start, end = found.span(group)
            name = found[group]
            if group.endswith("slug"):  # a known name may have dashes
                known = next((n for n in self._names if text.startswith(_slug(n), start)), None)
                if known is not None:
                    name, end = known, start + len(known)
            if name.lower() not in NOBODY:
                yield start, end, name
        if self._known is not None:
            for found in self._known.finditer(text):
                yield *found.span("name"), found["name"]


def find_emails(text: str) -> Iterator[tuple[int, int]]:
    """Where the address of a person stands in `text`."""
    if "@" not in text:
        return
    for found in _EMAIL.finditer(text):
        if not _RESERVED.search(found["domain"].lower()) and found["local"].lower() not in _ROLES:
            yield found.span()


def _slug(name: str) -> str:
    return re.sub("[^A-Za-z0-9]", "-", name)


def _known_pattern(names: list[str]) -> re.Pattern[str] | None:
    if not names:
        return None
    one = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?:(?<=[/\\])|(?<=(?<![\w/~])~))(?P<name>{one})(?=[/\\\"'\s:;,)\]]|$)")
