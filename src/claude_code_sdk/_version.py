"""Which CLI answered: compared with what this SDK needs, as soon as the handshake tells.

Above: `_host.py`.  The environment variable CLAUDE_AGENT_SDK_SKIP_VERSION_CHECK switches the check off (sdk-spec §2.5).
"""

from __future__ import annotations

import logging
import os
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .options import ClaudeCodeOptions

logger = logging.getLogger("claude_code_sdk")

MINIMUM = (2, 0, 0)
"""The oldest CLI that speaks the control protocol this SDK uses."""

VERBATIM = (2, 1, 248)
"""The oldest CLI that knows `client_composed`, which `verbatim_prompts` needs."""

_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)")


def check_version(info: dict[str, Any], options: ClaudeCodeOptions) -> None:
    """Warn when the CLI that sent `info` (its answer to initialize) is older than what is asked of it.

    CLIs before 2.1 do not tell their version there; nothing is said then.
    """
    text = info.get("claude_code_version")
    match = _VERSION.match(text) if isinstance(text, str) else None
    if match is None or os.environ.get("CLAUDE_AGENT_SDK_SKIP_VERSION_CHECK"):
        return
    version = tuple(int(part) for part in match.groups())
    if version < MINIMUM:
        logger.warning(
            "Claude Code %s is older than %s, the oldest that this SDK works with: update it", text, _dotted(MINIMUM)
        )
    elif options.verbatim_prompts and version < VERBATIM:
        logger.warning(
            "verbatim_prompts needs Claude Code %s or newer; this is %s, which ignores it", _dotted(VERBATIM), text
        )


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
