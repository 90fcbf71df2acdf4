"""What is run, and how it ended: plain values that cross the transport seam.

A `Command` is built by a pure function (`_command.py`) and can be recorded, compared and replayed; opening it is the
transport's business.  On the fake path: no imports.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

FILE_TOKEN = "\0file:"
"""Prefix of an argv item that stands for a file of `Command.files`.  A NUL byte cannot occur in a real argument."""


class Command:
    """One run of the CLI, not yet started.

    - `argv`: the arguments, `argv[0]` being the executable.  `"claude"` there means: the transport finds it.
      An item `FILE_TOKEN + name` stands for the path of the file `name` of `files`.
    - `env`: the whole environment of the child.
    - `cwd`: its working directory, or `None` for the current one.
    - `files`: values too large for a command line, by name.  A transport that starts a process writes them out with
      mode 0600 when it opens the command and removes them when the channel closes.
    - `user`: name of the operating system user that the process runs as, or `None` for the current one.
    """

    __slots__ = ("argv", "cwd", "env", "files", "user")

    def __init__(
        self,
        argv: tuple[str, ...],
        *,
        env: Mapping[str, str] | None = None,
        cwd: str | None = None,
        files: Mapping[str, bytes] | None = None,
        user: str | None = None,
    ) -> None:
        self.argv = tuple(argv)
        self.env: Mapping[str, str] = {} if env is None else env
        self.cwd = cwd
        self.files: Mapping[str, bytes] = {} if files is None else files
        self.user = user

    def __repr__(self) -> str:
        return f"Command({self.argv!r}, cwd={self.cwd!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Command):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    __hash__ = None  # type: ignore[assignment]  # holds mappings


class ExitStatus:
    """How a run ended: its exit `code` (negative: the signal that killed it) and the tail of its stderr."""

    __slots__ = ("code", "stderr_tail")

    def __init__(self, code: int, stderr_tail: str = "") -> None:
        self.code = code
        self.stderr_tail = stderr_tail

    def __repr__(self) -> str:
        return f"ExitStatus({self.code}, {self.stderr_tail!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ExitStatus):
            return NotImplemented
        return self.code == other.code and self.stderr_tail == other.stderr_tail

    __hash__ = None  # type: ignore[assignment]  # a plain value, compared in tests only
