"""What updates are fed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from caloexport.runtime.errors import UsageError
from caloexport.runtime.noise import NoiseLaw
from caloexport.training import batches
from caloexport.training.data import TrainingData, encoding_of
from caloexport.training.feed import Feed
from caloexport.training.settings import Schedule
from tests.caloexport.training import tiny, window_toy


@pytest.fixture(scope="module")
def showers(tmp_path_factory: pytest.TempPathFactory) -> TrainingData:
    return window_toy.data(tmp_path_factory.mktemp("window"))


def feed(showers: TrainingData, noise: NoiseLaw | None = None, **settings: object) -> Feed:
    schedule = Schedule(batch=16, **settings)  # type: ignore[arg-type]
    return Feed(showers, window_toy.ENCODING, noise or NoiseLaw(3), schedule, 1, seed=1)


def test_sums_are_standardised_at_the_energy_of_each_shower(showers: TrainingData) -> None:
    made = feed(showers)
    for energy in window_toy.ENERGIES_MEV:
        chosen = showers.training[showers.energy_mev[showers.training] == energy]
        batch = made.of(chosen)
        z = (batch["cells"] @ made.sums - batch["mean"]) / batch["spread"]
        np.testing.assert_allclose(z.mean(axis=0), 0, atol=1e-3)
        np.testing.assert_allclose(z.std(axis=0), 1, rtol=1e-3)


def test_mirrored_copies_are_trained_on_and_never_held_back(showers: TrainingData) -> None:
    plain, mirrored = feed(showers), feed(showers, mirror=("eta", "phi"))
    assert len(mirrored.batches.chosen) == 4 * len(plain.batches.chosen)
    np.testing.assert_array_equal(mirrored.held_back, plain.held_back)
    assert not np.isin(mirrored.batches.chosen, mirrored.held_back).any()
    picked = mirrored.batches.chosen
    assert mirrored.of(picked)["mean"].shape == (len(picked), 5)
    assert len(mirrored.energy_mev) == len(showers.showers) + 3 * len(plain.batches.chosen)


def test_latents_follow_their_law_and_their_update(showers: TrainingData) -> None:
    normal = feed(showers, NoiseLaw(2, "normal", 0.5, 0.1)).latents(3, 5000)
    np.testing.assert_allclose(normal.mean(axis=0), 0.5, atol=0.006)
    np.testing.assert_allclose(normal.std(axis=0), 0.1, rtol=0.05)
    made = feed(showers, NoiseLaw(2, "uniform", -1.0, 3.0))
    uniform = made.latents(3, 5000)
    assert uniform.min() >= -1
    assert uniform.max() < 3
    np.testing.assert_allclose(uniform.mean(axis=0), 1, atol=0.06)
    np.testing.assert_array_equal(uniform, made.latents(3, 5000))
    assert not np.isin(made.latents(4, 10), uniform).any()


def test_showers_that_fill_the_memory_are_made_dense_in_blocks(
    showers: TrainingData, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = feed(showers)
    monkeypatch.setattr(batches, "DENSE_BYTES", 1)
    monkeypatch.setattr("caloexport.training.feed.BLOCK", 50)
    found, everything = feed(showers), np.arange(len(showers.showers))
    assert found.batches._dense is None
    for name, values in expected.of(everything).items():
        np.testing.assert_allclose(found.of(everything)[name], values, rtol=1e-6, err_msg=name)


def test_a_rotation_that_would_not_be_done_is_refused(tmp_path: Path) -> None:
    cylinder = tiny.data(tmp_path)
    encoding, noise = encoding_of(cylinder, tiny.CONDITIONS), NoiseLaw(3)
    with pytest.raises(UsageError, match="rotate = true turns showers of the family fastv alone"):
        Feed(cylinder, encoding, noise, Schedule(batch=16), 1, seed=1)
    Feed(cylinder, encoding, noise, Schedule(batch=16, rotate=False), 1, seed=1)
