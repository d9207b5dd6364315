"""Files of hits: showers shared over the cells of a readout.

    hits_offset        (n + 1,) int64: the hits of shower i are hits_offset[i] to hits_offset[i + 1] - 1
    hits_cell          (hits,) int64: number of the cell, first[layer] + ix * n_y + iy
    hits_layer         (hits,) int32: its layer, counted from 0
    hits_x_mm, hits_y_mm, hits_z_mm   (hits,) float32: its centre
    hits_energy        (hits,) float32, MeV
    dead_energy        (n,) MeV in gaps between cells and between layers
    outside_energy     (n,) MeV in front of, behind and beside the cells
    entry_mm           (n, 2): where the particle enters the front face
    incident_energy, incident_theta, ...   (n,): as in files of showers
    readout            the readout as JSON

Coordinates: the front face is z = 0, depth along +z, the collider's beam axis along +x, y = z × x.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.errors import InputFileError, UnsupportedError
from caloexport.runtime.fields import blame_file
from caloexport.runtime.files import atomic_output, refuse_to_replace
from caloexport.runtime.readout import Readout, readout_from_json
from caloexport.runtime.sharing import ReadoutHits, Sharing
from caloexport.showers.columns import read_conditions, write_conditions
from caloexport.showers.containers import containers
from caloexport.showers.hdf5 import members, open_hdf5, read_rows, require_numbers
from caloexport.showers.open import open_showers
from caloexport.showers.showers import Showers
from caloexport.showers.storage import write_attribute

if TYPE_CHECKING:
    import h5py

SCHEMA = "caloexport.hits/1"
#: hits in a compressed block
STORED_HITS = 2**17
MAX_READOUT_BYTES = 2**20
#: dataset -> type, of one number per hit
COLUMNS = {
    "hits_cell": "int64", "hits_layer": "int32", "hits_x_mm": "float32", "hits_y_mm": "float32",
    "hits_z_mm": "float32", "hits_energy": "float32",
}  # fmt: skip


@dataclass(frozen=True)
class HitsFile:
    """What a file of hits holds.

    Attributes:
        readout: whose cells were hit.
        hits: of all showers.
        conditions: by name an array (n,).
        entry_mm: (n, 2) where the particles enter.
    """

    readout: Readout
    hits: ReadoutHits
    conditions: dict[str, Array]
    entry_mm: Float64


def write_hits(
    path: Path,
    showers: Showers,
    readout: Readout,
    entry_mm: Float64,
    *,
    report: Callable[[int], None] = lambda done: None,
) -> dict[str, float]:
    """Share showers over a readout and write their hits, block by block.

    Args:
        path: the file to make; replaced only when everything is written.
        showers: of a file, generated or in memory, with their polar angle.
        readout: whose cells are filled.
        entry_mm: (n, 2) where the particles enter the front face.
        report: called with the number of showers done.

    Returns:
        mean number of ``hits`` of a shower, and its mean MeV: ``deposited_mev`` and of these
        ``hits_mev``, ``dead_mev`` and ``outside_mev``.

    Raises:
        UnsupportedError: the showers have no polar angle, or another mesh than a cylinder of known
            cell sizes.
        OutputFileError: the file cannot be written.
    """
    if "theta_rad" not in showers.conditions:
        message = "the showers have no polar angle, so nobody can tell how they lie in a readout"
        hint = "showers with the condition theta_rad have one"
        raise UnsupportedError(message, where=showers.name, hint=hint)
    refuse_to_replace(showers.path, path)
    sharing = Sharing(readout, showers.mesh)
    sums: dict[str, float] = {}

    def fill(file: h5py.File) -> None:
        for key, value in showers.attributes.items():
            write_attribute(file, key, value)
        write_attribute(file, "schema", SCHEMA)
        write_attribute(file, "units", "MeV, mm, rad")
        write_conditions(file, showers.conditions, "incident_energy", column=False)
        file.create_dataset("entry_mm", data=np.asarray(entry_mm, dtype=np.float64))
        file.create_dataset("readout", data=np.array(json.dumps(readout.to_json()).encode()))
        sums.update(_write_blocks(file, sharing, showers, entry_mm, report))

    with atomic_output(path) as temporary:
        containers["hdf5"].create(temporary, fill)
    return {name: value / showers.n for name, value in sums.items()}


def hits_beside(
    showers_path: Path,
    readout: Readout,
    entry_mm: Float64 | None = None,
    *,
    report: Callable[[int], None] = lambda done: None,
) -> tuple[Path, dict[str, float]]:
    """Share a file of showers over a readout and write ``NAME-hits.h5`` beside it.

    Args:
        showers_path: the file, with a cylinder mesh.
        readout: whose cells are filled.
        entry_mm: (n, 2) where the particles enter the front face; None is its middle.
        report: called with the number of showers done.

    Returns:
        the file of hits, and the means of :func:`write_hits`.

    Raises:
        UnsupportedError: as of :func:`write_hits`.
        InputFileError: no file of showers.
    """
    path = showers_path.with_name(f"{showers_path.stem}-hits.h5")
    with open_showers(showers_path) as showers:
        entries = np.zeros((showers.n, 2)) if entry_mm is None else entry_mm
        return path, write_hits(path, showers, readout, entries, report=report)


def _write_blocks(
    file: h5py.File, sharing: Sharing, showers: Showers, entry_mm: Float64,
    report: Callable[[int], None],
) -> dict[str, float]:  # fmt: skip
    """Write hits and what is lost; return sums over all showers."""
    columns = {key: _column(file, key, dtype) for key, dtype in COLUMNS.items()}
    offsets, lost, deposited, caught = [np.zeros(1, np.int64)], [np.zeros((0, 2))], 0.0, 0.0
    for block, energies in showers.chunks():
        hits = sharing.share(energies, showers.conditions["theta_rad"][block], entry_mm[block])
        _append(columns, sharing.readout, hits)
        offsets.append(offsets[-1][-1] + hits.offsets[1:])
        lost.append(np.stack([hits.dead_mev, hits.outside_mev], axis=1))
        deposited += float(energies.sum(dtype=np.float64))
        caught += float(hits.energies.sum(dtype=np.float64))
        report(block.stop)
    file.create_dataset("hits_offset", data=np.concatenate(offsets))
    dead, outside = np.concatenate(lost).T
    file.create_dataset("dead_energy", data=dead)
    file.create_dataset("outside_energy", data=outside)
    return {
        "hits": float(offsets[-1][-1]),
        "deposited_mev": deposited,
        "hits_mev": caught,
        "dead_mev": float(dead.sum()),
        "outside_mev": float(outside.sum()),
    }


def _column(file: h5py.File, key: str, dtype: str) -> h5py.Dataset:
    return file.create_dataset(
        key, (0,), dtype, maxshape=(None,), chunks=(STORED_HITS,), compression="gzip", shuffle=True
    )


def _append(columns: Mapping[str, h5py.Dataset], readout: Readout, hits: ReadoutHits) -> None:
    values = {
        "hits_cell": hits.cells,
        "hits_layer": readout.indices(hits.cells)["layer"],
        "hits_energy": hits.energies,
        **{f"hits_{key}": centre for key, centre in readout.centres(hits.cells).items()},
    }
    for key, column in columns.items():
        start = column.shape[0]
        column.resize(start + len(hits.cells), axis=0)
        column[start:] = values[key]


def read_hits(path: str | Path) -> HitsFile:
    """Read a file of hits.

    Raises:
        InputFileError: missing, damaged, or no file of hits.
    """
    path = Path(path)
    with open_hdf5(path) as file, blame_file(str(path)):
        found = members(file)
        needed = ("hits_offset", "hits_cell", "hits_energy", "entry_mm", "readout",
                  "dead_energy", "outside_energy", "incident_energy")  # fmt: skip
        missing = [key for key in needed if key not in found]
        if missing:
            message = f"has no '{missing[0]}', which a file of hits has"
            raise InputFileError(message, where=str(path))
        readout = _readout(found["readout"], str(path))
        names = ("hits_offset", "hits_cell", "hits_energy", "dead_energy", "outside_energy")
        hits = ReadoutHits(*(_numbers(found[key]) for key in names))
        n = len(hits.dead_mev)
        _require_hits(hits, readout, str(path))
        conditions = read_conditions(found, "incident_energy", n, {})
        return HitsFile(readout, hits, conditions, _numbers(found["entry_mm"]))


def _readout(dataset: h5py.Dataset, where: str) -> Readout:
    if (
        dataset.dtype.kind != "S"
        or dataset.shape != ()
        or dataset.dtype.itemsize > MAX_READOUT_BYTES
    ):
        message = f"'readout' is {dataset.dtype} of shape {dataset.shape}, expected one text"
        raise InputFileError(message, where=where)
    return readout_from_json(json.loads(bytes(dataset[()])), where)


def _numbers(dataset: h5py.Dataset) -> Any:
    require_numbers(dataset, (1, 2))
    return read_rows(dataset, 0, dataset.shape[0])


def _require_hits(hits: ReadoutHits, readout: Readout, where: str) -> None:
    offsets, cells = hits.offsets, hits.cells
    rising = len(offsets) and offsets[0] == 0 and (np.diff(offsets) >= 0).all()
    fits = rising and offsets[-1] == len(cells) == len(hits.energies)
    if not fits or len(offsets) != len(hits.dead_mev) + 1:
        message = "'hits_offset' does not fit the hits"
        raise InputFileError(message, where=where)
    if len(cells) and not 0 <= cells.min() <= cells.max() < readout.n_cells:
        message = f"'hits_cell' holds numbers beyond the {readout.n_cells} cells of the readout"
        raise InputFileError(message, where=where)
