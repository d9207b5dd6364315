"""Layers of r-α voxels about the particle's axis, as a CaloChallenge binning file describes them.

Source: CaloChallenge/homepage, code/HighLevelFeatures.py: Δη = r·cos α and Δφ = r·sin α, both in mm, are
the distances from the particle along growing η and growing φ.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from caloexport.runtime.arrays import Float64
from caloexport.runtime.errors import UsageError
from caloexport.runtime.mesh import LayeredMesh
from caloexport.showers.binning import read_binning
from caloexport.simulation.detector import Detector, ScoringPlan
from caloexport.simulation.scorings import Scoring, scorings
from caloexport.simulation.slab_layers import slab_layers


@scorings.register("layered")
class Layered(Scoring):
    """Score the voxels of the layer that a slab is in; layers without slabs stay empty."""

    parameters: ClassVar = ("binning",)
    words: ClassVar = "eta = -x', phi = y' in mm; azimuth atan2(phi, eta), voxels from -pi"
    mesh: LayeredMesh

    def __init__(self, plan: ScoringPlan, detector: Detector) -> None:
        super().__init__(plan, detector)
        layers = self.mesh.layers
        ids = [layer.id for layer in layers]
        self.layer_of_slab = slab_layers(detector, ids, self.counts, plan.name)
        self.edges_mm = np.concatenate([layer.r_edges_mm for layer in layers])
        self.first_edge = np.cumsum([0, *(layer.n_r + 1 for layer in layers[:-1])])
        self.first_cell = np.cumsum([0, *(layer.n_r * layer.n_phi for layer in layers[:-1])])
        self.sizes = np.array([(layer.n_r, layer.n_phi) for layer in layers])

    def make_mesh(self, detector: Detector) -> LayeredMesh:
        given: Any = self.plan.parameters or {}
        found = read_binning(str(given["binning"])) if "binning" in given else []
        if len(found) != 1 or not isinstance(found[0].mesh, LayeredMesh):
            message = (
                f"mesh '{self.plan.name}' needs binning = the name of one with a single particle"
            )
            hint = "and layers of voxels of their own; regular ones are of the kind cylinder"
            raise UsageError(message, where=detector.name, hint=hint)
        return found[0].mesh

    def add(self, steps: Float64) -> None:
        from caloexport.simulation.kernels.layered import add_to_layers

        assert self.frame is not None
        add_to_layers(
            steps, self.layer_of_slab, self.frame.entry_mm, self.frame.axes,
            self.edges_mm, self.first_edge, self.first_cell, self.sizes, self.cells,
        )  # fmt: skip
