"""One case: a scenario's program on the recording of the same program on the real CLI.

    python -m tests.conformance.worker SHARED SCENARIO LEG BACKEND OUT

LEG says what runs on what: see `LEGS`.  Prints one line of JSON: `{"score": …, "lines": […]}`.  Scenarios see what the
harness that recorded them showed: `drive(sdk, make_options, log)`, with `log` in place of its observation log.
"""

from __future__ import annotations

import dataclasses
import importlib
import importlib.util
import json
import os
import re
import sys
import time
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import anyio

from claude_code_sdk import record, use_cassette, use_transport
from claude_code_sdk.cassettes.importer import import_wires
from claude_code_sdk.cassettes.jsonl import dump
from claude_code_sdk.cassettes.transport import CassetteTransport
from claude_code_sdk.testing.executable import write_executable


class Leg(NamedTuple):
    """How a program meets a recording.

    - `sdk`: the module that it is written for.
    - `process`: whether `fake-claude` plays the recording as a process of its own.
    - `again`: whether it is recorded while it is replayed, and then runs once more on that recording.
    """

    sdk: str = "claude_code_sdk"
    process: bool = False
    again: bool = False


LEGS = {
    "in_process": Leg(),
    "subprocess": Leg(process=True),
    "recorded": Leg(again=True),
    "official": Leg(sdk="claude_agent_sdk"),
    "official_subprocess": Leg(sdk="claude_agent_sdk", process=True),
}

DRIVE_TIMEOUT = 60.0
"""Seconds for the program itself, as in the harness."""

CLIP = 4000
"""Characters of a string that an observation keeps whole, as in the harness."""


class Places:
    """The temporary directories that stand for the recorded ones, and the way back."""

    def __init__(self, base: Path) -> None:
        self.project, self.home = base / "project", base / "home" / "user"
        for directory in (self.project, self.home):
            directory.mkdir(parents=True)

    def localise(self, text: str) -> str:
        """A text of the recording, with our directories."""
        return text.replace("/home/user", str(self.home)).replace("/project", str(self.project))

    def restore(self, text: str) -> str:
        """A text that we observed, with the recorded directories."""
        slug = "".join(c if c.isalnum() else "-" for c in str(self.project))
        text = text.replace(slug, "-project")
        return text.replace(str(self.home), "/home/user").replace(str(self.project), "/project")


class Observations:
    """What the program observed, in the harness's form: `log(kind, …)`, `log.message(m)`, `log.error(where, e)`."""

    def __init__(self, places: Places) -> None:
        self.items: list[dict[str, Any]] = []
        self.cwd, self.home = str(places.project), str(places.home)
        self._started = time.monotonic()

    def __call__(self, kind: str, **fields: Any) -> None:
        values = {name: jsonable(value) for name, value in fields.items()}
        self.items.append({"t": round(time.monotonic() - self._started, 4), "kind": kind, **values})

    def message(self, message: Any, **extra: Any) -> Any:
        self("message", message=message, **extra)
        return message

    def error(self, where: str, error: BaseException) -> None:
        self("exception", where=where, error=error)


def jsonable(value: Any, depth: int = 0) -> Any:
    """A value as the harness writes it down."""
    if depth > 12:
        return repr(value)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        long = {"__long_str__": len(value), "head": value[:200], "tail": value[-200:]}
        return value if len(value) <= CLIP else long
    if isinstance(value, dict):
        return {str(key): jsonable(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [jsonable(item, depth + 1) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in dataclasses.fields(value)]
        return _object(value, {name: getattr(value, name, None) for name in names}, depth)
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, BaseException):
        return _error(value)
    attributes = getattr(value, "__dict__", None)
    if attributes:
        return _object(value, {name: item for name, item in attributes.items() if not name.startswith("_")}, depth)
    return repr(value)


def _object(value: Any, attributes: dict[str, Any], depth: int) -> dict[str, Any]:
    return {"__class__": type(value).__name__, **{name: jsonable(item, depth + 1) for name, item in attributes.items()}}


def _error(error: BaseException) -> dict[str, Any]:
    described: dict[str, Any] = {"__class__": type(error).__name__, "str": str(error)[:CLIP]}
    for name in ("exit_code", "stderr", "data", "line", "original_error", "errors", "subtype"):
        if hasattr(error, name):
            described[name] = jsonable(getattr(error, name), 8)
    return described


def load_scenario(shared: Path, name: str, base: Path, places: Places, log: Observations) -> types.ModuleType:
    """The scenario's module, with our directories written into its text."""
    directory = base / "scenarios"
    directory.mkdir(exist_ok=True)
    for stem in ("_util", name):
        text = (shared / "scenarios" / f"{stem}.py").read_text(encoding="utf-8")
        (directory / f"{stem}.py").write_text(places.localise(text), encoding="utf-8")
    sys.path.insert(0, str(directory))
    sys.modules["_log"] = log  # type: ignore[assignment]  # scenarios may import it like a module
    spec = importlib.util.spec_from_file_location("scenario", directory / f"{name}.py")
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


def make_cassette(shared: Path, name: str, base: Path, places: Places) -> Path | None:
    """The recording as a cassette; None for a program that never got as far as starting a CLI."""
    wires = sorted((shared / "wire" / name).glob("wire*.jsonl"), key=lambda path: (len(path.name), path.name))
    if not wires:
        return None
    local = []
    for wire in wires:
        copy = base / wire.name
        text = wire.read_bytes().decode("utf-8", "surrogateescape")
        copy.write_bytes(places.localise(text).encode("utf-8", "surrogateescape"))
        local.append(copy)
    path = base / f"{name}.jsonl"
    dump(import_wires([str(wire) for wire in local]), path)
    return path


async def drive(sdk: types.ModuleType, scenario: types.ModuleType, make_options: Any, log: Observations) -> None:
    """Run the program; what it lets through is an observation too."""
    try:
        with anyio.fail_after(DRIVE_TIMEOUT):
            await scenario.drive(sdk, make_options, log)
    except TimeoutError:
        log("timeout", seconds=DRIVE_TIMEOUT)
    except Exception as error:
        log("drive_exception", error=error)


class Run:
    """One case: its scenario, where it runs, and the cassette made of its recording (None when no CLI was started)."""

    def __init__(self, shared: Path, name: str, leg: Leg, backend: str, base: Path) -> None:
        self.shared, self.name, self.leg, self.backend, self.base = shared, name, leg, backend, base
        self.places = Places(base)
        self._sdk = importlib.import_module(leg.sdk)
        environment = {"HOME": str(self.places.home), "PATH": os.environ["PATH"]}
        os.environ.clear()
        os.environ.update(environment | {"LANG": "C.UTF-8", "TZ": "UTC", "USER": "user"})
        os.chdir(self.places.project)
        self.cassette = make_cassette(shared, name, base, self.places)

    def observe(self, around: Callable[[], Any]) -> tuple[list[dict[str, Any]], list[str]]:
        """Drive the program in the block that `around` makes; returns its observations and what that block says."""
        log = Observations(self.places)
        scenario = load_scenario(self.shared, self.name, self.base, self.places, log)
        write_files(getattr(scenario, "FILES", {}), self.places)
        os.environ.update(getattr(scenario, "ENV", {}))
        problems: list[str] = []
        try:
            with around():
                anyio.run(drive, self._sdk, scenario, self._make_options, log, backend=self.backend)
        except Exception as error:
            problems = f"{type(error).__name__}: {error}".splitlines()
        return log.items, problems

    def _make_options(self, **given: Any) -> Any:
        defaults: dict[str, Any] = {"cwd": str(self.places.project)}
        if self.leg.process and self.cassette is not None:
            defaults["cli_path"] = str(write_executable(self.base, cassette=self.cassette))
        return self._sdk.ClaudeAgentOptions(**{**defaults, **given})

    def judged(self, around: Callable[[], Any], file: Path) -> tuple[float, list[str]]:
        """Observe, leave the observations in `file`, and compare them with what was observed on the real CLI."""
        import obsdiff  # type: ignore[import-not-found]  # the shared folder's own comparison

        items, problems = self.observe(around)
        text = self.places.restore(json.dumps(items, indent=1, ensure_ascii=False))
        text = self.with_task_ids(text)
        file.write_bytes(text.encode("utf-8", "backslashreplace"))
        score, lines = obsdiff.compare(str(self.shared / "wire" / self.name), str(file))
        return score, [*problems, *(line for line in lines if not line.startswith("  ="))]

    def with_task_ids(self, text: str) -> str:
        """Our recordings have aliases of shell tasks' ids, which the comparison takes for text; in order of number."""
        said = b"".join(path.read_bytes() for path in sorted((self.shared / "wire" / self.name).glob("wire*.jsonl")))
        recorded = dict.fromkeys(re.findall(r'"task_id\\":\\"(b[0-9a-z]{8})\\"', said.decode("utf-8", "replace")))
        aliases = sorted(set(re.findall(r"\bbca5\d{5}\b", text)))
        for alias, task in zip(aliases, recorded, strict=False):
            text = text.replace(alias, task)
        return text


@contextmanager
def played(run: Run) -> Iterator[None]:
    """The recording is played: in process, or by the executable that the options name."""
    if run.leg.process or run.cassette is None:
        yield
        return
    transport = CassetteTransport(run.cassette)
    with use_transport(transport):
        yield
    transport.check()


def main() -> None:
    shared, name, leg, backend, out = Path(sys.argv[1]), *sys.argv[2:5], Path(sys.argv[5])
    sys.path.insert(0, str(shared / "harness"))
    base = (out / "base").resolve()
    base.mkdir()
    run = Run(shared, name, LEGS[leg], backend, base)
    if not run.leg.again or run.cassette is None:
        score, lines = run.judged(lambda: played(run), out / "observed.json")
    else:
        score, lines = record_and_replay(run, out)
    print(json.dumps({"score": score, "lines": lines}))


def record_and_replay(run: Run, out: Path) -> tuple[float, list[str]]:
    """Record the program while it is replayed, then replay that recording, its callbacks' answers verified."""
    assert run.cassette is not None
    recording = run.base / "again" / f"{run.name}.jsonl"
    transport = CassetteTransport(run.cassette)
    score, lines = run.judged(lambda: record(recording, live=transport), out / "observed.json")
    if not lines:
        score, lines = run.judged(lambda: use_cassette(recording), out / "observed_again.json")
        lines = [f"on the new recording: {line}" for line in lines]
    return score, lines


if __name__ == "__main__":
    main()
