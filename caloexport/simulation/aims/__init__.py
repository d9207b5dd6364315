"""Aims: where on the front face a particle enters, one file each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from caloexport.runtime.registry import Registry
from caloexport.simulation.detector import Detector

#: (detector, random numbers of the shower) -> ((x, y) mm on the front face, further conditions)
Aim = Callable[[Detector, np.random.Generator], tuple[tuple[float, float], Mapping[str, float]]]

aims: Registry[Aim] = Registry("aim", "caloexport.simulation.aims")
