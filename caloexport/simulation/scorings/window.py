"""The window of detector cells around the one that the particle enters, as ATLAS' photons have it.

A particle at |η| = ``eta`` from the collision point crosses a layer at the radius
R = ``radius_mm`` + depth / cosh(eta), the depth being along it. A deposit at the distance (u, v) from its
axis, u along growing η and v along growing φ, lies at

    η - η(impact cell) = ripos_eta + u / R        φ - φ(impact cell) = ripos_phi + v / R

so cells grow with the radius, as those of a pointing calorimeter do.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from caloexport.runtime.arrays import Float64
from caloexport.runtime.errors import UsageError
from caloexport.runtime.window_mesh import WindowLayer, WindowMesh
from caloexport.simulation.detector import Detector, ScoringPlan
from caloexport.simulation.frame import ShowerFrame
from caloexport.simulation.primary import Primary
from caloexport.simulation.scorings import Scoring, scorings
from caloexport.simulation.slab_layers import slab_layers

#: the conditions of a shower that say where in the window its particle is
PLACE = ("ripos_eta", "ripos_phi", "pconfig", "econfig")


@scorings.register("window")
class Window(Scoring):
    """Score the cells of a window, by layer of the slabs; slabs of no layer never count."""

    words: ClassVar = (
        "eta grows against x', phi with y', both from the centre of the impact cell; "
        "ripos_eta, ripos_phi: where in it the particle enters"
    )
    parameters: ClassVar = ("radius_mm", "eta", "impact_layer", "layers")
    mesh: WindowMesh

    def __init__(self, plan: ScoringPlan, detector: Detector) -> None:
        super().__init__(plan, detector)
        given: Any = plan.parameters
        self.radius_mm, self.cosh = float(given["radius_mm"]), math.cosh(given.get("eta", 0.0))
        ids = [layer.id for layer in self.mesh.layers]
        self.layer_of_slab = slab_layers(detector, ids, self.counts, plan.name)
        self.table = np.array(
            [(one.n_eta, one.n_phi, one.d_eta, one.d_phi) for one in self.mesh.layers]
        )
        sizes = [one.n_eta * one.n_phi for one in self.mesh.layers]
        self.first = np.cumsum([0, *sizes[:-1]])

    def make_mesh(self, detector: Detector) -> WindowMesh:
        try:
            return window_mesh(self.plan.parameters or {})
        except (KeyError, TypeError, ValueError):
            message = (
                f"mesh '{self.plan.name}' needs radius, impact_layer and layers = "
                "[{ id, cells = [n_eta, n_phi], eta, per_turn }, ...]"
            )
            raise UsageError(message, where=detector.name) from None

    def start(self, frame: ShowerFrame, primary: Primary) -> None:
        super().start(frame, primary)
        self.lower = self._lower_edges(primary.others)

    def _lower_edges(self, others: Mapping[str, float]) -> Float64:
        """Return where the windows begin (layers, 2), from the point of impact.

        A particle without a place in a cell, as of a detector with another aim, enters at the
        centre of a cell of alignment (0, 0).
        """
        eta, phi, pconfig, econfig = (others.get(name, 0) for name in PLACE)
        return self.mesh.lower_edges(int(pconfig), int(econfig)) - np.array([eta, phi])

    def add(self, steps: Float64) -> None:
        from caloexport.simulation.kernels.window import add_to_window

        assert self.frame is not None
        add_to_window(
            steps, self.layer_of_slab, self.frame.entry_mm, self.frame.axes,
            self.radius_mm, self.cosh, self.table, self.first, self.lower, self.cells,
        )  # fmt: skip


def window_mesh(given: Mapping[str, Any]) -> WindowMesh:
    """Return the mesh that the parameters of a detector file describe.

    Raises:
        UsageError: it makes no sense.
        KeyError, TypeError, ValueError: a parameter is missing or of the wrong type.
    """
    float(given["radius_mm"])
    layers = tuple(
        WindowLayer(
            int(one["id"]),
            int(one["cells"][0]),
            int(one["cells"][1]),
            float(one["eta"]),
            2 * math.pi / float(one["per_turn"]),
        )
        for one in given["layers"]
    )
    return WindowMesh(layers, [one.id for one in layers].index(int(given["impact_layer"])))
