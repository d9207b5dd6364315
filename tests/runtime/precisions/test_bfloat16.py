from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.errors import UsageError
from caloexport.runtime.packing import pack_kernel
from caloexport.runtime.precisions.bfloat16 import bfloat16_of
from tests.runtime.precisions.round_trip import Case, check_round_trip

#: 1 is 0x3F80, 2 is 0x4000: the first input lies in the low half of a word
CASES = [
    Case(np.array([[1.0], [2.0], [2.0]], np.float32), ((0, 0, 0, 0x40003F80), (0, 1, 0, 0x4000))),
    Case(np.array([[-0.0] * 65], np.float32), ((1, 0, 0, 0x8000), (1, 0, 1, 0))),
]


@pytest.mark.parametrize("case", CASES)
def test_kernels_come_back(case: Case) -> None:
    check_round_trip("bfloat16", case)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1 + 2**-8, 1.0),  # a tie goes to the even neighbour
        (1 + 3 * 2**-8, 1 + 2**-6),
        (1 + 2**-8 + 2**-20, 1 + 2**-7),  # above the tie
        (-(1 + 2**-8), -1.0),
        (2.0**-130, 2.0**-130),  # subnormal numbers are rounded like others
        (3.4e38, np.inf),
        (np.inf, np.inf),
        (0.0, 0.0),
    ],
)
def test_rounding(value: float, expected: float) -> None:
    assert bfloat16_of(np.array([value], np.float32))[0] == np.float32(expected)


def test_no_number_stays_none() -> None:
    odd = np.array([0x7FFFFFFF, 0x7F800001], np.uint32).view(np.float32)
    assert np.isnan(bfloat16_of(odd)).all()


def test_digits_that_would_be_lost_are_refused() -> None:
    with pytest.raises(UsageError, match="more digits than bfloat16 holds"):
        pack_kernel(np.array([[np.pi]], np.float32), "bfloat16")
