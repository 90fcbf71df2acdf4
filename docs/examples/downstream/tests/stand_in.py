"""A stand-in for the company's status API, on this machine."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

SERVICES = {
    "checkout": {"name": "checkout", "state": "degraded", "error_rate": 0.125},
    "search": {"name": "search", "state": "healthy", "error_rate": 0.0},
}


class StatusApi(BaseHTTPRequestHandler):
    """Knows two services, and numbers incidents from 1.  It answers as a proxy too: `GET http://any.host/path`."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        name = urlsplit(self.path).path.removeprefix("/services/")
        if name in SERVICES:
            self._answer(200, SERVICES[name])
        else:
            self._answer(404, {"error": f"no service {name}"})

    def do_POST(self) -> None:
        incidents = self.server.incidents  # type: ignore[attr-defined]
        incidents.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self._answer(201, {"id": f"INC-{len(incidents)}"})

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: object) -> None:
        """Tests say themselves what matters."""


@contextmanager
def status_api_server() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The stand-in while the block runs: its URL, and the incidents that it was told of."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), StatusApi)
    server.incidents = incidents = []  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", incidents
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
