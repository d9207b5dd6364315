"""What all writers of shower files share: attributes, and energies block by block."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import UsageError
from caloexport.runtime.mesh import CylinderMesh, Mesh

if TYPE_CHECKING:
    import h5py

#: bytes of one compressed block: small enough for random access, large enough to compress well
STORED_BLOCK_BYTES = 2**20
#: attribute that names the further conditions of a file
CONDITIONS = "conditions"
#: attribute of ROOT files that says what the numbers of categories stand for
CATEGORIES = "categories"
#: attributes that belong to the layout of the source, not to the showers
OF_THE_LAYOUT = (
    "order",
    "units",
    "r_cell_mm",
    "z_cell_mm",
    "mesh",
    "n_showers",
    CONDITIONS,
    CATEGORIES,
)


def write_attributes(file: h5py.File, mesh: Mesh, attributes: Mapping[str, Any]) -> None:
    """Write the given attributes and what they must say about this mesh."""
    for key, value in attributes_of(mesh, attributes).items():
        write_attribute(file, key, value)


def attributes_of(mesh: Mesh, attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the given attributes with what they must say about this mesh.

    >>> attributes_of(CylinderMesh(1, 2, 3, 2.5), {"generator": "x", "order": "z-phi-r"})
    {'generator': 'x', 'units': 'MeV, mm, rad', 'r_cell_mm': 2.5}
    """
    kept = {key: value for key, value in attributes.items() if key not in OF_THE_LAYOUT}
    kept["units"] = "MeV, mm, rad"
    if isinstance(mesh, CylinderMesh):
        sizes = {"r_cell_mm": mesh.dr_mm, "z_cell_mm": mesh.dz_mm}
        kept |= {key: size for key, size in sizes.items() if size is not None}
    return kept


def write_attribute(file: h5py.File, key: str, value: Any) -> None:
    """Write one attribute; text gets a fixed length.

    HDF5 keeps text of variable length in a heap, and crashes on some damages of it; text of
    fixed length in a damaged file is merely wrong.
    """
    if isinstance(value, str):
        encoded = value.encode()
        value = np.array(encoded, dtype=f"S{max(1, len(encoded))}")
    file.attrs[key] = value


def create_energies(
    file: h5py.File, key: str, n: int, shape: tuple[int, ...], dtype: str
) -> h5py.Dataset:
    """Make an empty compressed dataset (n, *shape)."""
    row_bytes = math.prod(shape) * np.dtype(dtype).itemsize
    rows = min(n, max(1, STORED_BLOCK_BYTES // row_bytes))
    # 9 would save another 5 % and take ten times as long as 6
    level = 6 if np.dtype(dtype) == np.float16 else 4
    return file.create_dataset(
        key,
        (n, *shape),
        dtype,
        chunks=(rows, *shape),
        compression="gzip",
        compression_opts=level,
        shuffle=True,
    )


def write_energies(
    file: h5py.File,
    key: str,
    n: int,
    shape: tuple[int, ...],
    blocks: Iterable[Array],
    dtype: str,
) -> None:
    """Write energies (n, *shape) block by block.

    Raises:
        UsageError: the blocks hold more or fewer than n showers.
    """
    dataset = create_energies(file, key, n, shape, dtype)
    start = 0
    for block in blocks:
        stop = start + len(block)
        if stop <= n:
            dataset[start:stop] = block.reshape(len(block), *shape)
        start = stop
    require_count(start, n)


def require_count(found: int, n: int) -> None:
    """Refuse a wrong number of showers."""
    if found != n:
        message = f"the blocks hold {found} showers, the conditions {n}"
        raise UsageError(message)


def exact_float32(values: Array) -> Array:
    """Return the values as float32 if that loses nothing, else as float64.

    >>> exact_float32(np.array([0.5])).dtype, exact_float32(np.array([0.1])).dtype
    (dtype('float32'), dtype('float64'))
    """
    wide = np.asarray(values, dtype=np.float64)
    narrow = wide.astype(np.float32)
    return narrow if np.array_equal(narrow.astype(np.float64), wide) else wide
