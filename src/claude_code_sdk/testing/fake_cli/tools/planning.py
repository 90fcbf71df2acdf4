"""Plan mode and questions: tools by which the model turns to the user, who answers through `can_use_tool`."""

from __future__ import annotations

import re

from ..permissions import Decision
from .base import Ran, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ....protocol.events import Frame
    from ..process import Process

ENTERED = "Entered plan mode. You should now focus on exploring the codebase and designing an implementation approach."
HOW_TO_PLAN = (
    "\n\nIn plan mode, you should:\n1. Thoroughly explore the codebase to understand existing patterns\n2. Identify "
    "similar features and architectural approaches\n3. Consider multiple approaches and their trade-offs\n4. Use "
    "AskUserQuestion if you need to clarify the approach\n5. Design a concrete implementation strategy\n6. When ready, "
    "use ExitPlanMode to present your plan for approval\n\nRemember: DO NOT write or edit any files yet. This is a "
    "read-only exploration and planning phase."
)
APPROVED = "User has approved exiting plan mode. You can now proceed."
NOT_PLANNING = (
    "You are not in plan mode. To enter plan mode, call the EnterPlanMode tool first. If your plan was already "
    "approved, continue with implementation."
)
ANSWERED = "Your questions have been answered: {}. You can now continue with these answers in mind."
ANSWERED_FREELY = (
    "The user answered: {}. Read the answers carefully — they may request clarification, changes, or that you not "
    "proceed — and follow what they actually say."
)
UNANSWERED = "The user did not answer the questions."


class _ForTheUser(Tool):
    always_asks = True
    answered_here = True  # the result is the CLI's own, not the world's

    def decide(self, cli: Process, given: Frame) -> Decision:
        return Decision("ask", told=self.nobody_to_ask(cli, given), requires_user_interaction=True)


class AskUserQuestion(_ForTheUser):
    name = "AskUserQuestion"
    concurrent = True

    def answer(self, cli: Process, given: Frame) -> Ran:
        """What the user answered, which came as the input's `answers`."""
        questions, answers = given.get("questions") or [], given.get("answers") or {}
        notes = given.get("annotations") or {}
        told = [f'"{question}"="{answer}"{_note(notes.get(question))}' for question, answer in answers.items()]
        result: Frame = {"questions": questions, "answers": answers}
        if notes:
            result["annotations"] = notes
        if not told:
            return Ran(UNANSWERED, result=result)
        free = bool(notes) or not all(
            _offered(question, answers.get(question.get("question"))) for question in questions
        )
        return Ran((ANSWERED_FREELY if free else ANSWERED).format(", ".join(told)), result=result)


def _note(note: Frame | None) -> str:
    return f" notes: {note['notes']}" if note and note.get("notes") else ""


def _offered(question: Frame, answer: object) -> bool:
    """Whether an answer is one of the question's options, or, where several may be chosen, some of them."""
    labels = [option.get("label") for option in question.get("options") or ()]
    if answer is None:
        return True
    chosen = str(answer).split(", ") if question.get("multiSelect") else [answer]
    return answer in labels or all(choice in labels for choice in chosen)


class EnterPlanMode(Tool):
    name = "EnterPlanMode"
    concurrent = True
    answered_here = True

    def decide(self, cli: Process, given: Frame) -> Decision:
        return Decision("allow")

    def answer(self, cli: Process, given: Frame) -> Ran:
        """Switch to plan mode."""
        cli.permissions.set_mode("plan")
        return Ran(ENTERED + HOW_TO_PLAN, result={"message": ENTERED})


class ExitPlanMode(_ForTheUser):
    name = "ExitPlanMode"

    def check_here(self, cli: Process, given: Frame) -> str | None:
        return None if cli.permissions.mode == "plan" else NOT_PLANNING

    def answer(self, cli: Process, given: Frame) -> Ran:
        """The user approved: back to the mode before."""
        if cli.permissions.mode == "plan":
            cli.permissions.set_mode("default")
        path = f"{cli.paths.config_dir}/plans/{_name_of_plan(cli)}.md"
        return Ran(APPROVED, result={"plan": None, "isAgent": False, "filePath": path})


def _name_of_plan(cli: Process) -> str:
    """Words of the prompt where the session began in plan mode, and two at random, which are always the same here.

    Seen in one session of either kind.
    """
    told = cli.turn.prompt if cli.launch.mode == "plan" else "majestic"
    return "-".join([*re.findall(r"[a-z0-9]+", told.lower())[:3], "scripted", "plan"])


PLANNING_TOOLS: tuple[Tool, ...] = (AskUserQuestion(), EnterPlanMode(), ExitPlanMode())
