"""A decomposition into layers, multiplied out inside the network, without weights of its own."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from caloexport.converters.assembly import Assembly
from caloexport.runtime.mesh import CylinderMesh, Mesh, n_cells


def multiplied_out(parts: Assembly, output: str, mesh: Mesh, total_scale: float) -> str:
    """Add what turns (cells | total | layers) into E_cell/E_inc, and return its name.

    The product is that of the output map ``layer_fractions``: cell fraction · layer share ·
    total · total_scale.

    Args:
        parts: takes the nodes.
        output: name of a flat value as the output map describes it.
        mesh: the cells.
        total_scale: parameter of the output map.
    """
    cells = n_cells(mesh)
    scale = {"scale": np.array([total_scale], np.float32), "offset": np.zeros(1, np.float32)}
    total = parts.part("total", output, cells, 1)
    scaled = parts.add("total_fraction", "normalization", [total], {}, scale)
    shares = parts.part("shares", output, cells + 1, mesh.n_layers)
    layers = parts.add("layer_fractions", "multiply", [shares, scaled])
    if isinstance(mesh, CylinderMesh):
        return _by_axis(parts, parts.part("cells", output, 0, cells), layers, mesh)
    return _by_layer(parts, output, layers, mesh)


def _by_axis(parts: Assembly, cells: str, layers: str, mesh: CylinderMesh) -> str:
    """Multiply along the axis of the layers, wherever it stands."""
    along = [mesh.n_z if axis == "z" else 1 for axis in mesh.order]
    block = parts.add("cells_on_mesh", "reshape", [cells], {"shape": list(mesh.shape)})
    factors = parts.add("layers_on_mesh", "reshape", [layers], {"shape": along})
    product = parts.add("fractions_on_mesh", "multiply", [block, factors])
    return parts.add("fractions", "reshape", [product], {"shape": [n_cells(mesh)]})


def _by_layer(parts: Assembly, output: str, layers: str, mesh: Mesh) -> str:
    """Multiply layer by layer, which stand one behind the other in a layered mesh."""
    layer = mesh.indices()["z"]
    edges = np.searchsorted(layer, np.arange(mesh.n_layers + 1))
    products = []
    for number, (start, stop) in enumerate(pairwise(int(edge) for edge in edges)):
        cells = parts.part(f"cells_{number}", output, start, stop - start)
        share = parts.part(f"layer_{number}", layers, number, 1)
        products.append(parts.add(f"fractions_{number}", "multiply", [cells, share]))
    return parts.add("fractions", "concatenate", products)
