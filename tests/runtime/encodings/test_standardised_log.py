from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import encodings
from caloexport.runtime.errors import UsageError

ENERGY = Condition("energy_mev", 1_000.0, 262_144.0)
#: constants of Athena's ISF_FastCaloSimServices/src/DNNCaloSimSvc.cxx
ATHENA = {"mean": 9.70406053, "sigma": 1.76099569}
CASES = [
    ([math.exp(9.70406053), math.exp(9.70406053 + 1.76099569)], ATHENA, [[0.0], [1.0]]),
    ([65_536.0], ATHENA, [[(16 * math.log(2) - 9.70406053) / 1.76099569]]),
]


@pytest.mark.parametrize(("values", "parameters", "expected"), CASES)
def test_formula(values: list[float], parameters: dict[str, Any], expected: Any) -> None:
    kind = encodings["standardised_log"]
    kind.check(ENERGY, parameters)
    assert kind.width(parameters) == 1
    found = kind.encode(np.array(values), parameters)
    np.testing.assert_allclose(found, expected, rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize(
    "parameters", [{"mean": 1.0}, {"mean": 1.0, "sigma": 0.0}, {"mean": 1.0, "sigma": -1.0}]
)
def test_parameters_it_cannot_use(parameters: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="'standardised_log'"):
        encodings["standardised_log"].check(ENERGY, parameters)


def test_the_range_must_have_logarithms() -> None:
    with pytest.raises(UsageError, match="needs a range above zero"):
        encodings["standardised_log"].check(Condition("energy_mev", 0.0, 1.0), ATHENA)
