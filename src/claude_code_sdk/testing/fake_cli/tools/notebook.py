"""NotebookEdit: a cell of a notebook, of which the session knows what it was told."""

from __future__ import annotations

from .base import Ran
from .file_tool import Changing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ....protocol.events import Frame
    from ..process import Process


class NotebookEdit(Changing):
    name = "NotebookEdit"
    path_key = "notebook_path"
    unreadable = "edited"

    def check_here(self, cli: Process, given: Frame) -> str | None:
        path, mode = self.path(given), given.get("edit_mode", "replace")
        if not path.endswith(".ipynb"):
            return "File must be a Jupyter notebook (.ipynb file). For editing other file types, use the FileEdit tool."
        if mode == "insert" and "cell_type" not in given:
            return "Cell type is required when using edit_mode=insert."
        if not cli.files.was_read(path):
            return "File has not been read yet. Read it first before writing to it."
        if mode != "insert" and "cell_id" not in given:
            return "Cell ID must be specified when not inserting a new cell."
        cells, cell = cli.files.cells(path), given.get("cell_id")
        if cells is not None and cell is not None and cell not in cells:
            return f'Cell with ID "{cell}" not found in notebook.'
        return None

    def default(self, cli: Process, given: Frame) -> Ran:
        mode, cell = given.get("edit_mode", "replace"), given.get("cell_id") or "1a2b3c4d"
        source = given["new_source"]
        text = {"insert": f"Inserted cell {cell} with {source}", "delete": f"Deleted cell {cell}"}.get(
            mode, f"Updated cell {cell} with {source}"
        )
        result = {
            "new_source": source,
            "cell_type": given.get("cell_type", "code"),
            "language": "python",
            "edit_mode": mode,
            "cell_id": cell,
            "error": "",
            "notebook_path": self.path(given),
            "original_file": "",
            "updated_file": "",
        }
        return Ran(text, result=result)

    def ended(self, cli: Process, given: Frame, ran: Ran) -> None:
        if not ran.is_error and isinstance(ran.result, dict):
            cli.files.cell_changed(self.path(given), ran.result.get("cell_id"), ran.result.get("edit_mode"))
