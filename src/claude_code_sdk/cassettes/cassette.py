"""Cassette, Episode, Entry: a recording in memory.

Above: recorder and importer (make entries), player and transcript (read them).  Below: json alone.  The file format is
jsonl.py's business.  An entry of a file is a window on the file's bytes: a frame is delivered as the slice that was
recorded, and is decoded only when somebody asks for its `value`.  On the fake path.
"""

from __future__ import annotations

from json import JSONDecodeError, JSONDecoder, dumps

from ..errors import CassetteError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any, Literal, NoReturn, TypeAlias

    Source: TypeAlias = Literal["host", "cli"]
    Kind: TypeAlias = Literal["spawn", "frame", "noise", "stderr", "eof", "signal", "exit"]

HOST: Source = "host"
CLI: Source = "cli"


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


JSON = JSONDecoder(parse_constant=_refuse_constant)
"""Strict JSON: `NaN` and `Infinity`, which Python's own default takes, are refused."""


def encode_json(value: Any) -> bytes:
    """`value` as compact JSON in UTF-8; a lone surrogate, which UTF-8 cannot hold, stays a `\\uXXXX` escape."""
    return dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


def damaged(path: str, number: int, column: int, what: str) -> CassetteError:
    """The error for structural damage at `path:number:column` (1-based; columns count characters)."""
    return CassetteError(f"{path}:{number}:{column}: {what}")


class Entry:
    """One thing that crossed the seam, in either direction.

    - `source`: `"host"` or `"cli"`, whose doing it was.
    - `kind`: `"spawn"`, `"frame"`, `"noise"` (a line that is not a JSON object), `"stderr"`, `"eof"`, `"signal"` or
      `"exit"`.
    - `at`: milliseconds since spawn.
    - `number`: its 1-based line in its file, 0 if it comes from none.
    - `path`: that file, for error messages.
    - `extra`: further keys of its line (`{"torn": true}`), kept and written back; `None` if there are none.
    """

    __slots__ = ("_data", "_end", "_start", "_value", "at", "extra", "kind", "number", "path", "source")

    def __init__(
        self,
        source: Source,
        kind: Kind,
        value: Any = None,
        *,
        at: int = 0,
        number: int = 0,
        path: str = "<memory>",
        extra: Mapping[str, Any] | None = None,
        data: bytes | None = None,
        start: int = 0,
        end: int | None = None,
    ) -> None:
        """A frame is given as `value` (a dict) or as the bytes `data[start:end]`; any other kind as `value`."""
        self.source = source
        self.kind = kind
        self.at = at
        self.number = number
        self.path = path
        self.extra = extra
        self._value = value
        if data is None and kind == "frame":
            data = encode_json(value)
        self._data = data
        self._start = start
        self._end = end if end is not None or data is None else len(data)

    @property
    def frame_bytes(self) -> bytes:
        """The frame's JSON, byte for byte as it stands in the file.

        Raises:
            ValueError: This entry is not a frame.
        """
        if self._data is None:
            raise ValueError(f"an entry of kind {self.kind!r} has no frame")
        return self._data[self._start : self._end]

    @property
    def value(self) -> Any:
        """What the entry says, decoded on first use.

        A frame's dict; for `spawn` the dict `{"argv", "cwd", "env", …}`; the text of `stderr` and `noise` (bytes that
        are not UTF-8 stand in it as surrogate escapes); the `exit` code; the name of the `signal`; `True` for `eof`.

        Raises:
            CassetteError: The frame is not a JSON object.
        """
        if self._value is None:
            self._value = self._decode()
        return self._value

    def check(self, loads: Callable[[bytes], Any] | None = None) -> None:
        """Make sure that a frame is a JSON object, before its bytes reach a program; keeps nothing.

        `loads` may be a faster decoder (orjson's); what it refuses is judged again by `json`, which alone decides.

        Raises:
            CassetteError: It is not, with file, line and column.
        """
        if self._data is None or self._value is not None:
            return
        if loads is not None:
            try:
                if isinstance(loads(self.frame_bytes), dict):
                    return
            except ValueError:
                pass
        self._decode()

    def _decode(self) -> Any:
        try:
            text = str(self.frame_bytes, "utf-8")
        except UnicodeDecodeError as error:
            raise self._damage(error.start, f"the frame is not UTF-8 ({error.reason})") from error
        try:
            value = JSON.decode(text)
        except JSONDecodeError as error:
            position = len(text[: error.pos].encode())
            raise self._damage(position, f"the frame is not JSON: {error.msg}") from error
        except (ValueError, RecursionError) as error:
            raise self._damage(0, f"the frame is not JSON: {error}") from error
        if not isinstance(value, dict):
            raise self._damage(0, "the frame is not a JSON object")
        return value

    def _damage(self, offset: int, what: str) -> CassetteError:
        data = self._data or b""
        position = self._start + offset
        before = data[data.rfind(b"\n", 0, position) + 1 : position]
        return damaged(self.path, self.number, len(before.decode("utf-8", "replace")) + 1, what)

    def __repr__(self) -> str:
        return f"<Entry {self.path}:{self.number} {self.source} {self.kind} at {self.at} ms>"


class Episode:
    """One run of the CLI, from `spawn` on.

    - `entries`: the whole run in the order of the file, `spawn` first.  Of a loaded episode each access makes a new
      `Entry`, so that a long recording costs little more than its bytes.
    - `number`: its 1-based place in the file.
    - `first_line`: line of its `spawn`, 0 if it comes from no file.
    """

    __slots__ = ("_spawn", "entries", "first_line", "number")

    def __init__(self, entries: Sequence[Entry], *, number: int = 1, first_line: int = 0) -> None:
        """Raises:
        ValueError: The first entry is not a `spawn`.
        """
        if not entries or entries[0].kind != "spawn":
            raise ValueError("an episode begins with a spawn entry")
        self._spawn: dict[str, Any] = entries[0].value
        self.entries = entries
        self.number = number
        self.first_line = first_line

    @property
    def spawn(self) -> dict[str, Any]:
        """How the CLI was started: `{"argv": […], "cwd": …, "env": {…}}`, `files` where values travelled in files."""
        return self._spawn

    @property
    def argv(self) -> list[str]:
        """The command line; `argv[0]` is the executable."""
        argv: list[str] = self._spawn["argv"]
        return argv

    @property
    def exit_code(self) -> int | None:
        """How the run ended (negative: by that signal), `None` if the recording ends before it did."""
        last = self.entries[-1]
        return last.value if last.kind == "exit" else None

    def __repr__(self) -> str:
        return f"<Episode {self.number}, {len(self.entries)} entries>"


class Cassette:
    """A file of episodes: its `path` (as text), its `header` (the first line) and its `episodes`, in file order."""

    __slots__ = ("episodes", "header", "path")

    def __init__(self, path: str, header: Mapping[str, Any], episodes: Sequence[Episode]) -> None:
        self.path = path
        self.header = header
        self.episodes = episodes

    def validate(self, loads: Callable[[bytes], Any] | None = None) -> None:
        """Check every frame now that replay would check just before its delivery; `loads` as in `Entry.check`.

        Raises:
            CassetteError: The first damaged frame.
        """
        for episode in self.episodes:
            for entry in episode.entries:
                entry.check(loads)

    def __repr__(self) -> str:
        return f"<Cassette {self.path}, {len(self.episodes)} episodes>"
