"""Weights as float32: a word is a weight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from caloexport.runtime.kernels.emit import FLOAT, FLOAT_BYTES, load, multiply_add, number, splat
from caloexport.runtime.kernels.storages import Storage


class Float32(Storage):
    """One multiplication per word."""

    def inputs(self, builder: Any, row: Any, word: Any, n_in: Any) -> Sequence[Any]:
        return [splat(builder, load(builder, row, builder.mul(word, number(FLOAT_BYTES)), FLOAT))]

    def accumulate(
        self, builder: Any, sums: Sequence[Any], column: Any, inputs: Sequence[Any]
    ) -> Sequence[Any]:
        return [multiply_add(builder, column, inputs[0], sums[0])]
