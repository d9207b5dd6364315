"""HDF5 with care: hard links only, no data from other files, memory bounded by the file's size.

A hostile file can point to other files of the machine (external links, external and virtual
data sets), or declare data sets that are huge yet empty.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError, UnsupportedError

LARGEST = 2_000_000_000  # bytes of one weight, or of one member of an archive

#: weights may be compressed (many zeros), but not more than this
LARGEST_RATIO = 100
SMALL = 16_000_000  # bytes that are always allowed


class Budget:
    """How many bytes may still be read from a file.

    Args:
        file_size: of the file on disk.
        where: the file.
    """

    def __init__(self, file_size: int, where: str) -> None:
        self.where = where
        self._left = LARGEST_RATIO * file_size + SMALL

    def spend(self, size: int, what: str) -> None:
        """Take ``size`` bytes, or raise InputFileError when the file claims too much."""
        self._left -= size
        if size > LARGEST or self._left < 0:
            message = f"{what} claims {size} bytes, more than such a file can hold"
            raise InputFileError(message, where=self.where, hint="the file is damaged or hostile")


def member(group: Any, name: str, where: str) -> Any | None:
    """Return a group or data set inside a group, None if there is none.

    Raises:
        InputFileError: it is a link, which could lead out of the file.
    """
    import h5py

    if not isinstance(group, h5py.Group) or name not in group:
        return None
    if not isinstance(group.get(name, getlink=True), h5py.HardLink):
        message = f"'{name}' is a link to another place, which Keras does not write"
        raise InputFileError(message, where=where, hint="the file is damaged or hostile")
    return group[name]


def read_weight(dataset: Any, budget: Budget, name: str) -> Array:
    """Return a data set of floating-point numbers as float32.

    Raises:
        InputFileError: not a data set, without its data, or too large.
        UnsupportedError: numbers of another type.
    """
    import h5py

    if not isinstance(dataset, h5py.Dataset):
        message = f"weight '{name}' is not a data set"
        raise InputFileError(message, where=budget.where)
    if dataset.dtype.kind not in "fiu":
        message = f"weight '{name}' has the type {dataset.dtype}, expected floating point"
        raise UnsupportedError(message, where=budget.where, hint="save the model in float32")
    elsewhere = dataset.is_virtual or bool(dataset.external)
    size = math.prod(dataset.shape or ())
    if elsewhere or (size > 0 and dataset.id.get_storage_size() == 0):
        message = f"weight '{name}' has no data in this file"
        raise InputFileError(message, where=budget.where, hint="the file is damaged or hostile")
    budget.spend(size * max(dataset.dtype.itemsize, 4), f"weight '{name}'")
    with np.errstate(over="ignore"):  # to infinity, which is reported with the layer's name
        return np.asarray(dataset[()], dtype=np.float32)


def text_attribute(group: Any, name: str) -> str | None:
    """Return an attribute that holds one text (as text, or as bytes in old files)."""
    value = group.attrs.get(name)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else None
