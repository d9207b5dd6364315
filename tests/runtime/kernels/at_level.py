"""Programs that run at another instruction level, in a process of their own."""

from __future__ import annotations

import os
import subprocess
import sys

from caloexport.runtime.kernels import level
from tests.house import TESTS


def output_at(name: str, program: str) -> str:
    """Return what a program prints at an instruction level."""
    child = subprocess.run(
        [sys.executable, "-c", program], cwd=TESTS.parent, capture_output=True, text=True,
        env={**os.environ, level.VARIABLE: name}, check=False,
    )  # fmt: skip
    assert child.returncode == 0, child.stderr
    return child.stdout
