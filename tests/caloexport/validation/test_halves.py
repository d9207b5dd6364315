from __future__ import annotations

import numpy as np
import pytest

from caloexport.validation.halves import SPLITS, fixed_halves, size_ratio


def test_fixed_halves_are_disjoint_and_always_the_same() -> None:
    first, second = fixed_halves(21)
    assert first.shape == second.shape == (SPLITS, 10)
    for one, other in zip(first.tolist(), second.tolist(), strict=True):
        assert len({*one, *other}) == 20
    fixed_halves.cache_clear()
    assert np.array_equal(fixed_halves(21)[0], first)
    assert len({tuple(sorted(one)) for one in first.tolist()}) == SPLITS
    with pytest.raises(ValueError, match="read-only"):
        first[0, 0] = 1


def test_halves_of_the_reference_differ_more_than_samples_of_its_size() -> None:
    assert size_ratio(100, 100) == 0.5
    assert size_ratio(100, 10**9) == pytest.approx(0.25)
    assert size_ratio(100, 50) == pytest.approx(0.75)
