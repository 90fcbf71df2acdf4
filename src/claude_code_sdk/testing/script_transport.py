"""ScriptTransport and use_script(): a script as a `Transport`, and around code that takes no transport.

Above: programs' tests, the pytest plugin.  Below: a `MemoryChannel` a run, which drives the fake CLI.  No process is
started, nothing leaves this one.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from .._json import loads, quick_dumps
from ..cassettes.block import CassetteBlock
from ..cassettes.unplayed import FAIL, checked_unplayed
from ..transports.in_process import CLOSE_GRACE, InProcessTransport, MemoryChannel
from .script import Script, ScriptError, State
from .scripted_cli import fake_cli_for

if TYPE_CHECKING:
    from ..cassettes.block import Use
    from ..protocol.command import Command
    from ..protocol.engine import Engine
    from ..transports.base import Transport
    from .script import ScriptRun
else:  # so that `typing.get_type_hints` works: on the fake path there is no `typing`
    Use = Command = Engine = Transport = ScriptRun = Any

Unplayed: TypeAlias = Literal["fail", "ignore"]


def fake_cli_in_process(run: ScriptRun) -> Engine:
    """The fake CLI of a run beside its host, whose fast JSON is loaded anyway."""
    from .fake_cli.wire import Json

    return fake_cli_for(run, json=Json(loads, quick_dumps))


class ScriptTransport:
    """Plays every run of a program from one script, by the fake CLI.

    - `script`: a `Script`, or the path of its JSON form.
    - `state`: what is used up and which sessions there are, as in `Script.begin`.  By default a new one, so that the
      same script can be used again.
    - `unplayed`: what `check` makes of replies and expectations that are left: `"fail"` or `"ignore"`.
    - `close_timeout`: seconds that closing a run waits for its end; clients of this SDK say their own.
    - `make_engine`: makes the engine of a run; the fake CLI with the script's faults by default.

    Raises `OSError` or `ScriptFormatError` for a path whose script cannot be read or is wrong, `ValueError` for a word
    that does not exist.
    """

    def __init__(
        self,
        script: Script | str | os.PathLike[str],
        *,
        state: State | str | None = None,
        unplayed: Unplayed = "fail",
        close_timeout: float = CLOSE_GRACE,
        make_engine: Callable[[ScriptRun], Engine] = fake_cli_in_process,
    ) -> None:
        self.script = script if isinstance(script, Script) else Script.load(script)
        self.state = state if isinstance(state, State) else State(state)
        self.runs: list[ScriptRun] = []
        """The runs that were opened, in their order."""
        self._unplayed = checked_unplayed(unplayed)
        self._close_timeout = close_timeout
        self._make_engine = make_engine

    async def open(self, command: Command, *, on_stderr: Callable[[str], None] | None = None) -> MemoryChannel:
        """Begin a run; see `Transport.open`.  Raises what the engine raises for a command that it does not accept."""
        return await self._opener(self._close_timeout).open(command, on_stderr=on_stderr)

    def for_options(self, options: Any) -> InProcessTransport:
        """The transport of a run with these options, which say how long closing waits."""
        return self._opener(options.close_timeout)

    def left(self) -> list[str]:
        """The replies and expectations that no run has met yet, a readable line each."""
        return self.script.left(self.state)

    def check(self) -> None:
        """Judge what was played, when the program is done.

        Raises `ScriptError`: the first one, which the program may have swallowed, or, unless `unplayed="ignore"`, one
        that lists the replies and expectations that are left.
        """
        for run in self.runs:
            if run.verdict is not None:
                raise run.verdict
        left = self.left() if self._unplayed == FAIL else []
        if left:
            raise not_finished(left, len(self.runs))

    def _opener(self, close_timeout: float) -> InProcessTransport:
        return InProcessTransport(self._begin, close_timeout=close_timeout)

    def _begin(self, command: Command) -> Engine:
        run = self.script.begin(self.state)
        self.runs.append(run)
        return self._make_engine(run)


class use_script(CassetteBlock):
    """Play the CLI's runs in a `with` or `async with` block, or of each call of a function, from a script.

        with use_script(Script().says("Hello")):
            ...

    The parameters are those of `ScriptTransport`, which is the block's value.  Each block begins the script afresh,
    unless a `state` is given.

    Works for `query()` and clients of this SDK and of the official `claude_agent_sdk`, which take no `transport=`.
    Several runs may follow one another or go on at once; they use up the same script, as processes would.

    At the end of a block without an exception `ScriptError` is raised: the first one, if the program swallowed it, or
    one for replies and expectations that are left; see `ScriptTransport.check`.  An exception that ends the block gets
    a note with a `ScriptError` that was raised before it.  Cancelled, the block ends as with any exception.

    Raises, on entering, what `ScriptTransport` raises for a path.  `ValueError` for a word that does not exist.
    """

    def __init__(
        self,
        script: Script | str | os.PathLike[str],
        *,
        state: State | str | None = None,
        unplayed: Unplayed = "fail",
        close_timeout: float = CLOSE_GRACE,
        make_engine: Callable[[ScriptRun], Engine] = fake_cli_in_process,
    ) -> None:
        super().__init__()
        checked_unplayed(unplayed)
        self._script = script
        self._settings: dict[str, Any] = {
            "state": state,
            "unplayed": unplayed,
            "close_timeout": close_timeout,
            "make_engine": make_engine,
        }

    if TYPE_CHECKING:

        def __enter__(self) -> ScriptTransport: ...

        async def __aenter__(self) -> ScriptTransport: ...

    def _use(self) -> Use:
        return Scripted(ScriptTransport(self._script, **self._settings))


class Scripted:
    """A script that is played."""

    size = 0

    def __init__(self, transport: ScriptTransport) -> None:
        self._scripted = transport
        self.transport: Transport = transport

    def finish(self) -> None:
        self._scripted.check()

    def abandon(self, error: BaseException) -> str:
        verdict = next((run.verdict for run in self._scripted.runs if run.verdict is not None), None)
        return "" if verdict in (None, error) else f"before this the script said: {verdict}"


def not_finished(left: list[str], runs: int) -> ScriptError:
    """The error for what is left of a script after so many runs of the CLI."""
    started = "no run" if not runs else "1 run" if runs == 1 else f"{runs} runs"
    lines = ["the program ended before its script did", "", f"  it started {started} of the CLI; left are", ""]
    lines += [f"    {line}" for line in left]
    lines += ["", '  take out what is too much, or say unplayed="ignore"']
    return ScriptError("\n".join(lines))
