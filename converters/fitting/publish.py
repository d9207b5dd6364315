"""Tell the names, shapes and meaning of a file whose consumer is configured with them."""

from __future__ import annotations

import math
from collections.abc import Mapping

from caloexport.converters.fitting.wiring import described
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.network import Network
from caloexport.runtime.window_mesh import WindowMesh


def published_inputs(
    network: Network, sampling: Sampling | None, choices: Mapping[str, str]
) -> str | None:
    """Return name and shape of the inputs, and what their columns hold where that is known."""
    names = ", ".join(
        f"'{name}' [batch, {', '.join(map(str, shape))}]" for name, shape in network.inputs.items()
    )
    if sampling is None:
        return f"inputs {names}"
    columns, start = [], sampling.noise.size
    if start:
        columns.append(f"0 to {start - 1} latents {described(sampling.noise)}")
    for term in sampling.encoding.terms:
        stop = start + term.width
        place = f"{start}" if term.width == 1 else f"{start} to {stop - 1}"
        columns.append(f"{place} {term.condition} ({term.kind})")
        start = stop
    return f"inputs {names}; columns of all together: {', '.join(columns)}"


def published_output(
    network: Network, sampling: Sampling | None, choices: Mapping[str, str]
) -> str | None:
    """Return the size of the output, and what it means where that is known."""
    size = math.prod(network.shapes[network.outputs[0]])
    if sampling is None:
        return f"output 'output', {size} values"
    mesh = sampling.mesh
    told = f"output 'output', {size} values, {sampling.output.kind}, cells in the order "
    if isinstance(mesh, WindowMesh):
        return told + ", ".join(mesh.order)
    return f"{told}{', '.join(mesh.order)}, azimuth from {mesh.phi_origin_rad:.6g} rad"
