"""File states: what a session has learnt of files from the results of its own tools.

The fake reads none of them.  A script that says what Read, Write or Edit answered says with it what the file holds, and
an edit that does not fit is then refused as the CLI refuses it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class FileStates:
    """By absolute path: the text, where it is known, and the cells of a notebook.

    - `known`: whether texts are kept; not where the files are really there, and others may change them.
    """

    def __init__(self, *, known: bool = True) -> None:
        self._known = known
        self._texts: dict[str, str | None] = {}
        self._cells: dict[str, list[str]] = {}

    def content(self, path: str) -> str | None:
        """What the file holds, None where that is not known."""
        return self._texts.get(path)

    def was_read(self, path: str) -> bool:
        """Whether the session has seen the file."""
        return path in self._texts or path in self._cells

    def cells(self, path: str) -> list[str] | None:
        """Ids of a notebook's cells."""
        return self._cells.get(path)

    def read(self, path: str, content: Any, cells: Any) -> None:
        """A file was read; `content` is None where not all of it was."""
        if isinstance(cells, list):
            self._cells[path] = [str(cell.get("cell_id")) for cell in cells if isinstance(cell, dict)]
        else:
            self.changed(path, content)

    def changed(self, path: str, content: Any) -> None:
        """A file holds something else now; None: it is not known what."""
        self._texts[path] = content if isinstance(content, str) and self._known else None

    def cell_changed(self, path: str, cell: Any, mode: Any) -> None:
        """A cell of a notebook was inserted or deleted."""
        cells = self._cells.setdefault(path, [])
        if mode == "insert" and isinstance(cell, str):
            cells.append(cell)
        elif mode == "delete" and cell in cells:
            cells.remove(cell)

    def forget(self) -> None:
        """A command ran, which may have changed any file."""
        self._texts = dict.fromkeys(self._texts)
