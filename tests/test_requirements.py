"""Every requirement has a test, and every marker names a requirement."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from .requirements import REQUIREMENTS

ROOT = Path(__file__).parents[1]

COLLECT = """
import json, sys
import pytest

class Links:
    def pytest_collection_finish(self, session):
        self.found = {}
        for item in session.items:
            for marker in item.iter_markers("requirement"):
                for name in marker.args:
                    self.found.setdefault(name, []).append(item.nodeid)

links = Links()
code = pytest.main(["--collect-only", "-qq", "-p", "no:cacheprovider", "tests"], plugins=[links])
print(json.dumps([int(code), links.found]))
"""


@pytest.fixture(scope="module")
def links() -> dict[str, list[str]]:
    """The ids that tests name, each with these tests: the whole suite is collected for it."""
    done = subprocess.run([sys.executable, "-c", COLLECT], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    code, found = json.loads(done.stdout.splitlines()[-1])
    assert code == pytest.ExitCode.OK, done.stdout
    links: dict[str, list[str]] = found
    return links


def test_every_requirement_has_a_test(links: dict[str, list[str]]) -> None:
    missing = {name: requirement.behaviour for name, requirement in REQUIREMENTS.items() if name not in links}
    assert missing == {}


def test_every_marker_names_a_requirement(links: dict[str, list[str]]) -> None:
    unknown = {name: tests for name, tests in links.items() if name not in REQUIREMENTS}
    assert unknown == {}


def test_every_known_defect_is_a_requirement() -> None:
    of_session_stores = {"B25", "B30"}
    assert {f"B{number}" for number in range(1, 37)} - of_session_stores == {
        name for name in REQUIREMENTS if name.startswith("B")
    }
