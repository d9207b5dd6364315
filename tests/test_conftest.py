"""The rules of tests/conftest.py, on a suite of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import TESTS

SUITE = """
import pytest

def test_skips():
    pytest.skip("no compiler")

@pytest.mark.skipif(True, reason="no browser")
def test_is_skipped():
    pass

@pytest.mark.xfail(reason="known", strict=True)
def test_known():
    assert False

def test_needs_showers(shower_folder):
    assert shower_folder.is_dir()
"""
MODULE = "import pytest\npytest.importorskip('no_such_library')\n"


def run(folder: Path, **environment: str) -> str:
    shutil.copy(TESTS / "conftest.py", folder)
    (folder / "test_suite.py").write_text(SUITE)
    (folder / "test_module.py").write_text(MODULE)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CALOEXPORT", "PYTEST"))}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--continue-on-collection-errors", "."],
        cwd=folder,
        env={**kept, **environment, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    ).stdout


def test_skips_are_skips_by_default(tmp_path: Path) -> None:
    assert "4 skipped, 1 xfailed" in run(tmp_path)


@pytest.mark.parametrize("given", [True, False])
def test_where_all_is_installed_a_skip_is_a_failure(tmp_path: Path, given: bool) -> None:
    showers = {"CALOEXPORT_SHOWERS": str(tmp_path)} if given else {}
    report = run(tmp_path, CALOEXPORT_NO_SKIP="1", **showers)
    for reason in ("no compiler", "no browser"):
        assert f"CALOEXPORT_NO_SKIP=1 allows no skip, but: Skipped: {reason}" in report
    assert "could not import 'no_such_library'" in report
    assert "1 xfailed" in report
    assert ("set CALOEXPORT_SHOWERS" in report) is not given
