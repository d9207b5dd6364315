"""Baskets: the pieces of a branch, each compressed for itself.

A basket is a key, five numbers, the values of its entries behind each other and, for entries of
varying length, the offsets of their first bytes (ROOT, tree/tree/src/TBasket.cxx). They are read
here and not by uproot, which believes the lengths that a file declares.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from caloexport.runtime.arrays import Array, Integers
from caloexport.showers.root.damage import MAX_BASKET_BYTES, damage_named, damaged
from caloexport.showers.root.inflating import InflatingError, inflate

if TYPE_CHECKING:
    from caloexport.showers.root.file import RootFile

KEY = struct.Struct(">ihiIhh")  # bytes, version, inflated bytes, date, bytes of the key, cycle
HEADER = struct.Struct(">Hiiii")  # version, buffer, offsets, entries, last byte
FLAG_BYTES = 1


@dataclass(frozen=True)
class Basket:
    """Inflated bytes of one basket.

    Attributes:
        entries: how many it holds.
        data: the values, as stored.
        offsets: (entries + 1,) first byte of every entry, None where all are of one length.
    """

    entries: int
    data: npt.NDArray[np.uint8]
    offsets: Integers | None

    def values(self, dtype: np.dtype[Any], size: int, where: str) -> Array:
        """Return the values (entries, size) of entries of one length.

        Raises:
            InputFileError: there are more or fewer.
        """
        if len(self.data) != self.entries * size * dtype.itemsize:
            message = f"a basket of {self.entries} entries has {len(self.data)} bytes"
            raise damaged(where, message)
        return self.data.view(dtype).reshape(self.entries, size)

    def edges(self, header: int, itemsize: int, where: str) -> Integers:
        """Return where the values of each entry begin (entries + 1,), counted in values.

        Raises:
            InputFileError: the offsets do not divide the data into entries.
        """
        offsets = self.offsets
        if offsets is None or len(offsets) != self.entries + 1:
            message = "a basket does not say where its entries begin"
            raise damaged(where, message)
        lengths = np.diff(offsets) - header
        if offsets[0] != 0 or (lengths < 0).any() or (lengths % itemsize).any():
            message = "the entries of a basket overlap or end within a value"
            raise damaged(where, message)
        return np.concatenate(([0], np.cumsum(lengths // itemsize)))

    def ragged(
        self, edges: Integers, first: int, last: int, header: int, dtype: np.dtype[Any]
    ) -> Array:
        """Return the values of a range of entries behind each other, as stored."""
        assert self.offsets is not None
        begin, end = self.offsets[first], self.offsets[last]
        data = self.data[begin:end]
        if header:
            kept = np.ones(len(data), dtype=bool)
            kept[(self.offsets[first:last, None] - begin) + np.arange(header)] = False
            data = data[kept]
        return np.frombuffer(data.tobytes(), dtype, int(edges[last] - edges[first]))


def read_basket(file: RootFile, branch: Any, number: int, entries: int, where: str) -> Basket:
    """Read and inflate one basket.

    Args:
        file: that it is in.
        branch: uproot's branch, which knows where its baskets are.
        number: of the basket.
        entries: that it must hold.
        where: for messages.

    Raises:
        InputFileError: damaged, or larger than any basket is.
    """
    with damage_named(where):
        seeks, stored = branch.member("fBasketSeek"), branch.member("fBasketBytes")
        normal = min(len(seeks), len(stored), int(branch.member("fWriteBasket")))
        if number >= normal:
            return _embedded(branch.basket(number), entries, where)
        key = file.read_bytes(int(seeks[number]), int(stored[number]), where)
    return _unpack(key, entries, where)


def _unpack(key: bytes, entries: int, where: str) -> Basket:
    lengths = KEY.unpack_from(key) if len(key) >= KEY.size else (0,) * 6
    stored, inflated, key_bytes = lengths[0], lengths[2], lengths[4]
    position = key_bytes - HEADER.size - FLAG_BYTES
    if not KEY.size <= position <= key_bytes <= stored == len(key):
        message = "a basket is not where the branch says"
        raise damaged(where, message)
    *_, found, last = HEADER.unpack_from(key, position)
    border = last - key_bytes
    if found != entries or not 0 <= border <= inflated <= MAX_BASKET_BYTES:
        message = f"a basket declares {found} entries in {border} of {inflated} bytes"
        raise damaged(where, message)
    content = key[key_bytes:]
    if len(content) != inflated:
        try:
            content = inflate(content, inflated)
        except InflatingError as error:
            message = f"a basket cannot be inflated: {error}"
            raise damaged(where, message) from error
    data = np.frombuffer(content, np.uint8)
    return Basket(entries, data[:border], _offsets(data[border:], key_bytes, border))


def _offsets(data: npt.NDArray[np.uint8], key_bytes: int, border: int) -> Integers | None:
    """Return the offsets behind the data: their number, then each counted from the key."""
    if len(data) < 8 or len(data) % 4:
        return None
    offsets = data.view(">i4")[1:].astype(np.int64) - key_bytes
    offsets[-1] = border  # stored as zero
    return offsets


def _embedded(basket: Any, entries: int, where: str) -> Basket:
    """Return a basket that was still in memory when its tree was written, and lies within it."""
    if basket.num_entries != entries:
        message = f"a basket holds {basket.num_entries} entries, expected {entries}"
        raise damaged(where, message)
    offsets = basket.byte_offsets
    wide = None if offsets is None else np.asarray(offsets, dtype=np.int64)
    return Basket(entries, np.asarray(basket.data, dtype=np.uint8), wide)
