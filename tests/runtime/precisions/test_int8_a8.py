from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.precisions import precisions
from tests.runtime.precisions.round_trip import Case, check_round_trip
from tests.runtime.precisions.test_int8 import CASES as KERNELS

CASES = KERNELS


@pytest.mark.parametrize("case", CASES)
def test_kernels_come_back(case: Case) -> None:
    check_round_trip("int8-a8", case)


def test_inputs_are_rounded_to_steps_of_the_largest() -> None:
    x = np.array([[127.0, -7.2, 0.4, 0.6]])
    found = precisions["int8-a8"].rounded_inputs(x, np.array([[127.0]]))
    np.testing.assert_array_equal(found, [[127.0, -7.0, 0.0, 1.0]])
