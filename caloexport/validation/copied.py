"""Generated showers that are showers of the reference, which no check can tell from a perfect model."""

from __future__ import annotations

from caloexport.runtime.arrays import Array
from caloexport.validation.measurement import Measurement


def copied(reference: Measurement, generated: Measurement | None, n: int) -> list[str]:
    """Return a sentence where showers of the reference are in the generated sample; else none.

    A copy has the incident energy and the energy of every layer of one of the reference's, to the
    bits of float32, so that a file that was stored anew in single precision counts. Showers without
    energy, or with energy in one layer alone, may be alike by chance and do not.

    Args:
        reference, generated: of the samples; None where the latter could not be measured.
        n: generated showers.

    >>> from caloexport.showers import open_showers, sample
    >>> from caloexport.validation.measurement import measure
    >>> siw = measure(open_showers(sample("siw")))
    >>> copied(siw, siw.take(slice(0, 3)), 3)
    ['3 of 3 generated showers are showers of the reference: copies say nothing of a generator']
    """
    if generated is None:
        return []
    known = set(_prints(reference))
    number = sum(one in known for one in _prints(generated))
    if not number:
        return []
    verb = "is a shower" if number == 1 else "are showers"
    said = f"{number} of {n} generated showers {verb} of the reference"
    return [f"{said}: copies say nothing of a generator"]


def _prints(sample: Measurement) -> list[int]:
    layers = sample.longitudinal.astype("f4")
    energies: Array = sample.energy_mev.astype("f4")
    several = (layers > 0).sum(axis=1) > 1
    return [
        hash((row.tobytes(), energy))
        for row, energy in zip(layers[several], energies[several].tolist(), strict=True)
    ]
