"""One branch of a tree: numbers of every entry, read basket by basket."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from caloexport.runtime.arrays import Array, Integers
from caloexport.runtime.errors import InputFileError
from caloexport.showers.root.basket import Basket, read_basket
from caloexport.showers.root.damage import MAX_BASKET_BYTES, damage_named, damaged, printable

if TYPE_CHECKING:
    from caloexport.showers.root.file import RootFile


class Branch:
    """Numbers of every entry: one, an array of fixed shape, or any number of them.

    Attributes:
        name: of the branch.
        n: number of entries.
        dtype: of the numbers, in native byte order.
        shape: of one entry; empty for a single number.
        ragged: entries have different numbers of numbers.
    """

    def __init__(self, file: RootFile, tree: str, branch: Any, n: int) -> None:
        self._file = file
        self._branch = branch
        self._last: tuple[int, Basket] | None = None  # the next block often begins in it
        self.name = str(branch.name)
        self.where = f"{file.path}, '{tree}/{self.name}'"
        self.n = n
        self.dtype, self.shape, self.ragged, self._header = self._layout()
        self._edges = self._entry_edges()

    def _layout(self) -> tuple[np.dtype[Any], tuple[int, ...], bool, int]:
        """Return type, shape, whether ragged, and bytes before every ragged entry."""
        from uproot.interpretation.jagged import AsJagged
        from uproot.interpretation.numerical import AsDtype

        with damage_named(self.where):
            found = self._branch.interpretation
            ragged = isinstance(found, AsJagged)
            header = int(found.header_bytes) if ragged else 0
            content = found.content if ragged else found
            dtype = content.from_dtype if isinstance(content, AsDtype) else np.dtype("V1")
        base, shape = dtype.subdtype or (dtype, ())
        if base.kind not in "fiu" or (ragged and shape):
            message = f"holds {printable(self._branch.typename):.80}, expected numbers"
            raise InputFileError(message, where=self.where)
        if math.prod(shape) * base.itemsize > MAX_BASKET_BYTES:
            message = f"declares entries of the shape {shape}, too large to read"
            raise InputFileError(message, where=self.where)
        return base, shape, ragged, header

    def _entry_edges(self) -> Integers:
        """Return the first entry of every basket, and the number of entries behind the last."""
        with damage_named(self.where):
            edges = np.asarray(self._branch.entry_offsets, dtype=np.int64)
        if not len(edges) or edges[0] != 0 or (np.diff(edges) < 0).any() or edges[-1] != self.n:
            message = f"its baskets do not hold the {self.n} entries of the tree"
            raise damaged(self.where, message)
        return edges

    def read(self, start: int, stop: int) -> Array:
        """Read entries of one number or of a fixed shape.

        Returns:
            (stop - start, *shape), in native byte order.

        Raises:
            InputFileError: ragged, or damaged.
        """
        if self.ragged:
            message = "holds a varying number of values per entry, expected a fixed one"
            raise InputFileError(message, where=self.where)
        parts = [np.empty((0, *self.shape), self.dtype)]
        size = math.prod(self.shape)
        for basket, first, last in self._baskets(start, stop):
            values = basket.values(self.dtype, size, self.where)
            parts.append(values[first:last].reshape(-1, *self.shape))
        return np.concatenate(parts).astype(self.dtype.newbyteorder("="))

    def read_ragged(self, start: int, stop: int, most: int) -> tuple[Integers, Array]:
        """Read entries of varying length.

        Args:
            start, stop: first entry and last plus one.
            most: values that an entry may have.

        Returns:
            Number of values of every entry, and all values behind each other.

        Raises:
            InputFileError: not ragged, longer than allowed, or damaged.
        """
        if not self.ragged:
            message = (
                f"holds {printable(self._branch.typename):.80}, expected a varying number of values"
            )
            raise InputFileError(message, where=self.where)
        counts, parts = [np.empty(0, np.int64)], [np.empty(0, self.dtype)]
        for basket, first, last in self._baskets(start, stop):
            edges = basket.edges(self._header, self.dtype.itemsize, self.where)
            found = np.diff(edges)[first:last]
            if len(found) and found.max() > most:
                row = start + sum(map(len, counts)) + int(found.argmax())
                message = f"entry {row} has {found.max()} values, expected at most {most}"
                raise InputFileError(message, where=self.where)
            counts.append(found)
            parts.append(basket.ragged(edges, first, last, self._header, self.dtype))
        native = self.dtype.newbyteorder("=")
        return np.concatenate(counts), np.concatenate(parts).astype(native)

    def _baskets(self, start: int, stop: int) -> list[tuple[Basket, int, int]]:
        """Return the baskets of a range of entries, each with the entries of it that are meant."""
        if start >= stop:
            return []
        first = int(np.searchsorted(self._edges, start, side="right")) - 1
        last = int(np.searchsorted(self._edges, stop, side="left"))
        found = []
        for number in range(first, last):
            low, high = int(self._edges[number]), int(self._edges[number + 1])
            if low < high:
                basket = self._basket(number, high - low)
                found.append((basket, max(start, low) - low, min(stop, high) - low))
        return found

    def _basket(self, number: int, entries: int) -> Basket:
        if self._last is None or self._last[0] != number:
            self._last = number, read_basket(self._file, self._branch, number, entries, self.where)
        return self._last[1]
