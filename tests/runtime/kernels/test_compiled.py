"""Kernels are kept on disk, and a machine where nothing can be written still computes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

PROGRAM = """
import numpy as np
from numba.core import types
from caloexport.runtime.kernels import compiled

@compiled.entry(types.float64(types.float64))
def double(x):
    return 2 * x

print(double(4.0), type(double._cache).__name__)
"""


def test_a_place_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(blocked / "below")}
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    done = subprocess.run(
        [sys.executable, str(script)], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["8.0", "NullCache"]


def test_the_stamp_is_the_same_for_the_same_source() -> None:
    from caloexport.runtime.kernels.compiled import stamp

    first = stamp()
    stamp.cache_clear()
    assert stamp() == first
    assert 0 < first < np.iinfo(np.int64).max
