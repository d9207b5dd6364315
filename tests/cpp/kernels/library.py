"""All kernels in one shared library, called with the plans of the numba backend."""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import ClassVar

import numpy as np

from caloexport.converters.cpp.kernels import INTEL_INCLUDE, LEVELS, kernel_includes, kernels
from caloexport.converters.cpp.templates import fragment
from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.generator import Generator
from caloexport.runtime.kernels import codes, level
from caloexport.runtime.kernels.plan import Plan
from caloexport.runtime.kernels.planner import make_plan
from tests.cpp.compiling import Compiler

OPERATIONS = {
    "dense", "copy", "activate", "softmax", "normalize", "add", "multiply", "output", "subtract",
    "divide", "maximum", "minimum", "gather", "layer_normalize", "reduce", "convolve", "spread",
}  # fmt: skip
STORAGES = {"float32", "bfloat16", "int8", "int8_a8"}
#: those of this CPU
HERE = [name for name in LEVELS if not level.missing(name, level.host_features())]
#: numbers of a result that must not be touched on either side of it
MARGIN = 64
ENTRY = """
extern "C" std::size_t bytes_of_a_step() {{ return sizeof(caloexport::kernels::Step); }}
{runs}
"""
RUN = """
extern "C" void run_{level}(const caloexport::kernels::Step* steps, std::size_t n_steps,
                            const float* inputs, std::size_t n_inputs, float* results,
                            float* scratch, float factor, float threshold) {{
  caloexport::kernels::{level}::run(steps, n_steps, inputs, n_inputs, results, scratch, factor,
                                    threshold);
}}
"""


class Step(ctypes.Structure):
    """``Step`` of step.h."""

    _fields_: ClassVar = [
        ("operation", ctypes.c_int),
        *((name, ctypes.c_ssize_t) for name in (
            "source", "target", "positions", "n_in", "n_out", "other",
        )),
        ("first", ctypes.c_void_p), ("second", ctypes.c_void_p),
        ("function", ctypes.c_int), ("reduction", ctypes.c_int), ("logarithm", ctypes.c_bool),
        ("trained", ctypes.c_void_p), ("trained_step", ctypes.c_ssize_t),
        ("places", ctypes.c_void_p), ("offsets", ctypes.c_void_p),
        ("stretches", ctypes.c_ssize_t), ("stretch", ctypes.c_ssize_t),
        ("cells", ctypes.c_ssize_t), ("cell_bias", ctypes.c_void_p),
        ("storage", ctypes.c_int), ("scale", ctypes.c_void_p), ("work", ctypes.c_ssize_t),
        ("constants", ctypes.c_float * codes.N_CONSTANTS),
    ]  # fmt: skip


#: members that have the name of their column
SAME = [
    name for name, _ in Step._fields_ if name not in ("reduction", "logarithm", "work", "constants")
]


def steps_of(plan: Plan) -> ctypes.Array[Step]:
    """Return the rows of a plan as C++ takes them."""
    steps = (Step * len(plan.table))()
    for step, row, constants in zip(steps, plan.table.tolist(), plan.constants, strict=True):
        for name in SAME:
            setattr(step, name, row[getattr(codes, name.upper())])
        if step.operation == codes.REDUCE:
            step.reduction, step.function = step.function, 0
        if step.operation == codes.SOFTMAX:
            step.logarithm, step.function = bool(step.function), 0
        if step.operation == codes.OUTPUT:
            step.n_out = plan.n_out
        step.work = plan.width
        step.constants[:] = constants.tolist()
    return steps


class KernelLibrary:
    """The kernels as one compiler made them.

    Args:
        path: of the shared library.
    """

    def __init__(self, path: Path) -> None:
        library = ctypes.CDLL(str(path))
        assert library.bytes_of_a_step() == ctypes.sizeof(Step)
        numbers, size = ctypes.c_void_p, ctypes.c_size_t
        self._runs = {}
        for name in HERE:
            function = library[f"run_{name}"]
            function.argtypes = [
                numbers, size, numbers, size, numbers, numbers, ctypes.c_float, ctypes.c_float,
            ]  # fmt: skip
            function.restype = None
            self._runs[name] = function

    def run(
        self,
        level: str,
        plan: Plan,
        x: Array,
        factor: float = 1.0,
        threshold: float = -np.inf,
    ) -> Float32:
        """Return the outputs (n, n_out) of a network at a level, shower by shower.

        Scratch and results begin at multiples of 4 bytes, and not of 8; what stands around the
        results stays as it is.
        """
        steps = steps_of(plan)
        rows = np.ascontiguousarray(x, dtype=np.float32)
        assert rows.shape[1:] == (plan.n_in,)
        scratch = odd(np.full(plan.scratch(1) + 2, np.nan, dtype=np.float32))
        found = np.empty((len(x), plan.n_out), dtype=np.float32)
        for row, result in zip(rows, found, strict=True):
            room = np.full(plan.n_out + 2 * MARGIN + 2, 7, dtype=np.float32)
            target = odd(room[MARGIN:])
            self._runs[level](
                ctypes.addressof(steps), len(steps), row.ctypes.data, plan.n_in,
                target.ctypes.data, scratch.ctypes.data, factor, threshold,
            )  # fmt: skip
            result[:] = target[: plan.n_out]
            target[: plan.n_out] = 7
            assert (room == 7).all()
        return found


def plan_of(generator: Generator) -> Plan:
    """Return the plan of a generator's network."""
    return make_plan(generator.manifest, generator.packed)


def odd(array: Float32) -> Float32:
    """Return the array from a place on that is no multiple of 8 bytes."""
    return array[1:] if array.ctypes.data % 8 == 0 else array


def compile_kernels(compiler: Compiler) -> KernelLibrary:
    """Compile every kernel of every level."""
    functions = set(codes.ACTIVATIONS)
    includes = [*kernel_includes(OPERATIONS, functions, STORAGES), INTEL_INCLUDE]
    names = HERE if "avx2" in HERE else includes.remove(INTEL_INCLUDE) or HERE
    text = "\n".join([
        *(f"#include <{name}>" for name in includes),
        "namespace caloexport::kernels {",
        fragment("decoder/step.h"),
        kernels(OPERATIONS, functions, STORAGES, several_rows=True),
        "}",
        ENTRY.format(runs="".join(RUN.format(level=name) for name in names)),
    ])  # fmt: skip
    return KernelLibrary(compiler.text(text, flags=("-shared", "-fPIC")))
