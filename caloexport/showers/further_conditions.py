"""Conditions of shower files beyond energy, angles, particle and detector.

A file names them in its attribute ``conditions``, each has a dataset of its own name: whole
numbers (codes, such as the alignment of cells), other numbers, or text. Sets of ATLAS photons made
earlier have no such attribute and datasets of other names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError, UnsupportedError
from caloexport.showers.hdf5 import read_column, read_rows
from caloexport.showers.storage import CONDITIONS, exact_float32, write_attribute

if TYPE_CHECKING:
    import h5py

#: dataset of earlier files -> condition, as Athena's DNNCaloSim names them
EARLIER = {
    "impact_eta": "ripos_eta",
    "impact_phi": "ripos_phi",
    "phi_config": "pconfig",
    "eta_config": "econfig",
}
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,63}")
#: datasets with a meaning of their own
TAKEN = ("showers", "incident_energy", "incident_energies", "incident_theta", "incident_phi")
MAX_TEXT_BYTES = 64


def read_further(
    datasets: Mapping[str, h5py.Dataset], n: int, attributes: Mapping[str, Any], where: str
) -> dict[str, Array]:
    """Read the further conditions of n showers.

    Raises:
        InputFileError: one that the file names is missing, or has a wrong shape or type.
    """
    told = attributes.get(CONDITIONS)
    if told is None:
        wanted = {name: key for key, name in EARLIER.items() if key in datasets}
    else:
        wanted = {name: name for name in str(told).split()}
    found = {}
    for name, key in wanted.items():
        if key not in datasets or key in TAKEN or not NAME.fullmatch(name):
            message = f"names the condition '{name:.64}', for which it has no dataset"
            raise InputFileError(message, where=where)
        found[name] = _read(datasets[key], n)
    return found


def _read(dataset: h5py.Dataset, n: int) -> Array:
    if dataset.dtype.kind == "S":
        if dataset.dtype.itemsize > MAX_TEXT_BYTES or dataset.shape != (n,):
            name, shape = str(dataset.name).strip("/"), dataset.shape
            message = f"'{name}' is {dataset.dtype} of shape {shape}, expected ({n},) of text"
            raise InputFileError(message, where=dataset.file.filename)
        return np.char.decode(read_rows(dataset, 0, n), "utf-8", "replace")
    values = read_column(dataset, n)
    return values.astype(np.int64 if values.dtype.kind in "iu" else np.float64)


def write_further(file: h5py.File, conditions: Mapping[str, Array], known: set[str]) -> None:
    """Write the conditions that are not among the ``known`` ones, and name them.

    Raises:
        UnsupportedError: a name or a type that files cannot hold.
    """
    names = [name for name in conditions if name not in known]
    for name in names:
        values = np.asarray(conditions[name])
        free = name not in TAKEN and name not in file
        if not NAME.fullmatch(name) or not free or values.dtype.kind not in "iufUS":
            message = f"the condition '{name}' ({values.dtype}) cannot be stored in a shower file"
            hint = "names are letters, digits, _ and .; values numbers or text"
            raise UnsupportedError(message, hint=hint)
        if values.dtype.kind in "iu":
            values = values.astype(np.int64)
        elif values.dtype.kind in "US":
            values = np.char.encode(values.astype(str), "utf-8")
        else:
            values = exact_float32(values)
        file.create_dataset(name, data=values)
    if names:
        write_attribute(file, CONDITIONS, " ".join(names))
