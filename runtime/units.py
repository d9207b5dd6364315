"""Quantities with units, in the Geant4 system: MeV = 1, mm = 1, rad = 1."""

from __future__ import annotations

import math
import re

from caloexport.runtime.errors import UsageError

#: unit -> (dimension, factor to MeV, mm or rad)
UNITS: dict[str, tuple[str, float]] = {
    "eV": ("energy", 1e-6),
    "keV": ("energy", 1e-3),
    "MeV": ("energy", 1.0),
    "GeV": ("energy", 1e3),
    "TeV": ("energy", 1e6),
    "um": ("length", 1e-3),
    "mm": ("length", 1.0),
    "cm": ("length", 10.0),
    "m": ("length", 1e3),
    "mrad": ("angle", 1e-3),
    "rad": ("angle", 1.0),
    "deg": ("angle", math.pi / 180),
}

_QUANTITY = re.compile(r"^\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*([a-zA-Z]*)\s*$")


def parse_quantity(text: str, dimension: str) -> float:
    """Read a quantity such as ``65GeV`` and return it in MeV, mm or rad.

    Args:
        text: number and unit, with or without a space.
        dimension: ``"energy"``, ``"length"`` or ``"angle"``.

    Raises:
        UsageError: no number, no unit, or a unit of another dimension.

    >>> parse_quantity("65GeV", "energy"), parse_quantity("2.3 mm", "length")
    (65000.0, 2.3)
    >>> parse_quantity("65", "energy")
    Traceback (most recent call last):
    ...
    caloexport.runtime.errors.UsageError: '65' has no unit (write for example 65GeV; known: eV, GeV, keV, MeV, TeV)
    """
    known = ", ".join(sorted((u for u, (d, _) in UNITS.items() if d == dimension), key=str.lower))
    example = {"energy": "GeV", "length": "mm", "angle": "deg"}[dimension]
    match = _QUANTITY.match(text)
    if match is None:
        message = f"'{text}' is not a quantity"
        raise UsageError(message, hint=f"write for example 50{example}; known: {known}")
    number, unit = match.groups()
    if not unit:
        message = f"'{text}' has no unit"
        raise UsageError(message, hint=f"write for example {number}{example}; known: {known}")
    found, factor = UNITS.get(unit, ("", 1.0))
    if found != dimension:
        kind = f"is a unit of {found}" if found else "is not a unit"
        message = f"'{unit}' in '{text}' {kind}, expected {dimension}"
        raise UsageError(message, hint=f"known: {known}")
    value = float(number) * factor
    if not math.isfinite(value):
        message = f"'{text}' is too large"
        raise UsageError(message)
    return value


def parse_range(text: str, dimension: str) -> tuple[float, float]:
    """Read a quantity, or a range of them such as ``1GeV..64GeV``, and return both ends.

    Raises:
        UsageError: as :func:`parse_quantity`, or a range that goes down.

    >>> parse_range("-5mm..1cm", "length"), parse_range("65GeV", "energy")
    ((-5.0, 10.0), (65000.0, 65000.0))
    """
    low, dots, high = text.partition("..")
    first = parse_quantity(low, dimension)
    last = parse_quantity(high, dimension) if dots else first
    if last < first:
        message = f"the range '{text}' goes down, expected upwards"
        raise UsageError(message)
    return first, last


def format_energy(energy_mev: float) -> str:
    """Write an energy the way people say it.

    >>> format_energy(50_000.0), format_energy(0.0151515)
    ('50 GeV', '15.2 keV')
    """
    size = float(f"{abs(energy_mev):.3g}")  # 999.9 MeV rounds into the next unit
    for unit, factor in (("TeV", 1e6), ("GeV", 1e3), ("MeV", 1.0), ("keV", 1e-3)):
        if size >= factor:
            return f"{energy_mev / factor:.3g} {unit}"
    return f"{energy_mev * 1e6:.3g} eV"
