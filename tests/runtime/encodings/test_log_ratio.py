from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import encodings
from caloexport.runtime.errors import UsageError

ENERGY = Condition("energy_mev", 256.0, 4_194_304.0)
#: FastCaloGAN's label log(E/Emin)/log(Emax/Emin): 0 and 1 at the ends, linear in the octaves
CASES = [
    (
        [256.0, 512.0, 16_384.0, 4_194_304.0],
        {"low": 256.0, "high": 4_194_304.0},
        [[0.0], [1 / 14], [6 / 14], [1.0]],
    ),
]


@pytest.mark.parametrize(("values", "parameters", "expected"), CASES)
def test_formula(values: list[float], parameters: dict[str, Any], expected: Any) -> None:
    kind = encodings["log_ratio"]
    kind.check(ENERGY, parameters)
    assert kind.width(parameters) == 1
    np.testing.assert_allclose(kind.encode(np.array(values), parameters), expected, rtol=1e-15)


@pytest.mark.parametrize(
    "parameters",
    [
        {"low": 1.0},
        {"low": 0.0, "high": 1.0},
        {"low": 2.0, "high": 2.0},
        {"low": -2.0, "high": -1.0},
        {"low": "1", "high": 2.0},
    ],
)
def test_parameters_it_cannot_use(parameters: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="'log_ratio'"):
        encodings["log_ratio"].check(ENERGY, parameters)


@pytest.mark.parametrize("condition", [Condition("eta", -1.0, 1.0), Condition("eta")])
def test_the_range_must_have_logarithms(condition: Condition) -> None:
    with pytest.raises(UsageError, match="the logarithm of 'eta' needs a range above zero"):
        encodings["log_ratio"].check(condition, {"low": 1.0, "high": 2.0})


def test_extrapolating_to_zero_is_an_error_not_minus_infinity() -> None:
    with pytest.raises(UsageError, match="0 has no logarithm"):
        encodings["log_ratio"].encode(np.array([1.0, 0.0]), {"low": 1.0, "high": 2.0})
