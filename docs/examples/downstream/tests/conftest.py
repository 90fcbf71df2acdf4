import socket
from collections.abc import Iterator
from typing import Any

import pytest
from claude_code_sdk import ClaudeAgentOptions
from stand_in import status_api_server


@pytest.fixture
def claude_options(claude_environment: dict[str, str]) -> ClaudeAgentOptions:
    """Options whose CLI has a home of its own and no credentials of the developer, and our model."""
    return ClaudeAgentOptions(env=claude_environment, model="sonnet")


@pytest.fixture
def incidents(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """The status API is a stand-in on this machine; these are the incidents that were opened."""
    with status_api_server() as (url, opened):
        monkeypatch.setenv("ONCALL_API", url)
        yield opened


@pytest.fixture
def unused_port() -> int:
    """A port of this machine at which nobody answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port
