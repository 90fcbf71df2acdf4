"""Compaction: the conversation is replaced by a summary, by command or when the model's context is nearly full.

The summary is asked of the model, which uses up a reply of the script; a reply without `<summary>` is asked for again,
and the first one is taken as it is (wire-facts §9, and sessions of CLI 2.1.330).
"""

from __future__ import annotations

import json
import re

from .model import ask_quietly
from .model_errors import ApiFailure
from .models import window as window_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...protocol.events import Frame
    from .hook_answers import Verdict
    from .process import Process

BUFFER_TOKENS = 33_000
"""The CLI compacts by itself when no more than this of the model's context is free."""

HARD_BUFFER_TOKENS = 20_000
"""With more than this free, a conversation of one exchange is left as it is."""
FEW_EXCHANGES = 2
"""One exchange and the next prompt are not worth a summary."""
KEPT_FROM_REPLIES = 2
"""By command, the last reply is kept word for word when there is another before it."""
COMPACTED_FROM = 1_000_000
"""Models of a smaller context were not seen to be compacted by themselves: not at 190,000 nor at 230,000 of 200,000."""

CONTINUED = (
    "This session is being continued from a previous conversation that ran out of context. The summary below covers "
    "the earlier portion of the "
    "conversation.\n\n<system-reminder>\n<tools-used-before-summary>{tools}"
    "</tools-used-before-summary>\n</system-reminder>\n{summary}\n\nIf "
    "you need specific details from before compaction (like exact code snippets, error messages, or content you "
    "generated), read the full transcript at: {transcript}\nContinue the conversation from where it left off without "
    "asking the user any further questions. Resume directly — do not acknowledge the summary, do not recap what was "
    'happening, do not preface with "I\'ll continue" or similar. Pick up the last task as if the break never '
    "happened."
)
KEPT = (
    "\n\nThe messages after this summary are the most recent messages from before compaction, kept verbatim. The "
    "summary was written without seeing them, so something it says has not happened yet may already have happened in "
    "them."
)
ASKED = (
    "Summarize the conversation. REMINDER: Do NOT call any tools. Respond with plain text only — an <analysis> block "
    "followed by a <summary> block. Tool calls will be rejected and you will fail the task."
)
"""How the request ends that asks for the summary: a script's `match` may look for it."""

_NOTED = re.compile(r"<tools-used-before-summary>(.*?)</tools-used-before-summary>")
_SUMMARY = re.compile(r"<summary>(.*?)</summary>", re.DOTALL)


class Compaction:
    """One compaction.  `notes` is what its hooks came to, a line each; `blocked` why it did not happen."""

    def __init__(self, cli: Process, trigger: str, instructions: str | None = None) -> None:
        self._cli = cli
        self._trigger = trigger
        self._instructions = instructions
        self._summary = ""
        self._tokens = 0
        self.notes: list[str] = []
        self.blocked: str | None = None

    async def run(self) -> None:
        """Ask the hooks and the model.  Raises `ApiFailure` when the model cannot be reached."""
        cli = self._cli
        auto = self._trigger == "auto"
        if not auto:
            cli.frames.system("status", status="compacting")
        fields: Frame = {"trigger": self._trigger, "custom_instructions": self._instructions}
        verdict = await self._hooks("PreCompact", fields)
        if verdict.blocks:
            self.blocked = f"Compaction blocked by PreCompact hook: {verdict.blocked_by}"
            error = f"skipped: {self.blocked}"
            cli.frames.system("status", status=None, compact_result="failed", compact_error=error)
            return
        if auto:
            cli.frames.system("status", status="compacting", compact_output_chars=0)
        self._tokens = context_tokens(cli)
        asked = f"{ASKED}\n{self._instructions or ''}"
        reply = await ask_quietly(cli, cli.main, asked)
        if not _SUMMARY.search(reply):
            await ask_quietly(cli, cli.main, asked)
        self._summary = reply
        source: Frame = {"source": "compact", "model": cli.main.model}
        await cli.hooks.run("SessionStart", cli.main, source, about="compact")
        await self._hooks("PostCompact", {"trigger": self._trigger, "compact_summary": reply})
        cli.frames.system("status", status=None, compact_result="success")

    def give_up(self) -> None:
        """There is too little to summarize."""
        cli = self._cli
        cli.frames.system("status", status="compacting", compact_output_chars=0)
        cli.frames.system("status", status=None, compact_result="failed", compact_error="too_few_groups")

    def show(self) -> None:
        """The boundary, and what the model is told in place of the conversation."""
        cli = self._cli
        auto = self._trigger == "auto"
        replies = sum(message["role"] == "assistant" for message in cli.main.history)
        keeps = auto or replies >= KEPT_FROM_REPLIES
        parent, anchor = cli.mint.uuid(), cli.mint.uuid()
        kept_uuids = told = [parent]
        if keeps and not auto:
            kept_uuids, told = self._kept()
            parent = kept_uuids[-1]
        metadata: Frame = {
            "trigger": self._trigger,
            "pre_tokens": self._tokens,
            "post_tokens": len(self._summary) // 4,
            "cumulative_dropped_tokens": self._tokens if auto else 0,
            "duration_ms": 50,
        }
        if keeps:
            metadata["preserved_segment"] = {"head_uuid": kept_uuids[0], "anchor_uuid": anchor, "tail_uuid": parent}
            metadata["preserved_messages"] = {"anchor_uuid": anchor, "uuids": told, "all_uuids": kept_uuids}
        cli.frames.system("compact_boundary", compact_metadata=metadata, logical_parent_uuid=parent)
        text = self._text() + (KEPT if keeps else "")
        kept = cli.main.history[-1:] if keeps else []
        cli.main.history = [{"role": "user", "content": [{"type": "text", "text": text}]}]
        for message in kept:
            cli.main.say(message["role"], message["content"])
        cli.main.last_usage, cli.main.exchanges = {}, 1
        if auto:
            cli.tell(cli.main, [{"type": "text", "text": text}], isSynthetic=True, uuid=anchor)
        else:
            cli.frames.user(text, {}, isReplay=False, isSynthetic=True, uuid=anchor)

    def _kept(self) -> tuple[list[str], list[str]]:
        """Uuids of what is kept: the last reply and what its transcript has after it; those that are to be seen."""
        main = self._cli.main
        reply: list[str] = []
        for uuid, (length, _) in reversed(main.points.items()):
            if reply and length != main.points[reply[-1]][0]:
                break
            reply.append(uuid)
        reply = reply[::-1] or [self._cli.mint.uuid()]
        after = [(uuid or self._cli.mint.uuid(), seen) for uuid, seen in main.after_reply]
        return [*reply, *(uuid for uuid, _ in after)], [*reply, *(uuid for uuid, seen in after if seen)]

    def _text(self) -> str:
        found = _SUMMARY.search(self._summary)
        summary = f"Summary:\n{found[1].strip()}" if found else self._summary
        tools = ", ".join(_tools_used(self._cli.main.history))
        return CONTINUED.format(tools=tools, summary=summary, transcript=self._cli.session.transcript)

    async def _hooks(self, event: str, fields: Frame) -> Verdict:
        """Ask the hooks of an event and note what each came to."""
        verdict = await self._cli.hooks.run(event, self._cli.main, fields, about=self._trigger)
        for by, note in verdict.notes:
            self.notes.append(f"{event} [{by}] completed successfully{f': {note}' if note else ''}")
        return verdict


async def compact_if_full(cli: Process) -> None:
    """Compact before a call of the model that would hardly fit."""
    tokens, window = context_tokens(cli), window_of(cli.main.model)
    if window < COMPACTED_FROM or tokens < window - BUFFER_TOKENS:
        return
    compaction = Compaction(cli, "auto")
    if tokens < window - HARD_BUFFER_TOKENS and cli.main.exchanges <= FEW_EXCHANGES:
        compaction.give_up()
        return
    await compaction.run()
    if compaction.blocked is None:
        compaction.show()


async def compact_refused(cli: Process) -> bool:
    """Compact because the API found the request too long; whether that could be: there was more than one exchange."""
    if cli.main.exchanges <= FEW_EXCHANGES:
        return False
    compaction = Compaction(cli, "auto")
    try:
        await compaction.run()
    except ApiFailure as failure:
        cli.frames.system("status", status=None, compact_result="failed", compact_error=failure.text)
        return False
    if compaction.blocked is None:
        compaction.show()
    return compaction.blocked is None


def context_tokens(cli: Process) -> int:
    """Tokens of the model's context as its last call had them."""
    names = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "output_tokens")
    return sum(cli.main.last_usage.get(name, 0) for name in names)


def _tools_used(history: list[dict[str, Any]]) -> list[str]:
    """The tools that were called, and those that a summary before or the report of a sub-agent names."""
    blocks = [block for said in history for block in said["content"]]
    called = {block["name"] for block in blocks if block.get("type") == "tool_use"}
    noted = _NOTED.findall(json.dumps([block for block in blocks if block.get("type") in ("text", "tool_result")]))
    return sorted(called.union(*(names.split(", ") for names in noted if names)))
