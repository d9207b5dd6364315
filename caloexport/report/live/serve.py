"""Serve one page to browsers of this machine.

The server listens on the loopback interface alone, and the page's path holds a random word, so
that other users of the machine and pages of other sites cannot guess it. A request must name the
loopback address as its host: a site whose name was pointed at 127.0.0.1 gets nothing (DNS
rebinding). No file is ever read.
"""

from __future__ import annotations

import hmac
import secrets
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from caloexport.runtime.errors import UsageError

LOOPBACK = "127.0.0.1"


class PageServer:
    """A server of one page; use it in a ``with`` block.

    Args:
        page: HTML.
        port: to listen on; 0 takes a free one.

    Raises:
        UsageError: the port cannot be had.
    """

    def __init__(self, page: str, port: int = 0) -> None:
        self._path = f"/{secrets.token_urlsafe(24)}/"
        try:
            self._server = _Server((LOOPBACK, port), _Handler)
        except OSError as error:
            message = f"port {port} cannot be had: {error.strerror}"
            raise UsageError(message, hint="leave --port out: any free one is taken") from error
        self._server.daemon_threads = True
        self._server.path = self._path
        self._server.content = page.encode("utf-8", errors="replace")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.server_close()

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://{LOOPBACK}:{self._server.server_port}{self._path}"

    def run(self) -> None:
        """Answer requests until interrupted."""
        self._server.serve_forever()

    def stop(self) -> None:
        """End :meth:`run`, from another thread."""
        self._server.shutdown()


class _Server(ThreadingHTTPServer):
    path: str
    content: bytes

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep quiet of browsers that went away; other errors are ours."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 30  # seconds that a silent browser may keep a thread

    def do_GET(self) -> None:
        self._answer(with_content=True)

    def do_HEAD(self) -> None:
        self._answer(with_content=False)

    def _answer(self, *, with_content: bool) -> None:
        hosts = {f"{name}:{self.server.server_port}" for name in (LOOPBACK, "localhost")}
        if self.headers.get("Host") not in hosts:
            self._refuse(HTTPStatus.MISDIRECTED_REQUEST)
        elif not hmac.compare_digest(self.path.encode(), self.server.path.encode()):
            self._refuse(HTTPStatus.NOT_FOUND)
        else:
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(self.server.content)))
            for name, value in SECURITY:
                self.send_header(name, value)
            self.end_headers()
            if with_content:
                self.wfile.write(self.server.content)

    def _refuse(self, status: HTTPStatus) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def version_string(self) -> str:
        return "caloexport"

    def log_message(self, *_: Any) -> None:
        """Keep quiet: the path is a secret, and there is nothing to tell."""


SECURITY = (
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
