"""TensorFlow's C library out of the Python wheel, which holds headers and libraries."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from typing import Any

import pytest

LIBRARIES = ("libtensorflow_cc.so.2", "libtensorflow_framework.so.2")


def tensorflow_wheel() -> Path:
    """Return the folder of the installed wheel."""
    found = importlib.util.find_spec("tensorflow")
    if found is None or found.origin is None:
        pytest.skip("tensorflow is not installed: pip install 'caloexport[train]'")
    return Path(found.origin).parent


def fast_linker() -> list[str]:
    """Return the flag for the faster linker: of 850 MB of libraries GNU ld reads ten seconds."""
    return ["-fuse-ld=gold"] if shutil.which("ld.gold") else []


def tensorflow_options() -> dict[str, Any]:
    """Return arguments for ``Compiler.program``: headers, and both of the libraries."""
    folder = tensorflow_wheel()
    names = [f"-l:{name}" for name in LIBRARIES]
    return {
        "system_includes": [folder / "include"],
        "libraries": [f"-L{folder}", *names, f"-Wl,-rpath,{folder}", *fast_linker()],
    }
