"""Limits: when a turn ends because it took as much as the command line allows (wire-facts §8)."""

from __future__ import annotations

from .result import Outcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .process import Process
    from .stream import Reply
    from .thread import Thread

PARTIAL = "The text below is PARTIAL output; treat it as incomplete."
NOTHING = "It was still calling tools and had produced no report."
"""What is said of a sub-agent that has used up its turns: where it wrote some text before, and where it did not."""


def over_budget(cli: Process, reply: Reply | None = None) -> Outcome | None:
    """How the turn ends when the process has spent `--max-budget-usd`; `reply` is the one that spent it.

    It is looked at when a reply is complete, before its tools have run, and before the first call of a turn.
    """
    given = cli.launch.get("--max-budget-usd")
    if given is None or cli.session.usage.cost < float(given):
        return None
    return Outcome(
        subtype="error_max_budget_usd",
        is_error=True,
        terminal_reason="budget_exhausted",
        stop_reason=None if reply is None or _reads(reply) else reply.stop_reason,
        errors=[f"Reached maximum budget (${given})"],
        cancels=True,
    )


def over_turns(cli: Process, calls: int) -> Outcome | None:
    """How the turn ends when the model was called `--max-turns` times and wants to go on; 0 and less are no limit."""
    most = int(float(cli.launch.get("--max-turns", 0)))
    if most <= 0 or calls < most:
        return None
    return Outcome(
        subtype="error_max_turns",
        is_error=True,
        terminal_reason="max_turns",
        stop_reason="tool_use",
        errors=[f"Reached maximum number of turns ({most})"],
        num_turns=most + 1,
    )


def over_agent_turns(thread: Thread, calls: int) -> Outcome | None:
    """How a sub-agent ends that has used up the turns of its definition: with a note, for the last that it wrote."""
    if thread.max_turns is None or calls < thread.max_turns:
        return None
    note = (
        f"NOTE: this agent stopped at its {thread.max_turns}-turn limit before finishing. "
        f"{PARTIAL if thread.last_text else NOTHING} Send the agent a message (SendMessage) to let it continue from "
        "where it stopped.\n"
    )
    return Outcome(note, subtype="error_max_turns", terminal_reason="max_turns")


def _reads(reply: Reply) -> bool:
    """Whether it calls Read: that is so quick that the CLI looks at its costs before it knows why the reply stopped.

    Seen in each of three sessions with Read, and in none of five with Bash.
    """
    return any(block.get("name") == "Read" for block in reply.content)
