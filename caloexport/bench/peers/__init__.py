"""Peers: libraries that exist here only to be timed against, one small file each.

A peer gets the network of the workload, not our artifacts: it makes a file of its own in the way
its users do, and executes the network alone, from network input to network output. Generated code
and compiled programs join as peers, too: what makes a file and a call is one.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.errors import MissingDependency
from caloexport.runtime.extras import installed
from caloexport.runtime.network import Network, Shape
from caloexport.runtime.registry import Registry

#: gives the outputs of inputs (batch, n_in), perhaps in the same memory every time
BoundCall = Callable[[Float32], Array]


class PeerModel(Protocol):
    """A file that a peer opened."""

    def bound(self, batch: int) -> BoundCall:
        """Return the fastest call that the library documents for one batch size.

        The call copies its inputs into memory that was bound once. What it returns stays valid
        until the next call.

        Args:
            batch: one of those that the file was written for.
        """


class Peer:
    """A library to compare with.

    Attributes:
        module: that it needs.
        extra: the extra of caloexport that installs it, if any.
        hint: how to install it where no extra does.
        precisions: that it computes in; names beginning with a family (``float32``,
            ``bfloat16``, ``int8``) are selected with it.
    """

    module: str = ""
    extra: str | None = "bench"
    hint: str | None = None
    precisions: tuple[str, ...] = ("float32",)

    def require(self) -> None:
        """Raise MissingDependency, with the install line, when the library is absent."""
        if not installed(self.module):
            raise MissingDependency(self.module, extra=self.extra, hint=self.hint)

    def import_libraries(self) -> None:
        """Import all that executing needs; what memory and time come on top are the model's."""
        importlib.import_module(self.module)

    def obstacle(self, network: Network) -> str | None:
        """Say in one clause what the peer cannot execute of a network; None when all fits."""
        raise NotImplementedError

    def write(self, folder: Path, network: Network, precision: str, batches: Sequence[int]) -> None:
        """Make the peer's files in an empty folder.

        Args:
            folder: that :meth:`open` will get.
            network: to express in the way that is fastest for the peer.
            precision: one of ``precisions``.
            batches: that will be asked for.
        """
        raise NotImplementedError

    def open(
        self, folder: Path, inputs: Sequence[Shape], precision: str, threads: int
    ) -> PeerModel:
        """Open what :meth:`write` made.

        Args:
            folder: with the files.
            inputs: shapes of the network's inputs, in their order.
            precision: that it was written for.
            threads: that a call may use.
        """
        raise NotImplementedError


class InputBuffers:
    """One array per network input, filled from input vectors.

    Args:
        shapes: of the inputs, without the batch axis.
        batch: showers.

    >>> buffers = InputBuffers([(2,), (1,)], 1)
    >>> buffers.fill(np.array([[1, 2, 3]], np.float32))
    >>> [array.tolist() for array in buffers.arrays]
    [[[1.0, 2.0]], [[3.0]]]
    """

    def __init__(self, shapes: Sequence[Shape], batch: int) -> None:
        self.arrays = [np.zeros((batch, *shape), dtype=np.float32) for shape in shapes]
        self._parts, start = [], 0
        for array, shape in zip(self.arrays, shapes, strict=True):
            stop = start + math.prod(shape)
            self._parts.append((array.reshape(batch, -1), slice(start, stop)))
            start = stop

    def fill(self, x: Float32) -> None:
        """Copy input vectors (batch, n_in)."""
        for part, columns in self._parts:
            part[...] = x[:, columns]


peers: Registry[Peer] = Registry("peer", "caloexport.bench.peers", "caloexport.peers")
