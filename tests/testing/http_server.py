"""An HTTP API for tests, on this machine under a name that is not this machine's."""

from __future__ import annotations

import gzip
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from unittest import mock
from urllib.parse import parse_qs, urlsplit

HOST = "api.weather.test"


class Api:
    """The API while it runs: `requests` are those that arrived; `url` is where it is, also after it was stopped."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                api.requests.append(f"{self.command} {self.path}")
                length = int(self.headers.get("content-length") or 0)
                sent = self.rfile.read(length).decode()
                parts = urlsplit(self.path)
                given = {name: values[0] for name, values in parse_qs(parts.query).items()}
                said: dict[str, Any] = {"path": parts.path, "given": given, "sent": sent, "number": len(api.requests)}
                if parts.path == "/token":
                    said["access_token"] = "tok-4f6a9c21b7e8d035"
                body = json.dumps(said).encode()
                self.send_response(302 if parts.path == "/old" else 200)
                self.send_header("Content-Type", "application/json")
                if parts.path == "/old":
                    self.send_header("Location", "/new")
                if parts.path == "/token":
                    self.send_header("Set-Cookie", "session=s3cr3t-c00kie-value; Path=/; HttpOnly")
                if parts.path == "/packed":
                    body = gzip.compress(body)
                    self.send_header("Content-Encoding", "gzip")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.url = f"http://{HOST}:{self.port}"

    def start(self) -> None:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        """Nobody answers from now on."""
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def running() -> Iterator[Api]:
    """The API in a block; its name leads to it."""
    api = Api()
    api.start()
    try:
        with found():
            yield api
    finally:
        api.stop()


@contextmanager
def found() -> Iterator[None]:
    """The name of the API is found, on this machine."""
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        return real("127.0.0.1" if name == HOST else host, *args, **kwargs)

    with mock.patch.object(socket, "getaddrinfo", getaddrinfo):
        yield
