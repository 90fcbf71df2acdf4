from _util import *
DOC = "a notebook read, its cells replaced, inserted and deleted in acceptEdits with a note after each; one in a cell that is not there; a second turn that looks at the end"
NB = {"cells": [{"cell_type": "markdown", "metadata": {}, "source": ["# Sales\n"]}, {"cell_type": "code", "metadata": {}, "execution_count": 1, "outputs": [{"output_type": "stream", "name": "stdout", "text": ["3\n"]}], "source": ["print(1 + 2)\n"]}], "metadata": {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}, "nbformat": 4, "nbformat_minor": 4}
FILES = {"sales.ipynb": NB}
P = "/project/sales.ipynb"
MODEL = [
    [TU("n0", "NotebookEdit", notebook_path=P, cell_id="cell-1", new_source="print(4)")],
    [TU("r1", "Read", file_path=P)],
    [TU("n1", "NotebookEdit", notebook_path=P, cell_id="cell-1", new_source="print(2 + 2)"), TU("n2", "NotebookEdit", notebook_path=P, cell_id="cell-0", cell_type="markdown", edit_mode="insert", new_source="All in euros.")],
    [TU("n3", "NotebookEdit", notebook_path=P, cell_id="cell-0", edit_mode="delete", new_source=""), TU("n4", "NotebookEdit", notebook_path=P, cell_id="zz", new_source="x")],
    [T("The notebook is changed.")],
    [TU("r2", "Read", file_path=P)],
    [T("Three cells, no heading.")],
]
async def drive(sdk, make_options, log):
    hooks = {**on(sdk, log, "PostToolUse", {"systemMessage": "cell changed"}, "NotebookEdit"), **on(sdk, log, "PostToolUseFailure")}
    await converse(sdk, log, make_options(permission_mode="acceptEdits", hooks=hooks, model="claude-sonnet-4-5"), "tidy the notebook", "how does it look?")
