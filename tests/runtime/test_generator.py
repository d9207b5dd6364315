from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caloexport.runtime.errors import OutOfRange, UnknownName, UsageError
from caloexport.runtime.generator import Generator
from caloexport.runtime.reference import evaluate
from caloexport.runtime.sampler import BLOCK
from tests.networks import decoder, four_inputs

GIVEN: dict[str, Any] = {"energy_mev": 20_000.0, "theta_rad": 1.5, "geometry": "siw"}


def with_numpy(generator: Generator) -> Generator:
    return Generator(generator.manifest, lambda: generator.network, backend="numpy")


SIW = with_numpy(decoder())


def test_it_is_noise_encoding_network_and_output_map() -> None:
    showers = SIW.sample(2, seed=3, first=5, **GIVEN)
    assert showers.shape == (2, 3, 4, 5)
    assert showers.dtype == np.float32
    physics = SIW.sampling
    assert physics is not None
    z = physics.noise.draw(2, 3, 5)
    condition = np.float32([20_000 / 1_024_000, 1.5 / (np.pi / 2), 0, 0, 1])
    x = np.concatenate([z, np.tile(condition, (2, 1))], axis=1)
    fractions = evaluate(SIW.network, {"x": x}, np.float64).reshape(2, 3, 4, 5)
    expected = np.where(fractions * 20_000 < 0.0005, 0, fractions * 20_000)
    np.testing.assert_allclose(showers, expected, rtol=2e-6)


@settings(derandomize=True, max_examples=20, deadline=None)
@given(st.integers(0, 3 * BLOCK), st.integers(0, 2 * BLOCK), st.integers(1, BLOCK + 3))
def test_a_shower_is_the_same_whatever_is_sampled_around_it(i: int, first: int, n: int) -> None:
    alone = SIW.sample(1, seed=9, first=first + i % n, **GIVEN)[0]
    together = SIW.sample(n, seed=9, first=first, **GIVEN)[i % n]
    np.testing.assert_array_equal(together, alone)


def test_conditions_per_shower_are_those_of_one() -> None:
    energies = np.array([1_000.0, 8_000.0, 64_000.0])
    kinds = np.array(["siw", "pbwo4", "scipb"])
    mixed = SIW.sample(3, seed=1, energy_mev=energies, theta_rad=1.5, geometry=kinds)
    for i in range(3):
        one = {"energy_mev": energies[i], "theta_rad": 1.5, "geometry": kinds[i]}
        np.testing.assert_array_equal(mixed[i], SIW.sample(1, seed=1, first=i, **one)[0])


def test_seeds_differ() -> None:
    assert not np.array_equal(SIW.sample(seed=0, **GIVEN), SIW.sample(seed=1, **GIVEN))


def test_into_an_array_of_the_callers() -> None:
    out = np.full((20, 3, 4, 5), -1, dtype=np.float32)
    SIW.sample_into(out[2:19], seed=2, first=7, **GIVEN)
    np.testing.assert_array_equal(out[2:19], SIW.sample(17, seed=2, first=7, **GIVEN))
    assert (out[:2] == -1).all()
    assert (out[19:] == -1).all()


def test_decode_is_sample_with_latents_of_the_callers() -> None:
    physics = SIW.sampling
    assert physics is not None
    z = physics.noise.draw(BLOCK + 2, seed=4, first=3)
    expected = SIW.sample(BLOCK + 2, seed=4, first=3, **GIVEN)
    np.testing.assert_array_equal(SIW.decode(z, GIVEN), expected)
    np.testing.assert_array_equal(SIW.decode(z.astype(np.float64).tolist(), GIVEN), expected)


def test_no_showers() -> None:
    assert SIW.sample(0, **GIVEN).shape == (0, 3, 4, 5)
    assert SIW.decode(np.zeros((0, 10)), GIVEN).shape == (0, 3, 4, 5)


@pytest.mark.parametrize("n", [-1, 1.5, "3", None, 2**60])
def test_numbers_of_showers(n: Any) -> None:
    with pytest.raises(UsageError, match="is not a number of showers"):
        SIW.sample(n, **GIVEN)


def test_outside_the_range() -> None:
    far = {**GIVEN, "energy_mev": 100_000.0}
    with pytest.raises(OutOfRange, match="energy_mev = 100000 is outside"):
        SIW.sample(**far)
    with pytest.raises(OutOfRange):
        SIW.decode(np.zeros((1, 10)), far)
    clamped = SIW.sample(out_of_range="clamp", **far)
    edge = SIW.sample(**{**GIVEN, "energy_mev": 64_000.0})
    np.testing.assert_array_equal(clamped, edge)
    further = SIW.sample(out_of_range="extrapolate", **far)
    assert further.sum() > 1.2 * clamped.sum()
    near = {**GIVEN, "energy_mev": 64_000.0 * (1 + 5e-7)}
    np.testing.assert_array_equal(SIW.sample(**near), edge)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"energy_mev": "20GeV"}, UsageError, "is not a number"),
        ({"energy": 1.0}, UnknownName, "did you mean 'energy_mev'"),
        ({"geometry": "lar"}, UnknownName, "unknown geometry 'lar'"),
        ({"out_of_range": "ignore"}, UnknownName, "unknown out-of-range policy"),
        ({"seed": -1}, UsageError, "seed -1"),
        ({"first": 0.5}, UsageError, "first 0.5"),
    ],
)
def test_wrong_calls(change: dict[str, Any], error: type[UsageError], message: str) -> None:
    with pytest.raises(error, match=message):
        SIW.sample(**{**GIVEN, **change})


def read_only() -> np.ndarray:
    out = np.zeros((2, 3, 4, 5), dtype=np.float32)
    out.flags.writeable = False
    return out


@pytest.mark.parametrize(
    "out",
    [
        np.zeros((2, 3, 4, 5)),
        np.zeros((2, 3, 5, 4), dtype=np.float32),
        np.zeros((3, 4, 5), dtype=np.float32),
        np.zeros(120, dtype=np.float32),
        np.zeros((), dtype=np.float32),
        np.zeros((2, 3, 4, 5), dtype=np.float32, order="F"),
        np.zeros((4, 3, 4, 5), dtype=np.float32)[::2],
        np.zeros((2, 3, 4, 5), dtype=">f4"),
        read_only(),
        [[0.0]],
        None,
    ],
)
def test_arrays_that_cannot_be_written_into(out: Any) -> None:
    with pytest.raises(UsageError, match=r"numpy.empty\(\(n, 3, 4, 5\), 'f4'\)"):
        SIW.sample_into(out, **GIVEN)


@pytest.mark.parametrize("latents", [np.zeros((2, 9)), np.zeros(10), 0.0, "abc", [[1], [1, 2]]])
def test_latents_of_the_wrong_shape(latents: Any) -> None:
    with pytest.raises(UsageError, match="latents"):
        SIW.decode(latents, GIVEN)


def test_a_bare_network_refuses() -> None:
    bare = Generator.from_network(decoder().network, name="bare")
    for call in (bare.sample, lambda: bare.decode(np.zeros((1, 10)), {})):
        with pytest.raises(UsageError, match="'bare' is a bare network: it has no noise law"):
            call()
    assert repr(bare) == "<Generator bare: 15 inputs -> bare network>"
    assert repr(SIW) == "<Generator toy: 15 inputs -> shower (3, 4, 5)>"


def test_several_inputs_share_the_input_vector() -> None:
    several = with_numpy(four_inputs())
    assert several.columns == {
        "z": (0, 10),
        "energy": (10, 11),
        "angle": (11, 12),
        "geometry": (12, 15),
    }
    np.testing.assert_array_equal(several.sample(2, **GIVEN), SIW.sample(2, **GIVEN))


def test_threads_share_one_generator() -> None:
    fresh = with_numpy(decoder())
    expected = [SIW.sample(3, seed=seed, **GIVEN) for seed in range(4)]
    found: dict[int, np.ndarray] = {}

    def work(seed: int) -> None:
        found[seed] = fresh.sample(3, seed=seed, **GIVEN)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for seed in range(4):
        np.testing.assert_array_equal(found[seed], expected[seed])


def test_a_raised_threshold_sets_more_cells_to_zero() -> None:
    cells = SIW.sample(3, seed=1, **GIVEN)
    cut = float(np.median(cells))
    raised = SIW.above(cut)
    assert raised.sampling is not None
    assert raised.sampling.output.threshold_mev == cut
    np.testing.assert_array_equal(
        raised.sample(3, seed=1, **GIVEN), np.where(cells < np.float64(cut), 0, cells)
    )
    assert raised.manifest.hash != SIW.manifest.hash


@pytest.mark.parametrize("threshold", [0.0001, -1.0, np.nan, np.inf])
def test_a_threshold_can_only_be_raised(threshold: float) -> None:
    with pytest.raises(UsageError, match=r"0\.0005 MeV; it can be raised"):
        SIW.above(threshold)


def test_the_threshold_of_a_bare_network_cannot_be_raised() -> None:
    with pytest.raises(UsageError, match="bare network"):
        Generator.from_network(SIW.network).above(1.0)


def test_the_energy_that_the_threshold_removes_is_told() -> None:
    cells = SIW.sample(4, seed=2, **GIVEN).reshape(4, -1).astype(np.float64)
    cut = float(np.median(cells))
    shares = SIW.above(cut).below_threshold(4, seed=2, **GIVEN)
    expected = np.where(cells < cut, cells, 0).sum(axis=1) / cells.sum(axis=1)
    np.testing.assert_allclose(shares, expected, rtol=1e-5)
    assert (shares > 0).all()
    assert SIW.below_threshold(4, seed=2, **GIVEN).max() < 1e-5
