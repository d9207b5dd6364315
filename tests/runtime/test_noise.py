from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caloexport.runtime.errors import InputFileError, UsageError
from caloexport.runtime.noise import NoiseLaw, random_words

#: law, and the little-endian float32 of two showers: every platform and backend must give these
#: bits for seed 0xDEADBEEF12345678 from shower 2^32 - 1 on (the number's high word changes)
GOLDEN = [
    (
        NoiseLaw(7),
        (
            "770d7e3f 0e63c6bf 24e20dbf 391f6bbf 7608983f 5c8c8d3f 5a48bebd "
            "ed1bc23f 432360bf 097540bf fe5d22bf 2b709abc fdf2eebf ad3814bf"
        ),
    ),
    (NoiseLaw(3, "normal", 0.5, 0.5), "bc067f3f 1cc68cbe b83b643e f60da13f e8e57e3d dc2bfe3d"),
    (
        NoiseLaw(5, "uniform", -1.0, 1.0),
        "7edb21bf ac686e3f 0802003e aac1133f e895edbe 147b11bf aaaa6abf 508e6e3e 5836f23e a25e26bf",
    ),
]
SEED, FIRST = 0xDEADBEEF12345678, 2**32 - 1


@pytest.mark.parametrize(("law", "bits"), GOLDEN)
def test_golden_bits(law: NoiseLaw, bits: str) -> None:
    drawn = law.draw(2, SEED, FIRST)
    assert drawn.dtype == np.float32
    assert drawn.shape == (2, law.size)
    assert drawn.astype("<f4").tobytes().hex(" ", 4) == bits


def test_gaussians_are_box_muller_of_the_words() -> None:
    words = random_words(5000, 4, 3, 0).astype(np.float64)
    radius = np.sqrt(-2 * np.log((words[:, 0::2].astype(np.float32) + 0.5) / 2**32))
    angle = 2 * math.pi * ((np.floor(words[:, 1::2] / 64) + 0.5) / 2**26 - 1 / 8)
    expected = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=2).reshape(5000, 4)
    found = NoiseLaw(4).draw(5000, 3)
    np.testing.assert_allclose(found, expected, rtol=2e-6, atol=1e-6)


def kolmogorov(values: np.ndarray, cumulative: Any) -> float:
    """√n times the largest distance between the empirical and the expected distribution."""
    x = np.sort(values.ravel().astype(np.float64))
    steps = np.arange(x.size + 1) / x.size
    expected = np.array([cumulative(v) for v in x])
    return math.sqrt(x.size) * max(
        np.abs(expected - steps[1:]).max(), np.abs(expected - steps[:-1]).max()
    )


def test_normal_moments_and_shape() -> None:
    x = NoiseLaw(10).draw(20_000, seed=1).astype(np.float64)
    n = x.size
    assert abs(x.mean()) < 4 / math.sqrt(n)
    assert abs(x.var() - 1) < 4 * math.sqrt(2 / n)
    assert abs((x**3).mean()) < 4 * math.sqrt(15 / n)
    assert abs((x**4).mean() - 3) < 4 * math.sqrt(96 / n)
    # 1.95 is exceeded once in a thousand
    assert kolmogorov(x[:4000], lambda v: 0.5 * math.erfc(-v / math.sqrt(2))) < 1.95


def test_mean_and_sigma() -> None:
    x = NoiseLaw(10, "normal", 0.5, 0.25).draw(2000, seed=1)
    plain = NoiseLaw(10).draw(2000, seed=1)
    np.testing.assert_allclose(x, 0.5 + 0.25 * plain, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 50])
def test_uniform_bounds_and_shape(size: int) -> None:
    x = NoiseLaw(size, "uniform", -1.0, 1.0).draw(60_000 // size, seed=2)
    assert x.shape == (60_000 // size, size)
    assert x.min() >= -1
    assert x.max() <= 1
    assert x.min() < -0.999
    assert x.max() > 0.999
    assert kolmogorov(x.ravel()[:20_000], lambda v: (v + 1) / 2) < 1.95


def test_latents_and_showers_are_independent() -> None:
    x = NoiseLaw(6).draw(20_000, seed=5).astype(np.float64)
    limit = 5 / math.sqrt(len(x))
    for moment in (x, x**2 - 1):
        between_latents = np.corrcoef(moment.T) - np.eye(6)
        assert np.abs(between_latents).max() < limit * moment.var()
        for lag in (1, 2, 3):
            between_showers = (moment[lag:] * moment[:-lag]).mean(axis=0)
            assert np.abs(between_showers).max() < limit * moment.var()


def test_seeds_are_independent() -> None:
    x, y = (NoiseLaw(4).draw(10_000, seed).astype(np.float64) for seed in (0, 1))
    assert not (x == y).any(axis=0).all()
    assert abs((x * y).mean()) < 5 / math.sqrt(x.size)
    high = NoiseLaw(4).draw(1, 2**32)  # both halves of the seed count
    assert not np.array_equal(high, x[:1].astype(np.float32))


@settings(derandomize=True, max_examples=30, deadline=None)
@given(
    st.integers(0, 2**64 - 1),
    st.integers(0, 2**40),
    st.integers(0, 6),
    st.integers(0, 9),
    st.data(),
)
def test_a_shower_has_its_latents_whatever_is_drawn_around_it(
    seed: int, first: int, n: int, size: int, data: st.DataObject
) -> None:
    law = NoiseLaw(size, data.draw(st.sampled_from(["normal", "uniform"])), 0.25, 0.75)
    together = law.draw(n, seed, first)
    assert together.shape == (n, size)
    for i in range(n):
        np.testing.assert_array_equal(law.draw(1, seed, first + i)[0], together[i])


def test_fewer_latents_are_the_first_of_more() -> None:
    np.testing.assert_array_equal(NoiseLaw(3).draw(4, 9), NoiseLaw(8).draw(4, 9)[:, :3])


@pytest.mark.parametrize(
    ("seed", "first"), [(-1, 0), (2**64, 0), (0, -1), (0, 2**63), (1.5, 0), ("1", 0), (None, 0)]
)
def test_seed_and_first_are_whole_numbers_in_range(seed: Any, first: Any) -> None:
    with pytest.raises(UsageError, match="must be whole numbers that are not negative"):
        NoiseLaw(2).draw(1, seed, first)


def test_numpy_integers_will_do() -> None:
    expected = NoiseLaw(2).draw(1, 7, 8)
    np.testing.assert_array_equal(NoiseLaw(2).draw(1, np.uint64(7), np.int64(8)), expected)


@pytest.mark.parametrize("law", [law for law, _ in GOLDEN])
def test_json_round_trip(law: NoiseLaw) -> None:
    assert NoiseLaw.from_json(law.to_json(), "m.json") == law


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"law": "cauchy", "size": 3}, "noise law 'cauchy' is not known .known: normal, uniform"),
        ({"law": "normal", "size": 3, "mean": 0}, "'sigma' is missing"),
        ({"law": "normal", "size": 3, "mean": 0, "sigma": 0}, "cannot have the parameters 0 and 0"),
        ({"law": "normal", "size": 3, "mean": 0, "sigma": 1e300}, "is not known"),
        ({"law": "normal", "size": -1, "mean": 0, "sigma": 1}, "of size -1"),
        ({"law": "normal", "size": 2**40, "mean": 0, "sigma": 1}, "of size 1099511627776"),
        ({"law": "normal", "size": "3", "mean": 0, "sigma": 1}, "expected a whole number"),
        ({"law": "uniform", "size": 3, "low": 1, "high": -1}, "cannot have the parameters"),
        ({"law": "uniform", "size": 3, "low": float("nan"), "high": 1}, "expected a finite number"),
        ({"law": 1, "size": 3}, "'law' is 1, expected a string"),
    ],
)
def test_hostile_json_is_a_bad_file(data: dict[str, Any], message: str) -> None:
    with pytest.raises(InputFileError, match=message):
        NoiseLaw.from_json(data, "m.json")
