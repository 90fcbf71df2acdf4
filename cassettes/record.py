"""Records programs of this repository on the real CLI with a scripted model, and writes their cassettes.

    python cassettes/record.py --shared ../shared --cli PATH/TO/claude [NAME ...]

A NAME is a file of `cassettes/scenarios/` (all of them by default).  It has

- `DOC`: what it is;
- `MODEL`: the scripted model's replies, in the form of the harness's `fakeapi.py`;
- `CASSETTE`: where the cassette goes, from the root of the repository;
- `async def drive(sdk, make_options, log)`: runs the program, which finds the real CLI as `claude` on its PATH.

The harness in `--shared` runs it in namespaces of its own, with a made-up key and nothing but the loopback reachable
(Linux, root, iproute2).  Its wire recording is imported as `claude-cassette import` does it: the file stays as it is
where the program behaves as it did.
Look at the difference before you commit it.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from claude_code_sdk import __version__
from claude_code_sdk.cassettes.importer import import_wires
from claude_code_sdk.cassettes.stable import write

ROOT = Path(__file__).resolve().parent.parent
SCENARIOS = ROOT / "cassettes" / "scenarios"
PROGRAMS = (ROOT, ROOT / "docs" / "examples")
"""Where scenarios import the programs from."""


def main() -> int:
    """Record what the command line names; returns the exit code."""
    parser = argparse.ArgumentParser(description="Record programs of this repository on the real CLI.")
    parser.add_argument("--shared", type=Path, required=True, help="folder that has harness/run.py")
    parser.add_argument("--cli", type=Path, required=True, help="the real claude executable")
    parser.add_argument("names", nargs="*", default=sorted(path.stem for path in SCENARIOS.glob("[!_]*.py")))
    given = parser.parse_args()
    sys.path.insert(0, str(SCENARIOS))
    with tempfile.TemporaryDirectory() as folder:
        failed = [name for name in given.names if not record(name, given.shared, given.cli, Path(folder))]
    return 1 if failed else 0


def record(name: str, shared: Path, cli: Path, folder: Path) -> bool:
    """Run one scenario and write its cassette; says whether that worked."""
    harness = [sys.executable, str(shared / "harness" / "run.py"), "--python", sys.executable]
    ours = ["--sdk", "claude_code_sdk", "--scenarios", str(SCENARIOS)]
    programs = ["--pythonpath", os.pathsep.join(map(str, PROGRAMS))]
    run = subprocess.run(
        [*harness, *ours, *programs, "--out", str(folder), name],
        env={**os.environ, "CLAUDE_CLI": str(cli)},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    wires = sorted((folder / name).glob("wire*.jsonl"), key=lambda path: (len(path.name), path.name))
    if run.returncode != 0 or not wires:
        print(f"{name}: {run.stdout.strip()}", file=sys.stderr)
        return False
    imported = import_wires([str(path) for path in wires])
    header = {**imported.header, "sdk": f"claude-code-sdk-harness {__version__}"}
    path = ROOT / destination(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    changed = write(path, header, [episode.entries for episode in imported.episodes])
    said = f"{path.stat().st_size} bytes" if changed else "unchanged"
    print(f"{path.relative_to(ROOT)}: {len(wires)} CLI run(s), {said}")
    return True


def destination(name: str) -> str:
    """Where the cassette of a scenario goes: its `CASSETTE`, from the root of the repository."""
    spec = importlib.util.spec_from_file_location(name, SCENARIOS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    scenario = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scenario)
    return str(scenario.CASSETTE)


if __name__ == "__main__":
    sys.exit(main())
