"""Scorings: what turns deposits into the cells of a mesh, one kind of mesh to a file."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from caloexport.runtime.arrays import Float32, Float64
from caloexport.runtime.mesh import Mesh, n_cells
from caloexport.runtime.registry import Registry
from caloexport.simulation.detector import Detector, ScoringPlan
from caloexport.simulation.frame import ShowerFrame
from caloexport.simulation.points import steps_of_points
from caloexport.simulation.primary import Primary


class Scoring:
    """Fills one mesh, shower after shower: start, add (several times), finish.

    Subclasses make ``mesh`` from the plan's parameters and bin one block of steps.

    Attributes:
        plan: deposits that count, factor, threshold.
        mesh: the cells.
        counts: (n_slabs,) bool: whose deposits count.
        cells: (n_cells,) float64 MeV, of the present shower, before factor and threshold.
    """

    #: the parameters that a detector file may give, for its checker
    parameters: ClassVar[tuple[str, ...]] = ()
    #: what its files say about the cells, in the frame of the shower
    words: ClassVar[str] = "azimuth atan2(y', x'), cells from -pi"

    def __init__(self, plan: ScoringPlan, detector: Detector) -> None:
        self.plan = plan
        self.mesh = self.make_mesh(detector)
        behind = np.arange(len(detector.every_slab)) >= len(detector.upstream)
        active = np.array([slab.active for slab in detector.every_slab])
        self.counts = behind & (active | (plan.deposits == "all"))
        self.cells: Float64 = np.zeros(n_cells(self.mesh))
        self.frame: ShowerFrame | None = None
        self.primary: Primary | None = None

    def make_mesh(self, detector: Detector) -> Mesh:
        """Return the mesh that the parameters describe.

        Raises:
            UsageError: a parameter is missing or makes no sense.
        """
        raise NotImplementedError

    def start(self, frame: ShowerFrame, primary: Primary) -> None:
        """Begin the shower of a particle."""
        self.cells[:] = 0
        self.frame = frame
        self.primary = primary

    def add(self, steps: Float64) -> None:
        """Add the deposits of a block of steps (k, 5)."""
        raise NotImplementedError

    def add_points(self, points: Float64) -> None:
        """Add deposits in coordinates of the shower, (k, 5) as ``simulation.points`` says."""
        assert self.frame is not None
        self.add(steps_of_points(points, self.frame))

    def add_cells(self, energies: Float32 | Float64) -> None:
        """Add energies (n_cells,) of these very cells, MeV before the factor; all of them count."""
        self.cells += energies

    @property
    def inside_mev(self) -> float:
        """What the cells caught of this shower so far, before factor and threshold."""
        return float(self.cells.sum())

    def finish(self) -> Float32:
        """Return the cells (n_cells,) of the shower, MeV, after factor and threshold."""
        energies: Float32 = (self.cells * self.plan.factor).astype(np.float32)
        energies *= energies >= self.plan.threshold_mev
        return energies


scorings: Registry[type[Scoring]] = Registry(
    "kind of mesh", "caloexport.simulation.scorings", "caloexport.scorings"
)


def make_scoring(plan: ScoringPlan, detector: Detector) -> Scoring:
    """Return the scoring that a plan describes.

    Raises:
        UnknownName: no such kind of mesh.
        UsageError: its parameters make no sense.
    """
    return scorings[plan.kind](plan, detector)
