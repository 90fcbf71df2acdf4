"""Expectation: what the program must send while the script is played.

Above: `script.py`, `run.py`.  Below: `patterns.py`.  On the fake path.
"""

from __future__ import annotations

from .errors import ScriptError
from .patterns import differences, fits
from .result import ABSENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PROMPT, CONTROL, ANSWER = "prompt", "control", "answer"
"""What of the program is expected: a prompt, a control request, the answer to a control request of the CLI."""


class Expectation:
    """One thing that the program must send.

    - `kind`: `PROMPT`, `CONTROL` or `ANSWER`.
    - `subtype`: of the control request; the program's own (`CONTROL`), or the one that it answers (`ANSWER`).
    - `given`: pattern for the prompt's text, for the body of the control request, or for the payload of the answer.
    - `request`: pattern for the request that is answered.
    - `error`: pattern for the error that is the answer.

    Those of a kind and a subtype are met in their order; an answer is judged by the first whose `request` fits.
    """

    __slots__ = ("error", "given", "kind", "request", "subtype")

    def __init__(
        self, kind: str, subtype: str = "", *, given: Any = ABSENT, request: Any = ABSENT, error: Any = ABSENT
    ) -> None:
        self.kind = kind
        self.subtype = subtype
        self.given = given
        self.request = request
        self.error = error

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Expectation:
        """An expectation from its JSON form, which was checked."""
        get = value.get
        if PROMPT in value:
            return cls(PROMPT, given=value[PROMPT])
        if CONTROL in value:
            return cls(CONTROL, value[CONTROL], given=get("body", ABSENT))
        return cls(
            ANSWER,
            value[ANSWER],
            given=get("payload", ABSENT),
            request=get("request", ABSENT),
            error=get("error", ABSENT),
        )

    def to_json(self) -> dict[str, Any]:
        """The JSON form."""
        if self.kind == PROMPT:
            return {PROMPT: self.given}
        members = {"body" if self.kind == CONTROL else "payload": self.given}
        members |= {"request": self.request, "error": self.error}
        return {self.kind: self.subtype} | {key: member for key, member in members.items() if member is not ABSENT}

    def concerns(self, kind: str, subtype: str, request: Any) -> bool:
        """Whether it is this one that judges what the program sent."""
        if self.kind != kind or self.subtype != subtype:
            return False
        return self.request is ABSENT or fits(self.request, request)

    def check(self, given: Any, error: str | None, path: str) -> None:
        """Raises `ScriptError` for what is not as expected.  `path` is where the expectation stands."""
        if self.error is not ABSENT or error is not None:
            self._compare(self.error, error, "the error", path)
        if self.given is not ABSENT and (error is None or self.error is ABSENT):
            self._compare(self.given, given, "", path)

    def _compare(self, wanted: Any, given: Any, what: str, path: str) -> None:
        found = [(what, "no error", given)] if wanted is ABSENT else differences(wanted, given, what)
        if not found:
            return
        from ...cassettes.mismatch import difference_lines

        lines = "".join(f"\n    {line}" for line in difference_lines(found))
        raise ScriptError(f"{self.title()} is not what the script expects\n\n  {path}{lines}")

    def title(self) -> str:
        """What a message calls what it expects."""
        if self.kind == PROMPT:
            return "the prompt"
        if self.kind == CONTROL:
            return f"the control request {self.subtype}"
        return f"the answer to {self.subtype}"

    def __repr__(self) -> str:
        return f"Expectation({self.to_json()!r})"
