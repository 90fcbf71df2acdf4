"""Options and the parent's environment -> the whole environment of the CLI (sdk-spec §2.3).

Pure, except for `current_trace_context`, which asks OpenTelemetry for the active span.  Above: `_command.py`, for our
own options, and `_official_command.py`, for those of the official SDK.  Below: nothing.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, ItemsView, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, overload

if TYPE_CHECKING:
    from ..options import ClaudeCodeOptions

logger = logging.getLogger("claude_code_sdk")

_T = TypeVar("_T")

READS_SESSION_STATE = "CLAUDE_CODE_SDK_READS_SESSION_STATE"
"""Asks the CLI to say when its state changes; the end of a run is told by it (sdk-spec §3.9)."""


class ChildEnvironment(Mapping[str, str]):
    """`child_environment(…)`, put together when somebody looks: a run in process needs no environment, and decoding the
    parent's is a tenth of what starting such a run costs."""

    def __init__(self, build: Callable[[], dict[str, str]]) -> None:
        self._build = build
        self._env: dict[str, str] | None = None

    def _look(self) -> dict[str, str]:
        if self._env is None:
            self._env = self._build()
        return self._env

    def __getitem__(self, name: str) -> str:
        return self._look()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._look())

    def __len__(self) -> int:
        return len(self._look())

    # The mapping's own look names up one by one, and raise and catch an error for one that is not there.

    @overload
    def get(self, name: str) -> str | None: ...
    @overload
    def get(self, name: str, default: str | _T) -> str | _T: ...

    def get(self, name: str, default: Any = None) -> Any:
        return self._look().get(name, default)

    def items(self) -> ItemsView[str, str]:
        return self._look().items()

    def __repr__(self) -> str:
        return f"<environment of {len(self)} variables>"


def check_environment(options: ClaudeCodeOptions) -> None:
    """Raises `ValueError` or `TypeError` for a variable of `options.env` that no environment can hold."""
    for name, value in (options.env or {}).items():
        _check_variable(name, value)


def child_environment(
    options: ClaudeCodeOptions,
    *,
    parent_env: Mapping[str, str],
    sdk_version: str,
    trace_context: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The environment that the CLI is started with, complete.

    - `parent_env`: what is inherited; `CLAUDECODE`, the mark of a shell inside the CLI, is not.
    - `sdk_version`: told to the CLI; `options.env` cannot change it.
    - `trace_context`: what `current_trace_context` gave.

    Raises `ValueError` or `TypeError` for a variable of `options.env` that no environment can hold.
    """
    chosen = options.env or {}
    check_environment(options)
    env = dict(parent_env)
    env.pop("CLAUDECODE", None)
    env["CLAUDE_CODE_ENTRYPOINT"] = "sdk-py"
    env.update(chosen)
    env["CLAUDE_AGENT_SDK_VERSION"] = sdk_version
    # Inherited, it would name the application around this one.
    env.pop("CLAUDE_AGENT_SDK_DERIVED_CLIENT_APP", None)
    if options.client_app is not None:  # an empty name opts out
        env["CLAUDE_AGENT_SDK_CLIENT_APP"] = options.client_app
    _add_trace_context(env, trace_context or {}, chosen)
    if READS_SESSION_STATE not in map(str.upper, env):
        env[READS_SESSION_STATE] = "1"
    if options.enable_file_checkpointing:
        env["CLAUDE_CODE_ENABLE_SDK_FILE_CHECKPOINTING"] = "true"
    if options.cwd:
        env["PWD"] = str(options.cwd)
    return env


def current_trace_context() -> dict[str, str]:
    """The headers that OpenTelemetry propagates for the active span; empty without one.

    A span needs the OpenTelemetry API to be imported, so a program that does not use it pays for one dict lookup.
    Tracing never breaks a connection: whatever a propagator raises is logged and dropped.
    """
    if "opentelemetry" not in sys.modules:
        return {}
    headers: dict[str, str] = {}
    try:
        from opentelemetry import propagate

        propagate.inject(headers)
    except Exception:
        logger.debug("OpenTelemetry's trace context could not be passed to the CLI", exc_info=True)
        return {}
    return headers


def _add_trace_context(env: dict[str, str], headers: Mapping[str, str], explicit: Mapping[str, str]) -> None:
    # Without a traceparent there is no active span, and what was inherited is still the best that is known.
    if "traceparent" not in headers:
        return
    fresh = {name.upper(): value for name, value in headers.items()}
    # An inherited state must not be paired with a new parent.
    for name in {"TRACEPARENT", "TRACESTATE", *fresh} - set(explicit):
        env.pop(name, None)
        if name in fresh:
            env[name] = fresh[name]


def _check_variable(name: object, value: object) -> None:
    if not isinstance(name, str) or not isinstance(value, str):
        raise TypeError(f"env[{name!r}] must be a string with a string value, not {value!r}")
    if not name or "=" in name or "\0" in name:
        raise ValueError(f"env: {name!r} cannot be the name of an environment variable")
    if "\0" in value:
        raise ValueError(f"env[{name!r}] contains a NUL character at index {value.index(chr(0))}")
