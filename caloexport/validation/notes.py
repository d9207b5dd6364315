"""What a reader of a comparison must know beside its numbers, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.units import format_energy
from caloexport.showers.showers import Showers
from caloexport.validation.differences import differences, other_detectors
from caloexport.validation.whole_sample import left_out
from caloexport.validation.windows import Window


def notes_of(
    reference: Showers,
    generated: Showers,
    whole: Sequence[Mapping[str, Any]],
    windows: Sequence[Window] | None = None,
) -> list[str]:
    """Return a sentence for each thing that a reader must know.

    Args:
        reference, generated: what is compared.
        whole: of :func:`caloexport.validation.whole_sample.compare_whole`.
        windows: that hold all energies of the reference; None where the user chose windows, which
            leave showers out on purpose.
    """
    told = [
        f"{one}: metrics compare different particles"
        for one in differences(reference.conditions, generated.conditions)
    ]
    told += [
        f"{one}: metrics compare different detectors"
        for one in other_detectors(reference.conditions, generated.conditions)
    ]
    if windows is not None:
        told += not_compared(generated.conditions["energy_mev"], windows)
    return told + left_out(whole)


def not_compared(energy_mev: Array, windows: Sequence[Window]) -> list[str]:
    """Return a sentence about generated showers in no window; none where there are none.

    Args:
        energy_mev: (n,) incident energies of the generated sample.
        windows: that hold all energies of the reference.

    >>> not_compared(np.array([1e3, 2e3, 9e4]), [(900.0, 3e3)])
    ['1 of 3 generated showers is not compared: the reference has none of its energy (90 GeV)']
    """
    outside = np.ones(len(energy_mev), dtype=bool)
    for low, high in windows:
        outside &= (energy_mev < low) | (energy_mev >= high)
    if not outside.any():
        return []
    n = int(np.count_nonzero(outside))
    ends = (float(end(energy_mev[outside])) for end in (np.min, np.max))
    told = " to ".join(dict.fromkeys(map(format_energy, ends)))
    verb, whose = ("is", "its energy") if n == 1 else ("are", "their energies")
    said = f"{n} of {len(energy_mev)} generated showers {verb} not compared"
    return [f"{said}: the reference has none of {whose} ({told})"]
