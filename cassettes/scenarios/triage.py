"""The program of "Test a program": one question, one word."""

from __future__ import annotations

from typing import Any

from _model import text

DOC = __doc__
CASSETTE = "docs/examples/triage/cassettes/test_triage/test_a_refund_is_for_billing.jsonl"
MAIN_WITHOUT_TOOLS = True
MODEL = [[text("billing")]]


async def drive(sdk: Any, make_options: Any, log: Any) -> None:
    """Ask as the test does."""
    from docs.examples.triage.triage import triage

    await triage("I was charged twice, please refund me.")
