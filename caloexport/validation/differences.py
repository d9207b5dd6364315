"""Say where two samples were not made of the same particles: then no metric compares like with like."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.units import format_energy

#: distance of two distributions, in units of what chance gives, that is pointed out
NOTABLE = 1.63  # Kolmogorov and Smirnov's statistic at 1 %
#: factor that medians may be off 1000 by to be taken for a wrong unit: spectra are seldom the same
UNIT_SPREAD = 1.5


def differences(reference: Mapping[str, Array], generated: Mapping[str, Array]) -> list[str]:
    """Return a sentence for each condition whose distribution differs between the samples.

    >>> differences({"energy_mev": np.full(9, 1e3)}, {"energy_mev": np.full(9, 2e3)})
    ['incident energies differ: reference 1 GeV, generated 2 GeV']
    """
    found = []
    for name, words in (
        ("energy_mev", "incident energies"),
        ("theta_rad", "angles"),
        ("pdg", "particles"),
    ):
        if name not in reference or name not in generated:
            continue
        usual, own = (np.asarray(one[name], dtype=np.float64) for one in (reference, generated))
        if _distance(usual, own) > NOTABLE * math.sqrt(1 / len(usual) + 1 / len(own)):
            told = f"reference {_range(name, usual)}, generated {_range(name, own)}"
            unit = (
                ", as if one held GeV for MeV" if name == "energy_mev" and _unit(usual, own) else ""
            )
            found.append(f"{words} differ: {told}{unit}")
    return found


def other_detectors(reference: Mapping[str, Array], generated: Mapping[str, Array]) -> list[str]:
    """Return a sentence if the samples tell different geometries; none where one does not tell.

    >>> other_detectors({"geometry": np.array(["SiW"])}, {"geometry": np.array(["siw", "scipb"])})
    ['geometries differ: reference siw, generated scipb, siw']
    """
    if "geometry" not in reference or "geometry" not in generated:
        return []
    usual, own = (
        ", ".join(sorted({str(name).casefold() for name in np.unique(one["geometry"])}))
        for one in (reference, generated)
    )
    return [] if usual == own else [f"geometries differ: reference {usual}, generated {own}"]


def _unit(usual: Float64, own: Float64) -> bool:
    """Say whether energies are about a factor 1000 apart, either way."""
    ratio = abs(math.log(float(np.median(own)) / float(np.median(usual)), 1000))
    return abs(ratio - 1) < math.log(UNIT_SPREAD, 1000)


def _distance(one: Float64, other: Float64) -> float:
    """Return the largest difference of two cumulative distributions; equal values are one."""
    one, other = np.sort(one.astype(np.float32)), np.sort(other.astype(np.float32))
    every = np.concatenate([one, other])
    below = [np.searchsorted(values, every, side="right") / len(values) for values in (one, other)]
    return float(np.abs(below[0] - below[1]).max())


def _range(name: str, values: Float64) -> str:
    ends = sorted({float(values.min()), float(values.max())})
    if name == "energy_mev":
        text = " to ".join(format_energy(value) for value in ends)
        distinct = len(np.unique(values))
        many = distinct > len(ends)
        return f"{text} (median {format_energy(float(np.median(values)))})" if many else text
    if name == "theta_rad":
        return " to ".join(f"{math.degrees(value):.4g}°" for value in ends)
    kinds, counts = np.unique(values, return_counts=True)
    return ", ".join(f"{int(n)} of {int(kind)}" for kind, n in zip(kinds, counts, strict=True))
