"""The reference values, from references.toml."""

from __future__ import annotations

import functools
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from typing import Any

from caloexport.simulation.geant4.materials import material


@dataclass(frozen=True)
class Reference:
    """A published number.

    Attributes:
        value: as it stands there.
        rounding: standard deviation of what was rounded away.
        error: its statistical error if that was published.
    """

    value: float
    rounding: float
    error: float | None = None


@dataclass(frozen=True)
class Point:
    """What is known of the showers of one detector and energy.

    Attributes:
        detector: name of a shipped one.
        x0_mm, critical_mev: effective radiation length and critical energy of its stack.
        energy_mev: incident, electrons perpendicular to the front face.
        n: showers that the values come from.
        values: by name of the quantity.
    """

    detector: str
    x0_mm: float
    critical_mev: float
    energy_mev: float
    n: int
    values: Mapping[str, Reference]


@functools.cache
def _data() -> Any:
    path = files("caloexport.simulation.selfcheck") / "references.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def points() -> list[Point]:
    """Return the points of all detectors in order."""
    return [
        Point(
            name, stack["x0_mm"], stack["critical_mev"], 1e3 * given["energy_gev"], given["n"],
            {key: reference(text) for key, text in given["values"].items()},
        )
        for name, stack in _data()["detectors"].items() for given in stack["points"]
    ]  # fmt: skip


def reference(given: str | list[str]) -> Reference:
    """Read a number from its text, whose digits say how it was rounded; a pair adds its error.

    >>> reference("0.0320").rounding == 0.5e-4 / 3**0.5
    True
    """
    text, error = (given, None) if isinstance(given, str) else (given[0], float(given[1]))
    last_digit = float(Decimal(text).as_tuple().exponent)
    return Reference(float(text), 0.5 * 10**last_digit / math.sqrt(3), error)


def radiation_lengths_g_cm2() -> Mapping[str, float]:
    """Return the radiation lengths by material."""
    return dict(_data()["radiation_lengths"])


def attenuation_energies_mev() -> tuple[float, ...]:
    """Return the photon energies of the attenuation."""
    return tuple(_data()["attenuation"]["energies_mev"])


def attenuation_cm2_g() -> Mapping[str, tuple[float, ...]]:
    """Return total attenuation at these energies by material, elements added by mass."""
    table = _data()["attenuation"]
    found = {}
    for name in table["materials"]:
        rows = [
            [share * one for one in table["elements"][symbol]]
            for symbol, share in material(name).fractions.items()
        ]
        found[name] = tuple(map(sum, zip(*rows, strict=True)))
    return found
