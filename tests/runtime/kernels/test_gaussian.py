"""Compiled noise gives the bits of the numpy version."""

from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.errors import UsageError
from caloexport.runtime.noise import NoiseLaw
from tests.networks import decoder

LAWS = [
    NoiseLaw(10),
    NoiseLaw(300, "normal", 0.5, 0.5),
    NoiseLaw(1, "normal", -3.0, 0.1),
    NoiseLaw(7, "uniform", -1.0, 1.0),
    NoiseLaw(0),
]


def draw(law: NoiseLaw, n: int, seed: int, first: int) -> np.ndarray:
    return decoder().executor.draw(law, n, seed, first)  # type: ignore[attr-defined]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: f"{law.law}-{law.size}")
@pytest.mark.parametrize(("seed", "first"), [(0, 0), (2**64 - 1, 5), (12345, 2**63 - 200)])
def test_same_bits(law: NoiseLaw, seed: int, first: int) -> None:
    found, expected = draw(law, 100, seed, first), law.draw(100, seed, first)
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found.view(np.uint32), expected.view(np.uint32))


def test_same_bits_over_a_million_draws() -> None:
    law = NoiseLaw(1000)
    found, expected = draw(law, 1000, 42, 7), law.draw(1000, 42, 7)
    np.testing.assert_array_equal(found.view(np.uint32), expected.view(np.uint32))


@pytest.mark.parametrize(("seed", "first"), [(-1, 0), (2**64, 0), (0, -1)])
def test_a_bad_seed_is_refused(seed: int, first: int) -> None:
    with pytest.raises(UsageError, match="seed"):
        draw(NoiseLaw(3), 2, seed, first)
