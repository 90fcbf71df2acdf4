from _util import *
DOC = "bypassPermissions (IS_SANDBOX=1): Read, Edit, Write new and over, Glob, Grep in two modes, NotebookEdit, one after the other"
ENV = {"IS_SANDBOX": "1"}
FILES = {"a.txt": "one\ntwo\nthree\n", "sub/b.txt": "two again\n", "n.ipynb": {"cells": [{"cell_type": "code", "id": "c1", "metadata": {}, "source": ["print(1)\n"], "outputs": [], "execution_count": None}], "metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}}
MODEL = [[TU("r1", "Read", file_path="/project/a.txt")],
         [TU("e1", "Edit", file_path="/project/a.txt", old_string="two", new_string="TWO")],
         [TU("w1", "Write", file_path="/project/new.txt", content="fresh\n")],
         [TU("w2", "Write", file_path="/project/a.txt", content="over\n")],
         [TU("r2", "Read", file_path="/project/new.txt", offset=1, limit=1)],
         [TU("r3", "Read", file_path="/project/n.ipynb")],
         [TU("n1", "NotebookEdit", notebook_path="/project/n.ipynb", cell_id="c1", new_source="print(2)\n")],
         [T("All files done.")]]
async def drive(sdk, make_options, log):
    await converse(sdk, log, make_options(permission_mode="bypassPermissions"), "edit the files")
