"""Materials: Geant4's NIST catalogue, readable without Geant4, and a detector's own mixtures.

The catalogue is a file that scripts/make_materials.py writes with Geant4 itself.
"""

from __future__ import annotations

import difflib
import functools
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from caloexport.runtime.errors import UsageError
from caloexport.simulation.detector import Detector
from caloexport.simulation.geant4.data import elements_with_tables
from caloexport.simulation.geant4.environment import tables_folder

CATALOGUE = "nist-materials.json"
Mixtures = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Material:
    """What a material is made of, and how it slows electrons down.

    Attributes:
        name: in Geant4's NIST catalogue, or of a mixture.
        density_g_cm3, radiation_length_mm, mean_excitation_ev: as Geant4 uses them.
        fractions: symbol of every element -> its share of the mass.
    """

    name: str
    density_g_cm3: float
    radiation_length_mm: float
    mean_excitation_ev: float
    fractions: Mapping[str, float]

    @property
    def z(self) -> float:
        """Mean atomic number, elements weighted with their mass."""
        return sum(share * elements()[symbol][0] for symbol, share in self.fractions.items())

    @property
    def a(self) -> float:
        """Mean atomic weight in g/mol, elements weighted with their mass."""
        return sum(share * elements()[symbol][1] for symbol, share in self.fractions.items())

    @property
    def z_over_a(self) -> float:
        """Electrons per mass in mol/g."""
        parts = ((elements()[symbol], share) for symbol, share in self.fractions.items())
        return sum(share * z / a for (z, a), share in parts)

    @property
    def radiation_length_g_cm2(self) -> float:
        """Radiation length times density."""
        return self.radiation_length_mm / 10 * self.density_g_cm3


@functools.cache
def _catalogue() -> Any:
    path = files("caloexport") / "data" / CATALOGUE
    return json.loads(path.read_text(encoding="utf-8"))


@functools.cache
def elements() -> Mapping[str, tuple[int, float]]:
    """Return atomic number and weight in g/mol of every element, by symbol."""
    return {symbol: (int(z), float(a)) for symbol, (z, a) in _catalogue()["elements"].items()}


def material_names() -> tuple[str, ...]:
    """Return the names of Geant4's NIST catalogue in order.

    >>> len(material_names()), "G4_PbWO4" in material_names()
    (309, True)
    """
    return tuple(_catalogue()["materials"])


def material(name: str, mixtures: Mixtures | None = None) -> Material:
    """Return a material of the catalogue or one of the mixtures.

    Raises:
        UsageError: no such material (the nearest names are given), or mixtures of each other.

    >>> tungsten = material("G4_W")
    >>> tungsten.density_g_cm3, round(tungsten.radiation_length_mm, 2), tungsten.fractions
    (19.3, 3.5, {'W': 1.0})
    """
    return _material(name, mixtures or {}, ())


def _material(name: str, mixtures: Mixtures, within: tuple[str, ...]) -> Material:
    if name in within:
        raise UsageError(f"mixture '{name}' is made of itself", hint=" of ".join((*within, name)))
    if name in mixtures:
        return _mixed(name, mixtures, (*within, name))
    found = _catalogue()["materials"].get(name)
    if found is None:
        raise _unknown(name, mixtures)
    density, radiation_length, excitation, fractions = found
    return Material(name, density, radiation_length, excitation, fractions)


def _mixed(name: str, mixtures: Mixtures, within: tuple[str, ...]) -> Material:
    """Mix: radiation lengths add by mass, logarithms of the excitation energy by electrons."""
    parts = [
        (_material(part, mixtures, within), float(share))
        for part, share in mixtures[name]["fractions"].items()
    ]
    density = float(mixtures[name]["density_g_cm3"])
    fractions: dict[str, float] = {}
    for part, share in parts:
        for symbol, within_part in part.fractions.items():
            fractions[symbol] = fractions.get(symbol, 0.0) + share * within_part
    depth = 1 / sum(share / part.radiation_length_g_cm2 for part, share in parts)
    electrons = [share * part.z_over_a for part, share in parts]
    logarithms = [math.log(part.mean_excitation_ev) for part, _ in parts]
    mean = sum(n * one for n, one in zip(electrons, logarithms, strict=True)) / sum(electrons)
    return Material(name, density, depth / density * 10, math.exp(mean), fractions)


def _unknown(name: str, mixtures: Mixtures) -> UsageError:
    known = {one.casefold(): one for one in (*material_names(), *mixtures)}
    asked = name.casefold()
    asked = asked if asked.startswith("g4_") else f"g4_{asked}"
    near = [known[one] for one in difflib.get_close_matches(asked, known, n=4, cutoff=0.6)]
    hint = f"near: {', '.join(near)}; " if near else ""
    hint += "names are those of Geant4's NIST catalogue, or of [mixtures] in the detector file"
    return UsageError(f"unknown material '{name}'", hint=hint)


def require_materials(detector: Detector) -> None:
    """Check that every material of a detector is known and that its elements have tables.

    Raises:
        UsageError: with the detector and the material.
    """
    symbols = {z: symbol for symbol, (z, _) in elements().items()}
    have = [symbols[z] for z in sorted(elements_with_tables(tables_folder()))]
    for name in dict.fromkeys(slab.material for slab in detector.every_slab):
        try:
            found = material(name, detector.mixtures)
        except UsageError as error:
            raise UsageError(error.message, where=detector.name, hint=error.hint) from error
        for symbol in found.fractions:
            if symbol not in have:
                message = f"material '{name}' holds {symbol}, of which there are no tables"
                hint = f"there are of {' '.join(have)}; see docs/geant4-tables.md"
                raise UsageError(message, where=detector.name, hint=hint)
