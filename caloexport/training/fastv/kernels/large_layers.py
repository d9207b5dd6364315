"""The two layers with nearly all weights, done by compiled loops in the memory of TensorFlow's.

Work is cut into CHUNKS whatever the number of threads, and their sums are added in order: the
same update has the same bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Float32
from caloexport.training.fastv.in_place import InPlace
from caloexport.training.fastv.kernels import first_layer, last_layer
from caloexport.training.fastv.kernels.memory import aligned
from caloexport.training.fastv.kernels.products import ROWS
from caloexport.training.fastv.step import FAR
from caloexport.training.fastv.workers import Workers

CHUNKS = 16


class FirstLayer:
    """The encoder's first kernel.

    Args:
        kernel: variable (cells + conditions, width).
        moments: its variables of Adam; none if it stays as it is.
        workers: threads.
    """

    def __init__(self, kernel: Any, moments: Sequence[Any], workers: Workers) -> None:
        self._kernel, self._moments = InPlace(kernel), [InPlace(one) for one in moments]
        self._workers, self.width = workers, int(kernel.shape[1])
        self._padded = first_layer.padded(self.width)
        self._work = [first_layer.workspace(self.width) for _ in range(workers.number)]

    def read(self, hits: Any, batch: int) -> Float32:
        """Return the product with a batch (batch, width), without the bias."""
        kernel = self._kernel.view()
        parts = aligned(CHUNKS, batch, self._padded)

        def chunk(worker: int, number: int) -> None:
            first_layer.read_cells(number, CHUNKS, kernel, hits, self._work[worker], parts)

        self._workers.share(chunk, CHUNKS)
        return np.asarray(parts[..., : self.width].sum(axis=0))

    def learn(self, hits: Any, gradient: Float32, rate: np.float32) -> None:
        """Move the kernel, by the gradient (batch, width) of what was read; none moves unless trained."""
        if not self._moments:
            return
        kernel, *moments = (one.view() for one in (self._kernel, *self._moments))
        back = aligned(len(gradient), self._padded)
        back[:, : self.width] = gradient

        def chunk(worker: int, number: int) -> None:
            work = self._work[worker]
            first_layer.learn_rows(number, CHUNKS, kernel, *moments, hits, back, rate, work)

        self._workers.share(chunk, CHUNKS)


class LastLayer:
    """The decoder's last layer, of a kernel in two parts.

    Args:
        frozen: variable (inputs, cells) that stays as it is; None for none.
        trained: variable (inputs, cells) and its moments of Adam.
        bias: variable (cells,) and its moments.
        total: weight of the error of ΣE, as of ``Step``.
        workers: threads.
    """

    def __init__(
        self, frozen: Any, trained: Sequence[Any], bias: Sequence[Any], total: float,
        workers: Workers,
    ) -> None:  # fmt: skip
        self._frozen = None if frozen is None else InPlace(frozen)
        self._moving = [InPlace(one) for one in (*trained, *bias)]
        self._none = np.zeros((0, int(bias[0].shape[0])), np.float32)
        self._total, self._workers = total, workers
        self._room: dict[int, tuple[list[Any], Float32]] = {}

    def learn(
        self, inputs: Float32, hits: Any, spread: Float32, rate: np.float32, *, with_loss: bool
    ) -> tuple[Float32, Float32]:
        """Move the layer.

        Args:
            inputs: (batch, inputs of both parts).
            hits: of the batch, by cell.
            spread: (batch,) standard deviation of the sum of the cells.
            rate: of Adam.
            with_loss: whether the cross-entropy is wanted.

        Returns:
            The gradient of the inputs, the loss being a mean over the batch; and, summed over the
            batch, the gradient of the bias, the cross-entropy (else 0), and the error of ΣE.
        """
        batch, width = inputs.shape
        rows = -(-batch // ROWS) * ROWS
        padded = aligned(rows, width)
        padded[:batch] = inputs
        frozen = self._none if self._frozen is None else self._frozen.view()
        layer = last_layer.Layer(frozen, *(one.view() for one in self._moving))
        work, made = self._room_for(rows, layer)
        excess, entropy = np.zeros((CHUNKS, rows)), np.zeros(CHUNKS)

        def make(worker: int, number: int) -> None:
            last_layer.make_cells(
                number, CHUNKS, padded, batch, layer, hits, with_loss, work[worker], made, excess,
                entropy,
            )  # fmt: skip

        self._workers.share(make, CHUNKS)
        error = excess.sum(axis=0)[:batch] / spread
        near = np.clip(error, -FAR, FAR)
        slopes = (2 * self._total * near / spread).astype(np.float32)
        back, of_bias = aligned(CHUNKS, rows, width), np.zeros(CHUNKS)

        def learn(worker: int, number: int) -> None:
            last_layer.learn_cells(
                number, CHUNKS, padded, batch, slopes, layer, hits, rate, work[worker], made, back,
                of_bias,
            )  # fmt: skip

        self._workers.share(learn, CHUNKS)
        sums = of_bias.sum(), entropy.sum(), (near * (2 * error - near)).sum()
        return back[:, :batch].sum(axis=0), np.array(sums, dtype=np.float32)

    def _room_for(self, rows: int, layer: Any) -> tuple[list[Any], Float32]:
        """Return memory for every thread, and for all cells of a batch."""
        if rows not in self._room:
            sizes = rows, len(layer.frozen), len(layer.trained)
            work = [last_layer.workspace(*sizes) for _ in range(self._workers.number)]
            tiles = last_layer.tiles_of(layer.bias.size)
            self._room[rows] = work, aligned(tiles, rows, last_layer.TILE)
        return self._room[rows]
