from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import encodings
from caloexport.runtime.errors import UsageError

ENERGY = Condition("energy_mev", 1.0, 2.0)
#: Par04 divides the energy by 1024 GeV and the angle by 90°
CASES = [
    ([1_024_000.0, 512_000.0], {"offset": 0.0, "scale": 1_024_000.0}, [[1.0], [0.5]]),
    ([math.pi / 2, math.pi / 4], {"offset": 0.0, "scale": math.pi / 2}, [[1.0], [0.5]]),
    ([3.0], {"offset": 5.0, "scale": -4}, [[0.5]]),
]


@pytest.mark.parametrize(("values", "parameters", "expected"), CASES)
def test_formula(values: list[float], parameters: dict[str, Any], expected: Any) -> None:
    kind = encodings["linear"]
    kind.check(ENERGY, parameters)
    assert kind.width(parameters) == 1
    np.testing.assert_allclose(kind.encode(np.array(values), parameters), expected, rtol=1e-15)


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"offset": 0.0},
        {"offset": 0.0, "scale": 0},
        {"offset": 0.0, "scale": math.nan},
        {"offset": "0", "scale": 1.0},
        {"offset": True, "scale": 1.0},
        {"offset": 0.0, "scale": 1.0, "power": 2.0},
    ],
)
def test_parameters_it_cannot_use(parameters: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="'linear'"):
        encodings["linear"].check(ENERGY, parameters)


def test_a_category_is_no_number() -> None:
    with pytest.raises(UsageError, match="'linear' of 'geometry' needs a number"):
        encodings["linear"].check(
            Condition("geometry", categories=("siw",)), {"offset": 0.0, "scale": 1.0}
        )
