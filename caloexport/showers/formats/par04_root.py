"""Par04's own output: ntuples with one entry per event and the cells that were hit.

Geant4 11.2 to 11.4 write the incident energy into ``global`` and the cells into
``virtualReadout``; 11.0 and 11.1 both into ``events``. ``rhoCell``, ``phiCell`` and ``zCell``
count cells from 0, energies are in MeV and above 0.5 keV, ``EnergyMC`` is the total energy of the
particle. The mesh stands in the axes of the histograms beside them (Geant4 11.0 to 11.4,
examples/extended/parameterisations/Par04, Par04RunAction.cc and Par04EventAction.cc).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.fields import blame_file
from caloexport.runtime.mesh import CylinderMesh, n_cells
from caloexport.showers.formats import Content, Format, Reading, formats
from caloexport.showers.formats.calochallenge import own_mesh
from caloexport.showers.formats.par04 import ORDER, require_cylinder
from caloexport.showers.order import reorder
from caloexport.showers.root.attributes import read_text, write_text
from caloexport.showers.root.columns import condition_columns, read_conditions
from caloexport.showers.root.file import RootFile, Tree
from caloexport.showers.root.ragged import ragged_array
from caloexport.showers.showers import Showers
from caloexport.showers.storage import attributes_of, require_count

#: (ntuple of the events, ntuple of the cells) since Geant4 11.2, and before
NTUPLES = (("global", "virtualReadout"), ("events", "events"))
#: angles stand where Par04's converter to HDF5 expects them once Par04 writes any
BRANCHES = {
    "energy_mev": "EnergyMC",
    "theta_rad": "ThetaMC",
    "phi_rad": "PhiMC",
    "pdg": "PdgMC",
}
LONGEST_MM = 1e6
ENERGY, INDICES = "EnergyCell", ("rhoCell", "phiCell", "zCell")


class Par04Root(Format):
    """Geant4 Par04's ntuples global and virtualReadout, or events: ROOT."""

    summary = "ntuples global and virtualReadout (or events) of Geant4 Par04: ROOT"
    container = "root"

    def recognises(self, members: Mapping[str, Tree]) -> bool:
        return _ntuples(members) is not None

    def read(self, file: RootFile, members: Mapping[str, Tree], reading: Reading) -> Showers:
        if reading.binning is not None or reading.order is not None:
            message = "the layout par04-root numbers cells by r, phi, z: no binning, no order"
            raise InputFileError(message, where=file.path)
        found = _ntuples(members)
        assert found is not None
        events, cells = found
        if events.n != cells.n:
            message = f"'{events.name}' has {events.n} entries, '{cells.name}' {cells.n}"
            hint = "was the run ended early, or were files of different runs merged?"
            raise InputFileError(message, where=file.path, hint=hint)
        attributes = read_text(file)
        reader = _Cells(cells, _mesh(file, attributes, reading))
        return Showers(
            file.path,
            "par04-root",
            reader.mesh,
            read_conditions(events, BRANCHES, attributes),
            reader.read,
            attributes={key: value for key, value in attributes.items() if key != "mesh"},
            stored_dtype=reader.stored_dtype,
            close=file.close,
        )

    def write(self, file: Any, content: Content, destination: Path) -> None:
        mesh = require_cylinder(content.mesh, "par04-root").in_order(ORDER)
        columns, named = condition_columns(content.conditions, BRANCHES)
        own = {"mesh": json.dumps(mesh.to_json()), **named}
        kept = {key: value for key, value in content.attributes.items() if key != "geometry"}
        write_text(file, {**attributes_of(mesh, kept), **own})
        n = len(columns["EnergyMC"])
        # nobody measured the time of a converted shower
        columns["SimTime"] = np.full(n, np.nan)
        types = {key: values.dtype for key, values in columns.items()}
        file.mktree("global", types, title="Event data").extend(columns)
        tree = _make_tree(file)
        start = 0
        for block in content.blocks:
            tree.extend({"cells": _hits(reorder(block, content.mesh, ORDER))})
            start += len(block)
        require_count(start, n)


def _ntuples(trees: Mapping[str, Tree]) -> tuple[Tree, Tree] | None:
    for events, cells in NTUPLES:
        if (
            {events, cells} <= set(trees)
            and "EnergyMC" in trees[events].branches
            and {ENERGY, *INDICES} <= set(trees[cells].branches)
        ):
            return trees[events], trees[cells]
    return None


class _Cells:
    """Makes dense showers of the cells that were hit."""

    def __init__(self, tree: Tree, mesh: CylinderMesh) -> None:
        self.mesh = mesh
        self._where = tree.file.path
        self._energy = tree.branch(ENERGY)
        self._indices = [tree.branch(name) for name in INDICES]
        self.stored_dtype = str(self._energy.dtype.newbyteorder("="))

    def read(self, start: int, stop: int) -> Float32:
        """Return the showers (stop - start, r, phi, z), MeV."""
        shape = (stop - start, *self.mesh.shape)
        # a cell has one hit, but phi = π exactly is counted as one cell more than there are
        most = n_cells(self.mesh) + self.mesh.n_r * self.mesh.n_z
        counts, energies = self._energy.read_ragged(start, stop, most)
        rows = np.repeat(np.arange(stop - start), counts)
        place = [rows]
        for branch, size in zip(self._indices, shape[1:], strict=True):
            found, index = branch.read_ragged(start, stop, most)
            if not np.array_equal(found, counts):
                message = f"has other numbers of cells than '{ENERGY}' in the same entries"
                raise InputFileError(message, where=branch.where)
            if branch.name == "phiCell":
                index = np.where(index == size, 0, index)  # φ = π and φ = -π are one place
            self._require_inside(branch.name, index, size, rows + start)
            place.append(index.astype(np.int64))
        flat = np.ravel_multi_index(tuple(place), shape)
        with np.errstate(over="ignore", invalid="ignore"):  # who reads the block refuses those
            cells = np.bincount(flat, energies.astype(np.float64), minlength=int(np.prod(shape)))
            return cells.reshape(shape).astype(np.float32)

    def _require_inside(self, name: str, index: Array, size: int, rows: Array) -> None:
        outside = (index < 0) | (index >= size)
        if outside.any():
            hit = int(np.argmax(outside))
            cells = "x".join(map(str, self.mesh.shape))
            message = (
                f"shower {rows[hit]} has a cell with {name} = {index[hit]}, outside the mesh "
                f"of {cells} cells"
            )
            hint = "name the mesh that was simulated, for example --mesh 18x50x45:2.325mm,3.4mm"
            raise InputFileError(message, where=self._where, hint=hint)


def _mesh(file: RootFile, attributes: Mapping[str, Any], reading: Reading) -> CylinderMesh:
    """Return the mesh that the caller names, else that of the text, else of the histograms."""
    if reading.mesh is not None:
        return reading.mesh.in_order(ORDER)
    if "mesh" in attributes:
        mesh = own_mesh(attributes["mesh"], file.path)
        if isinstance(mesh, CylinderMesh):
            return mesh.in_order(ORDER)
        message = "attribute 'mesh' is no cylinder of (r, phi, z)"
        raise InputFileError(message, where=file.path)
    axes = [file.axis(name) for name in ("transProfile", "phiProfile", "longProfile")]
    sizes = [(axis[0], (axis[2] - axis[1]) / max(axis[0], 1)) for axis in axes if axis is not None]
    if len(sizes) < 3:
        message = "does not tell its mesh: histograms transProfile, phiProfile, longProfile missing"
        hint = "name it: --mesh 18x50x45:2.325mm,3.4mm (cells in r, phi, z; sizes in r and z)"
        raise InputFileError(message, where=file.path, hint=hint)
    (n_r, dr_mm), (n_phi, _), (n_z, dz_mm) = sizes
    if not max(dr_mm, dz_mm) < LONGEST_MM:  # an infinite edge makes one of them infinite or NaN
        message = f"has histograms with bins of {dr_mm:g} and {dz_mm:g} mm, expected cell sizes"
        raise InputFileError(message, where=file.path)
    with blame_file(file.path):
        # edges are halves of the cell size: the division leaves the last bits wrong
        return CylinderMesh(n_r, n_phi, n_z, float(f"{dr_mm:.12g}"), float(f"{dz_mm:.12g}"))


def _make_tree(file: Any) -> Any:
    record = f"{ENERGY}: float64, " + ", ".join(f"{name}: int32" for name in INDICES)
    return file.mktree(
        "virtualReadout",
        {"cells": f"var * {{{record}}}"},
        title="Cylindrical mesh readout",
        counter_name=lambda _: "nCells",
        field_name=lambda _, inner: inner,
    )


def _hits(cells: Float32) -> Any:
    """Return the cells above zero as awkward records, one list per shower."""
    rows, *index = np.nonzero(cells)
    fields: dict[str, Array] = {ENERGY: cells[(rows, *index)].astype(np.float64)}
    fields |= {name: one.astype(np.int32) for name, one in zip(INDICES, index, strict=True)}
    return ragged_array(np.bincount(rows, minlength=len(cells)), fields)


formats.register("par04-root")(Par04Root())
