"""A scenario's program: loaded with our directories in its text, with the files it wants to find, and driven.

Above: the workers of conformance and fidelity.  Scenarios see what the harness that recorded them showed:
`drive(sdk, make_options, log)`, with `log` in place of its observation log.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import types
from pathlib import Path
from typing import Any

import anyio

from .observations import Observations
from .places import Places

DRIVE_TIMEOUT = 60.0
"""Seconds for the program itself, as in the harness."""


def load_scenario(sources: list[Path], base: Path, places: Places, log: Observations) -> types.ModuleType:
    """The scenario's module, with our directories written into its text.

    `sources` are the scenario's file and those of the modules that it imports from beside it, the scenario first.
    """
    directory = base / "scenarios"
    directory.mkdir(exist_ok=True)
    for source in sources:
        text = source.read_text(encoding="utf-8")
        (directory / source.name).write_text(places.localise(text), encoding="utf-8")
    sys.path.insert(0, str(directory))
    sys.modules["_log"] = log  # type: ignore[assignment]  # scenarios may import it like a module
    spec = importlib.util.spec_from_file_location("scenario", directory / sources[0].name)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write_files(files: dict[str, Any], places: Places) -> None:
    """The files that a scenario wants to find."""
    for name, content in files.items():
        path = Path(name.replace("~", str(places.home), 1)) if name.startswith("~") else places.project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, (dict, list)):
            content = json.dumps(content, indent=1)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        if name.endswith(".sh"):
            path.chmod(0o755)


async def drive(sdk: types.ModuleType, scenario: types.ModuleType, make_options: Any, log: Observations) -> None:
    """Run the program; what it lets through is an observation too."""
    try:
        with anyio.fail_after(DRIVE_TIMEOUT):
            await scenario.drive(sdk, make_options, log)
    except TimeoutError:
        log("timeout", seconds=DRIVE_TIMEOUT)
    except Exception as error:
        log("drive_exception", error=error)
