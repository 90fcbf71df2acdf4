"""Ids that the CLI or the API minted -> the aliases that are stored in their place.

Above: normalize.py.  Below: id_table.py.  An alias has the shape of its id, says what it is, and counts what was minted
in its run, in canonical order: `ca55e77e-0001-4000-8000-000000000007` is the seventh id of the first run.  Runs differ
in it, so that ids of two sessions stay different for a program that keeps both.

What is minted stands as the value of one of the protocol's id members in a frame of the CLI, before the host has said
it; from there on it is replaced wherever it stands, in texts and paths too.  An id that the host said first is the
program's and stays.  Ids of the host's own requests are free on the wire: a counter stays, a random one is numbered.
Where ids stand and what they look like: wire-facts §§3-7.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from .id_table import IdTable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MARK = b"ca55e77e"

ALIAS = re.compile(rb"ca55e77e(-?)([0-9a-f]{4})")
"""What all aliases have in common but those of short task ids; its second group is the number of the run."""

# UUIDs are found by their second group, ids of the API by their underscore: an expression that begins with one
# character is searched for at the speed of memchr, one that begins with a class is tried at every byte.
_UUID_TAIL = re.compile(rb"-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-f])")
_HEX_8 = re.compile(rb"(?<![0-9a-f])[0-9a-f]{8}\Z")
_API_ID = re.compile(rb"(?:srvtoolu|toolu|msg|req)_[0-9A-Za-z]{20,}")
_API_TAIL = re.compile(rb"_[0-9A-Za-z]{20,}")
_API_KIND = re.compile(rb"(?:srvtoolu|toolu|msg|req)\Z")
_UUIDS = re.compile(rb"(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\")*")

# The same found in many lines at once: every letter that may stand in an id is an `a`, so that counting ids is a search
# for a fixed text, which skips from one to the next.
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WORDS = bytes(97 if byte in _LETTERS + _LETTERS.lower() + b"0123456789" else byte for byte in range(256))
_API_SHAPE = b"_" + 20 * b"a"
_HEX = bytes(97 if byte in b"0123456789abcdef" else 32 if byte in _LETTERS.lower() else byte for byte in range(256))
_UUID_SHAPE = b"-aaaa-aaaa-aaaa-aaaaaaaaaaaa"

_ID_MEMBERS = (
    "agentId|agent_id|api_message_id|backgroundTaskId|conversation_id|hook_id|id|leafUuid|logicalParentUuid|"
    "logical_parent_uuid|message_id|messageId|new_conversation_id|parentUuid|parent_tool_use_id|parent_uuid|promptId|"
    "prompt_id|refused_message_id|requestId|request_id|runId|run_id|sessionId|session_id|taskId|task_id|toolUseID|"
    "tool_use_id|turn_id|uuid"
)
# What stands before an id that is minted there.  A UUID under "id" is minted only as that of a message: in the input of
# a tool it is the program's affair.
_BEFORE = re.compile(rb'"(?:%s)": ?"(?:hook-)?\Z' % _ID_MEMBERS.replace("|id|", "|").encode())
_BEFORE_API = re.compile(rb'"(?:%s)": ?"\Z' % _ID_MEMBERS.encode())
_MESSAGE = re.compile(rb'"message": ?\{"id": ?"\Z')
_LONGEST_BEFORE = 36
_OWN = b'"uuid":"'

# Ids of agents, runs and shell tasks: too short to be told from other text, so only members name them.
_SHORT = re.compile(
    rb'"(?:agentId|agent_id|backgroundTaskId|runId|run_id|taskId|task_id)":'
    rb' ?"(a[0-9a-f]{16}|[a-z][0-9a-z]{8}|[0-9a-z]{9}-[0-9a-f]{8})"'
)
_SHORT_MARKS = (b'"task_id":', b'"agent_id":', b'"run_id":', b'"agentId":', b'"backgroundTaskId":')
_SHORT_ANYWHERE = re.compile(
    rb"(?:(?<![0-9A-Za-z_])|(?<=\\[bfnrt]))(?:a[0-9a-f]{16}|[0-9a-z]{9}-[0-9a-f]{8}|[a-z][0-9a-z]{8})(?![0-9A-Za-z_])"
)
_SHELL_TASK = 9
_FEW = 8
_MOST_RECENT = 8

_HOST_REQUEST = re.compile(rb'"type": ?"control_request"')
_REQUEST_ID = re.compile(rb'"request_id": ?"([^"\\]{1,100})"')  # also as a CLI that is written in Python writes it
_COUNTER = re.compile(rb"req_\d+\Z")
_COUNTER_AND_HASH = re.compile(rb"(req_\d+_)[0-9a-f]{8}\Z")


class Aliases:
    """The ids of the runs of one recording, which are normalized one after another.

    `shell_tasks`: whether ids of background shell tasks are aliased too.  They are nine letters and digits, which may
    be a word; a recording that is not made again, like an imported one, gains nothing by it.
    """

    __slots__ = (
        "_bases",
        "_chosen",
        "_count",
        "_recent",
        "_requests",
        "_run",
        "_session",
        "_session_alias",
        "_shell_tasks",
        "_short",
        "_table",
        "_wanted",
    )

    def __init__(self, *, shell_tasks: bool = True) -> None:
        self._shell_tasks = shell_tasks
        self._table = IdTable()  # id -> its number among all that were minted
        self._count = 0
        self._bases: list[int] = []  # of each run: how many were minted before it
        self._run = b""
        self._chosen: set[bytes] = set()
        self._short: dict[bytes, bytes] = {}
        self._requests: dict[bytes, bytes] = {}  # ids of requests of the host that wait for an answer
        self._wanted = IdTable()  # uuids that something refers to
        # What stands in frame after frame: the session, and the API's ids of late.
        self._session = self._session_alias = b""
        self._recent: dict[bytes, bytes] = {}

    def expect(self, data: bytes) -> None:
        """`data`, a frame or the spawn of this run or of a later one, may refer to frames that come before it.

        Nearly no frame is referred to by its uuid.  Those of plain frames are only remembered if something does.
        """
        for start, end in _uuids(data):
            if not data.startswith(_OWN, start - len(_OWN)):
                self._wanted.put(data[start:end], 1)

    def begin(self) -> None:
        """Another run begins."""
        self._bases.append(self._count)
        self._run = b"%04x" % (len(self._bases) % 0x10000)
        self._requests.clear()
        self._recent.clear()
        self._session = b""

    # ------------------------------------------------------------ frames and texts

    def of_cli(self, data: bytes) -> bytes:
        """A frame of the CLI with aliases; the ids that it mints are known from now on."""
        if self._requests and b'"control_response"' in data:
            data = self._answer(data)
        self._mint_short(data)
        return self._replaced(data, minting=True)

    def of_plain(self, data: bytes) -> bytes:
        """The same for a plain frame, or its line, without looking at it as a whole."""
        tails = _UUID_TAIL.findall(data)
        start = data.find(_OWN) + len(_OWN)
        end = start + 36
        uuid = data[start:end]
        if (
            len(tails) == 2
            and start >= len(_OWN)
            and uuid[8:] in tails
            and self._session
            and self._session in data
            and self._forgettable(uuid)
        ):
            data = data.replace(self._session, self._session_alias)  # as long; an alias may be the name of the session
            data = b"%b%b%b" % (data[:start], self._next_uuid(), data[end:])
        elif tails:
            data = self._with_uuids(data, minting=True)
        data = self._with_api_ids(data, minting=True)
        return self._with_short(data) if self._short else data

    def of_plain_lines(self, lines: bytes, count: int) -> bytes:
        """The same for whole lines of plain frames, with their ends; `count`: how many they are.

        Nearly all of them hold a uuid of their own, the session, and ids of the API that are known; such are done many
        at a time, and those between them one by one.
        """
        if _MARK in lines:  # what was recorded is itself a replay: the alias of one id is the name of another
            return self._each(lines)
        if (whole := self._of_usual(lines, count)) is not None:
            return whole
        parts: list[bytes] = []
        start = 0
        for place, name in _ids_beside_own(lines):
            if place < start or name == self._session or name in self._recent or name in self._chosen:
                continue
            line = lines.rfind(b"\n", 0, place) + 1
            end = lines.index(b"\n", place) + 1
            parts += self._of_some(lines[start:line]), self.of_plain(lines[line:end])
            start = end
        return b"".join([*parts, self._of_some(lines[start:])])

    def _of_some(self, lines: bytes) -> bytes:
        """Lines of which all ids are known but their own."""
        whole = self._of_usual(lines, lines.count(b"\n"), known=True)
        return self._each(lines) if whole is None else whole

    def _each(self, lines: bytes) -> bytes:
        return b"".join([self.of_plain(line) + b"\n" for line in lines.split(b"\n")[:-1]])

    def _of_usual(self, lines: bytes, count: int, *, known: bool = False) -> bytes | None:
        """Lines with aliases, if each has a uuid of its own that nothing refers to, and every other id is the session
        or a known one of the API; `known`: the latter is known.  Else None.  All aliases are as long as their ids."""
        head, *rest = lines.split(_OWN)
        if len(rest) != count or b"\n" in head or not all(b"\n" in part for part in rest):
            return None  # a line has none, or two
        uuids = [part[:36] for part in rest]
        if not _UUIDS.fullmatch(b"".join([part[:37] for part in rest])) or not self._all_forgettable(uuids):
            return None
        alias = b"ca55e77e-%b-4000-8000-" % self._run
        first = self._count + 1 - self._bases[-1]
        lines = _OWN.join([head, *(b"%b%012d%b" % (alias, n, part[36:]) for n, part in enumerate(rest, first))])
        if self._session:
            lines = lines.replace(self._session, self._session_alias)
        for name, its_alias in self._recent.items():
            lines = lines.replace(name, its_alias)
        if not known and not _all_aliased(lines):
            return None
        self._count += count
        return self._with_short(lines) if self._short else lines

    def _forgettable(self, uuid: bytes) -> bool:
        """Whether nothing refers to a frame by this uuid of its own, nor did before."""
        if (self._wanted and self._wanted.get(uuid)) or self._table.get(uuid):
            return False
        return uuid not in self._chosen and uuid != self._session

    def _all_forgettable(self, uuids: Sequence[bytes]) -> bool:
        if (self._wanted and self._wanted.has_any(uuids)) or self._table.has_any(uuids):
            return False
        return self._chosen.isdisjoint(uuids) and self._session not in uuids

    def _next_uuid(self) -> bytes:
        self._count += 1
        return b"ca55e77e-%b-4000-8000-%012d" % (self._run, self._count - self._bases[-1])

    def of_host(self, data: bytes) -> bytes:
        """A frame of the host, or its spawn, with aliases; ids that were not known are the program's."""
        if _HOST_REQUEST.search(data):
            data = self._request(data)
        for found in _uuids(data):
            self._choose(data[slice(*found)])
        for match in _API_ID.finditer(data):
            self._choose(match[0])
        return self._replaced(data)

    def of_text(self, data: bytes) -> bytes:
        """A text of the CLI, which mints nothing."""
        return self._replaced(data)

    # ------------------------------------------------------------ what is replaced

    def _replaced(self, data: bytes, *, minting: bool = False) -> bytes:
        data = self._with_api_ids(self._with_uuids(data, minting), minting)
        return self._with_short(data) if self._short else data

    def _with_uuids(self, data: bytes, minting: bool) -> bytes:
        parts: list[bytes] = []
        at = 0
        for start, end in _uuids(data):
            alias = self._uuid(data, start, end, minting)
            if alias:
                parts += (data[at:start], alias)
                at = end
        if not parts:
            return data
        parts.append(data[at:])
        return b"".join(parts)

    def _uuid(self, data: bytes, start: int, end: int, minting: bool) -> bytes:
        """The alias of the UUID at `data[start:end]`, nothing if it stays."""
        uuid = data[start:end]
        if uuid == self._session:
            return self._session_alias
        number = self._table.get(uuid)
        if not number:
            if not minting or uuid in self._chosen:
                return b""
            before = data[max(0, start - _LONGEST_BEFORE) : start]
            if not _BEFORE.search(before) and not _MESSAGE.search(before):
                return b""
            number = self._mint(uuid)
        run, number = self._placed(number)
        alias = b"ca55e77e-%b-4000-8000-%012d" % (run, number)
        if data.startswith(b'"session_id":"', start - 14):
            self._session, self._session_alias = uuid, alias
        return alias

    def _with_api_ids(self, data: bytes, minting: bool) -> bytes:
        parts: list[bytes] = []
        at = 0
        for found in _API_TAIL.finditer(data):
            end = found.start()
            kind = _API_KIND.search(data, max(at, end - 8), end)
            if kind:
                name = data[kind.start() : found.end()]
                alias = self._recent.get(name) or self._api_id(name, data, kind.start(), minting)
                parts += (data[at : kind.start()], alias)
                at = found.end()
        if not parts:
            return data
        parts.append(data[at:])
        return b"".join(parts)

    def _api_id(self, name: bytes, data: bytes, start: int, minting: bool) -> bytes:
        """The alias of the id `name`, which stands in `data` at `start`; itself if it stays."""
        number = self._table.get(name)
        if not number:
            if not minting or name in self._chosen:
                return name
            if not _BEFORE_API.search(data, max(0, start - _LONGEST_BEFORE), start):
                return name
            number = self._mint(name)
        run, number = self._placed(number)
        prefix, _, tail = name.partition(b"_")
        alias = b"%b_%b%b%0*d" % (prefix, _MARK, run, len(tail) - 12, number)
        if len(self._recent) >= _MOST_RECENT:
            self._recent.clear()
        self._recent[name] = alias
        return alias

    # ------------------------------------------------------------ numbers

    def _mint(self, name: bytes) -> int:
        self._count += 1
        self._table.put(name, self._count)
        return self._count

    def _placed(self, number: int) -> tuple[bytes, int]:
        """The run that minted an id, and the id's number in it."""
        base = self._bases[-1]
        if number > base:
            return self._run, number - base
        run = bisect_right(self._bases, number - 1)
        return b"%04x" % (run % 0x10000), number - self._bases[run - 1]

    def _choose(self, name: bytes) -> None:
        if not self._table.get(name):
            self._chosen.add(name)

    # ------------------------------------------------------------ short ids

    def _mint_short(self, data: bytes) -> None:
        for mark in _SHORT_MARKS:
            if mark in data:
                break
        else:
            return
        for match in _SHORT.finditer(data):
            name = match[1]
            if len(name) == _SHELL_TASK and not self._shell_tasks:
                continue
            if name not in self._short and name not in self._chosen:
                self._count += 1
                self._short[name] = self._short_alias(name, self._count - self._bases[-1])

    def _short_alias(self, name: bytes, number: int) -> bytes:
        if b"-" in name:
            return b"0ca55e77e-%b%04d" % (self._run, number)
        if len(name) == 17:
            return b"aca55e77e%b%04d" % (self._run, number)
        return b"%bca5%05d" % (name[:1], number)

    def _with_short(self, data: bytes) -> bytes:
        short = self._short
        if len(short) <= _FEW and not any(name in data for name in short):
            return data
        return _SHORT_ANYWHERE.sub(lambda found: short.get(found[0], found[0]), data)

    # ------------------------------------------------------------ requests of the host

    def _request(self, data: bytes) -> bytes:
        found = _REQUEST_ID.search(data)
        if found is None or _COUNTER.match(found[1]):
            return data
        name = found[1]
        counted = _COUNTER_AND_HASH.match(name)
        if counted:
            alias = counted[1] + b"00000000"
        elif len(name) == 36 and _UUID_TAIL.match(name, 8):
            alias = self._next_uuid()
        else:
            self._count += 1
            alias = b"%011d" % (self._count - self._bases[-1])  # of random ids of 9 to 13 letters: two runs are alike
        self._requests[name] = alias
        return data[: found.start(1)] + alias + data[found.end(1) :]

    def _answer(self, data: bytes) -> bytes:
        found = _REQUEST_ID.search(data)
        alias = self._requests.pop(found[1], None) if found else None
        return data if found is None or alias is None else data[: found.start(1)] + alias + data[found.end(1) :]


def _uuids(data: bytes) -> Iterator[tuple[int, int]]:
    """Where UUIDs stand in `data`."""
    for found in _UUID_TAIL.finditer(data):
        start = found.start() - 8
        if start >= 0 and _HEX_8.search(data, max(0, start - 1), found.start()):
            yield start, found.end()


def _all_aliased(lines: bytes) -> bool:
    """Whether all that looks like an id in lines is an alias; the lines had none before they were aliased."""
    ids = lines.translate(_WORDS).count(_API_SHAPE) + lines.translate(_HEX).count(_UUID_SHAPE)
    return ids == lines.count(_MARK)


def _ids_beside_own(lines: bytes) -> list[tuple[int, bytes]]:
    """Where ids stand in lines, and what they are; of uuids those that are not a frame's own."""
    places: list[tuple[int, bytes]] = []
    for found in _API_TAIL.finditer(lines):
        kind = _API_KIND.search(lines, max(0, found.start() - 8), found.start())
        if kind:
            places.append((found.start(), lines[kind.start() : found.end()]))
    for start, end in _uuids(lines):
        if not lines.startswith(_OWN, start - len(_OWN)):
            places.append((start, lines[start:end]))
    places.sort()
    return places
