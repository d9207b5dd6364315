"""LLVM instructions on vectors of sixteen float32.

LLVM turns them into what the CPU has: one AVX-512 register, two of AVX, four of SSE or NEON.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir

LANES = 16
FLOAT = ir.FloatType()
WORD = ir.IntType(32)
VECTOR = ir.VectorType(FLOAT, LANES)


def pointer(builder: Any, address: Any) -> Any:
    """Return an address as a pointer to float."""
    return builder.inttoptr(address, FLOAT.as_pointer())


def load(builder: Any, base: Any, index: Any) -> Any:
    """Load sixteen floats at base[index], of any alignment."""
    place = builder.bitcast(builder.gep(base, [index]), VECTOR.as_pointer())
    vector = builder.load(place)
    vector.align = 4
    return vector


def store(builder: Any, vector: Any, base: Any, index: Any) -> None:
    """Store sixteen floats at base[index], of any alignment."""
    place = builder.bitcast(builder.gep(base, [index]), VECTOR.as_pointer())
    builder.store(vector, place).align = 4


def splat(builder: Any, scalar: Any) -> Any:
    """Return a vector of sixteen copies."""
    undefined = ir.Constant(VECTOR, ir.Undefined)
    first = builder.insert_element(undefined, scalar, ir.Constant(WORD, 0))
    lanes = ir.Constant(ir.VectorType(WORD, LANES), [0] * LANES)
    return builder.shuffle_vector(first, undefined, lanes)


def multiply_add(builder: Any, x: Any, y: Any, z: Any) -> Any:
    """Return x·y + z, fused where the CPU can (never by a library call where it cannot)."""
    kind = ir.FunctionType(VECTOR, [VECTOR] * 3)
    name = f"llvm.fmuladd.v{LANES}f32"
    function = builder.module.globals.get(name) or ir.Function(builder.module, kind, name)
    return builder.call(function, [x, y, z])
