"""Names of layers, as people call them."""

from __future__ import annotations

from caloexport.runtime.mesh import LayeredMesh, Mesh
from caloexport.validation.window_layers import is_window, strips_of


def layer_title(mesh: Mesh, layer: int) -> str:
    """Name a layer by the detector's own number, and by the part that it plays.

    >>> from caloexport.runtime.window_mesh import ATLAS_WINDOW
    >>> [layer_title(ATLAS_WINDOW, k) for k in range(4)]
    ['layer 0', 'layer 1 (strips)', 'layer 2 (middle)', 'layer 3']
    """
    number = mesh.layers[layer].id if is_window(mesh) or isinstance(mesh, LayeredMesh) else layer
    part = ""
    if is_window(mesh):
        part = {strips_of(mesh): " (strips)", mesh.reference: " (middle)"}.get(layer, "")
    return f"layer {number}{part}"
