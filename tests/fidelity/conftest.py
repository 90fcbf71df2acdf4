"""Where the shared folder of recordings is: `SHARED`, or ../shared beside the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture
def shared() -> Path:
    folder = Path(os.environ.get("SHARED", Path(__file__).resolve().parents[2].parent / "shared")).resolve()
    if not (folder / "harness" / "difftrace.py").exists():
        pytest.skip(f"{folder} has no harness: the comparison is the shared folder's (set SHARED)")
    return folder
