from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import encodings
from caloexport.runtime.errors import UsageError

#: Par04's C++ fills the geometry columns with 0 and 1
CASES = [
    ([1.0, 2.0, 3.0], {"value": 1.0}, [[1.0], [1.0], [1.0]]),
    ([5.0], {"value": 0}, [[0.0]]),
]


@pytest.mark.parametrize(("values", "parameters", "expected"), CASES)
def test_formula(values: list[float], parameters: dict[str, Any], expected: Any) -> None:
    kind = encodings["constant"]
    kind.check(Condition("energy_mev"), parameters)
    assert kind.width(parameters) == 1
    np.testing.assert_array_equal(kind.encode(np.array(values), parameters), expected)


@pytest.mark.parametrize("parameters", [{}, {"value": "1"}, {"value": 1.0, "offset": 1.0}])
def test_parameters_it_cannot_use(parameters: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="'constant'"):
        encodings["constant"].check(Condition("energy_mev"), parameters)
