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

from em_tables.shells import LOWEST_KEV, Shells
from em_tables.thinning import fine_grid, thin
from em_tables.vectors import physics_vector, points

FORMULA_FROM_KEV, TABLE_TO_KEV = 790.0, 799.0
FIT_KEV = (250.0, 798.0)
#: the tables keep this distance from edges, whose places in EPDL97 differ by up to a half of it
BESIDE = 1e-3
TOLERANCE, TOLERANCE_OF_SHELLS = 2e-3, 1e-2

FINE_STRUCTURE = 1 / 137.036
THOMSON_BARN = 0.66524587
ELECTRON_MEV = 0.51099895


class Photoelectric:
    """The files of one element in ``epics2017/phot``."""

    def __init__(self, z: int) -> None:
        self.z = z
        self.shells = Shells(z)
        k_edge = self.shells.edges_kev[0]
        self.above_k = fine_grid(max(k_edge * (1 + BESIDE), LOWEST_KEV * 1.001), TABLE_TO_KEV)
        self.below_k = np.array([])
        if len(self.shells) > 1:
            lowest = self.shells.edges_kev[-1] * (1 + BESIDE)
            self.below_k = fine_grid(lowest, k_edge * (1 - BESIDE))

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

    def _vector(self, fine_kev: Any) -> str:
        values = self._scaled(fine_kev)
        chosen = thin(fine_kev, values, TOLERANCE)
        return physics_vector(fine_kev[chosen] / 1e3, values[chosen])

    def _scaled(self, energies_kev: Any) -> Any:
        """Return E³σ in MeV³ barn."""
        return np.array([(e / 1e3) ** 3 * xraylib.CSb_Photo(self.z, e) for e in energies_kev])

    def _shell_file(self) -> str:
        """A shell starts at its edge; Geant4 compares with the whole, so all use the same points."""
        energies_kev = np.concatenate([self._thinned(fine) for fine in self._between_edges()])
        values = self._scaled(energies_kev)
        opened = self.shells.open_share(energies_kev)
        text = ""
        for number, (edge, share) in enumerate(
            zip(self.shells.edges_kev, self.shells.shares, strict=True)
        ):
            own = energies_kev > edge
            energies_mev = energies_kev[own] / 1e3
            text += f"{energies_mev[0]:.6g} {energies_mev[-1]:.6g} {own.sum()} {number}\n"
            text += points(energies_mev, values[own] * share / opened[own])
        return text

    def _between_edges(self) -> list[Any]:
        """Return fine energies from edge to edge, upwards; edges closer than a margin are one."""
        edges = [*self.shells.edges_kev[::-1], TABLE_TO_KEV]
        return [
            fine_grid(low * (1 + BESIDE), high * (1 - BESIDE))
            for low, high in itertools.pairwise(edges)
            if high > low * (1 + 3 * BESIDE)
        ]

    def _thinned(self, fine_kev: Any) -> Any:
        return fine_kev[thin(fine_kev, self._scaled(fine_kev), TOLERANCE_OF_SHELLS)]

    def _formula_file(self) -> str:
        """Coefficients cumulate over the shells, so that the last line gives the whole."""
        coefficients = self._coefficients()
        n = len(self.shells)
        lines = [f"{n} {n} {FORMULA_FROM_KEV / 1e3:.9g}"]
        shares = np.cumsum(self.shells.shares)
        for edge_kev, share in zip(self.shells.edges_kev, shares, strict=True):
            numbers = [edge_kev / 1e3, *(share * one for one in coefficients)]
            lines.append(" ".join(f"{number:.7g}" for number in numbers))
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
