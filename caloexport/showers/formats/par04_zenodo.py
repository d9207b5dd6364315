"""Par04 as published on Zenodo (6082201): one dataset per incident energy, named in whole GeV.

A dataset is (n, r, phi, z) in MeV. Detector and angle of incidence stand in the file's name only:
``SiW_angle_90.h5``; 90° is perpendicular to the front face. Cell energies carry no factor.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError, UnsupportedError
from caloexport.showers.formats import Content, Format, Reading, formats
from caloexport.showers.formats.par04 import ORDER, cylinder_of, require_cylinder
from caloexport.showers.hdf5 import MAX_SHOWERS, read_attributes, read_rows, require_numbers
from caloexport.showers.order import reorder
from caloexport.showers.showers import Showers
from caloexport.showers.storage import create_energies, require_count, write_attributes

if TYPE_CHECKING:
    import h5py

NAME = re.compile(r"(?P<geometry>[A-Za-z0-9]+(?:_[A-Za-z0-9]+)*)_angle_(?P<angle>\d+(?:\.\d+)?)")


class Par04Zenodo(Format):
    """One dataset (n, r, phi, z) per energy, named in whole GeV: Zenodo 6082201."""

    summary = "one dataset (n, r, phi, z) per energy, named in whole GeV: Zenodo 6082201"

    def recognises(self, datasets: Mapping[str, h5py.Dataset]) -> bool:
        return bool(datasets) and all(
            key.isascii() and key.isdigit() and data.ndim == 4 for key, data in datasets.items()
        )

    def read(
        self, file: h5py.File, datasets: Mapping[str, h5py.Dataset], reading: Reading
    ) -> Showers:
        if reading.binning is not None or reading.order not in (None, ORDER):
            message = "the layout par04-zenodo is (n, r, phi, z): it takes no binning and no order"
            raise InputFileError(message, where=file.filename)
        parts = [datasets[key] for key in sorted(datasets, key=int)]
        shape = _common_shape(parts)
        counts = [part.shape[0] for part in parts]
        if sum(counts) > MAX_SHOWERS:
            message = f"declares {sum(counts)} showers, at most {MAX_SHOWERS} are read"
            raise InputFileError(message, where=file.filename)
        geometry, theta_rad = name_facts(Path(file.filename))
        attributes = read_attributes(file)
        if geometry is not None:
            attributes["geometry"] = geometry
        energies = np.array([float(part.name.lstrip("/")) * 1000.0 for part in parts])
        conditions: dict[str, Array] = {"energy_mev": np.repeat(energies, counts)}
        n = len(conditions["energy_mev"])
        if theta_rad is not None:
            conditions["theta_rad"] = np.full(n, theta_rad)
        if "geometry" in attributes:
            conditions["geometry"] = np.full(n, str(attributes["geometry"]).lower())
        return Showers(
            file.filename,
            "par04-zenodo",
            cylinder_of(shape, attributes, reading, file.filename),
            conditions,
            lambda start, stop: _read(parts, start, stop),
            attributes=attributes,
            stored_dtype=str(parts[0].dtype),
            rows=parts[0].chunks[0] if parts[0].chunks else 1,
            close=file.close,
        )

    def write(self, file: h5py.File, content: Content, destination: Path) -> None:
        mesh = require_cylinder(content.mesh, "par04-zenodo")
        energies_gev = _whole_gev(content.conditions["energy_mev"])
        _require_name(destination, content.conditions)
        write_attributes(file, mesh, content.attributes)
        shape = mesh.in_order(ORDER).shape
        parts, filled = {}, {}
        for energy, count in zip(*np.unique(energies_gev, return_counts=True), strict=True):
            key = int(energy)
            parts[key] = create_energies(file, str(key), int(count), shape, content.dtype)
            filled[key] = 0
        start = 0
        for block in content.blocks:
            ordered = reorder(block, mesh, ORDER)
            wanted = energies_gev[start : start + len(block)]
            start += len(block)
            for key in np.unique(wanted).tolist():
                rows = ordered[: len(wanted)][wanted == key]
                parts[key][filled[key] : filled[key] + len(rows)] = rows
                filled[key] += len(rows)
        require_count(start, len(energies_gev))


def name_facts(path: Path) -> tuple[str | None, float | None]:
    """Return detector and polar angle (rad) from a file's name, None where it does not tell.

    >>> name_facts(Path("SiW_angle_90.h5"))
    ('SiW', 1.5707963267948966)
    """
    match = NAME.fullmatch(path.stem)
    if match is None:
        return None, None
    return match["geometry"], math.radians(float(match["angle"]))


def _common_shape(parts: list[h5py.Dataset]) -> tuple[int, ...]:
    for part in parts:
        require_numbers(part, (4,))
        name, where = part.name.lstrip("/"), part.file.filename
        if part.shape[1:] != parts[0].shape[1:]:
            message = f"'{name}' has cells {part.shape[1:]}, the others {parts[0].shape[1:]}"
            raise InputFileError(message, where=where)
        if not 0 < len(name) <= 9 or int(name) == 0:
            message = f"'{name}' is no incident energy, expected whole GeV above zero"
            raise InputFileError(message, where=where)
    return tuple(int(size) for size in parts[0].shape[1:])


def _read(parts: list[h5py.Dataset], start: int, stop: int) -> Array:
    """Read rows of the datasets as if they stood behind each other."""
    blocks = [parts[0][:0]]
    for part in parts:
        n = part.shape[0]
        if start < n and stop > 0:
            blocks.append(read_rows(part, max(start, 0), min(stop, n)))
        start, stop = start - n, stop - n
    return np.concatenate(blocks)


def _whole_gev(energy_mev: Array) -> Array:
    """Return the energies in GeV as integers.

    Raises:
        UnsupportedError: one is not a whole number of GeV.
    """
    energies_gev = np.rint(energy_mev / 1000.0)
    off = (np.abs(energies_gev * 1000.0 - energy_mev) > 1e-6 * energy_mev) | (energies_gev < 1)
    if off.any():
        row = int(np.argmax(off))
        message = (
            f"shower {row} has {energy_mev[row] / 1000:g} GeV; the layout par04-zenodo names its "
            f"datasets in whole GeV"
        )
        raise UnsupportedError(message, hint="the layout par04 holds any energy")
    return energies_gev.astype(np.int64)


def _require_name(path: Path, conditions: Mapping[str, Array]) -> None:
    """Refuse a file name that would lose or contradict detector and angle."""
    geometry, theta_rad = name_facts(path)
    wanted = {
        "geometry": set(np.char.lower(np.asarray(conditions.get("geometry", []), dtype=str))),
        "theta_rad": set(np.round(conditions.get("theta_rad", np.empty(0)), 6)),
    }
    told = {
        "geometry": None if geometry is None else geometry.lower(),
        "theta_rad": None if theta_rad is None else round(theta_rad, 6),
    }
    for name, values in wanted.items():
        if values and values != {told[name]}:
            found = ", ".join(str(value) for value in sorted(values)[:3])
            message = (
                f"the layout par04-zenodo keeps detector and angle in the file's name, and "
                f"'{path.name}' does not say {name} = {found}"
            )
            raise UnsupportedError(message, hint="name it like SiW_angle_90.h5")


formats.register("par04-zenodo")(Par04Zenodo())
