"""What every precision must do: give back exactly what was rounded to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from caloexport.runtime.packing import TILE, pack_kernel, unpack_kernel
from caloexport.runtime.precisions import precisions


@dataclass(frozen=True)
class Case:
    """A kernel (n_in, n_out) that the precision holds exactly, and some words of its tiles.

    ``words`` are (tile, row, output, word of 32 bits).
    """

    kernel: np.ndarray
    words: tuple[tuple[int, int, int, int], ...]


def check_round_trip(name: str, case: Case) -> None:
    """Check layout and content of the tiles, and that nothing is lost."""
    entry = precisions[name]
    scale = entry.scale(case.kernel)
    packed = pack_kernel(case.kernel, name, scale)
    n_in, n_out = case.kernel.shape
    rows = -(-n_in // entry.together)
    last = (entry.together,) if entry.reduces else ()
    assert packed.shape == (-(-n_out // TILE), rows, TILE, *last)
    assert packed.dtype == entry.dtype
    words = packed.reshape(len(packed), rows, -1).view(np.uint32)  # 64 words of 32 bits in a row
    assert words.shape[2] == TILE
    for tile, row, output, word in case.words:
        assert int(words[tile, row, output]) == word
    found = unpack_kernel(packed, case.kernel.shape, name, scale)
    np.testing.assert_array_equal(found.view(np.uint32), case.kernel.view(np.uint32))
