"""LLVM instructions on vectors of sixteen numbers of 32 bits.

LLVM turns them into what the CPU has: one AVX-512 register, two of AVX, four of SSE or NEON.
Addresses are 64-bit integers, offsets count bytes.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir

LANES = 16
FLOAT_BYTES = 4
VECTOR_BYTES = FLOAT_BYTES * LANES
FLOAT = ir.FloatType()
WORD = ir.IntType(32)
INDEX = ir.IntType(64)
VECTOR = ir.VectorType(FLOAT, LANES)
WORDS = ir.VectorType(WORD, LANES)


def number(value: int) -> Any:
    """Return a constant index, offset or address."""
    return ir.Constant(INDEX, value)


def constant(value: float) -> Any:
    """Return a vector of sixteen times one float."""
    return ir.Constant(VECTOR, [value] * LANES)


def words(value: int) -> Any:
    """Return a vector of sixteen times one 32-bit integer."""
    return ir.Constant(WORDS, [value] * LANES)


def at(builder: Any, address: Any, offset: Any, kind: Any) -> Any:
    """Return a pointer to a value of a kind at an address plus an offset."""
    start = builder.inttoptr(address, ir.IntType(8).as_pointer())
    return builder.bitcast(builder.gep(start, [offset]), kind.as_pointer())


def load(builder: Any, address: Any, offset: Any, kind: Any = VECTOR) -> Any:
    """Load a scalar or a vector, of any alignment of its numbers."""
    value = builder.load(at(builder, address, offset, kind))
    value.align = 4
    return value


def store(builder: Any, value: Any, address: Any, offset: Any) -> None:
    """Store a scalar or a vector, at any alignment of its numbers."""
    builder.store(value, at(builder, address, offset, value.type)).align = 4


def splat(builder: Any, scalar: Any) -> Any:
    """Return a vector of sixteen copies."""
    kind = ir.VectorType(scalar.type, LANES)
    undefined = ir.Constant(kind, ir.Undefined)
    first = builder.insert_element(undefined, scalar, ir.Constant(WORD, 0))
    return builder.shuffle_vector(first, undefined, ir.Constant(WORDS, [0] * LANES))


def call(builder: Any, name: str, result: Any, *arguments: Any) -> Any:
    """Call a function of LLVM by its name."""
    kind = ir.FunctionType(result, [argument.type for argument in arguments])
    function = builder.module.globals.get(name) or ir.Function(builder.module, kind, name)
    return builder.call(function, arguments)


def multiply_add(builder: Any, x: Any, y: Any, z: Any) -> Any:
    """Return x·y + z, fused where the CPU can (never by a library call where it cannot)."""
    return call(builder, f"llvm.fmuladd.v{LANES}f32", VECTOR, x, y, z)
