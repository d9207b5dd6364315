"""Build the program of a snippet by the CMake file that comes with it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path

from tests.cpp.compiling import STRICT
from tests.programs import require_program


def cmake_program(
    folder: Path, build: Path, name: str, definitions: Iterable[str], flags: Iterable[str] = ()
) -> Path:
    """Return the program, built with strict warnings and by g++.

    Args:
        folder: of the snippet.
        build: an empty folder.
        name: of the program's target.
        definitions: for CMake's -D.
        flags: more of them for the compiler.
    """
    cmake, compiler = require_program("cmake"), require_program("g++")
    words = " ".join([*STRICT, "-O1", *flags])
    configure = [cmake, "-S", folder, "-B", build, "-DCMAKE_BUILD_TYPE=None"]
    configure += [f"-DCMAKE_CXX_COMPILER={compiler}", f"-DCMAKE_CXX_FLAGS={words}"]
    configure += [f"-D{one}" for one in definitions]
    for command in (configure, [cmake, "--build", build]):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    return build / name
