"""Session hooks: command hooks that run as a process starts and ends (wire-facts §5).

Callbacks are not asked then: only about `/clear` and compaction.  What SessionStart hooks say beside a title and words
for the model has no effect (sessions of CLI 2.1.330).  Above: `process.py`, `control.py`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .process import Process


async def session_starts(cli: Process) -> None:
    """The hooks of the start, before the host gets its first answer."""
    if cli.hooks.commands.about("SessionStart"):
        source = "resume" if cli.launch.has("--resume") or cli.launch.has("--continue") else "startup"
        fields = {"source": source, "model": cli.main.model}
        verdict = await cli.hooks.run("SessionStart", cli.main, fields, about=source, callbacks=False)
        cli.session.take_title(verdict)
        for context in verdict.context:
            cli.main.say("user", context)


async def session_ends(cli: Process) -> None:
    """The hooks of the end, of which no frame tells."""
    await cli.hooks.run("SessionEnd", cli.main, {"reason": "other"}, about="other", callbacks=False)
