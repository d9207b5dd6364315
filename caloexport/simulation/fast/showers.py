"""A generator's showers in place of the particles that enter a calorimeter."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from caloexport.runtime.arrays import Float32, Float64, Integers
from caloexport.runtime.errors import InputFileError
from caloexport.simulation.detector import Detector
from caloexport.simulation.fast.conditions import FastConditions
from caloexport.simulation.fast.incidence import Entrant, Incidence, incidences
from caloexport.simulation.fast.mesh import FastMesh
from caloexport.simulation.fast.planning import only_scoring, open_generator
from caloexport.simulation.frame import ShowerFrame
from caloexport.simulation.plan import FAST, Plan
from caloexport.simulation.scorings import Scoring, make_scoring
from caloexport.simulation.steps import COLUMNS

#: directions this near to that of the shower's frame, entries this near in mm, are the same
SAME = 1e-6


class FastShowers:
    """The showers that replace the particles of a plan whose settings name a generator.

    Args:
        plan: with ``settings["fast"]``, see :func:`caloexport.simulation.fast.planning.with_fast`.

    Attributes:
        generator, conditions, mesh: what makes the showers, what it is told, where its cells are.
        threshold_mev: particles below it stay with the full simulation.

    Raises:
        InputFileError: the artifact is missing, damaged, or another one than was planned with.
        UsageError: generator and plan do not fit together.
    """

    def __init__(self, plan: Plan) -> None:
        settings = plan.settings["fast"]
        self.plan = plan
        self.generator, sampling = open_generator(Path(settings["artifact"]))
        if self.generator.manifest.hash != settings["sha256"]:
            message = "is not the artifact that this simulation began with"
            hint = f"expected the manifest sha256 {settings['sha256'][:12]}…, found another"
            raise InputFileError(message, where=settings["artifact"], hint=hint)
        self.conditions = FastConditions(sampling.conditions, plan.detector.name)
        self.threshold_mev = float(settings["threshold_mev"])
        scoring = make_scoring(only_scoring(plan), plan.detector)
        self.mesh = FastMesh.between(self.generator.manifest, scoring.mesh, plan.detector.name)
        self._factor = scoring.plan.factor
        self._slabs = _nearest_counted(plan.detector, scoring)
        self._out = np.empty((1, *sampling.mesh.shape), dtype=np.float32)
        self._steps = np.empty((self._out.size, COLUMNS))

    def admit(self, entrant: Entrant) -> Incidence | None:
        """Return a particle that is replaced as the generator knows it.

        None for one that stays with the full simulation: of another kind, below the threshold,
        on its way out, or at an angle of no training.
        """
        if entrant.energy_mev < self.threshold_mev or not self.conditions.knows(entrant.pdg):
            return None
        both = incidences(self.plan.detector, entrant)
        return next((one for one in both if self.conditions.knows_angle(one.theta_rad)), None)

    def fill(self, scoring: Scoring, taken: Sequence[Incidence], number: int) -> None:
        """Add the showers of all particles that were taken to the present shower of a scoring.

        The shower of a particle that enters along the axis of the mesh gives each cell its own
        energy, bit by bit; those of others are added by the centres of their cells.

        Args:
            scoring: of this plan, started.
            taken: in the order in which they came.
            number: of the shower in the plan.
        """
        for order, incidence in enumerate(taken):
            energies = self._generate(incidence, number, order)
            assert scoring.frame is not None
            if _same(incidence.frame, scoring.frame):
                cells = self.mesh.to_scoring(energies)
                scoring.add_cells(cells if self._factor == 1 else cells / np.float64(self._factor))
            else:
                scoring.add(self._rows(energies, incidence.frame))

    def deposits(self, incidence: Incidence, number: int, order: int = 0) -> Float64:
        """Return the shower of a particle as steps (k, 5) at the centres of the cells that it hits.

        Args:
            incidence: the particle.
            number: of the shower in the plan.
            order: how many others were taken before in this shower.
        """
        return self._rows(self._generate(incidence, number, order), incidence.frame).copy()

    def _generate(self, incidence: Incidence, number: int, order: int) -> Float32:
        """Return the cells (n_cells,) of a shower, in the order of the artifact; valid once."""
        given = self.conditions.values(incidence.pdg, incidence.energy_mev, incidence.theta_rad)
        seed = int(self.plan.random(number, FAST).integers(2**63))
        # the range was checked, with the margin that the compiled check does not have
        self.generator.sample_into(
            self._out, seed=seed, first=order, out_of_range="extrapolate", **given
        )
        return self._out.reshape(-1)

    def _rows(self, energies: Float32, frame: ShowerFrame) -> Float64:
        """Return the steps (k, 5) of a shower; valid once."""
        from caloexport.simulation.kernels.place_cells import place_cells

        detector = self.plan.detector
        count = place_cells(
            energies, self._factor, self.mesh.centres_mm, frame.entry_mm, frame.axes,
            detector.inner_radius_mm or 0.0, detector.edges_mm, self._slabs, self._steps,
        )  # fmt: skip
        return self._steps[:count]


def _same(one: ShowerFrame, other: ShowerFrame) -> bool:
    near = np.abs(one.axes - other.axes).max() < SAME
    return bool(near and np.abs(one.entry_mm - other.entry_mm).max() < SAME)


def _nearest_counted(detector: Detector, scoring: Scoring) -> Integers:
    """Return for every slab the nearest one (n_slabs,) whose deposits a scoring counts."""
    middles = (detector.edges_mm[1:] + detector.edges_mm[:-1]) / 2
    counted = np.flatnonzero(scoring.counts)
    nearest: Integers = counted[np.abs(middles[:, None] - middles[counted]).argmin(axis=1)]
    return nearest
