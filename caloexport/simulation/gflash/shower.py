"""Showers of the parametrisation in one detector, as points or steps."""

from __future__ import annotations

import math

import numpy as np

from caloexport.runtime.arrays import Float64
from caloexport.simulation.detector import Detector
from caloexport.simulation.frame import shower_frame
from caloexport.simulation.gflash.depth_grid import depth_grid
from caloexport.simulation.gflash.effective_medium import effective_medium
from caloexport.simulation.gflash.longitudinal import (
    LEAST_A,
    LEAST_T,
    longitudinal_law,
    tuned_law,
)
from caloexport.simulation.gflash.radial import radial_constants
from caloexport.simulation.gflash.spots import spot_energies_mev
from caloexport.simulation.gflash.tuning import Tuning
from caloexport.simulation.points import steps_of_points
from caloexport.simulation.primary import Primary
from caloexport.simulation.steps import COLUMNS

PHOTON = 22
#: mean depth at which a photon makes a pair
CONVERSION_X0 = 9 / 7
#: its pair showers as one electron of that share of its energy would: halves of a pair of shares
#: x and 1 - x, evenly distributed, have the mean logarithm -1/2, weighted with their energy
PAIR_SHARE = math.exp(-0.5)
FIRST_POINTS = 4096


class GFlash:
    """Makes showers in one detector; each depends on its particle and its key only.

    Attributes:
        detector: the stack.
        medium: that stands for it.
        tuning: scale factors.
        grid: the stack in thin sheets.
        sampling: whether the corrections for sampling calorimeters are used.
    """

    def __init__(self, detector: Detector, tuning: Tuning, *, sampling: bool = False) -> None:
        self.detector = detector
        self.tuning = tuning
        self.sampling = sampling
        self.medium = effective_medium(detector)
        self.grid = depth_grid(detector, self.medium, tuning.e_over_mip)
        active = np.array([slab.active for slab in detector.every_slab])
        inside = np.arange(len(active)) >= len(detector.upstream)
        self._visible = active & inside & bool((~active & inside).any())
        names = [(slab.material, slab.active) for slab in detector.every_slab]
        known = {name: i for i, name in enumerate(dict.fromkeys(names))}
        self._kinds = np.array([known[name] for name in names])
        self._energies = np.zeros(self.grid.t_x0.size)
        self._points = np.zeros((FIRST_POINTS, COLUMNS))

    def points(self, primary: Primary, key: int) -> Float64:
        """Return the deposits of one shower, points (k, 5); the next call overwrites them.

        Points of inclined showers and in barrels name the slab that they are meant for, but may
        lie in one beside it: :meth:`steps` puts them right.

        Args:
            primary: the particle.
            key: 64 bits that are the shower's own.
        """
        from caloexport.simulation.kernels.gflash_spots import FULL, shower

        arguments = self._arguments(primary)
        while True:
            count = shower(np.uint64(key), *arguments, self._energies, self._points)
            if count != FULL:
                return self._points[:count]
            self._points = np.zeros((2 * len(self._points), COLUMNS))

    def steps(self, primary: Primary, key: int) -> Float64:
        """Return the deposits of one shower as steps (k, 5), each in the slab that it names."""
        frame = shower_frame(primary.theta_rad, primary.entry_mm)
        steps = steps_of_points(self.points(primary, key), frame)
        if self.upright(primary):
            return steps
        from caloexport.simulation.kernels.slab_of_points import into_slabs

        radius = self.detector.inner_radius_mm or 0.0
        return steps[: into_slabs(len(steps), self.detector.edges_mm, self._kinds, radius, steps)]

    def upright(self, primary: Primary) -> bool:
        """Whether slabs are perpendicular to the axis, so that points lie where they should."""
        planes = self.detector.inner_radius_mm is None
        return planes and math.sin(primary.theta_rad) > 1 - 1e-12

    def _arguments(self, primary: Primary) -> tuple[object, ...]:
        energy = primary.energy_mev
        tuning = self.tuning
        photon = primary.pdg == PHOTON
        seen = energy * PAIR_SHARE if photon else energy
        law = longitudinal_law(self.medium, seen, sampling=self.sampling)
        law = tuned_law(law, self.medium, seen, tuning)
        grid = self.grid
        return (
            energy,
            energy * tuning.escaping * (energy / 1000) ** tuning.escaping_power,
            tuning.escaping_lump_mev,
            CONVERSION_X0 if photon else 0.0,
            1 / math.sin(primary.theta_rad),
            np.array([law.t, law.a, law.sigma_t, law.sigma_a, law.correlation]),
            np.array([LEAST_T, LEAST_A]),
            grid.t_x0, grid.weight, grid.low_mm, grid.high_mm, grid.slab,
            self._visible,
            radial_constants(self.medium, seen, tuning, sampling=self.sampling),
            spot_energies_mev(tuning, grid.visible, energy),
        )  # fmt: skip
