"""Spectra as users ask for them: values, or one range."""

from __future__ import annotations

import math
from collections.abc import Sequence

from caloexport.runtime.errors import UsageError
from caloexport.runtime.units import parse_quantity
from caloexport.simulation.spectrum import Spectrum

#: flatter ones fly along the front face
FLATTEST_RAD = math.radians(10)


def choose_spectrum(texts: Sequence[str], dimension: str, law: str | None = None) -> Spectrum:
    """Return the spectrum of energies or angles.

    Args:
        texts: quantities with units, or one range ``LOW..HIGH``.
        dimension: ``"energy"`` or ``"angle"``.
        law: ``"log-uniform"`` or ``"uniform"`` for a range; None takes log-uniform for energies
            and uniform for angles.

    Raises:
        UsageError: not a quantity, a range among others, or a law without a range.

    >>> choose_spectrum(["1GeV..64GeV"], "energy")
    Spectrum(law='log-uniform', values=(1000.0, 64000.0))
    >>> choose_spectrum(["1GeV", "8GeV"], "energy")
    Spectrum(law='values', values=(1000.0, 8000.0))
    """
    ranges = [text for text in texts if ".." in text]
    if ranges and len(texts) > 1:
        message = f"'{ranges[0]}' is a range, which stands alone"
        raise UsageError(message, hint="give one range, or values only")
    if not ranges:
        if law is not None:
            message = f"the law {law} needs a range"
            raise UsageError(message, hint=f"for example {_example(dimension)}")
        return Spectrum("values", tuple(parse_quantity(text, dimension) for text in texts))
    ends = ranges[0].split("..")
    if len(ends) != 2:
        message = f"'{ranges[0]}' is not a range"
        raise UsageError(message, hint=f"for example {_example(dimension)}")
    low, high = (parse_quantity(end, dimension) for end in ends)
    usual = "log-uniform" if dimension == "energy" else "uniform"
    if low <= 0 and (law or usual) == "log-uniform":
        message = f"'{ranges[0]}' begins at or below zero, where a logarithm has no value"
        raise UsageError(message)
    return Spectrum(law or usual, (low, high))


def choose_angles(texts: Sequence[str]) -> Spectrum:
    """Return the spectrum of angles to the beam axis.

    Raises:
        UsageError: as :func:`choose_spectrum`, or a particle that hardly enters the front face.
    """
    spectrum = choose_spectrum(texts, "angle")
    if spectrum.low < FLATTEST_RAD or spectrum.high > math.pi - FLATTEST_RAD:
        low, high = math.degrees(spectrum.low), math.degrees(spectrum.high)
        shown = f"{low:g}" if low == high else f"{low:g} to {high:g}"
        message = f"particles at {shown} degrees to the beam axis fly along the front face"
        raise UsageError(message, hint="simulated are 10deg to 170deg; 90deg is perpendicular")
    return spectrum


def _example(dimension: str) -> str:
    return "1GeV..64GeV" if dimension == "energy" else "60deg..90deg"
