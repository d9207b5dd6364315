"""Weights and inputs as bfloat16, multiplied in pairs by one instruction of AVX-512 BF16.

The instruction adds both products to a float32; numbers below 1e-38 count as zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from llvmlite import ir

from caloexport.runtime.kernels.casts import bits_of, floats_at, integers32_at
from caloexport.runtime.kernels.compiled import inner
from caloexport.runtime.kernels.emit import (
    FLOAT_BYTES,
    VECTOR,
    WORD,
    WORDS,
    load,
    number,
    splat,
)
from caloexport.runtime.kernels.storages import Storage

#: one register in and out, two in; the last one named is the result
INSTRUCTION, OPERANDS = "vdpbf16ps $3, $2, $0", "=v,0,v,v"
NOT_A_NUMBER = np.int32(0x7FC0)


class BFloat16Dot(Storage):
    """Two multiplications per word and instruction; rows are those of ``round_row``."""

    inputs_per_word = 2
    kind = WORDS

    def inputs(self, builder: Any, row: Any, word: Any, n_in: Any) -> Sequence[Any]:
        return [splat(builder, load(builder, row, builder.mul(word, number(FLOAT_BYTES)), WORD))]

    def accumulate(
        self, builder: Any, sums: Sequence[Any], column: Any, inputs: Sequence[Any]
    ) -> Sequence[Any]:
        kind = ir.FunctionType(VECTOR, [VECTOR, WORDS, WORDS])
        return [builder.asm(kind, INSTRUCTION, OPERANDS, [sums[0], column, inputs[0]], False)]


@inner
def rounded(x):
    """Return a float32 as the sixteen bits of the nearest bfloat16, ties to even."""
    bits = bits_of(x)
    half = (bits + np.int32(0x7FFF) + ((bits >> 16) & np.int32(1))) >> 16
    return (NOT_A_NUMBER if np.isnan(x) else half) & np.int32(0xFFFF)


@inner
def round_row(source, n_in, target):
    """Write inputs (n_in,) as words of two bfloat16, a zero behind an odd number of them."""
    inputs, words = floats_at(source), integers32_at(target)
    for word in range(n_in // 2):
        words[word] = rounded(inputs[2 * word]) | (rounded(inputs[2 * word + 1]) << 16)
    if n_in % 2:
        words[n_in // 2] = rounded(inputs[n_in - 1])


@inner
def rounded_bytes(n_in):
    """Return the room of a row, a multiple of 64 bytes."""
    return (n_in + 31) // 32 * 64
