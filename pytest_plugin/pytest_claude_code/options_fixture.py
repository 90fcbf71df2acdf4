"""The fixtures `claude_environment` and `claude_options`: a CLI that a test starts sees nothing of the developer.

Above: `plugin.py`.  Below: the options of whichever SDK the tests are for.  Both SDKs give the CLI their own process's
environment with the options' on top, so what must not be inherited is overridden: with nothing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

CREDENTIAL = re.compile(r"KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|SSH_AUTH_SOCK", re.IGNORECASE)
"""In the names of variables that hold a credential, or lead to one."""

SDKS = {"claude_code_sdk": "ClaudeCodeOptions", "claude_agent_sdk": "ClaudeAgentOptions"}
"""The class of options by the name of the package."""


def safe_environment(home: Path, inherited: Mapping[str, str]) -> dict[str, str]:
    """Variables for `options.env`: a home directory, an empty one, and no credential of those inherited."""
    safe = {name: "" for name, value in inherited.items() if value and CREDENTIAL.search(name)}
    return {
        **safe,
        "HOME": str(home),
        "USERPROFILE": str(home),
        "CLAUDE_CONFIG_DIR": str(home / ".claude"),
        "XDG_CONFIG_HOME": str(home / ".config"),
    }


def environment_of(request: pytest.FixtureRequest) -> dict[str, str]:
    """The environment of a test, with a home of its own."""
    home: Path = request.getfixturevalue("tmp_path_factory").mktemp("claude-home")
    return safe_environment(home, os.environ)


def options_of(config: pytest.Config, environment: dict[str, str]) -> Any:
    """The options of the SDK that the ini setting `claude_sdk` names."""
    name = config.getini("claude_sdk")
    if name not in SDKS:
        pytest.fail(f"claude_sdk={name!r}: it is one of {', '.join(SDKS)}", pytrace=False)
    return getattr(import_module(name), SDKS[name])(env=environment)
