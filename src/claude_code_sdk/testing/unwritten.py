"""Unwritten: a file that a stand-in keeps for others could not be written: which, and what asked for it.

Above: `fake_claude.py`, which ends with it.  Below: `run/wire_directory.py`, `moments.py` and `script/state.py`, which
write.  On the fake path.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType


class Unwritten(OSError):
    """The system refused to write `filename`; `setting` of `fake-claude` says what it is for."""

    def __init__(self, setting: str, path: str, error: OSError) -> None:
        super().__init__(error.errno, error.strerror, path)
        self.setting = setting

    def __str__(self) -> str:
        return f"{self.setting}: {self.filename} could not be written: {self.strerror}"


class Writing:
    """A block that writes a file.  An `OSError` in it becomes `Unwritten`, which names the file and the setting."""

    __slots__ = ("_path", "_setting")

    def __init__(self, setting: str, path: str) -> None:
        self._setting = setting
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if isinstance(error, OSError):
            raise Unwritten(self._setting, self._path, error) from None
