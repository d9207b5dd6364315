"""How FastCaloSim counts the voxels of a layer."""

from __future__ import annotations

import math
from collections.abc import Mapping

from caloexport.runtime.manifest import Sampling
from caloexport.runtime.mesh import LayeredMesh
from caloexport.runtime.network import Network

#: a layer of so many azimuth bins has fewer of them near its axis
VARIABLE = 32


def skipped_voxels(
    network: Network, sampling: Sampling | None, choices: Mapping[str, str]
) -> str | None:
    """Refuse layers that TFCSEnergyAndHitGANV2 counts otherwise than the network.

    A layer of one radial bin gets no outputs at all, so that all later voxels would move. In a
    layer of 32 azimuth bins, ring by ring 2π·r/Δr is rounded up to 4, 8, 16 or 32.
    """
    if sampling is None or not isinstance(sampling.mesh, LayeredMesh):
        return None
    for layer in sampling.mesh.layers:
        if layer.n_r == 1:
            return (
                f"layer {layer.id} has one r bin, which FastCaloSim skips: all voxels behind it "
                "would be taken for others"
            )
        if layer.n_phi != VARIABLE:
            continue
        for low, high in zip(layer.r_edges_mm[:-1], layer.r_edges_mm[1:], strict=True):
            bins = read_bins(low, high)
            if bins != VARIABLE:
                return (
                    f"layer {layer.id} has 32 azimuth bins in each ring, FastCaloSim reads {bins} "
                    f"between {low:g} and {high:g} mm"
                )
    return None


def read_bins(low: float, high: float) -> int:
    """Return the azimuth bins that FastCaloSim reads in a ring of a layer of 32.

    >>> read_bins(0.0, 5.0), read_bins(95.0, 100.0)
    (4, 32)
    """
    around = 2 * math.pi * (low + high) / 2 / (high - low)
    return next((bins for bins in (4, 8, 16) if around < bins), VARIABLE)
