"""Which transport a run is opened on: the one given, the one that `use_transport()` set, or a subprocess.

Above: `_query.py` and `_client.py`.  Imports what is needed and no more: a replay loads no subprocess code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _override

if TYPE_CHECKING:
    from .options import ClaudeCodeOptions
    from .transports.base import Transport


def choose_transport(given: Any, options: ClaudeCodeOptions) -> Transport:
    """The transport for a run with `options`.

    `given` may be one of ours (it has `open`; one that starts processes may be replaced) or a dict-style one of the
    older SDKs (it has `read_messages`).
    Raises `TypeError` for anything else.
    """
    if given is None or _override.is_replaced(given):
        given = _override.current()
        if hasattr(given, "for_options"):  # one that records what would run without it
            given = given.for_options(options)
    if given is None:
        from .transports.subprocess import SubprocessTransport

        return SubprocessTransport(close_timeout=options.close_timeout, keep_background=options.keep_background)
    return _override.as_transport(given)
