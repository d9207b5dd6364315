"""What plain trees of showers have in common: one tree, conditions, text about the cells."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.mesh import Mesh
from caloexport.showers.formats import Content
from caloexport.showers.order import reorder
from caloexport.showers.root.attributes import write_text
from caloexport.showers.root.columns import condition_columns
from caloexport.showers.root.file import Tree
from caloexport.showers.storage import attributes_of, require_count

#: branches are called as the datasets of the layout par04 are
BRANCHES = {
    "energy_mev": "incident_energy",
    "theta_rad": "incident_theta",
    "phi_rad": "incident_phi",
    "pdg": "pdg",
}
TREE = "showers"


def trees_with(trees: Mapping[str, Tree], *branches: str) -> list[Tree]:
    """Return the trees that have the incident energy and some other branches."""
    wanted = {BRANCHES["energy_mev"], *branches}
    return [tree for tree in trees.values() if wanted <= set(tree.branches)]


def only_tree(trees: Mapping[str, Tree], *branches: str) -> Tree:
    """Return the one tree that has them.

    Raises:
        InputFileError: several have.
    """
    first, *others = trees_with(trees, *branches)
    if others:
        names = ", ".join(f"'{tree.name}'" for tree in (first, *others))
        message = f"holds several trees of showers: {names}"
        raise InputFileError(message, where=first.file.path, hint="keep one per file")
    return first


def flat_order(mesh: Mesh) -> tuple[str, ...]:
    """Return the order in which flat showers of a mesh are written: layer by layer.

    FastCaloSim's layer-r-phi is kept if the caller brought the showers to it; any other order
    becomes CaloChallenge's.
    """
    return mesh.order if mesh.order[0] == "z" else ("z", "phi", "r")


def write_about(file: Any, content: Content, mesh: Mesh) -> dict[str, Array]:
    """Write the text about showers in this mesh, and return the columns of their conditions."""
    columns, named = condition_columns(content.conditions, BRANCHES)
    kept = {key: value for key, value in content.attributes.items() if key != "geometry"}
    about = {"order": "-".join(mesh.order), "mesh": json.dumps(mesh.to_json())}
    write_text(file, {**attributes_of(mesh, kept), **about, **named})
    return columns


def entries(
    content: Content, columns: Mapping[str, Array], order: tuple[str, ...]
) -> Iterator[tuple[dict[str, Array], Array]]:
    """Yield the columns of a block of showers with its energies (k, n_cells) in this order.

    Raises:
        UsageError: the blocks hold more or fewer showers than the columns.
    """
    start, n = 0, len(columns[BRANCHES["energy_mev"]])
    for block in content.blocks:
        stop = start + len(block)
        if stop <= n:
            part = {key: values[start:stop] for key, values in columns.items()}
            yield part, reorder(block, content.mesh, order).reshape(len(block), -1)
        start = stop
    require_count(start, n)
