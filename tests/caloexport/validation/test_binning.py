from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.errors import UsageError
from caloexport.validation.binning import linear_edges, log_edges


def test_values_that_are_not_finite_or_not_positive_are_left_out() -> None:
    values = np.array([np.nan, 2.0, 4.0, np.inf])
    assert linear_edges(values, 4, margin=0.0).tolist() == [2.0, 2.5, 3.0, 3.5, 4.0]
    assert log_edges(np.array([0.0, 1.0, 10.0]), 1) == pytest.approx([1.0, 10.0])


def test_equal_values_get_a_bin_around_them() -> None:
    for values in (np.array([7.0, 7.0]), np.array([0.0])):
        edges = linear_edges(values, 3)
        assert edges[0] < values[0] < edges[-1]
    assert log_edges(np.array([7.0]), 2)[-1] > 7.0


@pytest.mark.parametrize("values", [[], [np.nan]])
def test_no_value_no_range(values: list[float]) -> None:
    with pytest.raises(UsageError, match="no value to take a range from"):
        linear_edges(np.array(values), 3)
    with pytest.raises(UsageError, match="no value to take a range from"):
        log_edges(np.zeros(3), 3)
