"""Makes the official SDK `claude_agent_sdk` ask the guard of real CLIs before it starts one.

Above: the pytest plugin, which installs it for a run of tests.  Below: `transports/live_guard.py`.  Like
`_official_patch.py` it replaces `connect()` on the class that starts processes; that one replaces this one while a
transport is on the stack, and puts it back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _official_import

if TYPE_CHECKING:
    from types import ModuleType

_guarded: tuple[Any, Any, Any] | None = None  # the class, its own connect(), and ours


_installed = False


def install() -> bool:
    """Guard the class if its module is imported, else when it is.  False when that was done before."""
    global _installed
    if _installed:
        return False
    _installed = True
    _official_import.when_imported(_guard, first=True)  # a transport that is on the stack replaces the guard
    return True


def remove() -> None:
    """Undo `install()`.  Idempotent."""
    global _guarded, _installed
    _installed = False
    _official_import.forget(_guard)
    if _guarded is not None:
        cls, connect, ours = _guarded
        if vars(cls).get("connect") is ours:
            cls.connect = connect
        _guarded = None


def _guard(module: ModuleType) -> None:
    global _guarded
    cls: Any = getattr(module, _official_import.CLASS, None)
    original = vars(cls).get("connect") if isinstance(cls, type) else None
    if _guarded is not None or original is None:  # of a version that it does not know it is no guard
        return

    async def connect(self: Any) -> None:
        from .transports.live_guard import check_live

        if getattr(self, "_process", None) is None:
            check_live(await _executable(self))
        await original(self)

    cls.connect = connect
    _guarded = (cls, original, connect)


async def _executable(transport: Any) -> str:
    """What an instance is about to start, which it remembers.  `"claude"` where it cannot be asked."""
    path = getattr(transport, "_cli_path", None)
    if path is None and hasattr(transport, "_find_cli"):
        from anyio.to_thread import run_sync

        path = transport._cli_path = await run_sync(transport._find_cli)
    return "claude" if path is None else str(path)
