"""World: what happens when a tool really runs, which is the only moment at which the world is asked.

Tools of servers, sub-agents and the like answer for themselves.  For the others the script says what the world answers;
where it says nothing, the directory that it owns (`tools="execute"`), or what looks real.  Above: `tool_run.py`.
"""

from __future__ import annotations

from ..script.result import Result
from .shell_run import run_shell
from .tools import Ran

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...protocol.events import Frame
    from .own_directory import OwnDirectory
    from .process import Process
    from .thread import Thread
    from .tools import Tool

EXECUTED = frozenset(["Read", "Write", "Edit", "Glob", "Grep"])
"""Tools that work on the script's directory, if it has one."""


async def run_tool(cli: Process, thread: Thread, tool: Tool, tool_use_id: str, given: Frame, said: Any) -> Ran:
    """Run a tool that may run, for a thread that called it.

    `said` is the input as the model wrote it, which the script's patterns are about.
    """
    if tool.runs_itself:
        return await tool.run(cli, tool_use_id, given, thread)
    if not tool.at_once:
        await cli.kernel.idle(tool.rank(given))

    async def answer() -> Ran:
        return await _answer(cli, thread, tool, tool_use_id, given, said)

    if tool.answered_here:
        return tool.answer(cli, given)
    ran = await (run_shell(cli, tool_use_id, given, answer) if tool.name == "Bash" else answer())
    tool.ended(cli, given, ran)
    return ran


async def _answer(cli: Process, thread: Thread, tool: Tool, tool_use_id: str, given: Frame, said: Any) -> Ran:
    result = cli.run.result_for(tool_use_id, tool.name, said)
    if result is None:
        return await _unscripted(cli, thread, tool, given)
    if result.function is not None:
        result = Result.of(await cli.call(result.function, said))
    return tool.completed(cli, given, Ran(result.content, is_error=result.is_error, result=result.tool_use_result))


async def _unscripted(cli: Process, thread: Thread, tool: Tool, given: Frame) -> Ran:
    directory = cli.run.script.directory
    if directory is None or tool.name not in EXECUTED:
        return await tool.unscripted(cli, given, thread)
    ran: Ran = await cli.call(_own_directory(cli, directory).run, tool.name, given)
    return ran


async def refused_by_world(cli: Process, tool: Tool, given: Frame) -> str | None:
    """Why a call is refused by what the script's directory holds, before hooks and permission; None when it is not."""
    directory = cli.run.script.directory
    if directory is None or tool.name not in EXECUTED:
        return None
    refusal: str | None = await cli.call(_own_directory(cli, directory).refusal, tool.name, given)
    return refusal


def _own_directory(cli: Process, directory: str) -> OwnDirectory:
    from .own_directory import OwnDirectory  # only scripts that execute tools need it

    return OwnDirectory(directory, cli.cwd)
