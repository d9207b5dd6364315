"""Points: deposits in coordinates of the shower, for sources that work along its axis.

A row of points is float64:

    energy_mev, radius_mm from the axis, azimuth in turns from -π (0 to 1), along_mm from where
    the particle enters the front face, slab (number of every_slab)
"""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Float64
from caloexport.simulation.frame import ShowerFrame

ENERGY, RADIUS, TURN, ALONG, SLAB = range(5)


def steps_of_points(points: Float64, frame: ShowerFrame) -> Float64:
    """Return the same deposits as steps (k, 5), in coordinates of the detector.

    >>> from caloexport.simulation.frame import shower_frame
    >>> point = np.array([[5.0, 2.0, 0.5, 30.0, 0.0]])  # at azimuth 0, which is along x'
    >>> steps_of_points(point, shower_frame(np.pi / 2)).round(9).tolist()
    [[5.0, -2.0, 0.0, 30.0, 0.0]]
    """
    steps = np.empty_like(points)
    azimuth = (points[:, TURN] - 0.5) * (2 * np.pi)
    own = np.empty((len(points), 3))
    own[:, 0] = points[:, RADIUS] * np.cos(azimuth)
    own[:, 1] = points[:, RADIUS] * np.sin(azimuth)
    own[:, 2] = points[:, ALONG]
    steps[:, 0], steps[:, 4] = points[:, ENERGY], points[:, SLAB]
    steps[:, 1:4] = frame.to_detector(own)
    return steps
