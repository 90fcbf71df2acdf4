"""Runs when a Python starts whose PYTHONPATH begins with this folder: sees to it that the runs of an SDK are recorded.

Put there by `claude-cassette record`.  Any Python from 3.8 on may run it, with or without our package, so it stands
alone and imports next to nothing; it acts when an SDK is imported:

- Our package is here: the runs of our SDK and of the official one are opened on a recording transport
  (`startup/in_process.py`).
- It is not, or is another one of the same name: the recorder executable is what `claude` on PATH is already; the
  official SDK, which has a CLI of its own, is pointed at it.

Nothing that goes wrong here reaches the program.  A `sitecustomize` that would have run without this one still runs.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

OFFICIAL = "claude_agent_sdk"
OURS = "claude_code_sdk"
OFFICIAL_TRANSPORT = "claude_agent_sdk._internal.transport.subprocess_cli"


def _run_the_other_one() -> None:
    """The `sitecustomize` behind this one, found as Python would have found it."""
    here = os.path.dirname(os.path.abspath(__file__))
    ours = sys.modules.pop(__name__)
    sys.path[:] = [folder for folder in sys.path if os.path.abspath(folder) != here]
    try:
        __import__(__name__)  # another one now
    except ImportError as error:
        if error.name != __name__:
            raise
    finally:
        # Python looks there for what it has just imported.
        sys.modules.setdefault(__name__, ours)


class _Watcher:
    """A finder that finds what the others find, and acts right after the module ran."""

    def __init__(self) -> None:
        self.looking_for: set[str] = set()
        self.acts: dict[str, Callable[[Any], Any]] = {OURS: _record_here, OFFICIAL: _record_here_or_point}

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        act = self.acts.get(name)
        if act is None or name in self.looking_for:  # another finder of this kind asks us in turn
            return None
        self.looking_for.add(name)
        try:
            for finder in sys.meta_path:
                if finder is not self and hasattr(finder, "find_spec"):
                    spec = finder.find_spec(name, path, target)
                    if spec is not None:
                        if hasattr(spec.loader, "exec_module"):
                            self._act_after(name, spec.loader, act)
                        return spec
        finally:
            self.looking_for.discard(name)
        return None

    def _act_after(self, name: str, loader: Any, act: Callable[[Any], Any]) -> None:
        run = loader.exec_module

        def exec_module(module: Any) -> None:
            run(module)  # first: it may be another watcher's, which takes this attribute away itself
            vars(loader).pop("exec_module", None)
            self.acts.pop(name, None)
            try:
                act(module)
            except Exception as error:
                _leave_failure(error)

        loader.exec_module = exec_module


def _record_here(module: Any = None) -> bool:
    """Our package is here; whether it is ours, and of a version that records, shows in its folders."""
    folders = getattr(module, "__path__", None) or _folders_of(OURS)
    if not any(os.path.isfile(os.path.join(folder, "cassettes", "startup", "in_process.py")) for folder in folders):
        return False
    from claude_code_sdk.cassettes.startup.in_process import install

    install()
    return True


def _record_here_or_point(module: Any) -> None:
    if not _record_here():
        if OFFICIAL_TRANSPORT in sys.modules:
            _point(sys.modules[OFFICIAL_TRANSPORT])
        else:
            _watcher.acts[OFFICIAL_TRANSPORT] = _point


def _point(module: Any) -> None:
    """Let the official SDK find the recorder where it looks for the CLI in its own package."""
    cls = module.SubprocessCLITransport
    find = cls._find_bundled_cli

    def find_recorder(self: Any) -> Any:
        found = find(self)
        if found:
            os.environ["CCSDK_BUNDLED_CLI"] = str(found)
        return os.environ.get("CCSDK_RECORDER") or found

    cls._find_bundled_cli = find_recorder


def _folders_of(name: str) -> list[str]:
    """Where a package is, which is not imported for it."""
    from importlib.util import find_spec

    try:
        spec = sys.modules[name].__spec__ if name in sys.modules else find_spec(name)
    except (ImportError, ValueError):
        return []
    return list((spec and spec.submodule_search_locations) or [])


def _leave_failure(error: Exception) -> None:
    try:
        path = os.path.join(os.environ["CCSDK_SPOOL"], f"hook-{os.getpid()}.failed")
        with open(path, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"{type(error).__name__}: {error}")
    except (KeyError, OSError):
        pass


if os.environ.get("CCSDK_RECORDER"):
    _watcher = _Watcher()
    sys.meta_path.insert(0, _watcher)
_run_the_other_one()
