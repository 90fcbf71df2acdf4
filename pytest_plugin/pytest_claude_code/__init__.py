"""The pytest plugin of claude-code-sdk-harness: scripts and recorded sessions of the Claude Code CLI, as fixtures.

The classes of the fixtures are here, for the annotations of tests.  They are loaded when somebody asks for one: every
run of pytest imports this package.

PYTEST_DONT_REWRITE: where real CLIs are refused, `claude_code_live_guard.pth` imports the package before pytest can.
Without this word pytest warns of that.  The modules of the package are rewritten all the same.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .cassette_fixture import ClaudeCassette
    from .chaos_fixture import ClaudeFaults
    from .script_fixture import FakeClaude

__all__ = ["ClaudeCassette", "ClaudeFaults", "FakeClaude"]

_PLACES = {"ClaudeCassette": "cassette_fixture", "ClaudeFaults": "chaos_fixture", "FakeClaude": "script_fixture"}


def __getattr__(name: str) -> type:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    fixture: type = getattr(import_module(f".{_PLACES[name]}", __name__), name)
    globals()[name] = fixture
    return fixture
