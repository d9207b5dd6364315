"""Programs that tests need and pip cannot install."""

from __future__ import annotations

import shutil

import pytest

#: program -> the Debian packages that hold it
PACKAGES = {
    "g++": "g++",
    "clang++": "clang libclang-rt-dev",
    "cmake": "cmake",
    "ninja": "ninja-build",
    "chromium": "chromium",
}


def require_program(name: str) -> str:
    """Return the path of a program, or skip with the line that installs it."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed: apt-get install {PACKAGES[name]}")
    return found
