"""Makes the official SDK `claude_agent_sdk` ask `use_transport()` where to connect.

Above: `_override.py`, which installs the patch with the first transport on the stack and removes it with the last.
Below: `transports/official.py`.

One method is replaced on the class `SubprocessCLITransport`: `connect()`.  Both entry points of the official SDK make
an instance of it (each imports the name for itself, so replacing the name would miss one).  A connect while a transport
is on the stack gives the *instance* methods of its own; so an instance that connected before, or that lives on after,
behaves as it did when it connected.  A transport with a method `official_cli()` instead says which executable that SDK
starts, whatever its options name.  The official SDK takes a second to import, so it is never imported here: where it
is not, its import is watched.
"""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

MODULE = "claude_agent_sdk._internal.transport.subprocess_cli"
CLASS = "SubprocessCLITransport"

_METHODS = ("connect", "write", "read_messages", "end_input", "close", "is_ready")

_patched: tuple[Any, Any] | None = None  # the class, and its own connect()


def install() -> None:
    """Patch the class if its module is imported, else when it is.  Idempotent.

    Raises `RuntimeError` when the installed version has no such class or method.
    """
    module = sys.modules.get(MODULE)
    if module is not None:
        _patch(module)
    elif _watcher not in sys.meta_path:
        sys.meta_path.insert(0, _watcher)


def remove() -> None:
    """Undo `install()`; no trace is left.  Idempotent."""
    global _patched
    if _watcher in sys.meta_path:
        sys.meta_path.remove(_watcher)
    if _patched is not None:
        cls, connect = _patched
        cls.connect = connect
        _patched = None


def _patch(module: ModuleType) -> None:
    global _patched
    if _patched is not None:
        return
    cls = getattr(module, CLASS, None)
    original = vars(cls).get("connect") if isinstance(cls, type) else None
    if original is None:
        from .transports._official_errors import official_version

        raise RuntimeError(
            f"use_transport() cannot reach the installed claude_agent_sdk {official_version()}: {MODULE} has no "
            f"{CLASS}.connect(). Give its query() or ClaudeSDKClient transport=official_transport(...) instead "
            "(claude_code_sdk.transports.official), or use version 0.2.187"
        )

    async def connect(self: Any) -> None:
        from ._override import current
        from .transports._official_command import command_of
        from .transports.official import OfficialShape

        transport = current()
        if transport is None:
            await original(self)
            return
        if hasattr(transport, "official_cli"):  # that SDK is to start a process itself, as it does live
            self._cli_path = transport.official_cli()
            await original(self)
            return
        options = self._options
        shape = OfficialShape(
            transport, lambda: command_of(self), on_stderr=options.stderr, max_frame_size=options.max_buffer_size
        )
        await shape.connect()
        vars(self).update({name: getattr(shape, name) for name in _METHODS})

    cls.connect = connect  # type: ignore[union-attr]  # it is a class: it has a method
    _patched = (cls, original)


class _Watcher:
    """A finder that finds what the others find, and patches the one module right after it ran."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name != MODULE:
            return None
        for finder in sys.meta_path:
            if finder is not self and hasattr(finder, "find_spec"):
                spec = finder.find_spec(name, path, target)
                if spec is not None:
                    _patch_after(spec.loader)
                    return spec
        return None


def _patch_after(loader: Any) -> None:
    """Let this loader (each module has its own) run the module as ever, and patch then."""
    run = loader.exec_module

    def exec_module(module: ModuleType) -> None:
        del loader.exec_module
        run(module)
        if _watcher in sys.meta_path:
            sys.meta_path.remove(_watcher)
            _patch(module)

    loader.exec_module = exec_module


_watcher = _Watcher()
