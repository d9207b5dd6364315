"""The server gives one page to those who know its path, and nothing else."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from caloexport.report.live.serve import PageServer
from caloexport.runtime.errors import UsageError

PAGE = "<!doctype html><title>σ</title>"


@pytest.fixture(scope="module")
def server() -> Iterator[PageServer]:
    with PageServer(PAGE) as running:
        thread = threading.Thread(target=running.run)
        thread.start()
        yield running
        running.stop()
        thread.join()


def ask(
    server: PageServer, path: str | None = None, host: str | None = None, method: str = "GET"
) -> tuple[int, bytes, dict[str, str]]:
    parts = urlsplit(server.address)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=60)
    headers = {} if host is None else {"Host": host.format(port=parts.port)}
    connection.request(method, parts.path if path is None else path, headers=headers)
    answer = connection.getresponse()
    found = answer.status, answer.read(), dict(answer.getheaders())
    connection.close()
    return found


def test_the_page_is_served(server: PageServer) -> None:
    status, content, headers = ask(server)
    assert (status, content.decode()) == (200, PAGE)
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Frame-Options"] == "DENY"
    assert "Python" not in headers["Server"]
    assert ask(server, host="localhost:{port}")[0] == 200
    assert ask(server, method="HEAD")[:2] == (200, b"")


@pytest.mark.parametrize("path", ["/", "/favicon.ico", "/../../etc/passwd", "/x/", "//"])
def test_other_paths_are_refused(server: PageServer, path: str) -> None:
    assert ask(server, path)[:2] == (404, b"")


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1", "[::1]:1"])
def test_other_hosts_are_refused(server: PageServer, host: str) -> None:
    assert ask(server, host=host)[:2] == (421, b"")


def test_other_methods_are_refused(server: PageServer) -> None:
    assert ask(server, method="POST")[0] == 501


def test_a_browser_that_goes_away_is_no_news(
    server: PageServer, capsys: pytest.CaptureFixture[str]
) -> None:
    for error, told in (
        (BrokenPipeError(), ""),
        (ConnectionResetError(), ""),
        (KeyError(), "KeyError"),
    ):
        try:
            raise error
        except (OSError, KeyError):
            server._server.handle_error(None, ("127.0.0.1", 1))
        assert told in capsys.readouterr().err if told else not capsys.readouterr().err


def test_a_taken_port_is_told(server: PageServer) -> None:
    port = urlsplit(server.address).port
    assert port is not None
    with pytest.raises(UsageError, match=f"port {port} cannot be had"):
        PageServer(PAGE, port)


def test_each_server_has_a_path_of_its_own() -> None:
    with PageServer(PAGE) as one, PageServer(PAGE) as other:
        paths = {urlsplit(server.address).path for server in (one, other)}
    assert len(paths) == 2
    assert min(map(len, paths)) >= 32
    assert one.address.startswith("http://127.0.0.1:")
