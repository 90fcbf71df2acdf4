"""Makes the official SDK `claude_agent_sdk` ask `use_transport()` where to connect.

Above: `_override.py`, which installs the patch with the first transport on the stack and removes it with the last.
Below: `_official_import.py`, `transports/official.py`.

One method is replaced on the class `SubprocessCLITransport`: `connect()`.  Both entry points of the official SDK make
an instance of it (each imports the name for itself, so replacing the name would miss one).  A connect while a transport
is on the stack gives the *instance* methods of its own; so an instance that connected before, or that lives on after,
behaves as it did when it connected.  A transport with a method `official_cli()` instead says which executable that SDK
starts, whatever its options name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _official_import
from ._official_import import CLASS, MODULE

if TYPE_CHECKING:
    from types import ModuleType

_METHODS = ("connect", "write", "read_messages", "end_input", "close", "is_ready")

_patched: tuple[Any, Any] | None = None  # the class, and its own connect()


def install() -> None:
    """Patch the class if its module is imported, else when it is.  Idempotent.

    Raises `RuntimeError` when the installed version has no such class or method.
    """
    _official_import.when_imported(_patch)


def remove() -> None:
    """Undo `install()`; no trace is left.  Idempotent."""
    global _patched
    _official_import.forget(_patch)
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
