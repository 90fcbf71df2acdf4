"""Everything for tests of programs that run the CLI: the scripted fake, executables, kits of checks.

    from claude_code_sdk.testing import Script, use_script

This module owns the list of the names and nothing else; each is loaded from its submodule when it is first asked for.
On the fake path.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .alone import call_hook as call_hook
    from .alone import call_permission as call_permission
    from .alone import call_tool as call_tool
    from .chaos import ClaudeFaultsFound as ClaudeFaultsFound
    from .chaos import FaultFinding as FaultFinding
    from .chaos import FaultReport as FaultReport
    from .chaos import claude_faults as claude_faults
    from .clock import RecordedClock as RecordedClock
    from .executable import check_executable as check_executable
    from .executable import write_executable as write_executable
    from .http import ToolHttp as ToolHttp
    from .run.expected import including as including
    from .run.facts import HookCall as HookCall
    from .run.facts import McpCall as McpCall
    from .run.facts import PermissionRequest as PermissionRequest
    from .run.facts import ToolCall as ToolCall
    from .run.observed_engine import ObservedEngine as ObservedEngine
    from .run.observed_transport import ObservedTransport as ObservedTransport
    from .run.observed_transport import observe as observe
    from .run.run import Run as Run
    from .run.run import SessionRun as SessionRun
    from .run.wire_log import WireLog as WireLog
    from .script import ABSENT as ABSENT
    from .script import Answer as Answer
    from .script import Expectation as Expectation
    from .script import Fault as Fault
    from .script import Result as Result
    from .script import Script as Script
    from .script import ScriptError as ScriptError
    from .script import ScriptFormatError as ScriptFormatError
    from .script import ScriptRun as ScriptRun
    from .script import State as State
    from .script import Turn as Turn
    from .script import containing as containing
    from .script import sleep as sleep
    from .script import text as text
    from .script import thinking as thinking
    from .script import tool_use as tool_use
    from .script_transport import ScriptTransport as ScriptTransport
    from .script_transport import use_script as use_script

# Public names by the submodule that has them.
_NAMES = {
    "alone": "call_hook call_permission call_tool",
    "chaos": "ClaudeFaultsFound FaultFinding FaultReport claude_faults",
    "clock": "RecordedClock",
    "executable": "check_executable write_executable",
    "http": "ToolHttp",
    "run.expected": "including",
    "run.facts": "HookCall McpCall PermissionRequest ToolCall",
    "run.observed_engine": "ObservedEngine",
    "run.observed_transport": "ObservedTransport observe",
    "run.run": "Run SessionRun",
    "run.wire_log": "WireLog",
    "script": """
        ABSENT Answer Expectation Fault Result Script ScriptError ScriptFormatError ScriptRun State Turn containing
        sleep text thinking tool_use
    """,
    "script_transport": "ScriptTransport use_script",
}
_HOME = {name: module for module, listed in _NAMES.items() for name in listed.split()}

__all__ = list(_HOME)


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value  # the next access does not come here
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
