"""The embedded samples: real Geant4 electrons, small enough to travel with the package."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from caloexport.runtime.errors import UnknownName

SAMPLES = ("siw", "scipb", "pbwo4")


def sample(detector: str) -> Path:
    """Return the path of an embedded sample.

    Each holds 256 electrons of 1 to 64 GeV (log-uniform) at 90° to the front face, 18 x 50 x 45
    cells, simulated with Geant4 11.4.1; the attributes of the file tell the rest.

    Args:
        detector: ``"siw"``, ``"scipb"`` or ``"pbwo4"``.

    Raises:
        UnknownName: another detector.

    >>> sample("siw").name
    'sample-siw.h5'
    """
    if detector not in SAMPLES:
        raise UnknownName("embedded sample", detector, SAMPLES)
    return Path(str(files("caloexport") / "data" / f"sample-{detector}.h5"))
