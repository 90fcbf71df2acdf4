"""The value of `--settings`: the `settings` option, with `sandbox` merged in (sdk-spec §2.2).

`settings` is a path or inline JSON.  The CLI takes either, so it is passed as it is, until `sandbox` is set too: then
the two become one JSON object.  Reading the file is kept apart from the merge, which is pure.
Above: `_argv.py` (the merge) and `_command.py` (the reading).
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from .errors import CLIConnectionError


def is_inline(settings: str) -> bool:
    """Whether `settings` is JSON text rather than a path: what the CLI decides by, too."""
    text = settings.strip()
    return text.startswith("{") and text.endswith("}")


def read_settings(settings: str, cwd: str | os.PathLike[str] | None) -> str:
    """The JSON text of a settings file.  Relative paths are relative to `cwd`; a byte order mark is tolerated.

    Raises `CLIConnectionError` when it cannot be read or is not a JSON object: to start without the settings would
    drop permission rules and hooks that the caller counts on.
    """
    path = os.path.join(cwd or "", settings.strip())
    try:
        with open(path, encoding="utf-8-sig") as file:
            text = file.read()
    except (OSError, ValueError) as error:
        raise CLIConnectionError(f"Failed to load settings: {error}") from error
    _parse(text, path)
    return text


def merged_settings(settings: str | None, sandbox: Mapping[str, Any]) -> dict[str, Any]:
    """`settings` as an object, with `sandbox` in it.

    Raises `CLIConnectionError` when `settings` is not a JSON object; a path must have been read before
    (`read_settings`).
    """
    return {**(_parse(settings, "the settings option") if settings else {}), "sandbox": sandbox}


def _parse(text: str, source: str) -> dict[str, Any]:
    try:
        parsed = json.loads(text)
    except ValueError as error:
        raise CLIConnectionError(f"Failed to load settings: {source} is not JSON: {error}") from error
    if not isinstance(parsed, dict):
        raise CLIConnectionError(f"Failed to load settings: {source} is not a JSON object but {text.strip()[:40]!r}")
    return parsed
