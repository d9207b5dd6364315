"""How a product reads weights: one file per storage of a kernel.

A row of a tile is 64 words of 32 bits; each holds the weights of one output for one input or for
several neighbouring ones, the first in the lowest bits.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

from numba.core import cgutils

from caloexport.runtime.kernels.emit import INDEX, VECTOR, number
from caloexport.runtime.kernels.level import LEVEL


class Storage:
    """Emits the parts of a product that depend on how weights are stored.

    Attributes:
        inputs_per_word: k that one word covers.
        accumulators: registers that one vector of outputs takes.
        block: rows and vectors of outputs that are multiplied together: their sums, weights and
            an input fit the registers.
        streams: places of a kernel from which a single row reads at once, 1 or 2: where the
            weights are in the caches, and where they come from memory.
        kind: LLVM type of a vector of weights.
    """

    inputs_per_word = 1
    accumulators = 1
    block = (6, 4) if LEVEL == "avx512" else (6, 1)
    streams = (2, 2)
    kind: Any = VECTOR
    sum_kind: Any = VECTOR

    def words(self, builder: Any, n_in: Any) -> Any:
        """Return how many words a column of the tile has."""
        if self.inputs_per_word == 1:
            return n_in
        more = builder.add(n_in, number(self.inputs_per_word - 1))
        return builder.sdiv(more, number(self.inputs_per_word))

    def start(self, builder: Any, bias: Any, row: Any) -> Sequence[Any]:
        """Return what the accumulators of one vector begin with.

        Args:
            bias: vector of the outputs' biases.
            row: address of the inputs.
        """
        return [bias]

    def inputs(self, builder: Any, row: Any, word: Any, n_in: Any) -> Sequence[Any]:
        """Return the inputs of one word, each in all lanes."""
        raise NotImplementedError

    def accumulate(
        self, builder: Any, sums: Sequence[Any], column: Any, inputs: Sequence[Any]
    ) -> Sequence[Any]:
        """Return the accumulators after one word of sixteen outputs."""
        raise NotImplementedError

    @contextlib.contextmanager
    def loop(self, builder: Any, count: Any, slots: Sequence[Sequence[Any]]) -> Iterator[Any]:
        """Emit the loop over all words around the code of one, and give that its index.

        Args:
            slots: the accumulators of every vector, in memory that LLVM keeps in registers.
        """
        with cgutils.for_range(builder, count, intp=INDEX) as loop:
            yield loop.index

    def result(self, builder: Any, sums: Sequence[Any], bias: Any, scale: Any, row: Any) -> Any:
        """Return sixteen sums as floats.

        Args:
            bias: vector of the outputs' biases.
            scale: address of the outputs' scales.
            row: address of the inputs.
        """
        return sums[0]
