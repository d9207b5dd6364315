"""A plain tree with whole showers: one entry per shower, ``showers`` an array of all its cells."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.mesh import MAX_CELLS, n_cells
from caloexport.showers.formats import Content, Format, Reading, formats
from caloexport.showers.formats.calochallenge import flat_mesh
from caloexport.showers.formats.par04 import cylinder_of
from caloexport.showers.root.attributes import read_text
from caloexport.showers.root.branch import Branch
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
from caloexport.showers.showers import Showers

CELLS = "showers"


class TreeRoot(Format):
    """A tree with incident_energy and showers[voxels]: ROOT."""

    summary = "tree with incident_energy and showers[voxels] (or [r][phi][z]): ROOT"
    container = "root"

    def recognises(self, members: Mapping[str, Tree]) -> bool:
        return bool(trees_with(members, CELLS))

    def read(self, file: RootFile, members: Mapping[str, Tree], reading: Reading) -> Showers:
        tree = only_tree(members, CELLS)
        attributes = read_text(file)
        cells = _Cells(tree.branch(CELLS))
        if len(cells.shape) == 3:
            mesh: Any = cylinder_of(cells.shape, attributes, reading, file.path)
        else:
            mesh = flat_mesh(math.prod(cells.shape), attributes, reading, file.path)
        return Showers(
            file.path,
            "tree-root",
            mesh,
            read_conditions(tree, BRANCHES, attributes),
            cells.read,
            attributes={key: value for key, value in attributes.items() if key != "mesh"},
            stored_dtype=str(cells.branch.dtype.newbyteorder("=")),
            close=file.close,
        )

    def write(self, file: Any, content: Content, destination: Path) -> None:
        order = flat_order(content.mesh)
        mesh = content.mesh.in_order(order)
        columns = write_about(file, content, mesh)
        voxels = n_cells(mesh)
        types = {key: values.dtype for key, values in columns.items()}
        types[CELLS] = np.dtype((np.float32, (voxels,)))
        tree = file.mktree(TREE, types, title="Calorimeter showers, MeV")
        for part, cells in entries(content, columns, order):
            tree.extend({**part, CELLS: cells.astype(np.float32)})


class _Cells:
    """Whole showers, as arrays of fixed shape or as lists that are all of one length."""

    def __init__(self, branch: Branch) -> None:
        self.branch = branch
        self.shape = branch.shape
        if branch.ragged:
            counts, _ = branch.read_ragged(0, min(1, branch.n), MAX_CELLS)
            self.shape = (int(counts.sum()),)
        if not self.shape or not 0 < math.prod(self.shape) <= MAX_CELLS:
            message = f"has showers of {math.prod(self.shape)} cells, expected 2 to {MAX_CELLS}"
            raise InputFileError(message, where=branch.where)

    def read(self, start: int, stop: int) -> Array:
        """Return the showers (stop - start, *shape), as stored."""
        if not self.branch.ragged:
            return self.branch.read(start, stop)
        counts, cells = self.branch.read_ragged(start, stop, self.shape[0])
        if (counts != self.shape[0]).any():
            row = start + int(np.argmax(counts != self.shape[0]))
            message = f"shower {row} has other cells than shower 0, which has {self.shape[0]}"
            raise InputFileError(message, where=self.branch.where)
        return cells.reshape(stop - start, *self.shape)


formats.register("tree-root")(TreeRoot())
