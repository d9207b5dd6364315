"""Fixtures and rules of the whole suite.

``CALOEXPORT_SHOWERS`` names a folder with larger showers; tests that need it skip without.
``CALOEXPORT_NO_SKIP=1`` turns every skip into a failure: where all tools are installed, a skip
hides a broken installation.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

NO_SKIP = os.environ.get("CALOEXPORT_NO_SKIP") == "1"


@pytest.fixture(scope="session")
def shower_folder() -> Path:
    """The folder of larger shower files, from the environment."""
    named = os.environ.get("CALOEXPORT_SHOWERS")
    if not named:
        pytest.skip("set CALOEXPORT_SHOWERS to a folder with shower files")
    folder = Path(named)
    if not folder.is_dir():
        pytest.fail(f"CALOEXPORT_SHOWERS names {folder}, which is not a folder")
    return folder


@pytest.fixture(scope="session", autouse=True)
def _programs_can_be_interrupted() -> Iterator[None]:
    """Give programs that tests start the usual signals, whoever started the tests.

    Under nohup, or in the background of a script, SIGHUP or SIGINT is ignored, programs inherit that,
    and the command line leaves it alone, as it should: a test that interrupts one would wait forever.
    A handler ends where a program is executed, so one that does nothing keeps the tests deaf and
    their programs not.
    """
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    ignored = [number for number in numbers if signal.getsignal(number) is signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, lambda *_: None)
    yield
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    report = yield
    return _refuse_skip(report) if not hasattr(report, "wasxfail") else report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, Any, Any]:
    report = yield
    return _refuse_skip(report)


def _refuse_skip(report: Any) -> Any:
    if NO_SKIP and report.skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"CALOEXPORT_NO_SKIP=1 allows no skip, but: {reason}"
    return report
