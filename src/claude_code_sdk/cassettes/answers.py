"""What an answer of the host decides, and where two answers decide differently.

Above: `lanes.py`, with `answers="verify"`.  Below: `difference.py`.  Compared is the meaning (cassette.md, "Matching"):
of MCP `initialize` and `tools/list` the tool names, of `tools/call` `isError` and the content, of an error that it is
one, of anything else the payload.  On the fake path.
"""

from __future__ import annotations

from .difference import MISSING, differences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from .difference import Difference

VERIFY = "verify"
STUB = "stub"
IGNORE = "ignore"

SUCCESS = "success"
ERROR = "error"

IMPORTED = "import"
"""The `mode` that the header of an imported cassette names."""

ANSWERS = (VERIFY, STUB, IGNORE)
"""What becomes of the answers of callbacks and tools: compared with the recording; never asked for, the recorded ones
standing for them; or asked for and taken as they come."""


def checked_answers(answers: str | None) -> str:
    """The word itself, `"verify"` for `None`.

    Raises:
        ValueError: It is no such word.
    """
    if answers is None:
        return VERIFY
    if answers not in ANSWERS:
        raise ValueError(f"answers={answers!r}: it is one of {', '.join(ANSWERS)}")
    return answers


def answers_for(header: Mapping[str, Any], answers: str | None) -> str:
    """The word that holds for a cassette with this `header`: `answers` itself, or for `None` the default.

    That is `"verify"`; but `"ignore"` where the recording was imported: its callbacks were another program's.

    Raises:
        ValueError: It is no such word.
    """
    if answers is None and header.get("mode") == IMPORTED:
        return IGNORE
    return checked_answers(answers)


def answer_differences(
    asked: Mapping[str, Any],
    recorded: Mapping[str, Any],
    live: Mapping[str, Any],
    same_text: Callable[[str, str], bool] | None = None,
) -> list[Difference]:
    """`asked` is the body of the CLI's request, the other two are whole `control_response` frames."""
    found = differences(_envelope(recorded), _envelope(live))
    one, other = _response(recorded), _response(live)
    subtypes = differences(_subtype(one), _subtype(other), None, "response.subtype")
    if subtypes or _subtype(one) != SUCCESS:
        return found + subtypes
    decided, deciding = _decision(asked, one.get("response")), _decision(asked, other.get("response"))
    return found + differences(decided, deciding, same_text, "response")


def reason_of_error(frame: Mapping[str, Any]) -> str:
    """The text of an answer that is an error, as a sentence; empty for another answer."""
    response = _response(frame)
    return f"the program answered with an error: {response.get('error')}" if _subtype(response) == ERROR else ""


def _response(frame: Mapping[str, Any]) -> dict[str, Any]:
    response = frame.get("response")
    return response if isinstance(response, dict) else {}


def _subtype(response: Mapping[str, Any]) -> Any:
    subtype = response.get("subtype")
    return MISSING if subtype is None else subtype


def _envelope(frame: Mapping[str, Any]) -> dict[str, Any]:
    """What stands around the decision; whether it is an error belongs to that."""
    around = {key: value for key, value in frame.items() if key != "response"}
    decided = ("error", "request_id", "response", "subtype")
    around["response"] = {key: value for key, value in _response(frame).items() if key not in decided}
    return around


def _decision(asked: Mapping[str, Any], payload: Any) -> Any:
    """The payload, of which what an MCP server said is reduced to its meaning."""
    answer = payload.get("mcp_response") if isinstance(payload, dict) else None
    if asked.get("subtype") != "mcp_message" or not isinstance(answer, dict):
        return payload
    further = {key: value for key, value in answer.items() if key not in ("error", "id", "jsonrpc", "result")}
    return {**payload, "mcp_response": {**further, **_meaning(asked, answer)}}


def _meaning(asked: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, Any]:
    """What an MCP server said, as far as it decides anything."""
    error = answer.get("error")
    if error is not None:
        return {"error": True if isinstance(error, dict) else error}
    message = asked.get("message")
    method = message.get("method") if isinstance(message, dict) else None
    result = answer.get("result")
    if isinstance(result, dict) and method in ("initialize", "tools/list"):
        result = {"tools": _tool_names(result.get("tools"))}
    elif isinstance(result, dict) and method == "tools/call":
        failed = result.get("isError")
        result = {"isError": False if failed is None else failed, "content": result.get("content")}
    return {"result": result}


def _tool_names(tools: Any) -> Any:
    if not isinstance(tools, list):
        return tools
    names = [tool.get("name") if isinstance(tool, dict) else tool for tool in tools]
    return sorted(names, key=repr)
