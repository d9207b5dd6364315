"""Read tables back as Geant4 does and compare them with where they came from."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import xraylib

from em_tables.bremsstrahlung import Bremsstrahlung
from em_tables.shells import Shells

#: at this distance of an edge two tables may differ about where the edge is
BESIDE_EDGE = 5e-3
#: Geant4 makes no photons below it
FROM_KEV = 1.0
LIMITS = {"absorption": 0.003, "shells": 0.012, "Rayleigh": 0.006, "bremsstrahlung": 6e-4}


def deviations(tree: Path, z: int, bremsstrahlung: Bremsstrahlung) -> dict[str, float]:
    """Return the largest relative deviation of every kind of table of an element."""
    folder = tree / "G4EMLOW8.8"
    energies_kev = np.geomspace(FROM_KEV, 798.0, 2000)
    edges = Shells(z).edges_kev
    away = np.abs(energies_kev[:, np.newaxis] / edges - 1).min(axis=1) > BESIDE_EDGE
    energies_kev = energies_kev[away & (energies_kev > edges[-1])]
    absorbed = np.array([xraylib.CSb_Photo(z, e) for e in energies_kev])
    scattered = np.array([xraylib.CSb_Rayl(z, e) for e in energies_kev])
    phot, rayl = folder / "epics2017" / "phot", folder / "epics2017" / "rayl" / f"re-cs-{z}.dat"
    whole = absorption_barn(phot, z, energies_kev)
    coherent = vector(rayl, energies_kev / 1e3) / (energies_kev / 1e3) ** 2 * 1e22
    return {
        "absorption": worst(whole, absorbed),
        "shells": worst(sum_of_shells(phot, z, energies_kev), absorbed),
        "Rayleigh": worst(coherent, scattered),
        "bremsstrahlung": _spectra(folder / "brem_SB" / f"br{z}", z, bremsstrahlung),
    }


def worst(found: Any, expected: Any) -> float:
    """Return the largest relative deviation."""
    return float(np.max(np.abs(found / expected - 1)))


def absorption_barn(phot: Path, z: int, energies_kev: Any) -> Any:
    """Return the cross section as G4LivermorePhotoElectricModel does."""
    rows, seam = _formula(phot, z)
    e = np.maximum(energies_kev / 1e3, rows[-1, 0])
    above = vector(phot / f"pe-cs-{z}.dat", e) / e**3
    if len(rows) > 1:
        below = vector(phot / f"pe-le-cs-{z}.dat", e) / e**3
        above = np.where(e >= rows[0, 0], above, below)
    formula = sum(a * e ** -(k + 1) for k, a in enumerate(rows[-1, 1:]))
    return np.where(e >= seam, formula, above)


def sum_of_shells(phot: Path, z: int, energies_kev: Any) -> Any:
    """Return the sum over the shells, which Geant4 draws one of."""
    rows, seam = _formula(phot, z)
    e = energies_kev / 1e3
    if len(rows) == 1:
        return absorption_barn(phot, z, energies_kev)
    lines = iter((phot / f"pe-ss-cs-{z}.dat").read_text().splitlines())
    total = np.zeros(len(e))
    for head in lines:
        count, shell = (int(word) for word in head.split()[2:])
        table = np.array([[float(w) for w in next(lines).split()] for _ in range(count)])
        total += np.where(e > rows[shell, 0], np.interp(e, *table.T), 0.0)
    return np.where(e >= seam, absorption_barn(phot, z, energies_kev), total / e**3)


def vector(path: Path, energies_mev: Any) -> Any:
    """Return values of a table between its points; outside, its first or last."""
    lines = path.read_text().splitlines()
    table = np.array([[float(word) for word in line.split()] for line in lines[2:]])
    if len(table) != int(lines[1]):
        raise SystemExit(f"{path}: {len(table)} points, expected {lines[1]}")
    return np.interp(energies_mev, *table.T)


def _formula(phot: Path, z: int) -> tuple[Any, float]:
    lines = (phot / f"pe-high-{z}.dat").read_text().splitlines()
    rows = np.array([[float(word) for word in line.split()] for line in lines[1:]])
    return rows, float(lines[0].split()[2])


def _spectra(path: Path, z: int, bremsstrahlung: Bremsstrahlung) -> float:
    lines = path.read_text().splitlines()
    values = np.array([[float(word) for word in line.split()] for line in lines[3:]])
    logarithms = np.array([float(word) for word in lines[2].split()])
    if not math.isclose(math.exp(logarithms[-1]), bremsstrahlung.energies_mev[-1], rel_tol=1e-8):
        raise SystemExit(f"{path}: energies end at {math.exp(logarithms[-1])} MeV")
    return worst(values, bremsstrahlung.values_mb[z - 1])


def check(tree: Path, elements: range, bremsstrahlung: Bremsstrahlung) -> list[str]:
    """Return one line per kind of table with the worst element.

    Raises:
        SystemExit: it deviates too far.
    """
    found = {z: deviations(tree, z, bremsstrahlung) for z in elements}
    lines = []
    for kind, limit in LIMITS.items():
        z = max(found, key=lambda number: found[number][kind])
        lines.append(f"{kind}: within {found[z][kind]:.2%} of its source (worst: Z = {z})")
        if found[z][kind] > limit:
            raise SystemExit(f"{lines[-1]}, allowed are {limit:.2%}")
    return lines
