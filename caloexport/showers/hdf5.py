"""HDF5 files that nobody vouches for: opened, read and written with messages a user can act on.

A hostile file can declare shapes that no memory holds, blocks that inflate to gigabytes, or links
into other files of the reader's. All of that is refused from the header, before any data is read.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.files import existing_file

if TYPE_CHECKING:
    import h5py

#: what h5py raises on a damaged file, depending on where the damage is
DAMAGE = (OSError, RuntimeError, KeyError, ValueError, TypeError)
#: the largest published sets hold a million showers in a file
MAX_SHOWERS = 2**24
MAX_CELLS = 2**24
#: a block is inflated as a whole
MAX_CHUNK_BYTES = 2**28
MAX_ATTRIBUTES = 256
MAX_ATTRIBUTE_BYTES = 2**16
MAX_MEMBERS = 4096


def open_hdf5(path: Path) -> h5py.File:
    """Open a file for reading.

    Raises:
        InputFileError: missing, empty, truncated, or not HDF5.
    """
    import h5py

    path = existing_file(path, "shower file (HDF5)")
    with damage_named(str(path)):
        return h5py.File(path, "r")


@contextlib.contextmanager
def damage_named(where: str) -> Iterator[None]:
    """Turn what h5py raises while a header is read into a message that names the file.

    Raises:
        InputFileError: instead of h5py's own errors.
    """
    try:
        yield
    except DAMAGE as error:
        raise InputFileError(_reason(error), where=where, hint=_hint(error)) from error


def _reason(error: BaseException) -> str:
    text = str(error)
    if "signature not found" in text:
        return "is not an HDF5 file, nor a ROOT file"
    if "truncated" in text:
        return "is truncated: the HDF5 header promises more bytes than the file has"
    return f"is a damaged HDF5 file: {text:.200}"


def _hint(error: BaseException) -> str:
    if "signature not found" in str(error):
        return "shower files are HDF5 or ROOT; others must be converted first"
    return "copy or download it again"


def members(file: h5py.File) -> dict[str, h5py.Dataset]:
    """Return the datasets of the root group by name; links to other files are refused.

    Raises:
        InputFileError: a link that leaves the file, or too many entries.
    """
    import h5py

    if len(file) > MAX_MEMBERS:
        message = f"holds {len(file)} entries, expected at most {MAX_MEMBERS}"
        raise InputFileError(message, where=file.filename)
    found = {}
    for key in file:
        if isinstance(file.get(key, getlink=True), h5py.ExternalLink):
            message = f"'{key}' is a link to another file, which is not followed"
            raise InputFileError(message, where=file.filename)
        entry = file.get(key)
        if isinstance(entry, h5py.Dataset):
            found[key] = entry
    return found


def require_numbers(
    dataset: h5py.Dataset, dimensions: tuple[int, ...], hint: str | None = None
) -> None:
    """Refuse a dataset that does not hold numbers inside this file, in blocks of sane size.

    Args:
        dataset: what to look at; nothing of it is read.
        dimensions: allowed numbers of dimensions.
        hint: what to do about another number of them.

    Raises:
        InputFileError: says what is expected.
    """
    where = dataset.file.filename
    key = dataset.name.lstrip("/")
    if dataset.is_virtual or dataset.external:
        message = f"'{key}' keeps its data in another file, which is not followed"
        raise InputFileError(message, where=where)
    if dataset.dtype.kind not in "fiu" or dataset.shape is None:
        message = f"'{key}' has the type {dataset.dtype}, expected numbers"
        raise InputFileError(message, where=where)
    if dataset.ndim not in dimensions:
        wanted = " or ".join(str(d) for d in dimensions)
        message = f"'{key}' has the shape {dataset.shape}, expected {wanted} dimensions"
        raise InputFileError(message, where=where, hint=hint)
    if dataset.shape[0] > MAX_SHOWERS or math.prod(dataset.shape[1:]) > MAX_CELLS:
        message = (
            f"'{key}' declares the shape {dataset.shape}; at most {MAX_SHOWERS} showers of "
            f"{MAX_CELLS} cells are read"
        )
        raise InputFileError(message, where=where)
    if dataset.chunks and math.prod(dataset.chunks) * dataset.dtype.itemsize > MAX_CHUNK_BYTES:
        message = f"'{key}' is stored in blocks of {dataset.chunks}, too large to read"
        raise InputFileError(message, where=where)


def read_rows(dataset: h5py.Dataset, start: int, stop: int) -> Array:
    """Read rows of a dataset.

    Raises:
        InputFileError: the data is damaged or compressed in a way this HDF5 cannot read.
    """
    try:
        return np.asarray(dataset[start:stop])
    except DAMAGE as error:
        key = dataset.name.lstrip("/")
        message = f"'{key}' cannot be read from row {start}: {error!s:.200}"
        hint = "the file is damaged: copy or download it again"
        raise InputFileError(message, where=dataset.file.filename, hint=hint) from error


def read_column(dataset: h5py.Dataset, n: int) -> Array:
    """Read a dataset (n,) or (n, 1) as (n,).

    Raises:
        InputFileError: another shape, not numbers, not finite.
    """
    require_numbers(dataset, (1, 2))
    key, where = dataset.name.lstrip("/"), dataset.file.filename
    if dataset.shape not in ((n,), (n, 1)):
        message = f"'{key}' has the shape {dataset.shape}, expected ({n},) as there are {n} showers"
        raise InputFileError(message, where=where)
    values = read_rows(dataset, 0, n).reshape(n)
    if not np.isfinite(values).all():
        row = int(np.argmin(np.isfinite(values)))
        message = f"'{key}' of shower {row} is {values[row]}, expected a finite number"
        raise InputFileError(message, where=where)
    return values


def read_attributes(file: h5py.File) -> dict[str, Any]:
    """Return the root attributes that are text or single numbers; others are left out.

    Raises:
        InputFileError: there are too many.
    """
    if len(file.attrs) > MAX_ATTRIBUTES:
        message = f"carries {len(file.attrs)} attributes, expected at most {MAX_ATTRIBUTES}"
        raise InputFileError(message, where=file.filename)
    found: dict[str, Any] = {}
    for key in file.attrs:
        stored = file.attrs.get_id(key)
        if math.prod(stored.shape) != 1 or stored.dtype.itemsize > MAX_ATTRIBUTE_BYTES:
            continue
        value = np.asarray(file.attrs[key]).reshape(-1)[0]
        if isinstance(value, bytes):
            value = value.decode("utf-8", "replace")
        if isinstance(value, np.generic):
            value = value.item()
        if isinstance(value, str | int | float | bool):
            found[key] = value
    return found
