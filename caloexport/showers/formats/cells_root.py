"""A plain tree with the cells that were hit: numbers and energies, one entry per shower.

``cell_index`` numbers the cells of the mesh from 0 in its storage order, layer by layer unless
the text of the file says otherwise; cells that are not named hold nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Float32
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.mesh import Mesh, n_cells
from caloexport.showers.binning import ORDER as BINNING_ORDER
from caloexport.showers.formats import Content, Format, Reading, formats
from caloexport.showers.formats.calochallenge import own_mesh
from caloexport.showers.root.attributes import read_text
from caloexport.showers.root.columns import read_conditions
from caloexport.showers.root.file import RootFile, Tree
from caloexport.showers.root.plain import (
    BRANCHES,
    TREE,
    entries,
    flat_order,
    only_tree,
    trees_with,
    write_about,
)
from caloexport.showers.root.ragged import ragged_array
from caloexport.showers.showers import Showers

INDEX, ENERGY = "cell_index", "cell_energy"


class CellsRoot(Format):
    """A tree with incident_energy, cell_index and cell_energy: ROOT."""

    summary = "tree with incident_energy, cell_index[] and cell_energy[] of hit cells: ROOT"
    container = "root"

    def recognises(self, members: Mapping[str, Tree]) -> bool:
        return bool(trees_with(members, INDEX, ENERGY))

    def read(self, file: RootFile, members: Mapping[str, Tree], reading: Reading) -> Showers:
        if reading.binning is not None:
            message = "the layout cells-root takes no binning"
            raise InputFileError(message, where=file.path, hint="--mesh names a cylinder")
        tree = only_tree(members, INDEX, ENERGY)
        attributes = read_text(file)
        cells = _Cells(tree, _mesh(attributes, reading, file.path))
        return Showers(
            file.path,
            "cells-root",
            cells.mesh,
            read_conditions(tree, BRANCHES, attributes),
            cells.read,
            attributes={key: value for key, value in attributes.items() if key != "mesh"},
            stored_dtype=str(cells.energy.dtype.newbyteorder("=")),
            close=file.close,
        )

    def write(self, file: Any, content: Content, destination: Path) -> None:
        order = flat_order(content.mesh)
        mesh = content.mesh.in_order(order)
        columns = write_about(file, content, mesh)
        types: dict[str, Any] = {key: values.dtype for key, values in columns.items()}
        types["cells"] = f"var * {{{INDEX}: int32, {ENERGY}: float32}}"
        tree = file.mktree(
            TREE,
            types,
            title="Cells of calorimeter showers, MeV",
            counter_name=lambda _: "n_cells",
            field_name=lambda _, inner: inner,
        )
        for part, flat in entries(content, columns, order):
            rows, index = np.nonzero(flat)
            fields = {
                INDEX: index.astype(np.int32),
                ENERGY: flat[rows, index].astype(np.float32),
            }
            cells = ragged_array(np.bincount(rows, minlength=len(flat)), fields)
            tree.extend({**part, "cells": cells})


class _Cells:
    """Makes dense showers of the cells that were hit."""

    def __init__(self, tree: Tree, mesh: Mesh) -> None:
        self.mesh = mesh
        self.energy = tree.branch(ENERGY)
        self._index = tree.branch(INDEX)

    def read(self, start: int, stop: int) -> Float32:
        """Return the showers (stop - start, *mesh shape), MeV."""
        cells = n_cells(self.mesh)
        counts, energies = self.energy.read_ragged(start, stop, cells)
        found, index = self._index.read_ragged(start, stop, cells)
        if not np.array_equal(found, counts):
            message = f"has other numbers of cells than '{ENERGY}' in the same entries"
            raise InputFileError(message, where=self._index.where)
        rows = np.repeat(np.arange(stop - start), counts)
        outside = (index < 0) | (index >= cells)
        if outside.any():
            hit = int(np.argmax(outside))
            message = f"shower {start + rows[hit]} has a cell {index[hit]}, the mesh only {cells}"
            raise InputFileError(message, where=self._index.where)
        flat = rows * cells + index.astype(np.int64)
        with np.errstate(over="ignore", invalid="ignore"):  # who reads the block refuses those
            dense = np.bincount(flat, energies.astype(np.float64), minlength=len(counts) * cells)
            return dense.reshape(len(counts), *self.mesh.shape).astype(np.float32)


def _mesh(attributes: Mapping[str, Any], reading: Reading, where: str) -> Mesh:
    if reading.mesh is not None:
        return reading.mesh.in_order(reading.order or BINNING_ORDER)
    if "mesh" not in attributes:
        message = "does not tell which cells its numbers mean"
        raise InputFileError(message, where=where, hint="name them: --mesh 18x50x45:2mm,3.4mm")
    mesh = own_mesh(attributes["mesh"], where)
    return mesh.in_order(reading.order or mesh.order)


formats.register("cells-root")(CellsRoot())
