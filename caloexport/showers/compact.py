"""Compact storage: float16 with eight bits of mantissa, which compresses to half the size of float32.

Eight bits lose less than the readout of any calorimeter does, and the two that they leave at zero
are what gzip lives on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import UnsupportedError

#: attribute ``precision`` of files whose energies went through :func:`compact`
PRECISION = "float16 with 8 mantissa bits: relative rounding at most 0.2 %"
MANTISSA_BITS = 8
#: the largest float16 with eight bits of mantissa; half a step above it rounds to infinity
LARGEST_MEV = (2 - 2.0**-MANTISSA_BITS) * 2.0**15
DROPPED = 23 - MANTISSA_BITS  # bits of a float32's mantissa


def compact(energies: Array) -> NDArray[np.float16]:
    """Round energies to float16 with eight bits of mantissa, ties to even.

    The relative rounding is at most 2⁻⁹ (0.2 %) from 1.6e-5 MeV (16 eV) on; smaller energies,
    below any readout threshold in use, are rounded by at most 5e-8 MeV. Zero stays zero, and
    energies that are rounded so already stay what they are.

    Args:
        energies: any shape, MeV.

    Raises:
        UnsupportedError: an energy is not finite, or beyond what float16 holds (65 GeV in one
            cell).

    >>> compact(np.array([0.0, 0.1, 1000.0])).tolist()
    [0.0, 0.10009765625, 1000.0]
    """
    single = np.ascontiguousarray(energies, dtype=np.float32)
    bits = single.view(np.uint32)
    kept = (bits >> DROPPED) & 1  # ties to even, as IEEE 754 rounds
    rounded = (bits + (2 ** (DROPPED - 1) - 1) + kept) & np.uint32(2**32 - 2**DROPPED)
    values = rounded.view(np.float32)
    fits = np.abs(values) <= LARGEST_MEV
    if not (fits & np.isfinite(single)).all():
        wrong = float(single[~(fits & np.isfinite(single))][0])
        message = f"a cell holds {wrong:g} MeV, the compact storage at most {LARGEST_MEV:g} MeV"
        raise UnsupportedError(message, hint="store float32, without compact")
    return values.astype(np.float16)


def compact_blocks(blocks: Iterable[Array]) -> Iterator[NDArray[np.float16]]:
    """Round blocks of energies as they come."""
    for block in blocks:
        yield compact(block)
