"""The engine of a script: the fake CLI, spoiled as the script says.

Above: `ScriptTransport`, `fake-claude`.  Below: `fake_cli/`, `faults.py`.  On the fake path.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ..protocol.engine import Engine
    from .fake_cli import FakeCLI
    from .fake_cli.wire import Json
    from .script import ScriptRun

FOLLOWERS: list[Callable[[FakeCLI], None]] = []
"""Who is told of each fake CLI that is made: a clock that follows them."""


def fake_cli_for(run: ScriptRun, *, moment: float = 0.0, json: Json | None = None) -> Engine:
    """The fake CLI that plays `run`, one process of a script, with the script's faults.

    `moment`, `json`: see `FakeCLI`.
    """
    from .fake_cli import FakeCLI

    fake = FakeCLI(run, moment=moment, json=json)
    for follow in FOLLOWERS:
        follow(fake)
    return with_faults(fake, run)


def with_faults(engine: Engine, run: ScriptRun) -> Engine:
    """`engine`, spoiled by the faults of the script; itself when there are none."""
    faults = run.script.faults
    if not faults:
        return engine
    from .faults import Faulty

    return Faulty(engine, faults, process=run.number)
