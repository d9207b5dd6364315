"""Weights as bfloat16, the upper half of a float32: a word holds those of two inputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from caloexport.runtime.kernels.emit import (
    FLOAT,
    FLOAT_BYTES,
    VECTOR,
    WORDS,
    load,
    multiply_add,
    number,
    splat,
    words,
)
from caloexport.runtime.kernels.storages import Storage

UPPER_HALF = -65536  # 0xFFFF0000


class BFloat16(Storage):
    """Two multiplications per word, in float32."""

    inputs_per_word = 2
    kind = WORDS

    def inputs(self, builder: Any, row: Any, word: Any, n_in: Any) -> Sequence[Any]:
        first = builder.mul(word, number(2))
        # behind an odd number of inputs the weights are zero: any input will do
        last = builder.sub(n_in, number(1))
        after = builder.add(first, number(1))
        second = builder.select(builder.icmp_signed("<", after, last), after, last)
        return [
            splat(builder, load(builder, row, builder.mul(place, number(FLOAT_BYTES)), FLOAT))
            for place in (first, second)
        ]

    def accumulate(
        self, builder: Any, sums: Sequence[Any], column: Any, inputs: Sequence[Any]
    ) -> Sequence[Any]:
        lower = builder.bitcast(builder.shl(column, words(16)), VECTOR)
        upper = builder.bitcast(builder.and_(column, words(UPPER_HALF)), VECTOR)
        total = multiply_add(builder, lower, inputs[0], sums[0])
        return [multiply_add(builder, upper, inputs[1], total)]
