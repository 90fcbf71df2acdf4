"""Waits for the official SDK `claude_agent_sdk` to be imported, to patch it then.

Above: `_official_patch.py`, `_official_guard.py`, each of which patches the one module that starts processes.  Below:
the import system.  That SDK takes a second to import, so it is never imported here.
"""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import ModuleType

MODULE = "claude_agent_sdk._internal.transport.subprocess_cli"
CLASS = "SubprocessCLITransport"

_waiting: list[Callable[[ModuleType], None]] = []


def when_imported(patch: Callable[[ModuleType], None], *, first: bool = False) -> None:
    """Call `patch` with the module: now if it is imported, else right after it ran.  Idempotent while it waits.

    - `first`: before those that wait, which then find what it has put there.

    Raises what `patch` raises, now or in the import.
    """
    module = sys.modules.get(MODULE)
    if module is not None:
        patch(module)
        return
    if patch not in _waiting:
        _waiting.insert(0 if first else len(_waiting), patch)
    if _watcher not in sys.meta_path:
        sys.meta_path.insert(0, _watcher)


def forget(patch: Callable[[ModuleType], None]) -> None:
    """Wait no longer; no trace is left of the last one.  Idempotent."""
    if patch in _waiting:
        _waiting.remove(patch)
    if not _waiting and _watcher in sys.meta_path:
        sys.meta_path.remove(_watcher)


def found_without(finder: object, name: str, path: Sequence[str] | None, target: ModuleType | None) -> Any:
    """The spec of a module as all finders but this one find it; None when they do not."""
    for other in list(sys.meta_path):
        if other is not finder and hasattr(other, "find_spec"):
            spec = other.find_spec(name, path, target)
            if spec is not None:
                return spec
    return None


class _Watcher:
    """A finder that finds what the others find, and patches the one module right after it ran."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name != MODULE:
            return None
        spec: ModuleSpec | None = found_without(self, name, path, target)
        if spec is not None:
            _patch_after(spec.loader)
        return spec


def _patch_after(loader: Any) -> None:
    """Let this loader (each module has its own) run the module as ever, and patch then."""
    run = loader.exec_module

    def exec_module(module: ModuleType) -> None:
        vars(loader).pop("exec_module", None)
        run(module)
        if _watcher in sys.meta_path:
            sys.meta_path.remove(_watcher)
        waiting = list(_waiting)
        _waiting.clear()
        for patch in waiting:
            patch(module)

    loader.exec_module = exec_module


_watcher = _Watcher()
