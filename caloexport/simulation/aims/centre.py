"""Every particle enters at the origin of the front face."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from caloexport.simulation.aims import aims
from caloexport.simulation.detector import Detector


@aims.register("centre")
def centre(
    detector: Detector, random: np.random.Generator
) -> tuple[tuple[float, float], Mapping[str, float]]:
    """Aim at the origin of the front face."""
    return (0.0, 0.0), {}
