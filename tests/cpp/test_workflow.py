"""The CMake project of this folder, with each compiler."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.programs import require_program

HERE = Path(__file__).parent


@pytest.mark.slow
@pytest.mark.system
@pytest.mark.parametrize(("preset", "compiler"), [("tests-gcc", "g++"), ("tests-clang", "clang++")])
def test_every_program_compiles_and_passes(preset: str, compiler: str) -> None:
    for program in (compiler, "cmake", "ninja"):
        require_program(program)
    done = subprocess.run(
        ["cmake", "--workflow", "--preset", preset],
        cwd=HERE,
        env=os.environ | {"CALOEXPORT_PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "100% tests passed" in done.stdout
