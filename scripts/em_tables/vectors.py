"""Geant4's text form of a function given at points."""

from __future__ import annotations

from collections.abc import Sequence


def physics_vector(energies_mev: Sequence[float], values: Sequence[float]) -> str:
    """Return first and last energy and number of points, the number again, then the points."""
    n = len(energies_mev)
    head = f"{energies_mev[0]:.7g} {energies_mev[-1]:.7g} {n}\n{n}\n"
    return head + points(energies_mev, values)


def points(energies_mev: Sequence[float], values: Sequence[float]) -> str:
    """Return one line per point."""
    pairs = zip(energies_mev, values, strict=True)
    return "".join(f"{energy:.7g} {value:.5g}\n" for energy, value in pairs)
