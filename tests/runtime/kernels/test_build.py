"""The object file needs nothing of numba, and the portable level nothing of x86."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from llvmlite import binding

from caloexport.runtime.kernels import build, level
from tests.house import TESTS

ON_AARCH64 = """
import json
from caloexport.runtime.kernels import build
from caloexport.runtime.kernels.target import Target

target = Target("aarch64-unknown-linux-gnu", "generic", "")
machine = target.machine(build.OPTIMISATION)
module = build.optimised(target, machine, alone=True)
print(json.dumps(machine.emit_assembly(module)))
"""


@pytest.mark.slow
def test_the_portable_level_compiles_for_aarch64() -> None:
    child = subprocess.run(
        [sys.executable, "-c", ON_AARCH64], cwd=TESTS.parent, capture_output=True, text=True,
        env={**os.environ, level.VARIABLE: "portable"}, check=False,
    )  # fmt: skip
    assert child.returncode == 0, child.stderr
    assembly = json.loads(child.stdout)
    for name in ("run", "draw", "stream"):
        assert f"caloexport_call_{name}:" in assembly
    assert "fmla\tv" in assembly  # sixteen floats became four registers of NEON
    assert "zmm" not in assembly


@pytest.mark.parametrize(
    ("needed", "allowed"),
    [
        ("PyLong_AsLongLong", True),
        ("expf", True),
        ("llvm.fma.v16f32", True),
        ("NRT_MemInfo_alloc_safe", False),
        ("numba_gil_ensure", False),
        ("PyErr_Format", False),
    ],
)
def test_only_python_s_stable_interface_and_the_c_library_may_be_needed(
    needed: str, allowed: bool
) -> None:
    module = binding.parse_assembly(f"declare void @{needed}()")
    if allowed:
        build.check_needs(module)
        return
    with pytest.raises(RuntimeError, match=rf"a kernel needs {needed}"):
        build.check_needs(module)


def test_every_entry_point_is_found() -> None:
    build.import_all_kernels()
    assert {"run", "draw", "stream"} <= set(build.ENTRIES)
