"""Fluent: a script written as a chain of calls, in the order in which things happen.

Above: `Script`, whose base this is.  Below: `blocks.py`, and the shapes of `format.py` that check what is added.  On
the fake path.
"""

from __future__ import annotations

from .blocks import text, thinking, tool_use
from .errors import ScriptFormatError
from .expectation import ANSWER, CONTROL, PROMPT, Expectation
from .fault import PLACES, Fault
from .format import check_fault, check_member, check_turn
from .patterns import as_pattern
from .result import ABSENT, Answer, Result
from .turn import Turn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any, Self, TypeAlias, TypedDict, Unpack

    from .blocks import Block

    TurnLike: TypeAlias = Turn | list[Block] | dict[str, Any]
    Content: TypeAlias = str | list[Any] | Callable[..., Any]

    class TurnOptions(TypedDict, total=False):
        """See `Turn`."""

        stop_reason: str
        stop_sequence: str
        stop_details: dict[str, Any]
        usage: dict[str, Any]
        model: str
        headers: Mapping[str, Any]
        delay: float
        chunk: int
        chunk_delay: float
        hang: float
        match: str
        repeat: bool


_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    504: "timeout_error",
    529: "overloaded_error",
}
"""The API's own types of error by status (its documentation, "Errors")."""


class Fluent:
    """The methods that add to a script; each returns the script.

    Raises `ScriptFormatError` for anything that the script cannot have, with the path that it would have had.
    """

    if TYPE_CHECKING:
        turns: list[Turn]
        tool_results: dict[str, Result]
        tool_answers: list[Answer]
        command_hooks: list[dict[str, Any]]
        mcp_servers: dict[str, dict[str, Any]]
        expectations: list[Expectation]
        faults: list[Fault]

        def add(self, turn: TurnLike) -> Turn: ...

    def __init__(self) -> None:
        self._unfinished: Turn | None = None  # a reply that has only thoughts yet

    # What the model says

    def says(self, words: str, /, **options: Unpack[TurnOptions]) -> Self:
        """A reply of one text.  `options`: delays, pieces and the rest of `Turn`."""
        return self.replies(text(words), **options)

    def thinks(self, thoughts: str, /, *, signature: str | None = None) -> Self:
        """Thoughts, which the reply that is added next begins with."""
        block = thinking(thoughts, signature=signature)
        if self._unfinished is None:
            self._unfinished = self.add([block])
        else:
            self._unfinished.content.append(block)
        return self

    def calls(self, tool: str, /, **fields: Any) -> Self:
        """A reply that calls `tool`; every keyword is a field of its input.  `returns` says what comes of it."""
        return self.replies(tool_use(tool, **fields))

    def replies(self, *blocks: Block | str, **options: Unpack[TurnOptions]) -> Self:
        """A reply of several blocks: `text()`, `thinking()`, `tool_use()`, `sleep()`, dicts, or text as it is."""
        return self._reply(blocks, options)

    def returns(self, content: Content = "", *, is_error: bool | None = None, tool_use_result: Any = ABSENT) -> Self:
        """What the last reply's call returns; with several calls, the first that has no result yet.

        `content` may be a function: see `answers`.  Used only where the tool really runs.
        """
        path = f"$.turns[{max(len(self.turns) - 1, 0)}]"
        calls = [block for block in (self.turns[-1].content if self.turns else ()) if block["type"] == "tool_use"]
        call = next((block["id"] for block in calls if block["id"] not in self.tool_results), None)
        if call is None:
            raise ScriptFormatError(path, "returns() follows a reply with a call that has no result yet")
        result = _result(content, is_error, tool_use_result)
        _check("tool_results", result, f"$.tool_results[{call!r}]")
        self.tool_results[call] = result
        return self

    def fails(
        self,
        status: int,
        type: str | None = None,  # noqa: A002  # the API's own word
        message: str = "scripted error",
        *,
        times: int = 1,
        **options: Unpack[TurnOptions],
    ) -> Self:
        """The API answers with an error.

        - `type`: the API's word for it; by default the usual one of this status.
        - `times`: that many requests in a row.  The CLI tries again after most statuses; `repeat=True` fails for good.
        """
        error: dict[str, Any] = {"status": status, "type": type or _TYPES.get(status, "api_error"), "message": message}
        more = dict(options)
        if "headers" in more:
            error["headers"] = more.pop("headers")
        for _ in range(times):
            self._reply((), more, error=error)
        return self

    def breaks(
        self, *blocks: Block | str, stream_error: dict[str, Any] | None = None, **options: Unpack[TurnOptions]
    ) -> Self:
        """A stream that breaks after these blocks: the connection is cut, or `{"type": …, "message": …}` comes."""
        how = {"drop": True} if stream_error is None else {"stream_error": stream_error}
        return self._reply(blocks, options, **how)

    def crashes(
        self,
        *blocks: Block | str,
        exit_code: int = 1,
        stderr: str | Sequence[str] = (),
        **options: Unpack[TurnOptions],
    ) -> Self:
        """The CLI dies in the middle of a reply, after these blocks.

        - `exit_code`: negative for a death by that signal.
        - `stderr`: its last words, a line or several.
        """
        crash: dict[str, Any] = {"exit_code": exit_code}
        lines = stderr.splitlines() if isinstance(stderr, str) else list(stderr)
        return self._reply(blocks, options, crash=crash | ({"stderr": lines} if lines else {}))

    def _reply(self, blocks: Sequence[Block | str], options: Mapping[str, Any], **more: Any) -> Self:
        content: list[Any] = [text(block) if isinstance(block, str) else block for block in blocks]
        value: dict[str, Any] = {**options, **more, **({"content": content} if content else {})}
        if self._unfinished is None:
            self.add(value)
            return self
        thoughts = self._unfinished.content
        value["content"] = thoughts + content
        check_turn(value, f"$.turns[{len(self.turns) - 1}]")
        self.turns.pop()
        self._unfinished = None
        self.add(value)
        return self

    # What the world answers

    def answers(
        self,
        tool: Any,
        content: Content = "",
        *,
        matching: Any = ABSENT,
        is_error: bool | None = None,
        tool_use_result: Any = ABSENT,
    ) -> Self:
        """What every call of `tool` returns whose input fits the pattern `matching` (`patterns.py`).

        - `content`: text, blocks, or a function, which is called with the input when the tool really runs.  It may be
          `async`, and returns what `Result.of` takes.  Another process imports it by its name.

        Results that are given by `returns` go first, then those that are no function.
        """
        answer = Answer(
            as_pattern(tool),
            ABSENT if matching is ABSENT else as_pattern(matching),
            _result(content, is_error, tool_use_result),
        )
        _check("answers", answer, f"$.answers[{len(self.tool_answers)}]")
        self.tool_answers.append(answer)
        return self

    def command_hook(
        self,
        command: Any,
        *,
        matching: Any = ABSENT,
        stdout: str = "",
        stderr: str = "",
        exit_code: int = 0,
        delay: float = 0.0,
    ) -> Self:
        """What a hook of a settings file or a plugin does whose command is this text or fits this pattern.

        - `matching`: a pattern for the hook's input, such as `{"tool_name": "Bash"}`.
        - `delay`: seconds that the command takes.

        It never runs.  The first that fits counts.  Where none does, plain shell (`echo`, `exit`, `if` and the like) is
        understood, also in a script of `sh` or `bash` that the command names; any other command succeeds in silence,
        and stderr says so once.
        """
        made = {"stdout": stdout, "stderr": stderr, "exit_code": exit_code, "delay": delay}
        hook = {"command": as_pattern(command), **{key: value for key, value in made.items() if value}}
        if matching is not ABSENT:
            hook["matching"] = as_pattern(matching)
        check_member("command_hooks", hook, f"$.command_hooks[{len(self.command_hooks)}]")
        self.command_hooks.append(hook)
        return self

    def mcp_server(
        self,
        name: str,
        tools: Sequence[dict[str, Any]] = (),
        *,
        info: dict[str, Any] | None = None,
        status: str | None = None,
        error: str | None = None,
        delay: float = 0.0,
    ) -> Self:
        """A stdio, HTTP or SSE server of the program's configuration, which is never started.

        - `tools`: as `tools/list` has them; their results are given like those of built-in tools, by `returns` or by
          `answers("mcp__NAME__TOOL", …)`.
        - `info`: what it says of itself: `{"name": …, "version": …}`.
        - `status`: that it comes to; `delay`: seconds until it does.
        - `error`: why it fails, which makes the status `"failed"`.
        """
        state = status or ("connected" if error is None else "failed")
        server: dict[str, Any] = {"tools": list(tools), "status": state} | ({"delay": delay} if delay else {})
        server |= {key: part for key, part in {"info": info, "error": error}.items() if part is not None}
        check_member("mcp_servers", server, f"$.mcp_servers.{name}")
        self.mcp_servers[name] = server
        return self

    # What the program is expected to send

    def expects_prompt(self, prompt: Any) -> Self:
        """The next prompt: its text, or a pattern for it.  More prompts than are expected are no fault."""
        return self._expect(Expectation(PROMPT, given=as_pattern(prompt)))

    def expects_control(self, subtype: str, /, **body: Any) -> Self:
        """The next control request of this subtype, whose body has these members (patterns)."""
        return self._expect(Expectation(CONTROL, subtype, given=as_pattern(body) if body else ABSENT))

    def expects_answer(
        self, subtype: str, payload: Any = ABSENT, *, request: Any = ABSENT, error: Any = ABSENT
    ) -> Self:
        """The next answer to a `hook_callback`, `can_use_tool` or `mcp_message` of the CLI.

        - `payload`: pattern for what is answered.
        - `request`: pattern for the requests whose answer is meant, such as
          `{"input": {"hook_event_name": "Stop"}}`; any by default.
        - `error`: pattern for the text of the error that is answered instead.
        """
        parts = {"given": payload, "request": request, "error": error}
        given = {key: as_pattern(part) for key, part in parts.items() if part is not ABSENT}
        return self._expect(Expectation(ANSWER, subtype, **given))

    def _expect(self, expectation: Expectation) -> Self:
        check_member("expect", expectation.to_json(), f"$.expect[{len(self.expectations)}]")
        self.expectations.append(expectation)
        return self

    # What goes wrong

    def fault(self, **fault: Any) -> Self:
        """Something goes wrong; the keywords are those of `Fault`: `fault(instead={"type": "result"}, torn=20)`."""
        value = {key: as_pattern(member) if key in PLACES else member for key, member in fault.items()}
        check_fault(value, f"$.faults[{len(self.faults)}]")
        self.faults.append(Fault.from_json(value))
        return self


def _result(content: Content, is_error: bool | None, tool_use_result: Any) -> Result:
    if callable(content):
        return Result(function=content)
    return Result(content, is_error=is_error, tool_use_result=tool_use_result)


def _check(key: str, part: Result | Answer, path: str) -> None:
    """Check what another process would have to read.  A function is checked when it has to go there."""
    result = part.result if isinstance(part, Answer) else part
    if result.function is None:
        check_member(key, part.to_json(path), path)
