"""Inventories: what a CLI says about itself, kept once beside the cassettes and not in each of them.

Above: entry_line.py (reads), jsonl.py and stable.py (write).  Below: members.py.  In the answer to `initialize` and in
every `init` the CLI lists its tools, commands, models, agents, skills, plugins and switches: 10 to 20 kB that are the
same in every recording.  In a stored frame the number of their items stands in place of a list, and in place of several
such members the first, with their number; its line names the sidecar that has them:

    {"at":412,"from":"cli","inventory":"2.1.330-0f4c1d2e3a5b.json","frame":{…,"tools":25,…,"agents":"7 members",…}}

A sidecar is one JSON object, a member a line with the bytes that were recorded, an empty line between members that did
not stand together.  Its name is the version of the CLI and a hash of its bytes: it is never changed, and shared by all
cassettes that need it.  It lies in `inventory/` of the nearest folder above the cassette that is named `cassettes`,
else of the cassette's own folder.  On the fake path.
"""

from __future__ import annotations

import os
from _thread import get_ident

from ..errors import CassetteError
from .cassette import JSON, damaged
from .members import members

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    # What stands in the stored frame, and what stood in the recorded one.
    Parts: TypeAlias = list[tuple[bytes, bytes]]

KEY = "inventory"
"""Further key of an entry's line: the name of its sidecar.  An entry that has it in `extra` is stored that way."""

FOLDER = "inventory"

_INIT = frozenset(
    {
        *("agents", "capabilities", "plugins", "skills", "slash_commands", "terminal_slash_commands", "tools"),
        *("analytics_disabled", "fast_mode_disabled_reason", "fast_mode_state", "per_turn_effort_active"),
        *("product_feedback_disabled", "served_by_anthropic", "ultrathink_available", "ultrathink_typed_raises"),
        "view_mode",
    }
)
_INITIALIZE = frozenset(
    {
        *("agents", "available_output_styles", "capabilities", "commands", "models", "plugins", "skills"),
        *("analytics_disabled", "fast_mode_disabled_reason", "fast_mode_state", "feedback_mode"),
        *("hook_on_failure_supported", "hooks_when_unanswered_kept", "ide_rc_auto_enable_gate"),
        *("other_hook_ask_outranks_host", "remote_control_auto_connect_default", "remote_control_auto_enable"),
        *("remote_control_auto_on_by_default", "remote_control_available"),
    }
)

_LEAST = 1000
"""Bytes of inventories below which a frame stays whole: a sidecar would cost its reader more than it saves."""

_HASH_SIZE = 6

_MOST_CACHED = 64

_SHOWN = 100  # characters of a name in an error


class Inventory:
    """A frame taken apart: the stored `frame`, and the `name` and `content` of its sidecar."""

    __slots__ = ("content", "frame", "name")

    def __init__(self, frame: bytes, name: str, content: bytes) -> None:
        self.frame = frame
        self.name = name
        self.content = content


# ---------------------------------------------------------------- writing


def take_apart(frame: bytes, *, version: str | None = None, least: int = _LEAST) -> Inventory | None:
    """Take the inventories out of a frame; `None` if it has none, or less than `least` bytes of them.

    `version` is that of the CLI where the frame does not say it.
    """
    runs = _runs(frame)
    content = b"{\n" + b",\n\n".join(b",\n".join(run) for run in runs) + b"\n}\n"
    if not runs or len(content) < least:
        return None
    parts = _parse(content)
    stored: list[bytes] = []
    at = 0
    for mark, recorded in parts or ():
        place = frame.find(recorded, at)
        if place < 0:  # spaces stand between its members: not the CLI's writing
            return None
        stored += (frame[at:place], mark)
        at = place + len(recorded)
    stored.append(frame[at:])
    name = f"{_version(frame) or version or 'unknown'}-{_hash(content)}.json"
    inventory = Inventory(b"".join(stored), name, content)
    return inventory if _put_together(inventory.frame, parts) == frame else None


def _runs(frame: bytes) -> list[list[bytes]]:
    """The members of a frame that are inventories, those together that stand together."""
    try:
        found = members(frame)
        names, start = _INIT, 0
        if "response" in found:
            names = _INITIALIZE
            for _ in range(2):
                inner = found["response"]
                start += inner.start
                found = members(frame[start : start + inner.end - inner.start])
    except (KeyError, ValueError, RecursionError):
        return []
    runs: list[list[bytes]] = []
    together = False
    for name, member in found.items():
        if name not in names:
            together = False
            continue
        if not together:
            runs.append([])
        together = True
        runs[-1].append(b'"%b":%b' % (name.encode(), frame[start + member.start : start + member.end]))
    return runs


def may_have_inventory(frame: bytes) -> bool:
    """Whether it is worth a look: the frame is an `init` or an answer to `initialize`."""
    return b'"slash_commands":[' in frame or b'"commands":[' in frame


def _version(frame: bytes) -> str:
    version = frame.partition(b'"claude_code_version":"')[2].partition(b'"')[0].decode("ascii", "replace")
    return version if version and all(c.isalnum() or c in ".+-_" for c in version) else ""


def store(path: str, inventory: Inventory) -> None:
    """Write the sidecar of a frame of the cassette `path`, unless it is there.

    Raises:
        CassetteError: It cannot be written.
    """
    folder = folder_of(path)
    target = os.path.join(folder, inventory.name)
    partial = f"{target}.{os.getpid()}-{get_ident()}.tmp"
    try:
        if _read(target) == inventory.content:
            return
        os.makedirs(folder, exist_ok=True)
        with open(partial, "wb") as file:
            file.write(inventory.content)
        os.replace(partial, target)
    except OSError as error:
        raise CassetteError(f"{target}: the inventory cannot be written: {error.strerror}") from error
    finally:
        if os.path.exists(partial):
            os.unlink(partial)


def folder_of(path: str) -> str:
    """Where the sidecars of the cassette `path` go."""
    own = os.path.dirname(os.path.abspath(path))
    folder = own
    while os.path.basename(folder) != "cassettes":
        parent = os.path.dirname(folder)
        if parent == folder:
            return os.path.join(own, FOLDER)
        folder = parent
    return os.path.join(folder, FOLDER)


def folders_of(path: str) -> list[str]:
    """Where its sidecars may lie, the first of them by rule: it may be a link, or have been copied elsewhere with its
    folder."""
    beside = os.path.join(os.path.dirname(os.path.abspath(path)), FOLDER)
    return list(dict.fromkeys((folder_of(path), beside, folder_of(os.path.realpath(path)))))


# ---------------------------------------------------------------- reading


def put_together(frame: bytes, name: object, path: str, number: int) -> bytes:
    """The whole frame of the line `number` of the cassette `path`, which names the sidecar `name`.

    Raises:
        CassetteError: The sidecar is missing or damaged, or belongs to another frame.
    """
    if not isinstance(name, str) or not _may_name_a_file(name):
        raise damaged(path, number, 1, f'"{KEY}" is the name of a file, {repr(name)[:_SHOWN]} is none')
    whole = _put_together(frame, _sidecar(name, path, number))
    if whole is None:
        raise damaged(path, number, 1, f"the inventory {name} does not fit this line; {_AGAIN}")
    return whole


def _may_name_a_file(name: str) -> bool:
    """Whether this may be the name of a sidecar: nothing of another folder, nothing that no system takes."""
    return os.path.basename(name) == name and name.endswith(".json") and name.isascii() and name.isprintable()


def has_its_name(file: str) -> bool:
    """Whether a file is a sidecar: it is called by what is in it."""
    content = _read(file) if _may_name_a_file(os.path.basename(file)) else None
    return content is not None and _has_hash(file, content) and _parse(content) is not None


def _has_hash(name: str, content: bytes) -> bool:
    return name.endswith(f"-{_hash(content)}.json")


_AGAIN = "take both from the same commit, or record again"

_cache: dict[str, tuple[tuple[int, int, int], Parts]] = {}  # file -> what it was when it was read


def _sidecar(name: str, path: str, number: int) -> Parts:
    looked: list[str] = []
    for folder in folders_of(path):
        looked.append(folder)
        file = os.path.join(folder, name)
        try:
            status = os.stat(file)
            state = (status.st_size, status.st_mtime_ns, status.st_ino)
            cached = _cache.get(file)
            if cached and cached[0] == state:
                return cached[1]
            content = _read(file)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise damaged(path, number, 1, f"the inventory {file} cannot be read: {error.strerror}") from error
        if content is None:
            continue
        inventory = _parse(content) if _has_hash(name, content) else None
        if inventory is None:
            raise damaged(path, number, 1, f"the inventory {file} is damaged; {_AGAIN}")
        if len(_cache) >= _MOST_CACHED:
            _cache.clear()
        _cache[file] = state, inventory
        return inventory
    where = " nor in ".join(looked)
    what = f"the inventory {name} of this line is missing: it is not in {where}"
    raise damaged(path, number, 1, f"{what}. A cassette is copied together with its inventories; or record again")


def _read(file: str) -> bytes | None:
    try:
        with open(file, "rb") as opened:
            return opened.read()
    except FileNotFoundError:
        return None


def _parse(content: bytes) -> Parts | None:
    """The parts of a sidecar, `None` if it is none."""
    if not content.startswith(b"{\n") or not content.endswith(b"\n}\n"):
        return None
    parts: Parts = []
    for run in content[2:-3].split(b",\n\n"):
        together = run.split(b",\n")
        name, _, value = together[0].partition(b":")
        try:
            listed = JSON.decode(value.decode("utf-8"))
        except (ValueError, RecursionError):
            return None
        if len(together) > 1 or not isinstance(listed, (list, dict)):
            mark = b'%b:"%d members"' % (name, len(together))
        else:
            mark = b"%b:%d" % (name, len(listed))
        parts.append((mark, b",".join(together)))
    return parts


def _put_together(frame: bytes, inventory: Parts | None) -> bytes | None:
    """The frame with its inventories, `None` if it has no place for one."""
    parts: list[bytes] = []
    at = 0
    for stored, recorded in inventory or ():
        place = frame.find(stored, at)
        while place >= 0 and frame[place + len(stored) : place + len(stored) + 1] not in (b",", b"}"):
            place = frame.find(stored, place + 1)
        if place < 0:
            return None
        parts += (frame[at:place], recorded)
        at = place + len(stored)
    parts.append(frame[at:])
    return b"".join(parts)


def _hash(content: bytes) -> str:
    # hashlib loads OpenSSL: 4 ms, a third of the start of fake-claude.  It offers this very function.
    try:
        from _blake2 import blake2b
    except ImportError:
        from hashlib import blake2b
    return blake2b(content, digest_size=_HASH_SIZE).hexdigest()
