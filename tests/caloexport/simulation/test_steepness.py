from __future__ import annotations

import math
from dataclasses import replace

import pytest

from caloexport.runtime.errors import UsageError
from caloexport.simulation.spectrum import Spectrum
from caloexport.simulation.steepness import require_steep
from tests.toys import toy_plan


@pytest.mark.parametrize("range_deg", [(10.0, 90.0), (90.0, 170.0), (10.0, 170.0)])
def test_steep_directions_pass(range_deg: tuple[float, float]) -> None:
    low, high = (math.radians(one) for one in range_deg)
    require_steep(replace(toy_plan(), theta_rad=Spectrum("uniform", (low, high))))


@pytest.mark.parametrize("range_deg", [(9.9, 90.0), (90.0, 170.1)])
def test_flat_directions_are_refused(range_deg: tuple[float, float]) -> None:
    low, high = (math.radians(one) for one in range_deg)
    with pytest.raises(UsageError, match=r"an angle of (9\.9|170\.1)°.*10° to 170°"):
        require_steep(replace(toy_plan(), theta_rad=Spectrum("uniform", (low, high))))
