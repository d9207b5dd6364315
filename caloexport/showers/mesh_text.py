"""Meshes as people write them: ``18x50x45:2.325mm,3.4mm``."""

from __future__ import annotations

import re

from caloexport.runtime.errors import UsageError
from caloexport.runtime.mesh import CylinderMesh
from caloexport.runtime.units import parse_quantity

NUMBERS = re.compile(r"\s*(\d{1,9})\s*[x×]\s*(\d{1,9})\s*[x×]\s*(\d{1,9})\s*", re.ASCII)


def parse_mesh(text: str) -> CylinderMesh:
    """Read a regular cylinder: numbers of cells in r, phi and z, and cell sizes in r and z.

    Raises:
        UsageError: something else, or cells that make no sense.

    >>> parse_mesh("18x50x45:2.325mm,3.4mm").dz_mm, parse_mesh("24x24x24").shape
    (3.4, (24, 24, 24))
    """
    numbers, colon, sizes = text.partition(":")
    match = NUMBERS.fullmatch(numbers)
    lengths = sizes.split(",") if colon else []
    if match is None or len(lengths) not in (0, 2):
        message = f"'{text}' is no mesh"
        raise UsageError(message, hint="write for example 18x50x45:2.325mm,3.4mm (r, phi, z)")
    n_r, n_phi, n_z = (int(number) for number in match.groups())
    dr_mm, dz_mm = [parse_quantity(one, "length") for one in lengths] or (None, None)
    return CylinderMesh(n_r, n_phi, n_z, dr_mm, dz_mm)
