import socket
from collections.abc import Iterator
from typing import Any

import pytest
from stand_in import status_api_server


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
