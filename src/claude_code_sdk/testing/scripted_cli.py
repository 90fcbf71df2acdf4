"""The engine of a script: the fake CLI, spoiled as the script says.

Above: `ScriptTransport`, `fake-claude`.  Below: `fake_cli/`, `faults.py`.  On the fake path.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..protocol.engine import Engine
    from .script import ScriptRun


def fake_cli_for(run: ScriptRun, *, moment: float = 0.0) -> Engine:
    """The fake CLI that plays `run`, one process of a script, with the script's faults.

    `moment`: see `FakeCLI`.
    """
    from .fake_cli import FakeCLI

    return with_faults(FakeCLI(run, moment=moment), run)


def with_faults(engine: Engine, run: ScriptRun) -> Engine:
    """`engine`, spoiled by the faults of the script; itself when there are none."""
    faults = run.script.faults
    if not faults:
        return engine
    from .faults import Faulty

    return Faulty(engine, faults, process=run.number)
