"""The conditions of shower files: one dataset per condition, one row per shower."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError
from caloexport.showers.further_conditions import read_further, write_further
from caloexport.showers.hdf5 import read_column, read_rows
from caloexport.showers.storage import exact_float32, write_attribute

if TYPE_CHECKING:
    import h5py

#: dataset -> condition; the incident energy's own dataset differs between the formats
DATASETS = {
    "incident_theta": "theta_rad",
    "incident_phi": "phi_rad",
    "pdg": "pdg",
}
GEOMETRY_NAME_BYTES = 64
LARGEST_ANGLE = 6.3  # rad: a full turn, rounded up; beyond it stand degrees


def read_conditions(
    datasets: Mapping[str, h5py.Dataset], energy_key: str, n: int, attributes: Mapping[str, Any]
) -> dict[str, Array]:
    """Read the conditions of a file.

    Args:
        datasets: of the root group.
        energy_key: dataset of the incident energies, MeV.
        n: number of showers.
        attributes: of the file; ``geometry`` names the detector of all showers, ``conditions``
            the further conditions.

    Raises:
        InputFileError: a wrong shape, an incident energy that is not above zero, or an angle in
            degrees.
    """
    columns = {
        name: (key, read_column(datasets[key], n))
        for key, name in {energy_key: "energy_mev", **DATASETS}.items()
        if key in datasets
    }
    where = datasets[energy_key].file.filename
    conditions = checked_conditions(columns, where)
    geometry = _geometry(datasets, n, attributes)
    if geometry is not None:
        conditions["geometry"] = geometry
    for name, values in read_further(datasets, n, attributes, where).items():
        conditions.setdefault(name, values)
    return conditions


def checked_conditions(columns: Mapping[str, tuple[str, Array]], where: str) -> dict[str, Array]:
    """Return conditions as the program takes them, from columns of finite numbers.

    Args:
        columns: by condition the column's name in the file and its values (n,).
        where: the file, for messages.

    Raises:
        InputFileError: an incident energy that is not above zero, or an angle in degrees.
    """
    conditions: dict[str, Array] = {}
    for name, (key, values) in columns.items():
        conditions[name] = values.astype(np.int64 if name == "pdg" else np.float64)
        if name == "energy_mev":
            _require_positive(conditions[name], key, where)
        elif name != "pdg":
            _require_radians(conditions[name], key, where)
    return conditions


def _require_positive(energy_mev: Array, key: str, where: str) -> None:
    if not (energy_mev > 0).all():
        row = int(np.argmin(energy_mev > 0))
        message = f"'{key}' of shower {row} is {energy_mev[row]:g} MeV, expected > 0"
        raise InputFileError(message, where=where)


def _require_radians(angles: Array, key: str, where: str) -> None:
    beyond = np.abs(angles) > LARGEST_ANGLE
    if beyond.any():
        row = int(np.argmax(beyond))
        message = f"'{key}' of shower {row} is {angles[row]:g}, expected radians"
        hint = "are these degrees? multiply them by π/180"
        raise InputFileError(message, where=where, hint=hint)


def _geometry(
    datasets: Mapping[str, h5py.Dataset], n: int, attributes: Mapping[str, Any]
) -> Array | None:
    named = attributes.get("geometry", attributes.get("name"))
    if isinstance(named, str):
        return np.full(n, named.lower())
    dataset = datasets.get("geometry")
    if dataset is None:
        return None
    kind, size = dataset.dtype.kind, dataset.dtype.itemsize
    if kind != "S" or size > GEOMETRY_NAME_BYTES or dataset.shape != (n,):
        message = f"'geometry' is {dataset.dtype} of shape {dataset.shape}, expected ({n},) of text"
        raise InputFileError(message, where=dataset.file.filename)
    return np.char.lower(np.char.decode(read_rows(dataset, 0, n), "utf-8", "replace"))


def write_conditions(
    file: h5py.File, conditions: Mapping[str, Array], energy_key: str, *, column: bool
) -> None:
    """Write the conditions of showers.

    Args:
        file: open for writing.
        conditions: by name an array (n,).
        energy_key: dataset of the incident energies.
        column: write the energies as (n, 1) instead of (n,).
    """
    energies = exact_float32(conditions["energy_mev"])
    file.create_dataset(energy_key, data=energies[:, None] if column else energies)
    for key, name in DATASETS.items():
        if name == "pdg" and name in conditions:
            file.create_dataset(key, data=np.asarray(conditions[name], dtype=np.int32))
        elif name in conditions:
            file.create_dataset(key, data=exact_float32(conditions[name]))
    if "geometry" in conditions:
        names = np.char.encode(np.asarray(conditions["geometry"], dtype=str), "utf-8")
        if len(set(names.tolist())) == 1:
            write_attribute(file, "geometry", names[0].decode())
        else:
            file.attrs.pop("geometry", None)
            file.create_dataset("geometry", data=names)
    write_further(file, conditions, {"energy_mev", "geometry", *DATASETS.values()})
