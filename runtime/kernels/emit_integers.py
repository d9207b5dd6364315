"""LLVM instructions that multiply whole numbers of 8 and 16 bits and add them to words."""

from __future__ import annotations

from typing import Any

from llvmlite import ir

from caloexport.runtime.kernels.emit import LANES, WORD, WORDS, call

SHORT = ir.IntType(16)
BYTE = ir.IntType(8)


def dot_bytes(builder: Any, total: Any, unsigned: Any, signed: Any) -> Any:
    """Return total + the products of four unsigned with four signed bytes in each word.

    The instruction of AVX-512 VNNI. LLVM takes this old form of its intrinsic in every version.
    """
    return call(builder, "llvm.x86.avx512.vpdpbusd.512", WORDS, total, unsigned, signed)


def dot_pairs(builder: Any, total: Any, x: Any, y: Any) -> Any:
    """Return total + the products of the two signed 16-bit halves of each word.

    LLVM recognises in it the instruction pmaddwd of every x86.
    """
    products = builder.mul(_wide_halves(builder, x), _wide_halves(builder, y))
    return builder.add(
        total, builder.add(_every_other(builder, products, 0), _every_other(builder, products, 1))
    )


def _wide_halves(builder: Any, vector: Any) -> Any:
    halves = builder.bitcast(vector, ir.VectorType(SHORT, 2 * LANES))
    return builder.sext(halves, ir.VectorType(WORD, 2 * LANES))


def _every_other(builder: Any, vector: Any, first: int) -> Any:
    lanes = ir.Constant(WORDS, list(range(first, 2 * LANES, 2)))
    return builder.shuffle_vector(vector, ir.Constant(vector.type, ir.Undefined), lanes)
