"""The aim at the origin."""

from __future__ import annotations

import numpy as np

from caloexport.simulation.aims import aims
from caloexport.simulation.detector_file import load_detector


def test_centre_is_the_origin() -> None:
    entry, others = aims["centre"](load_detector("siw"), np.random.default_rng(0))
    assert entry == (0.0, 0.0)
    assert others == {}
