from __future__ import annotations

import numpy as np
import pytest

from tests.runtime.precisions.round_trip import Case, check_round_trip

ONE, TWO = 0x3F800000, 0x40000000
CASES = [
    Case(np.array([[1.0, 2.0], [np.pi, -0.0]], np.float32), ((0, 0, 0, ONE), (0, 0, 1, TWO))),
    Case(np.ones((3, 65), np.float32), ((1, 2, 0, ONE), (1, 2, 1, 0))),
]


@pytest.mark.parametrize("case", CASES)
def test_kernels_come_back(case: Case) -> None:
    check_round_trip("float32", case)
