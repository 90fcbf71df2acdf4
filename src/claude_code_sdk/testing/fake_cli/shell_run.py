"""Shell run: a Bash call that may run, for as long as its command would take (wire-facts §7).

In the foreground the result comes then; a command of more than three seconds is shown as a task meanwhile.  In the
background the call returns at once and the model is told when the command has ended.  One that takes longer in the
foreground than its timeout is moved to the background; but a line that begins with `sleep` is ended.
"""

from __future__ import annotations

import re

from .shell.line import Line
from .shell_time import in_words, seconds
from .tasks import SHELL, Task
from .tools.base import Ran

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ...protocol.events import Frame
    from .process import Process

SHOWN_AFTER = 3.0
"""Seconds after which a command in the foreground is shown as a task."""

AT_LEAST = 0.05
"""Seconds that a command in the background takes, whatever it does."""

TIMEOUT = 120_000
"""Milliseconds that a command gets in the foreground, unless the call says otherwise."""

MOVED = (
    "Command did not complete within its {limit} timeout and was moved to the background (ID: {id}). Output is being "
    "written to: {file}. You will be notified when it completes. If it is still running after 30m in the background, "
    "it will be stopped and you will be notified. It is running now: do not start a second copy while it runs. If it "
    "is no longer needed, stop it with TaskStop. To check interim output, use Read on that file path."
)
IN_BACKGROUND = (
    "Command running in background with ID: {id}. Output is being written to: {file}. You will be notified when it "
    "completes. To check interim output, use Read on that file path."
)
_EXIT_CODE = re.compile(r"Exit code (\d+)")


async def run_shell(cli: Process, tool_use_id: str, given: Frame, answer: Callable[[], Awaitable[Ran]]) -> Ran:
    """Run a command; `answer` gives what it printed and how it ended."""
    if given.get("run_in_background"):
        return _launch(cli, tool_use_id, given, answer)
    takes, milliseconds = seconds(given["command"]), given.get("timeout") or TIMEOUT
    limit = milliseconds / 1000
    if takes <= min(SHOWN_AFTER, limit):
        await cli.kernel.idle(1)  # a process takes longer than a file
        await cli.kernel.sleep(takes)
        return await answer()
    task = _task(cli, tool_use_id, given, background=False)
    await cli.kernel.sleep(min(SHOWN_AFTER, limit))
    if limit > SHOWN_AFTER:
        cli.tasks.start(task, task_type=SHELL)
        await cli.kernel.sleep(min(takes, limit) - SHOWN_AFTER)
    if takes > limit and not _is_ended(given["command"]):
        return await _move(cli, task, takes - limit, milliseconds, answer)
    ran = await answer() if takes <= limit else Ran.error(f"Exit code 143\nCommand timed out after {in_words(limit)}")
    if task.id in cli.tasks.live:
        cli.tasks.end(task, "failed" if ran.is_error else "completed", task.description, output=False)
    return ran


def _is_ended(command: str) -> bool:
    """Whether a command that takes too long is ended: waiting in the background would serve nobody."""
    first = next(iter(Line(command).commands), None)
    return first is not None and first.name == "sleep"


async def _move(cli: Process, task: Task, left: float, limit: int, answer: Callable[[], Awaitable[Ran]]) -> Ran:
    """Move a command to the background, `left` seconds before its end; what it will have printed is told at once."""
    ran = await answer()
    if task.id in cli.tasks.live:
        cli.tasks.to_background(task)
    else:
        task.background = True
        cli.tasks.start(task, task_type=SHELL)

    async def ended() -> Ran:
        return ran

    task.work = cli.kernel.spawn(_in_background(cli, task, left, ended))
    printed = ran.result.get("stdout", "") if isinstance(ran.result, dict) else str(ran.content)
    file = cli.tasks.output_file(task.id)
    moved = MOVED.format(limit=in_words(limit / 1000), id=task.id, file=file)
    result = {"stdout": printed, "stderr": "", "interrupted": False, "isImage": False, "noOutputExpected": False}
    result |= {"backgroundTaskId": task.id, "timedOutAfterMs": limit}
    return Ran(f"{printed}\n{moved}" if printed else moved, is_error=False, result=result)


def _launch(cli: Process, tool_use_id: str, given: Frame, answer: Callable[[], Awaitable[Ran]]) -> Ran:
    task = _task(cli, tool_use_id, given, background=True)
    cli.tasks.start(task, task_type=SHELL)
    task.work = cli.kernel.spawn(_in_background(cli, task, max(seconds(given["command"]), AT_LEAST), answer))
    result = {"stdout": "", "stderr": "", "interrupted": False, "isImage": False, "noOutputExpected": False}
    text = IN_BACKGROUND.format(id=task.id, file=cli.tasks.output_file(task.id))
    return Ran(text, is_error=False, result=result | {"backgroundTaskId": task.id})


async def _in_background(cli: Process, task: Task, takes: float, answer: Callable[[], Awaitable[Ran]]) -> None:
    await cli.kernel.sleep(takes)
    ran = await answer()
    found = _EXIT_CODE.match(str(ran.content)) if ran.is_error else None
    code = int(found.group(1)) if found else int(bool(ran.is_error))
    status = "failed" if code else "completed"
    ended = f"failed with exit code {code}" if code else "completed (exit code 0)"
    summary = f'Background command "{task.description}" {ended}'
    cli.tasks.update(task, status)
    cli.tasks.end(task, status, summary)
    cli.tasks.tell_model(task, status, summary)


def _task(cli: Process, tool_use_id: str, given: Frame, *, background: bool) -> Task:
    description = given.get("description") or given["command"]
    task = Task(cli.mint.shell_task(), cli.mint.run(), SHELL, tool_use_id, description, background)
    task.command = given["command"]
    return task
