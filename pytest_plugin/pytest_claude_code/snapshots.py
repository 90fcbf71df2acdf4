"""The fixture `claude_snapshot`: transcripts kept by syrupy, each in a file that a person can review.

    <folder of the test>/__snapshots__/<module>/<class>.<test>.transcript

Above: `plugin.py`.  Below: syrupy, which is imported here alone and has the options (`--snapshot-update`); `naming.py`;
`review_text`, what stands in the file.  syrupy's own extension for single files drops characters that a file system
takes offence at, so that `test[a/b]` and `test[ab]` share a file; here names are encoded one to one.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from claude_code_sdk.testing.run.review_text import review_text
from claude_code_sdk.testing.run.run import Run, SessionRun

from .naming import encoded, name_of

try:
    from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
except ImportError as missing:
    raise ImportError("claude_snapshot needs syrupy:  pip install 'claude-code-sdk-harness[pytest]'") from missing

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion
    from syrupy.location import PyTestLocation
    from syrupy.types import PropertyFilter, PropertyMatcher, SerializableData, SerializedData, SnapshotIndex


class TranscriptExtension(SingleFileSnapshotExtension):
    """Stores what happened in a test as its transcript, a file for each assertion."""

    _write_mode = WriteMode.TEXT
    file_extension = "transcript"

    def serialize(
        self,
        data: SerializableData,
        *,
        exclude: PropertyFilter | None = None,
        include: PropertyFilter | None = None,
        matcher: PropertyMatcher | None = None,
    ) -> SerializedData:
        """The text of `data`, whatever knows what happened.  The filters are for values; a transcript has none."""
        return review_text(run_in(data))

    @classmethod
    def get_snapshot_name(cls, *, test_location: PyTestLocation, index: SnapshotIndex = 0) -> str:
        """The name of the test, of its class and its parameters, encoded; then which of its snapshots it is."""
        if isinstance(index, str):  # neither "~" nor a bracket ends a test's name: which part is which stays clear
            return f"{_name(test_location)}~{quote(index, safe='-._,=+@')}"
        return _name(test_location) + (f".{index}" if index else "")

    @classmethod
    def matches_test_location(cls, *, test_location: PyTestLocation, snapshot_location: str) -> bool:
        """Whether a file is one of the test's; of a test without parameters also one that it had with some."""
        path = Path(snapshot_location)
        if path.parent.name != test_location.basename or not test_location.matches_snapshot_site(snapshot_location):
            return False
        name = _name(test_location)
        stem = path.name.removesuffix(f".{cls.file_extension}")
        return stem == name or stem.startswith((f"{name}.", f"{name}~", f"{name}["))


def snapshot_of(request: pytest.FixtureRequest) -> SnapshotAssertion:
    """syrupy's own assertion object, which keeps transcripts."""
    if not request.config.pluginmanager.hasplugin("syrupy"):
        pytest.fail(
            "claude_snapshot needs the pytest plugin syrupy, which is switched off (-p no:syrupy)", pytrace=False
        )
    snapshot: Any = request.getfixturevalue("snapshot")
    assertion: SnapshotAssertion = snapshot.use_extension(TranscriptExtension)
    return assertion


def run_in(data: Any) -> Run | SessionRun:
    """What is kept of `data`: a run, one of its sessions, a fixture that has a run, or the path of a cassette.

    Raises `TypeError` for anything else.
    """
    if isinstance(data, (Run, SessionRun)):
        return data
    if isinstance(data, (str, os.PathLike)):
        return Run.of_cassette(data)
    run = getattr(data, "run", None)
    if isinstance(run, (Run, SessionRun)):
        return run
    raise TypeError(
        "claude_snapshot keeps what happened in a test: claude_run, one of its sessions, fake_claude, claude_cassette "
        f"or the path of a cassette, not {type(data).__name__}"
    )


def _name(test_location: PyTestLocation) -> str:
    name = name_of(test_location.item)
    prefix = f"{test_location.classname}." if test_location.classname else ""
    return encoded(f"{prefix}{name}")
