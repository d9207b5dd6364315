"""A real browser for pages: Debian's Chromium, driven by playwright."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.programs import require_program

PROGRAM = "chromium"
#: a busy machine is slow, and no reason to fail
PATIENCE_MS = 90_000


@dataclass
class OpenPage:
    """A page in the browser.

    Attributes:
        page: of playwright.
        complaints: errors of scripts and messages on the console that are errors or warnings.
        requests: addresses of everything that was asked for besides the page itself.
    """

    page: Any
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@contextlib.contextmanager
def browser() -> Iterator[Any]:
    """Start the browser; skips with the line that installs it."""
    path = require_program(PROGRAM)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox"], timeout=PATIENCE_MS
        )
        try:
            yield started
        finally:
            started.close()


def open_page(started: Any, path: Path, width: int = 900, height: int = 900) -> OpenPage:
    """Open a file in a new window of a browser."""
    page = started.new_page(viewport={"width": width, "height": height}, color_scheme="light")
    page.set_default_timeout(PATIENCE_MS)
    found = OpenPage(page)
    address = path.as_uri()

    def said(message: Any) -> None:
        if message.type in ("error", "warning"):
            found.complaints.append(message.text)

    def asked(request: Any) -> None:
        if request.url != address:
            found.requests.append(request.url)

    page.on("console", said)
    page.on("pageerror", lambda error: found.complaints.append(str(error)))
    page.on("request", asked)
    page.goto(address)
    return found
