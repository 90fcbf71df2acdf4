"""The body of the `initialize` request: the options that travel on the wire (sdk-spec §3.5, §4.1).

Hook callbacks stay here: the CLI is told an id for each, `hook_0`, `hook_1`, …, in the order in which they are written,
and asks for them by it.  Above: the host, which sends the body and gives the callbacks to `_callbacks.py`.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Mapping
from typing import Any, NamedTuple

from ._argv import json_schema
from ._command import schema_in_initialize
from .hooks.matcher import HookCallback, HookMatcher
from .options import ClaudeCodeOptions


class RegisteredHooks(NamedTuple):
    """`wire` is the `hooks` field of `initialize`, `None` without hooks; `callbacks` are by the ids it speaks of."""

    wire: dict[str, list[dict[str, Any]]] | None
    callbacks: dict[str, HookCallback]


def register_hooks(hooks: Mapping[Any, list[HookMatcher]] | None) -> RegisteredHooks:
    """Number the callbacks of `hooks` and describe their matchers for the CLI.

    `hooks` maps events to lists of `HookMatcher`, or of dicts with its fields.  An event without matchers is left out.

    Raises `TypeError` for anything else, `ValueError` for a timeout that is not positive or an unknown `on_failure`.
    """
    if hooks is None:
        return RegisteredHooks(None, {})
    if not isinstance(hooks, Mapping):
        raise TypeError(f"hooks must be a dict of events to lists of HookMatcher, not {type(hooks).__name__}")
    wire: dict[str, list[dict[str, Any]]] = {}
    callbacks: dict[str, HookCallback] = {}
    for event, matchers in hooks.items():
        if not isinstance(matchers, list | tuple):
            raise TypeError(f"hooks[{event!r}] must be a list of HookMatcher, not {type(matchers).__name__}")
        if matchers:
            wire[event] = [_matcher(f"hooks[{event!r}][{n}]", matcher, callbacks) for n, matcher in enumerate(matchers)]
    return RegisteredHooks(wire or None, callbacks)


def initialize_body(
    options: ClaudeCodeOptions, hooks: Mapping[str, Any] | None, *, platform: str = sys.platform
) -> dict[str, Any]:
    """The fields of the `initialize` request, without `subtype`.

    `hooks` is the `wire` of `register_hooks`.  `platform` must be the one that the command was built for: a JSON schema
    too large for its command line is sent here.
    """
    body: dict[str, Any] = {"hooks": hooks}
    if options.agents:
        body["agents"] = {name: _agent(agent) for name, agent in options.agents.items()}
    prompt: Any = options.system_prompt
    if isinstance(prompt, dict):
        if prompt.get("type") == "preset" and isinstance(prompt.get("exclude_dynamic_sections"), bool):
            body["excludeDynamicSections"] = prompt["exclude_dynamic_sections"]
        if prompt.get("type") in ("preset", "custom") and isinstance(prompt.get("snapshot"), bool):
            body["systemPromptSnapshot"] = prompt["snapshot"]
    if isinstance(options.skills, list):
        body["skills"] = options.skills
    if options.forward_subagent_text:
        body["forwardSubagentText"] = True
    if schema_in_initialize(options, platform):
        body["jsonSchema"] = json_schema(options)
    return body


def _matcher(
    place: str, matcher: HookMatcher | Mapping[str, Any], callbacks: dict[str, HookCallback]
) -> dict[str, Any]:
    if isinstance(matcher, HookMatcher):
        matcher = vars(matcher)
    elif not isinstance(matcher, Mapping):
        raise TypeError(f"{place} must be a HookMatcher, not {type(matcher).__name__}")
    ids = []
    functions = matcher.get("hooks") or ()
    if not isinstance(functions, list | tuple):
        raise TypeError(f"{place}.hooks must be a list of functions, not {type(functions).__name__}")
    for callback in functions:
        if not callable(callback):
            raise TypeError(f"{place}.hooks must hold functions, not {callback!r}")
        ids.append(f"hook_{len(callbacks)}")
        callbacks[ids[-1]] = callback
    wire: dict[str, Any] = {"matcher": matcher.get("matcher"), "hookCallbackIds": ids}
    timeout, on_failure = matcher.get("timeout"), matcher.get("on_failure")
    if timeout is not None:
        if not isinstance(timeout, int | float):
            raise TypeError(f"{place}.timeout must be a number of seconds, not {timeout!r}")
        if not timeout > 0:
            raise ValueError(f"{place}.timeout must be above 0 seconds, not {timeout!r}")
        wire["timeout"] = timeout
    if on_failure is not None:
        # The CLI would read an unknown word as "block".
        if on_failure not in ("continue", "block"):
            raise ValueError(f'{place}.on_failure must be "continue" or "block", not {on_failure!r}')
        wire["onFailure"] = on_failure
    return wire


def _agent(agent: Any) -> dict[str, Any]:
    fields = vars(agent) if dataclasses.is_dataclass(agent) else agent
    return {name: value for name, value in fields.items() if value is not None}
