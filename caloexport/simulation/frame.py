"""The frame of a shower: origin where the particle enters, z along its direction.

As in the Geant4 example Par04, whose mesh is RotY(-θ)·RotZ(-φ) of the world: x' is the direction of
growing θ, y' that of growing φ, θ and φ being the angles about the beam axis. At 90°, x' is
minus the beam axis.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from caloexport.runtime.arrays import Float64


@dataclass(frozen=True)
class ShowerFrame:
    """Where a mesh lies in the detector.

    Attributes:
        entry_mm: (3,) origin, in coordinates of the detector.
        axes: (3, 3) rows x', y', z' in coordinates of the detector.
    """

    entry_mm: Float64
    axes: Float64

    def to_shower(self, points_mm: Float64) -> Float64:
        """Return points (n, 3) of the detector in coordinates of the shower."""
        return (points_mm - self.entry_mm) @ self.axes.T

    def to_detector(self, points_mm: Float64) -> Float64:
        """Return points (n, 3) of the shower in coordinates of the detector."""
        return points_mm @ self.axes + self.entry_mm


def direction(theta_rad: float) -> Float64:
    """Return the unit vector (3,) of a particle at the polar angle ``theta_rad`` to the beam axis.

    >>> direction(math.pi / 2).round(12).tolist()
    [0.0, 0.0, 1.0]
    """
    return np.array([math.cos(theta_rad), 0.0, math.sin(theta_rad)])


def shower_frame(theta_rad: float, entry_mm: tuple[float, float] = (0.0, 0.0)) -> ShowerFrame:
    """Return the frame of a particle that enters the front face at (x, y).

    >>> frame = shower_frame(math.pi / 2)
    >>> frame.to_shower(np.array([[1.0, 2.0, 3.0]])).round(12).tolist()
    [[-1.0, -2.0, 3.0]]
    """
    cosine, sine = math.cos(theta_rad), math.sin(theta_rad)
    axes = np.array([[-sine, 0.0, cosine], [0.0, -1.0, 0.0], [cosine, 0.0, sine]])
    return ShowerFrame(np.array([*entry_mm, 0.0]), axes)
