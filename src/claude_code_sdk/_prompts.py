"""What a program gives as a prompt, and the user frames that it becomes.

Above: `_query.py` and `_client.py`.  Facts: sdk-spec §3.2; the CLI ignores the session id that the SDK sends, and a
frame with a `uuid` makes the CLI behave differently (`command_lifecycle` frames), so none is stamped unasked.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Iterable, Mapping
from typing import Any, TypeAlias

from anyio.lowlevel import checkpoint

Prompt: TypeAlias = "str | AsyncIterable[dict[str, Any]] | Iterable[dict[str, Any]]"

BLOCK_TYPES = frozenset({"text", "image", "document", "tool_result", "search_result"})
"""Types of the content blocks that a prompt may consist of (Messages API)."""


def user_frame(
    content: str | list[dict[str, Any]], *, session_id: str, uuid: str | None = None, verbatim: bool = False
) -> dict[str, Any]:
    """One prompt as a frame.  `verbatim` marks it as composed by the host (`verbatim_prompts`)."""
    frame: dict[str, Any] = {
        "type": "user",
        "message": {"role": "user", "content": content},
        "parent_tool_use_id": None,
        "session_id": session_id,
    }
    if uuid is not None:
        frame["uuid"] = uuid
    if verbatim:
        frame["client_composed"] = True
    return frame


def check_prompt(prompt: object, *, none_allowed: bool = False) -> None:
    """Raises `TypeError` for what cannot be a prompt; otherwise such a call would wait for ever."""
    if isinstance(prompt, (str, AsyncIterable)) or (prompt is None and none_allowed):
        return
    if isinstance(prompt, (Mapping, bytes, bytearray)) or not isinstance(prompt, Iterable):
        raise TypeError(
            "prompt must be a string, a list of content blocks, or an iterable or async iterable of message dicts, "
            f"not {type(prompt).__name__}: {prompt!r}"
        )


def as_content(prompt: object) -> str | list[dict[str, Any]] | None:
    """The content of a prompt that is one message (a string, a list of content blocks); None for a stream of them."""
    if isinstance(prompt, str):
        return prompt
    if isinstance(prompt, (list, tuple)) and prompt and all(_is_block(item) for item in prompt):
        return list(prompt)
    return None


async def frames_of(
    prompt: AsyncIterable[dict[str, Any]] | Iterable[dict[str, Any]],
    *,
    session_id: str | None = None,
    verbatim: bool = False,
) -> AsyncGenerator[dict[str, Any], None]:
    """The frames of a stream of message dicts, as they come; each is a copy, the program's dicts stay as they are.

    `session_id` is put in where a dict has none.  Each begins with a checkpoint, since neither the iterable nor a
    channel need ever wait.  Raises `TypeError` for an item that is not a dict, and whatever the program's iterable
    raises.
    """
    if isinstance(prompt, AsyncIterable):
        async for message in prompt:
            await checkpoint()
            yield _frame(message, session_id, verbatim)
    else:
        for message in prompt:
            await checkpoint()
            yield _frame(message, session_id, verbatim)


def _frame(message: object, session_id: str | None, verbatim: bool) -> dict[str, Any]:
    if not isinstance(message, Mapping):
        raise TypeError(f"a prompt stream yields message dicts, not {type(message).__name__}: {message!r}")
    frame = dict(message)
    if session_id is not None:
        frame.setdefault("session_id", session_id)
    if verbatim and frame.get("type") == "user":
        frame["client_composed"] = True
    return frame


def _is_block(item: object) -> bool:
    return isinstance(item, Mapping) and item.get("type") in BLOCK_TYPES
