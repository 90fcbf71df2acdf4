"""The ledger: what became of the cassettes in a run of the tests, over all processes of pytest-xdist.

Above: `plugin.py`, which registers it; `summary.py`, which tells it.  Below: `naming.py`.  Light: every run of pytest
loads this.

What became of a test's cassette travels with the report of its teardown.  Which cassette files belong to which tests,
each process that collects finds out at its end, and a worker hands it over with its output.  The process that the user
started puts both together; nothing is written in common.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from .config import UNUSED, chosen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

RECORDED, REPLAYED, UNPLAYED, MISSING = "recorded", "replayed", "unplayed", "missing"
"""What becomes of a cassette: in this order they are told."""

UNUSED_FILE, PRUNED = "unused", "pruned"

ATTRIBUTE = "claude_cassette"
"""Of the report of a teardown: the pair of what became of the cassette, and its path."""

HANDED_OVER = "claude_cassettes"
"""Key of a worker's output: the tests, by their ids, that each file belongs to."""


def note(report: pytest.TestReport, outcome: str, path: str) -> None:
    """Let a report tell what became of the test's cassette; it does so across processes too."""
    setattr(report, ATTRIBUTE, (outcome, path))


class Ledger:
    """What became of the cassettes, and which of them no test uses.

    - `unused_mode`: what becomes of those: `report`, `fail` or `prune`; `unused_by`: who says so.
    - `outcomes`: the tests by what became of their cassette, and its path.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._is_worker = hasattr(config, "workerinput")
        self._items: list[pytest.Item] = []
        self._belongs: dict[str, list[str]] = {}
        self._passed: set[str] = set()
        choice = chosen(config, UNUSED)
        self.unused_mode, self.unused_by = choice.value, choice.given_as
        self.outcomes: dict[tuple[str, str], list[str]] = {}
        self.unused: list[str] = []
        self.not_pruned: list[str] = []
        self.pruned_http: set[str] = set()

    # Of the process that collects

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Remember the tests before some are deselected."""
        self._items = list(items)

    # Of the process that the user started

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what became of a test's cassette, and that a test has passed."""
        if report.when == "call" and report.passed:
            self._passed.add(report.nodeid)
        noted = getattr(report, ATTRIBUTE, None)
        if noted:
            outcome, path = noted
            self.outcomes.setdefault((outcome, path), []).append(report.nodeid)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """Take what a worker hands over; one that crashed has nothing."""
        self._belongs.update(getattr(node, "workeroutput", {}).get(HANDED_OVER, {}))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Put it all together; as a worker, hand over."""
        if not self._config.option.collectonly:
            self._belongs.update(self._files())
        if self._is_worker:
            self._config.workeroutput[HANDED_OVER] = self._belongs  # type: ignore[attr-defined]  # xdist's
            return
        used = {path for _, path in self.outcomes}
        self.unused = sorted(
            path
            for path, tests in self._belongs.items()
            if path not in used and all(test in self._passed for test in tests)
        )
        if self.unused and self.unused_mode == "fail" and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        if self.unused_mode == "prune":
            from .naming import http_beside

            self.pruned_http = {path for path in self.unused if os.path.exists(http_beside(path))}
            self.not_pruned = [path for path in self.unused if not _pruned(path)]

    def _files(self) -> dict[str, list[str]]:
        """The files in the folders of the modules that were collected whole, and the tests that they belong to."""
        if not self._items or not self._is_whole():
            return {}
        by_folder: dict[Path, dict[Path, list[pytest.Item]]] = {}
        name = self._config.getini("claude_cassettes")
        for item in self._items:
            by_folder.setdefault(item.path.parent / name, {}).setdefault(item.path, []).append(item)
        found: dict[str, list[str]] = {}
        for folder, modules in by_folder.items():
            if folder.is_dir():
                found.update(_files_in(folder, modules))
        return found

    def _is_whole(self) -> bool:
        """Whether whole modules were collected: no test was named, and no plugin left some of them out."""
        option = self._config.option
        return not any("::" in argument for argument in self._config.args) and not getattr(option, "lf", False)


def _files_in(folder: Path, modules: dict[Path, list[pytest.Item]]) -> dict[str, list[str]]:
    """The cassettes in the folders of `modules`, and of modules that are gone; with the tests that each belongs to."""
    from .marker import place_given
    from .naming import SUFFIX, cassette_names

    belongs: dict[str, list[str]] = {}
    for place in sorted(entry for entry in folder.iterdir() if entry.is_dir()):
        module = folder.parent / f"{place.name}.py"
        if module in modules or (_like_a_test(place.name) and not module.exists()):
            belongs |= {str(path): [] for path in place.rglob(f"*{SUFFIX}")}
    if not belongs:
        return {}
    for items in modules.values():
        for item in items:
            path, name = place_given(item)
            there = cassette_names(item, folder.name, given=path, name=name).existing()
            if there is not None and str(there) in belongs:
                belongs[str(there)].append(item.nodeid)
    return belongs


def _like_a_test(name: str) -> bool:
    return name.startswith("test_") or name.endswith("_test")


def _pruned(path: str) -> bool:
    """Remove a cassette, what lies beside it, and its folder when that is empty; False when the system forbids it."""
    from .naming import http_beside

    beside = http_beside(path)
    try:
        os.unlink(path)
        if os.path.exists(beside):
            os.unlink(beside)
    except OSError as error:
        print(f"cannot remove {path}: {error.strerror}", file=sys.stderr)
        return False
    folder = os.path.dirname(path)
    try:
        os.rmdir(folder)
    except OSError:
        pass  # others are in it
    return True
