"""Photoelectric absorption: tables below 0.79 MeV from xraylib, a fitted formula above.

Source: EPDL97 in xraylib, which ends at 0.8 MeV; the limit of high energies is that of R. H. Pratt,
Phys. Rev. 117 (1960) 1017, reduced by a factor of our own that brings lead within a few per cent
of the values of NIST XCOM at 1 to 10 MeV.
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import xraylib

from em_tables.shells import Shells
from em_tables.vectors import physics_vector, points

FORMULA_FROM_KEV, TABLE_TO_KEV = 790.0, 799.0
TABLE_FROM_KEV = 0.1
#: xraylib has no cross sections below it; E³σ is taken as constant there
XRAYLIB_FROM_KEV = 1.0
FIT_KEV = (250.0, 798.0)
PER_DECADE, PER_DECADE_OF_SHELLS = 40, 16
#: points beside an edge stand off it by this share
BESIDE = 1e-5

FINE_STRUCTURE = 1 / 137.036
THOMSON_BARN = 0.66524587
ELECTRON_MEV = 0.51099895


class Photoelectric:
    """The files of one element in ``epics2017/phot``."""

    def __init__(self, z: int) -> None:
        self.z = z
        self.shells = Shells(z)
        edges = self.shells.edges_kev
        self.above_k = _grid(max(edges[0] * (1 + BESIDE), TABLE_FROM_KEV), TABLE_TO_KEV, PER_DECADE)
        self.below_k = _grid_between(edges, PER_DECADE)

    def files(self) -> dict[str, str]:
        """Return the files by name.

        ``pe-cs``, ``pe-le-cs``: E³σ in MeV³ barn above and below the K edge; ``pe-ss-cs``: the
        same of each shell; ``pe-high``, ``pe-low``: coefficients aᵢ of σ = Σ aᵢ E^-(i+1).
        """
        z = self.z
        formula = self._formula_file()
        made = {
            f"pe-cs-{z}.dat": self._vector(self.above_k),
            f"pe-high-{z}.dat": formula,
            f"pe-low-{z}.dat": formula,
        }
        if len(self.shells) > 1:
            made[f"pe-le-cs-{z}.dat"] = self._vector(self.below_k)
            made[f"pe-ss-cs-{z}.dat"] = self._shell_file()
        return made

    def _vector(self, energies_kev: Any) -> str:
        return physics_vector(energies_kev / 1e3, [self._scaled(e) for e in energies_kev])

    def _scaled(self, energy_kev: float) -> float:
        """Return E³σ in MeV³ barn."""
        inside = max(energy_kev, XRAYLIB_FROM_KEV)
        return (inside / 1e3) ** 3 * xraylib.CSb_Photo(self.z, inside)

    def _shell_file(self) -> str:
        edges = self.shells.edges_kev
        first = max(edges[0] * (1 + BESIDE), TABLE_FROM_KEV)
        above = _grid(first, TABLE_TO_KEV, PER_DECADE_OF_SHELLS)
        grid = np.unique(np.concatenate([_grid_between(edges, PER_DECADE_OF_SHELLS), above]))
        text = ""
        for number, share in enumerate(self.shells.shares):
            energies_kev = grid[grid >= edges[number]]
            values = [self._scaled(e) * share / self.shells.open_share(e) for e in energies_kev]
            first, last = energies_kev[0] / 1e3, energies_kev[-1] / 1e3
            text += f"{first:.9g} {last:.9g} {len(values)} {number}\n"
            text += points(energies_kev / 1e3, values)
        return text

    def _formula_file(self) -> str:
        """Coefficients cumulate over the shells, so that the last line gives the whole."""
        coefficients = self._coefficients()
        n = len(self.shells)
        lines = [f"{n} {n} {FORMULA_FROM_KEV / 1e3:.9g}"]
        shares = np.cumsum(self.shells.shares)
        for edge_kev, share in zip(self.shells.edges_kev, shares, strict=True):
            numbers = [edge_kev / 1e3, *(share * one for one in coefficients)]
            lines.append(" ".join(f"{number:.9g}" for number in numbers))
        return "\n".join(lines) + "\n"

    def _coefficients(self) -> list[float]:
        """Fit E σ = a0 + a1/E + a2/E² + a3/E³ with a0 given by theory, continuous at the seam."""
        limit = high_energy_limit(self.z) / self.shells.shares[0]
        energies_mev = np.geomspace(*FIT_KEV, 40) / 1e3
        product = np.array([e * xraylib.CSb_Photo(self.z, e * 1e3) for e in energies_mev])
        powers = np.stack([energies_mev**-k for k in (1, 2, 3)], axis=1)
        weighted = powers / product[:, np.newaxis]
        fitted = np.linalg.lstsq(weighted, (product - limit) / product, rcond=None)[0]
        coefficients = np.array([limit, *fitted, 0.0, 0.0])
        seam = FORMULA_FROM_KEV / 1e3
        there = sum(a * seam ** -(k + 1) for k, a in enumerate(coefficients))
        return list(coefficients * xraylib.CSb_Photo(self.z, FORMULA_FROM_KEV) / there)


def high_energy_limit(z: int) -> float:
    """Return lim E σ_K in MeV barn."""
    a = FINE_STRUCTURE * z
    exponent = -math.pi * a + 2 * a * a * (1 - math.log(a))
    pratt = 1.5 * THOMSON_BARN * FINE_STRUCTURE**4 * z**5 * ELECTRON_MEV * math.exp(exponent)
    return pratt * max(0.5, 1 - 1.2 * a * a)


def _grid(low: float, high: float, per_decade: int) -> Any:
    return np.geomspace(low, high, max(8, int(per_decade * math.log10(high / low))))


def _grid_between(edges_kev: Any, per_decade: int) -> Any:
    """Return energies from the lowest edge to the K edge, on both sides of each between them."""
    grid = [edges_kev[-1] * (1 + BESIDE)]
    upwards = edges_kev[::-1]
    for low, high in itertools.pairwise(upwards):
        if high > low * (1 + 50 * BESIDE):
            grid += list(_grid(low * (1 + BESIDE), high * (1 - BESIDE), per_decade))
    return np.unique(grid)
